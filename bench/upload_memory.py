"""Growth of the web process while 1 GiB is uploaded: `python -m bench.upload_memory`.

It runs on a database and a web server of its own, as the tests do, and fails above `LIMIT`.
"""

import http.client
import re
import struct
import sys
import time
import urllib.parse

from bench.memory import BLOCK, LIMIT, SIZE, Peak, own_site

BOUNDARY = "bench-frontier"


def main() -> int:
    with own_site() as stack:
        session = _creators_session()
        stack.ensure("web")
        # Whatever a first upload loads is not growth.
        _upload(stack.port, session, BLOCK)
        peak = Peak(stack.processes["web"].pid)
        peak.start()
        began = time.perf_counter()
        status, stored = _upload(stack.port, session, SIZE)
        sys.stdout.write(peak.report(stored, time.perf_counter() - began))
        return 0 if status == http.HTTPStatus.FOUND and stored == SIZE and peak.growth() < LIMIT else 1


def _creators_session() -> str:
    from django.conf import settings
    from django.test import Client

    from accounts.tests.factories import UserFactory

    client = Client()
    client.force_login(UserFactory(creator=True))
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _upload(port: int, session: str, size: int) -> tuple[int, int]:
    """Send a form with a file of `size` bytes; status of the answer, and bytes of the file that is stored."""
    from marketplace.models import ModelFile

    cookies, token = _form(port, session)
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="large.glb"\r\n'
        "Content-Type: model/gltf-binary\r\n\r\n"
    ).encode()
    magic = struct.pack("<4sII", b"glTF", 2, size)
    tail = f'\r\n--{BOUNDARY}\r\nContent-Disposition: form-data; name="end"\r\n\r\n1\r\n--{BOUNDARY}--\r\n'.encode()
    connection = http.client.HTTPConnection("localhost", port, timeout=300)
    connection.putrequest("POST", "/upload/")
    connection.putheader("Cookie", cookies)
    connection.putheader("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
    connection.putheader("Content-Length", str(len(head) + size + len(tail)))
    connection.endheaders()
    connection.send(head + magic)
    left, block = size - len(magic), bytes(BLOCK)
    while left:
        connection.send(block[:left])
        left -= min(left, BLOCK)
    connection.send(tail)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    newest = ModelFile.objects.order_by("-pk").first()
    return answer.status, newest.original.size if newest else 0


def _form(port: int, session: str) -> tuple[str, str]:
    """Cookies and token of the upload form."""
    from django.conf import settings

    connection = http.client.HTTPConnection("localhost", port, timeout=60)
    signed_in = f"{settings.SESSION_COOKIE_NAME}={session}"
    connection.request("GET", "/upload/", headers={"Cookie": signed_in})
    answer = connection.getresponse()
    page = answer.read().decode()
    cookie = re.search(rf"{settings.CSRF_COOKIE_NAME}=([^;]+)", answer.getheader("Set-Cookie", ""))[1]
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    connection.close()
    return f"{signed_in}; {settings.CSRF_COOKIE_NAME}={urllib.parse.quote(cookie)}", token


if __name__ == "__main__":
    raise SystemExit(main())
