"""The main job in a browser that runs no scripts: find, sign in, like, comment, collect, follow, buy, download."""

import hashlib
import re
from pathlib import Path

import pytest

from accounts.models import Follow
from accounts.tests.factories import UserFactory
from commerce.models import Purchase
from marketplace.models import Collection, ModelComment
from marketplace.tests.factories import CategoryFactory, Model3DFactory
from tests.test_journey import log_in, pay_in_the_sandbox, verified

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.django_db(transaction=True)]


def button(page, name: str):
    return page.get_by_role("main").get_by_role("button", name=re.compile(name)).first


def link(page, name: str):
    return page.get_by_role("main").get_by_role("link", name=re.compile(name)).first


def test_without_scripts_a_visitor_finds_and_a_person_likes_comments_collects_follows_and_buys(open_page):
    furniture = CategoryFactory(name="Furniture", slug="furniture")
    chair = Model3DFactory(listed=True, title="Oak chair", category=furniture, tags=["oak"])
    Model3DFactory(listed=True, title="Brass lamp")
    buyer = verified(UserFactory(username="boris"))
    page = open_page(java_script_enabled=False)

    # Browse, filter, search.
    page.goto("/")
    link(page, "^Browse models").click()
    link(page, "^Brass lamp").wait_for()
    page.get_by_label("Furniture").check()
    button(page, "^Show results").click()
    page.wait_for_url("**category=furniture**")
    link(page, "^Oak chair").wait_for()
    assert page.get_by_role("link", name="Brass lamp").count() == 0
    page.goto("/marketplace/")
    page.fill("header input[type=search]:visible", "chair")
    page.keyboard.press("Enter")
    link(page, "^Oak chair").click()
    page.wait_for_url("**/model/**")

    # A visitor is led to the login and back.
    link(page, "^Like").click()
    page.wait_for_url("**/accounts/login/**")
    log_in(page, buyer)
    page.goto(chair.get_absolute_url())

    button(page, "^Like").click()
    page.wait_for_url(f"**{chair.get_absolute_url()}")
    button(page, "^Liked").wait_for()

    page.get_by_label("Write a comment").fill("What **fine** wood.")
    button(page, "^Comment$").click()
    page.locator(".comment strong", has_text="fine").wait_for()
    page.locator(".comment").get_by_role("link", name=re.compile("^Edit")).click()
    page.get_by_label("Your comment").fill("What good wood.")
    button(page, "^Save").click()
    page.get_by_text("What good wood.").wait_for()

    page.goto(chair.get_absolute_url())
    page.get_by_role("link", name="Collect", exact=True).click()
    page.fill("input[name=name]", "My room")
    button(page, "^Make it and add").click()
    page.get_by_role("heading", name="My room").wait_for()

    page.goto(chair.get_absolute_url())
    button(page, "^Follow").click()
    button(page, "^Following").wait_for()

    page.goto(chair.get_absolute_url())
    button(page, "Buy and download").click()
    page.wait_for_url("**/checkout/**")
    pay_in_the_sandbox(page)
    with page.expect_download() as downloading:
        button(page, "^Download").click()
    received = hashlib.sha256(Path(downloading.value.path()).read_bytes()).hexdigest()

    chair.refresh_from_db()
    assert received == chair.current_file.sha256
    assert (chair.likes, chair.comments_count) == (1, 1)
    assert ModelComment.objects.get().body == "What good wood."
    assert [item.model for item in Collection.objects.get().items.all()] == [chair]
    assert Follow.objects.filter(follower=buyer, followed=chair.creator).exists()
    assert Purchase.objects.filter(user=buyer, model=chair).exists()
