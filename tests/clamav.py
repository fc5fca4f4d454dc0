"""A server that speaks clamd's protocol over TCP and knows one virus: EICAR."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.uploads import EICAR


class Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        if self._line() != b"zINSTREAM":
            self.wfile.write(b"UNKNOWN COMMAND\0")
            return
        content = b""
        while length := int.from_bytes(self.rfile.read(4), "big"):
            content += self.rfile.read(length)
        self.server.scanned.append(len(content))
        if len(content) > self.server.most:
            self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
        elif EICAR in content:
            self.wfile.write(b"stream: Eicar-Test-Signature FOUND\0")
        else:
            self.wfile.write(b"stream: OK\0")

    def _line(self) -> bytes:
        found = b""
        while (byte := self.rfile.read(1)) not in {b"\0", b""}:
            found += byte
        return found


class Scanner(socketserver.ThreadingTCPServer):
    daemon_threads = True
    most = 1_000_000

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.scanned: list[int] = []

    @property
    def url(self) -> str:
        return f"tcp://127.0.0.1:{self.server_address[1]}"


@contextmanager
def running_scanner() -> Iterator[Scanner]:
    with Scanner() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
