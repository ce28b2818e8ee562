"""Growth of the web process while a purchase of 1 GiB is downloaded: `python -m bench.download_memory`.

It runs on a database and a web server of its own, as the tests do, and fails above `LIMIT`.
"""

import sys
import time

from bench.memory import BLOCK, LIMIT, SIZE, Peak, own_site


def main() -> int:
    with own_site() as stack:
        address, session = _purchase()
        stack.ensure("web")
        return _download(stack, address, session)


def _purchase() -> tuple[str, str]:
    """A link to a file of `SIZE`, and the session of who may follow it."""
    from django.conf import settings
    from django.test import Client

    from accounts.tests.factories import UserFactory
    from commerce.actions.downloads import make_link
    from commerce.tests.factories import purchase_of
    from marketplace.tests.factories import Model3DFactory

    buyer = UserFactory()
    purchase = purchase_of(buyer, Model3DFactory(listed=True))
    file = purchase.file()
    with file.original.storage.open(file.original.name, "r+b") as stored:
        stored.truncate(SIZE)
    client = Client()
    client.force_login(buyer)
    return make_link(purchase).get_absolute_url(), client.cookies[settings.SESSION_COOKIE_NAME].value


def _download(stack, address: str, session: str) -> int:
    import requests
    from django.conf import settings

    cookies = {settings.SESSION_COOKIE_NAME: session}
    # Whatever a first request loads is not growth.
    requests.get(f"{stack.url}{address}", cookies=cookies, headers={"Range": "bytes=0-99"}, timeout=60)
    peak = Peak(stack.processes["web"].pid)
    peak.start()
    began, received = time.perf_counter(), 0
    with requests.get(f"{stack.url}{address}", cookies=cookies, stream=True, timeout=300) as answer:
        answer.raise_for_status()
        for block in answer.iter_content(BLOCK):
            received += len(block)
    sys.stdout.write(peak.report(received, time.perf_counter() - began))
    return 0 if received == SIZE and peak.growth() < LIMIT else 1


if __name__ == "__main__":
    raise SystemExit(main())
