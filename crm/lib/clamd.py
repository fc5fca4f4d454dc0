"""A client of ClamAV's daemon: hands it bytes (INSTREAM) and reads what it says.

Small enough to be our own: one command of a protocol that has not changed in fifteen years.
"""

import contextlib
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

CHUNK = 64 * 1024
PORT = 3310
ANSWER_BYTES = 4096


class ScannerUnavailable(Exception):
    """It cannot be reached, or could not scan this: nothing is known about the bytes."""


@dataclass(frozen=True)
class Address:
    """Host and port, or the path of a Unix socket."""

    host: str = ""
    port: int = PORT
    path: str = ""


def address_of(url: str) -> Address:
    """`tcp://scanner:3310` or `unix:///run/clamav/clamd.ctl`; ValueError for anything else."""
    parts = urlsplit(url)
    if parts.scheme == "tcp" and parts.hostname:
        return Address(parts.hostname, parts.port or PORT)
    if parts.scheme == "unix" and parts.path and not parts.netloc:
        return Address(path=parts.path)
    raise ValueError("CLAMAV_URL must be tcp://host:port or unix:///path")


def scan(content: bytes, url: str, *, seconds: float = 60) -> str:
    """The name of what was found in the bytes, empty when nothing was.

    `seconds` is how long one step of the conversation may take.
    """
    try:
        with _connected(address_of(url), seconds) as connection:
            # Of too many bytes it says so, and hangs up while they still come.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                _send(connection, content)
            answer = _answer(connection)
    except OSError as error:
        raise ScannerUnavailable(str(error)) from error
    return _found_in(answer)


def _send(connection: socket.socket, content: bytes) -> None:
    connection.sendall(b"zINSTREAM\0")
    for start in range(0, len(content), CHUNK):
        piece = content[start : start + CHUNK]
        connection.sendall(len(piece).to_bytes(4, "big") + piece)
    connection.sendall(bytes(4))


def _connected(address: Address, seconds: float) -> socket.socket:
    if address.path:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(seconds)
        try:
            connection.connect(address.path)
        except OSError:
            connection.close()
            raise
        return connection
    return socket.create_connection((address.host, address.port), timeout=seconds)


def _answer(connection: socket.socket) -> str:
    """Up to the zero that ends it."""
    received = b""
    while not received.endswith(b"\0") and len(received) < ANSWER_BYTES:
        piece = connection.recv(ANSWER_BYTES)
        if not piece:
            break
        received += piece
    return received.rstrip(b"\0").decode(errors="replace").strip()


def _found_in(answer: str) -> str:
    """`stream: OK` or `stream: Eicar-Test-Signature FOUND`."""
    said = answer.removeprefix("stream:").strip()
    if said == "OK":
        return ""
    if said.endswith(" FOUND"):
        return said.removesuffix(" FOUND").strip() or "?"
    raise ScannerUnavailable(answer or "no answer")
