"""The search field as a combobox, by keyboard and by mouse; and searching without scripts."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from accounts.tests.factories import UserFactory
from marketplace.search.popular import renew_suggestions
from marketplace.tests.factories import CategoryFactory, Model3DFactory

pytestmark = pytest.mark.browser

AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def chair(transactional_db):
    category = CategoryFactory(name="Chairs", slug="chairs", icon="armchair")
    creator = UserFactory(username="chairman", full_name="Chairo Mai", creator=True)
    model = Model3DFactory(listed=True, title="Oak chair", tags=["chair"], category=category, creator=creator)
    renew_suggestions()
    return model


def active(page):
    """The words of the option that a screen reader would read."""
    return page.evaluate(
        "document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))?.innerText"
    )


@pytest.mark.full
def test_suggestions_are_walked_through_by_keyboard(page, chair):
    page.goto("/about/")
    page.keyboard.press("/")
    field = page.get_by_role("combobox", name="Search models").first
    assert field.get_attribute("aria-expanded") == "false"
    page.keyboard.type("chai")
    listbox = page.get_by_role("listbox", name="Suggestions")
    listbox.wait_for()
    assert field.get_attribute("aria-expanded") == "true"
    assert field.get_attribute("aria-controls") == listbox.get_attribute("id")
    assert page.get_by_role("option").count() == 5
    page.get_by_text("5 suggestions. Use the up and down arrow keys.").wait_for()
    assert listbox.locator("mark").first.inner_text() == "chai"
    assert Axe().run(page, options=AXE).response["violations"] == []

    page.keyboard.press("ArrowDown")
    assert active(page) == "chair"
    assert page.get_by_role("option", selected=True).count() == 1
    page.keyboard.press("End")
    assert "Search everything for chai" in active(page)
    page.keyboard.press("ArrowDown")
    assert active(page) is None
    page.keyboard.press("ArrowUp")
    assert "Search everything for chai" in active(page)
    page.keyboard.press("Home")
    assert active(page) == "chair"
    assert field.input_value() == "chai"

    page.keyboard.press("Escape")
    assert listbox.is_hidden()
    assert field.get_attribute("aria-expanded") == "false"
    assert field.input_value() == "chai"
    page.keyboard.press("ArrowDown")
    listbox.wait_for()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    assert "Oak chair" in active(page)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{chair.get_absolute_url()}")


@pytest.mark.full
def test_enter_without_a_choice_searches_as_ever_and_a_click_chooses(page, chair):
    page.goto("/about/")
    page.keyboard.press("/")
    page.keyboard.type("chair")
    page.get_by_role("listbox").wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**/marketplace/?q=chair")
    page.goto("/search/")
    page.get_by_role("combobox", name="Search everything").press_sequentially("chai")
    page.get_by_role("option", name="Chairs").click()
    page.wait_for_url("**/marketplace/?category=chairs")


@pytest.mark.full
def test_a_field_whose_questions_fail_stays_a_field(page, chair, complaints):
    complaints.expect("net::ERR_FAILED")
    page.route("**/search/suggestions/**", lambda route: route.abort())
    page.goto("/about/")
    page.keyboard.press("/")
    page.keyboard.type("chair")
    page.wait_for_timeout(400)
    assert page.get_by_role("listbox").count() == 0
    page.keyboard.press("Enter")
    page.wait_for_url("**/marketplace/?q=chair")


@pytest.mark.full
def test_everything_is_found_without_scripts(open_page, chair):
    page = open_page(java_script_enabled=False)
    page.goto("/")
    page.locator("#search").fill("chair")
    page.locator("#search").press("Enter")
    page.get_by_role("link", name="Oak chair").first.wait_for()
    page.get_by_role("link", name="People and collections").click()
    assert page.get_by_role("heading", name="Models").is_visible()
    page.get_by_role("navigation", name="What was found").get_by_role("link", name="People").click()
    page.locator(".person", has_text="Chairo Mai").click()
    assert page.url.endswith("/profile/chairman/")
    page.goto("/categories/")
    page.get_by_role("link", name="Chairs").last.click()
    assert page.url.endswith("/marketplace/?category=chairs")
