"""A server that speaks clamd's PING and INSTREAM on loopback, and knows one signature: that of the EICAR test file."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

# In two parts, so that no scanner finds this file.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-" + rb"ANTIVIRUS-TEST-FILE!$H+H*"


class _Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        command = b""
        while not command.endswith(b"\0") and (letter := self.rfile.read(1)):
            command += letter
        if command == b"zPING\0" and not self.server.hangs_up:
            self.wfile.write(b"PONG\0")
        if command != b"zINSTREAM\0":
            return
        content = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
            if len(content) > self.server.most_bytes:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.server.seen.append(len(content))
        if self.server.hangs_up:
            return
        found = b"Eicar-Signature FOUND" if EICAR in content else b"OK"
        self.wfile.write(b"stream: " + found + b"\0")


class Clamd(socketserver.ThreadingTCPServer):
    """`seen` are the sizes of what was scanned; `hangs_up` says nothing any more."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.seen: list[int] = []
        self.hangs_up = False
        self.most_bytes = 64 * 1024**2

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


@contextmanager
def clamd() -> Iterator[Clamd]:
    server = Clamd()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
