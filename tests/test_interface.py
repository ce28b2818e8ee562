"""The interface in a real browser: themes, menus, cards, keyboard, policies, accessibility."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from accounts.tests.factories import UserFactory
from marketplace.models import Model3D
from marketplace.tests.factories import Model3DFactory
from marketplace.tests.test_inventory_in_browser import log_in

pytestmark = [pytest.mark.browser, pytest.mark.full]

AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PAGES = [
    *("/", "/marketplace/", "/about/", "/terms/", "/creator-terms/", "/privacy/", "/licences/", "/contact/"),
    *(
        "/categories/",
        "/search/",
        "/search/?q=oak",
        "/status/",
        "/accounts/login/",
        "/accounts/signup/",
        "/cart/",
    ),
]


@pytest.fixture
def models(transactional_db):
    return [Model3DFactory(listed=True) for _ in range(3)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_no_page_breaks_the_accessibility_rules(open_page, models, scheme, width):
    page = open_page(color_scheme=scheme, viewport={"width": width, "height": 900}, reduced_motion="reduce")
    broken = {}
    for address in PAGES:
        page.goto(address)
        violations = Axe().run(page, options=AXE).response["violations"]
        if violations:
            broken[address] = [(v["id"], [node["target"] for node in v["nodes"]]) for v in violations]
    assert broken == {}


@pytest.mark.parametrize("width", [320, 390, 768, 2560])
def test_no_page_scrolls_sideways(open_page, models, width):
    page = open_page(viewport={"width": width, "height": 900})
    wide = []
    for address in PAGES:
        page.goto(address)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wide.append(address)
    assert wide == []


def test_the_theme_changes_at_once_and_is_kept(open_page):
    page = open_page(color_scheme="light")
    page.goto("/about/")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Dark").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "lathe-dark"


def test_the_theme_changes_without_scripts_too(open_page):
    page = open_page(java_script_enabled=False)
    page.goto("/about/")
    page.get_by_role("button", name="Dark").click()
    assert page.url.endswith("/about/")
    assert page.locator("html").get_attribute("data-theme") == "lathe-dark"


def test_a_hovered_card_plays_its_turntable_and_stops_again(open_page, models):
    page = open_page()
    page.goto("/marketplace/")
    page.locator("[data-model-card]").first.hover()
    page.wait_for_selector(".turntable.is-ready")
    page.get_by_role("heading", level=1).hover()
    page.wait_for_selector(".turntable", state="detached")


def test_nothing_turns_for_those_who_want_less_motion(open_page, models):
    page = open_page(reduced_motion="reduce")
    page.goto("/marketplace/")
    page.locator("[data-model-card]").first.hover()
    assert page.locator(".turntable").count() == 0


def test_what_could_not_be_done_in_the_page_is_said(open_page, models, complaints, live_site):
    for part in ("404", "ERR_INTERNET_DISCONNECTED", "htmx:"):
        complaints.expect(part)
    page = open_page()
    log_in(page, UserFactory(), live_site.url)
    page.goto(models[0].get_absolute_url())
    like = page.locator(".like-form button").first
    page.context.set_offline(True)
    like.click()
    page.get_by_text("There is no connection to the site.").wait_for()
    page.context.set_offline(False)
    Model3D.objects.filter(pk=models[0].pk).update(status=Model3D.Status.DRAFT)
    like.click()
    page.get_by_text("This is not here any more.").wait_for()


def test_the_keyboard_reaches_content_search_and_menus(open_page, models):
    page = open_page()
    page.goto("/marketplace/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    browse = page.locator("summary", has_text="Browse")
    browse.focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == "All models"
    page.keyboard.press("Escape")
    assert page.locator("details.dropdown[open]").count() == 0
    assert browse.evaluate("summary => summary === document.activeElement")


def test_a_wrong_form_puts_the_focus_on_its_errors(open_page):
    page = open_page()
    page.goto("/contact/")
    page.get_by_role("button", name="Send message").click()
    summary = page.locator("[data-error-summary]")
    assert summary.evaluate("summary => summary === document.activeElement")
    summary.get_by_role("link", name="Message").click()
    assert page.evaluate("document.activeElement.id") == "id_message"
