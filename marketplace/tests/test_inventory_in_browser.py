"""Choosing many models in a real browser, with scripts and without."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from accounts.tests.factories import UserFactory
from marketplace.models import Model3D
from marketplace.tests.factories import Model3DFactory


@pytest.fixture
def creator(live_site):
    user = UserFactory(creator=True)
    for number in range(3):
        Model3DFactory(creator=user, title=f"Chair {number}", with_file=True)
    return user


def log_in(page, user, url: str) -> None:
    client = Client()
    client.force_login(user)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}])


@pytest.mark.full
def test_all_of_a_page_are_chosen_at_once_deleted_and_brought_back(page, creator, live_site):
    log_in(page, creator, live_site.url)
    page.goto("/dashboard/inventory/")
    bar = page.get_by_role("group", name="With the chosen models")
    expect(bar).to_be_hidden()
    page.get_by_label("Select all on this page").check()
    expect(bar).to_contain_text("3 chosen")
    page.get_by_label("Select Chair 1").uncheck()
    expect(bar).to_contain_text("2 chosen")
    bar.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="Delete 2 models?")).to_be_visible()
    page.get_by_role("button", name="Delete: 2 models").click()
    expect(page.get_by_text("Deleted: 2 models.")).to_be_visible()
    assert Model3D.objects.owned_by(creator).count() == 1
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Brought back: 2 models.")).to_be_visible()
    assert Model3D.objects.owned_by(creator).count() == 3


@pytest.mark.full
def test_prices_change_without_scripts(open_page, creator, live_site):
    page = open_page(java_script_enabled=False)
    log_in(page, creator, live_site.url)
    page.goto("/dashboard/inventory/")
    expect(page.get_by_label("Select all on this page")).to_be_hidden()
    page.get_by_label("Select Chair 0").check()
    page.get_by_label("Select Chair 2").check()
    page.get_by_role("button", name="Price").click()
    page.get_by_label("Percentage or amount").fill("50")
    page.get_by_role("button", name="See what will happen").click()
    expect(page.get_by_text("$12.00 → $6.00").first).to_be_visible()
    page.get_by_role("button", name="Change prices: 2 models").click()
    expect(page.get_by_text("Price changed: 2 models.")).to_be_visible()
    assert sorted(Model3D.objects.values_list("price", flat=True)) == [6, 6, 12]
