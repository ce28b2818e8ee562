"""The filters beside the grid, in a browser."""

import re

import pytest
from playwright.sync_api import expect

from marketplace.tests.factories import CategoryFactory, Model3DFactory

PHONE = {"viewport": {"width": 390, "height": 844}}


@pytest.mark.full
def test_on_a_phone_the_filters_stay_open_while_choices_are_made(open_page):
    Model3DFactory(
        listed=True, category=CategoryFactory(name="Furniture", slug="furniture"), title="Oak chair"
    )
    Model3DFactory(listed=True, category=CategoryFactory(name="Lamps", slug="lamps"), title="Brass lamp")
    page = open_page(**PHONE)
    page.goto("/marketplace/")
    expect(page.locator("#filters")).to_be_hidden()
    page.get_by_role("button", name="Filters").click()
    page.locator("#facet-licence > summary").click()
    page.get_by_role("checkbox", name="Lamps").check()
    expect(page).to_have_url(re.compile("category=lamps"))
    expect(page.locator("#filters")).to_be_visible()
    expect(page.locator("#facet-licence")).to_have_attribute("open", "")
    expect(page.get_by_role("checkbox", name="Lamps")).to_be_focused()
    page.get_by_role("button", name="Show 1 model").click()
    expect(page.locator("#filters")).to_be_hidden()
    expect(page.get_by_role("link", name="Brass lamp", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Oak chair", exact=True)).to_have_count(0)
    page.go_back()
    expect(page.get_by_role("link", name="Oak chair", exact=True)).to_be_visible()


@pytest.mark.full
def test_filters_work_without_scripts(open_page):
    Model3DFactory(
        listed=True, category=CategoryFactory(name="Furniture", slug="furniture"), title="Oak chair"
    )
    Model3DFactory(listed=True, category=CategoryFactory(name="Lamps", slug="lamps"), title="Brass lamp")
    page = open_page(java_script_enabled=False)
    page.goto("/marketplace/")
    page.get_by_role("checkbox", name="Lamps").check()
    page.get_by_label(re.compile("UV mapped")).check()
    page.get_by_role("button", name="Show results").click()
    expect(page).to_have_url(re.compile("category=lamps.*with=uv"))
    expect(page.get_by_role("link", name="Oak chair", exact=True)).to_have_count(0)
    page.get_by_role("link", name="Remove the filter Lamps").click()
    expect(page.get_by_role("link", name="Oak chair", exact=True)).to_be_visible()
