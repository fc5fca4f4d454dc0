"""Where things live on this machine, and who may reach them."""

import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import environ

PROJECT = Path(__file__).resolve().parents[2]
# Root lets the user that PostgreSQL runs as pass through to its folder, and see nothing else.
OPEN_MODE = 0o711 if os.geteuid() == 0 else 0o700
LONGEST_SOCKET_FOLDER = 85  # bytes: a socket's whole path ends at 107


@dataclass(frozen=True)
class Account:
    """A user of this machine, other than ourselves, that a server runs as."""

    name: str
    uid: int
    gid: int

    @classmethod
    def named(cls, *names: str) -> "Account":
        """The first of these names that exists here."""
        known = {user.pw_name: user for user in pwd.getpwall()}
        user = next(known[name] for name in names if name in known)
        return cls(user.pw_name, user.pw_uid, user.pw_gid)

    @classmethod
    def owning(cls, folder: Path) -> "Account":
        user = pwd.getpwuid(folder.stat().st_uid)
        return cls(user.pw_name, user.pw_uid, user.pw_gid)

    def as_popen_arguments(self) -> dict[str, Any]:
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_reach(self, path: Path) -> bool:
        """Asked of the system rather than read from mode bits, which miss access lists."""
        test = subprocess.run(
            ["test", "-x", path], cwd="/", check=False, **self.as_popen_arguments()
        )
        return test.returncode == 0

    def take(self, path: Path) -> None:
        os.chown(path, self.uid, self.gid)


def server_account(home: Path) -> Account | None:
    """Started by root, a server runs as whoever has its data; None means as ourselves."""
    if os.geteuid() != 0 or not home.exists() or home.stat().st_uid == 0:
        return None
    return Account.owning(home)


def postgres_account(home: Path) -> Account | None:
    """PostgreSQL refuses to run as root at all."""
    if os.geteuid() != 0:
        return None
    return server_account(home) or Account.named("postgres", "nobody")


def read_env_file() -> None:
    """Settings from `.env`; what is set in the environment wins."""
    if (PROJECT / ".env").exists():
        environ.Env.read_env(PROJECT / ".env")


def data_folder() -> Path:
    """`CRM_DATA_DIR`, by default `.data`; made and exported, so that children agree on it."""
    folder = Path(os.environ.get("CRM_DATA_DIR") or PROJECT / ".data").absolute()
    folder.mkdir(mode=OPEN_MODE, parents=True, exist_ok=True)
    os.environ["CRM_DATA_DIR"] = str(folder)
    return folder


def postgres_home(data: Path) -> Path:
    """`<data>/postgres`, a link to a folder elsewhere when PostgreSQL's user cannot come in.

    The link is the only thing that leads there: a folder without its link belonged to a copy of
    the project (or a data folder) that was deleted, and its old data must not come back.
    """
    home = data / "postgres"
    account = postgres_account(home)
    if account is None or home.is_symlink() or account.can_reach(data):
        return home.resolve()
    if home.exists():
        raise SystemExit(f"User {account.name} can no longer reach {home}: open the way to it.")
    away = _folder_for_all() / f"group-crm-{short_hash(data)}"
    if away.exists():
        shutil.rmtree(away)
    own(away, account)
    home.symlink_to(away)
    return away


def _folder_for_all() -> Path:
    places = [Path("/var/lib"), Path("/var/tmp")]  # noqa: S108 -- own() refuses a planted folder
    return next(place for place in places if os.access(place, os.W_OK))


def temporary_home(prefix: str) -> Path:
    """A fresh folder that PostgreSQL's user can enter, wherever `TMPDIR` points."""
    home = Path(tempfile.mkdtemp(prefix=prefix, dir=temporary_place()))
    home.chmod(OPEN_MODE)
    return home


def temporary_place() -> Path:
    """Where temporary folders go that PostgreSQL's user can enter."""
    places = [Path(tempfile.gettempdir()), Path("/var/tmp")]  # noqa: S108 -- for mkdtemp only
    account = postgres_account(places[0] / "new")
    return next((p for p in places if account is None or account.can_reach(p)), places[0])


def socket_folder(home: Path) -> Path:
    """`<home>/run`, or a short name under the temporary folder."""
    folder = home / "run"
    if len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER:
        return folder
    return Path(tempfile.gettempdir()) / f"crm-{short_hash(home)}"


def own(folder: Path, account: Account | None) -> None:
    """Make a folder that only the server's user (and root) can enter; refuse someone else's."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if account and found.st_uid == 0:
        account.take(folder)
    elif found.st_uid != (account.uid if account else os.geteuid()):
        owner = pwd.getpwuid(found.st_uid).pw_name
        raise SystemExit(f"{folder} belongs to {owner}: run this as {owner}, or remove the folder.")
    folder.chmod(0o700)


def short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:10]
