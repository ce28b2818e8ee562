"""Every page of the marketplace, of its people and of the console, in both themes: no finding of weight of axe-core."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client

from accounts.models import User
from tests.whole_site import ADMIN, MEMBER, VISITOR, WholeSite, made_whole_site

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.django_db(transaction=True)]

AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
GRAVE = {"serious", "critical"}
# Pages are many and the machine may be busy; nothing here is about speed.
PATIENCE_MS = 120_000


@pytest.fixture
def site(live_site) -> WholeSite:
    """Made in another thread, as a web process would: Playwright keeps an event loop in the test's own."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(made_whole_site).result()


def sign_in(page, user: User, url: str) -> None:
    client = Client()
    client.force_login(user)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}])


def findings_of(page, addresses: list[str]) -> dict[str, list]:
    found = {}
    for address in addresses:
        answer = page.goto(address, timeout=PATIENCE_MS)
        assert answer.ok, f"{address}: {answer.status}"
        violations = Axe().run(page, options=AXE).response["violations"]
        grave = [
            (v["id"], [node["target"] for node in v["nodes"]]) for v in violations if v["impact"] in GRAVE
        ]
        if grave:
            found[address] = grave
    return found


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
def test_no_page_has_a_grave_finding(open_page: Callable, live_site, site, scheme, width):
    page = open_page(color_scheme=scheme, viewport={"width": width, "height": 900}, reduced_motion="reduce")
    found = findings_of(page, site.addresses(VISITOR))
    sign_in(page, site.people[MEMBER], live_site.url)
    assert (found, findings_of(page, site.addresses(MEMBER))) == ({}, {})


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
def test_no_page_of_the_console_has_a_grave_finding(open_page: Callable, live_site, site, scheme, width):
    page = open_page(color_scheme=scheme, viewport={"width": width, "height": 900}, reduced_motion="reduce")
    sign_in(page, site.people[ADMIN], live_site.url)
    assert findings_of(page, site.addresses(ADMIN)) == {}
