"""A connection that breaks: a TCP proxy in front of the site that cuts uploads in the middle."""

import socket
import struct
import threading
from collections.abc import Iterable
from contextlib import suppress

BLOCK = 64 * 1024
# Closing with this option sends a reset, as a router does that forgot the connection.
RESET = struct.pack("ii", 1, 0)


class CuttingProxy:
    """Listens on `port` and passes bytes on to `target_port` of this machine.

    Each number in `cuts` is a count of bytes that all clients together have sent: when it is reached, every open
    connection is reset, on both sides. `made` counts the cuts. Use it as a context manager.
    """

    def __init__(self, target_port: int, cuts: Iterable[int] = ()) -> None:
        self.target_port = target_port
        self.made = 0
        self.sent = 0
        self._cuts = sorted(cuts)
        self._pairs: set[tuple[socket.socket, socket.socket]] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listener.getsockname()[1]
        self.url = f"http://localhost:{self.port}"

    def __enter__(self) -> "CuttingProxy":
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_exception) -> None:
        # Shut down first: a thread that waits in accept does not notice a mere close.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def cut(self) -> None:
        """Reset every open connection now."""
        with self._lock:
            pairs, self._pairs = self._pairs, set()
        for pair in pairs:
            self._reset(pair)

    def _reset(self, pair: tuple[socket.socket, socket.socket]) -> None:
        for end in pair:
            with suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            with suppress(OSError):
                # Wakes the thread that reads from it; the reset follows with the close.
                end.shutdown(socket.SHUT_RD)
            end.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self.target_port), timeout=10)
                server.settimeout(None)
            except OSError:
                client.close()
                continue
            pair = (client, server)
            with self._lock:
                self._pairs.add(pair)
            for is_upload in (True, False):
                threading.Thread(target=self._pass, args=(pair, is_upload), daemon=True).start()

    def _pass(self, pair: tuple[socket.socket, socket.socket], is_upload: bool) -> None:
        source, target = pair if is_upload else reversed(pair)
        try:
            while block := source.recv(BLOCK):
                target.sendall(block)
                if is_upload and self._count(len(block)):
                    self.cut()
            target.shutdown(socket.SHUT_WR)
        except OSError:
            # One end is gone: the other is not to go on talking to nobody.
            self._reset(pair)

    def _count(self, size: int) -> bool:
        """Whether it is time to cut."""
        with self._lock:
            self.sent += size
            if self._cuts and self.sent >= self._cuts[0]:
                self._cuts.pop(0)
                self.made += 1
                return True
            return False
