"""Random damage to every sort of file, for as long as one likes: `make fuzz SECONDS=300`.

A file is unpacked, opened, split, judged and accepted without a database. Whatever it holds, the
only answer besides rows is a FileRefused with a known code. The first other error ends the run and
leaves its file in `fuzz-found.bin`.
"""

import gzip
import io
import random
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import django

django.setup()

from analytics.choices import ImportKind  # noqa: E402 -- after django.setup
from analytics.importing.accepting import FastPath  # noqa: E402
from analytics.importing.archives import unpacked  # noqa: E402
from analytics.importing.checking import RowChecker  # noqa: E402
from analytics.importing.problems import FILE_PROBLEMS, FileRefused  # noqa: E402
from analytics.importing.reading import open_source  # noqa: E402
from tests.analytics.billing_files import (  # noqa: E402
    ENCODINGS,
    chinese,
    csv_text,
    encoded,
    row,
    xlsx,
)

# Mostly bills, and mostly with a header that is left whole.
KINDS = (*[ImportKind.MEMBER_BILL] * 6, *ImportKind)
KEPT = (0, 400, 400)
FOUND = Path("fuzz-found.bin")
Damage = Callable[[random.Random, bytes], bytes]


def seeds() -> list[bytes]:
    """Good files of every sort."""
    lines = [row(n, total=f"{n}.50", joined_on="2020-02-29", tier="金卡") for n in range(40)]
    text = csv_text(lines)
    quoted = text.replace("金卡", '"金卡\n, 卡"')
    texts = [encoded(each, code) for each in (text, chinese(text), quoted) for code in ENCODINGS]
    book = xlsx([list(lines[0]), *(list(line.values()) for line in lines)])
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as folder:
        folder.writestr("bill.csv", texts[0])
    return [*texts, gzip.compress(texts[0]), archive.getvalue(), book]


def flip(luck: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(luck.randint(1, 20)):
        changed[luck.randrange(len(changed))] = luck.randrange(256)
    return bytes(changed)


def cut(luck: random.Random, data: bytes) -> bytes:
    start, end = sorted(luck.randrange(len(data)) for _ in range(2))
    return data[:start] + data[end:]


def repeat(luck: random.Random, data: bytes) -> bytes:
    start, end = sorted(luck.randrange(len(data)) for _ in range(2))
    return data[:end] + data[start:end] * luck.randint(1, 3) + data[end:]


def insert(luck: random.Random, data: bytes) -> bytes:
    nasty = [b'"', b'""', b"\0", b"\r", b"\n", b",", b";", b"\t", b"\xef\xbb\xbf", b"\xff", b"=1+1"]
    place = luck.randrange(len(data))
    return data[:place] + b"".join(luck.choices(nasty, k=luck.randint(1, 5))) + data[place:]


def noise(luck: random.Random, data: bytes) -> bytes:
    return data[: luck.randrange(200)] + luck.randbytes(luck.randrange(2000))


DAMAGES: tuple[Damage, ...] = (flip, cut, repeat, insert, noise)


def read_all(data: bytes, kind: str) -> int:
    """Every row through the judge, and bills through the fast path too."""
    rows = 0
    with unpacked(io.BytesIO(data), len(data)) as (file, size):
        source = open_source(file, size, kind)
        judge = RowChecker(kind, source.header)
        fast = FastPath(source.header, None, {}) if kind == ImportKind.MEMBER_BILL else None
        for block in source.blocks():
            if fast:
                fast.accept(block.rows)
            good = [odd.cells for odd in block.odd if not odd.problem]
            for cells in [cells for _, cells in block.rows.cells()] + good:
                judge.check(cells)
                rows += 1
    return rows


def main(seconds: float, seed: int) -> int:
    luck = random.Random(seed)  # noqa: S311 -- no secret
    files, answers = seeds(), Counter[str]()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        data, kept = luck.choice(files), luck.choice(KEPT)
        for _ in range(luck.randint(1, 3)):
            data = data[:kept] + luck.choice(DAMAGES)(luck, data[kept:] or b" ")
        try:
            read_all(data, luck.choice(KINDS))
            answers["read"] += 1
        except FileRefused as refusal:
            answers[refusal.code] += 1
            if refusal.code not in FILE_PROBLEMS:
                raise
        except BaseException:
            FOUND.write_bytes(data)
            raise
    print(f"seed {seed}: {answers.total()} files", dict(answers.most_common()))  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else time.time_ns()))
