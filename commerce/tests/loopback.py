"""Payment providers on this machine: servers that speak a provider's protocol and fail in its documented ways."""

import json
import threading
import time
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class Refused(Exception):
    """The provider says no: a status and what it says."""

    def __init__(self, status: int, body):
        self.status, self.body = status, body


class Loopback:
    """One provider. Subclasses answer in `handle`; `faults` are what happens to the next requests instead.

    A fault is a status to answer with, `slow` (no answer in time), `drop` (the connection ends), `garbage` (no JSON),
    or `lost`: it is done, and the connection ends before the answer.
    """

    SLOW_SECONDS = 0.8

    def __init__(self):
        self.faults: deque = deque()
        self.asked: list[tuple[str, str, dict, object]] = []
        self._lock = threading.Lock()
        provider = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                provider._serve(self)

            do_POST = do_GET  # noqa: N815 (the name that the base class looks for)

            def log_message(self, *args):
                """Tests say what they need themselves."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def handle(self, method: str, path: str, query: dict, headers, body) -> object:
        """The answer to a request, as JSON; raises `Refused`."""
        raise NotImplementedError

    def count(self, method: str, ending: str) -> int:
        return sum(1 for asked, path, _, _ in self.asked if asked == method and path.endswith(ending))

    def fails(self, path: str) -> bool:
        """Whether a request may meet a fault at all."""
        return True

    def _serve(self, request: BaseHTTPRequestHandler) -> None:
        raw = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        parts = urlsplit(request.path)
        is_json = "json" in request.headers.get("Content-Type", "") and raw
        body = json.loads(raw) if is_json else raw
        with self._lock:
            self.asked.append((request.command, parts.path, dict(request.headers), body))
            fault = self.faults.popleft() if self.faults and self.fails(parts.path) else None
        if fault == "drop":
            request.close_connection = True
            return
        if fault == "slow":
            time.sleep(self.SLOW_SECONDS)
        if fault == "garbage":
            self._answer(request, 200, b"<html>Bad gateway</html>")
            return
        if isinstance(fault, int):
            self._answer(request, fault, json.dumps({"name": "FAULT"}).encode())
            return
        with self._lock:
            try:
                status, answer = (
                    200,
                    self.handle(request.command, parts.path, parse_qs(parts.query), request.headers, body),
                )
            except Refused as refused:
                status, answer = refused.status, refused.body
        if fault == "lost":
            request.close_connection = True
            return
        self._answer(request, status, json.dumps(answer).encode())

    def _answer(self, request: BaseHTTPRequestHandler, status: int, body: bytes) -> None:
        try:
            request.send_response(status)
            request.send_header("Content-Type", "application/json")
            request.send_header("Content-Length", str(len(body)))
            request.end_headers()
            request.wfile.write(body)
        except OSError:
            """Whoever asked did not wait for the answer."""
