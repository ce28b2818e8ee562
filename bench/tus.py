"""tus uploads of 1 GiB over a bare WSGI view that writes the body to a file: `python -m bench.tus [--mib 1024]`.

Both run on the loopback under the same server with the same options, one after the other in turn, and write to the
same folder. The memory of the web process is watched while tus receives. Fails below `LEAST` or above `LIMIT`.
"""

import argparse
import base64
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from bench.memory import BLOCK, LIMIT, Peak, own_site

LEAST = 0.5
VERSION = {"Tus-Resumable": "1.0.0"}


def main() -> int:
    """Command line; exit code 1 when tus is too slow or its server grows."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--mib", type=int, default=1024)
    parser.add_argument("--pairs", type=int, default=3)
    options = parser.parse_args()
    size = options.mib * 1024**2
    with own_site() as stack:
        from marketplace.incoming import incoming_folder

        stack.ensure("web")
        headers = _session(stack.port)
        target = incoming_folder() / "bare.body"
        with _bare_view(target) as port:
            # Whatever a first upload loads is neither slowness nor growth.
            _bare(port, target, BLOCK)
            _tus(stack.port, headers, BLOCK)
            peak = Peak(stack.processes["web"].pid)
            peak.start()
            ratios = []
            for pair in range(options.pairs):
                measures = [lambda: _bare(port, target, size), lambda: _tus(stack.port, headers, size)]
                order = (0, 1) if pair % 2 else (1, 0)
                taken = {number: measures[number]() for number in order}
                ratios.append(taken[0] / taken[1])
                sys.stdout.write(
                    f"bare view {_speed(size, taken[0])}  tus {_speed(size, taken[1])}"
                    f"  ratio {ratios[-1]:.2f}\n"
                )
                sys.stdout.flush()
            growth = peak.growth()
    ratio = statistics.median(ratios)
    sys.stdout.write(
        f"{options.mib} MiB: median ratio {ratio:.2f} (at least {LEAST});"
        f" web process grew by {growth / 1024**2:.1f} MiB (under {LIMIT / 1024**2:.0f})\n"
    )
    return 0 if ratio >= LEAST and growth < LIMIT else 1


def _speed(size: int, seconds: float) -> str:
    return f"{size / 1024**2 / seconds:6.0f} MiB/s"


def _session(port: int) -> dict[str, str]:
    """Headers of a creator who is logged in, with the token."""
    from django.conf import settings
    from django.test import Client

    from accounts.tests.factories import UserFactory

    client = Client()
    client.force_login(UserFactory(creator=True))
    signed_in = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    connection = http.client.HTTPConnection("localhost", port, timeout=60)
    connection.request("GET", "/uploads/", headers={"Cookie": signed_in})
    answer = connection.getresponse()
    token = json.loads(answer.read())["csrf_token"]
    cookie = answer.getheader("Set-Cookie").partition(";")[0]
    connection.close()
    return {"Cookie": f"{signed_in}; {cookie}", "X-CSRFToken": token}


def _tus(port: int, headers: dict[str, str], size: int) -> float:
    """Seconds from the announcement to the answer that all has arrived; it is removed afterwards."""
    name = base64.b64encode(b"large.glb").decode()
    announced = {**headers, **VERSION, "Upload-Length": str(size), "Upload-Metadata": f"filename {name}"}
    connection = http.client.HTTPConnection("localhost", port, timeout=300)
    began = time.perf_counter()
    connection.request("POST", "/uploads/", headers=announced)
    answer = connection.getresponse()
    answer.read()
    assert answer.status == http.HTTPStatus.CREATED, answer.status
    address = answer.getheader("Location")
    sent = {
        **headers,
        **VERSION,
        "Upload-Offset": "0",
        "Content-Type": "application/offset+octet-stream",
    }
    answer = _send(connection, "PATCH", address, sent, size)
    seconds = time.perf_counter() - began
    assert answer.status == http.HTTPStatus.NO_CONTENT, answer.status
    assert answer.getheader("Upload-Offset") == str(size)
    connection.request("DELETE", address, headers={**headers, **VERSION})
    connection.getresponse().read()
    connection.close()
    return seconds


def _bare(port: int, target: Path, size: int) -> float:
    """Seconds until the bare view has answered; what it wrote is removed afterwards."""
    connection = http.client.HTTPConnection("localhost", port, timeout=300)
    began = time.perf_counter()
    answer = _send(connection, "PUT", "/", {}, size)
    seconds = time.perf_counter() - began
    connection.close()
    assert answer.status == http.HTTPStatus.NO_CONTENT, answer.status
    assert target.stat().st_size == size
    target.unlink()
    return seconds


def _send(connection, method: str, address: str, headers: dict[str, str], size: int):
    """A request with a body of `size` bytes; the answer, read."""
    connection.putrequest(method, address)
    for name, value in {**headers, "Content-Length": str(size)}.items():
        connection.putheader(name, value)
    connection.endheaders()
    left, block = size, os.urandom(BLOCK)
    while left:
        connection.send(block[:left])
        left -= min(left, BLOCK)
    answer = connection.getresponse()
    answer.read()
    return answer


@contextmanager
def _bare_view(target: Path):
    """The bare view under granian, with the options of the site; its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
        + ["--port", str(port), "bench.bare_upload:application"],
        env={**os.environ, "BARE_UPLOAD_TARGET": str(target)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # As the site's own: the kernel shares the processor out by session.
        start_new_session=True,
    )
    try:
        deadline = time.monotonic() + 30
        with socket.socket() as probe:
            while probe.connect_ex(("127.0.0.1", port)):
                assert time.monotonic() < deadline, "the bare view did not start"
                time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    raise SystemExit(main())
