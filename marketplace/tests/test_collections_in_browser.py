"""Putting a collection in order by hand: dragging, arrow keys, buttons; and by buttons alone without scripts."""

import pytest

from accounts.tests.factories import UserFactory
from marketplace.actions import collections
from marketplace.tests.factories import CollectionFactory, Model3DFactory
from marketplace.tests.test_transport_in_browser import log_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def collection(live_site):
    made = CollectionFactory(owner=UserFactory())
    for title in ("Ash", "Birch", "Cedar", "Deal"):
        collections.add(collection=made, model=Model3DFactory(listed=True, title=title))
    return made


def kept(collection) -> list[str]:
    return [item.model.title for item in collection.items.select_related("model").order_by("order", "pk")]


def shown(page) -> list[str]:
    return page.locator("[data-order-row] .order-title a").all_inner_texts()


def open_edit(page, collection, live_site) -> None:
    log_in(page, collection.owner, live_site.url)
    page.goto(f"/collections/{collection.pk}/edit/")


def settled(page, collection, order: list[str]) -> None:
    """Shown at once, and kept as soon as the server has answered."""
    assert shown(page) == order
    for _ in range(100):
        if kept(collection) == order:
            return
        page.wait_for_timeout(50)
    raise AssertionError(kept(collection))


@pytest.mark.full
def test_rows_go_where_arrow_keys_buttons_and_dragging_put_them_without_a_reload(page, collection, live_site):
    open_edit(page, collection, live_site)
    page.evaluate("window.stayed = true")
    grip = page.get_by_role("button", name="Move Ash with the arrow keys")
    grip.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    settled(page, collection, ["Birch", "Cedar", "Ash", "Deal"])
    assert page.locator("[data-order-status]").inner_text() == "Ash: place 3 of 4"
    assert grip.evaluate("grip => grip === document.activeElement")
    page.keyboard.press("End")
    settled(page, collection, ["Birch", "Cedar", "Deal", "Ash"])

    page.get_by_role("button", name="Move Cedar up").click()
    settled(page, collection, ["Cedar", "Birch", "Deal", "Ash"])
    assert page.get_by_role("button", name="Move Cedar up").is_disabled()

    rows = page.locator("[data-order-row]")
    last = rows.nth(3).bounding_box()
    rows.nth(0).drag_to(rows.nth(3), target_position={"x": 200, "y": last["height"] - 4})
    settled(page, collection, ["Birch", "Deal", "Ash", "Cedar"])
    rows.nth(3).drag_to(rows.nth(1), target_position={"x": 200, "y": 4})
    settled(page, collection, ["Birch", "Cedar", "Deal", "Ash"])
    assert page.evaluate("window.stayed") is True


@pytest.mark.full
def test_without_scripts_the_buttons_do_it(open_page, collection, live_site):
    page = open_page(java_script_enabled=False)
    open_edit(page, collection, live_site)
    page.get_by_role("button", name="Move Deal up").click()
    page.wait_for_load_state()
    assert shown(page) == kept(collection) == ["Ash", "Birch", "Deal", "Cedar"]
    page.get_by_role("button", name="Take Birch out").click()
    page.wait_for_load_state()
    assert shown(page) == kept(collection) == ["Ash", "Deal", "Cedar"]
