"""Report, decision, appeal and reversal, and a claim: everybody who has to do with it in a browser of their own."""

import re
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group

from accounts.tests.factories import UserFactory
from core.models import OutgoingMail
from marketplace.models import Model3D
from marketplace.tests.factories import Model3DFactory
from tests.test_journey import log_in, verified

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.django_db(transaction=True)]


def moderator(name: str):
    person = verified(UserFactory(username=name, staff=True))
    person.groups.add(Group.objects.get(name="Moderators"))
    return person


def signed_in(open_page, person, **options):
    page = open_page(**options)
    log_in(page, person)
    return page


def listed(model) -> bool:
    return Model3D.objects.listed().filter(pk=model.pk).exists()


def act(page, name: str, **fields: str) -> None:
    """Press an action of a console's page, fill in its dialog, and send it."""
    page.locator("a, button").filter(has_text=name).first.click()
    dialog = page.locator("#dialog")
    dialog.wait_for()
    for field, value in fields.items():
        dialog.locator(f"[name={field}]").fill(value)
    dialog.get_by_role("button", name=name).click()
    page.wait_for_load_state()


@pytest.fixture
def model():
    seller = verified(UserFactory(username="mira", full_name="Mira Holm", creator=True))
    return Model3DFactory(listed=True, creator=seller, price=Decimal("24.00"), title="Walnut desk")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_model_is_reported_removed_appealed_and_back(open_page, live_site, model, scripts):
    visitor = verified(UserFactory(username="boris"))
    first, second = moderator("first"), moderator("second")

    boris = signed_in(open_page, visitor, java_script_enabled=scripts)
    boris.goto(f"/report/model/{model.pk}/")
    boris.get_by_label("Copied from somebody else’s work").check()
    boris.get_by_role("button", name="Send the report").click()
    boris.get_by_text("Thank you. The moderators will look at it.").first.wait_for()

    desk = signed_in(open_page, first)
    desk.goto("/admin/safety/")
    desk.get_by_role("link", name="Walnut desk").click()
    desk.get_by_label("Removed").check()
    desk.get_by_label("Reason").select_option("copyright")
    desk.get_by_label("Note to the owner").fill("It is the desk of somebody else.")
    desk.get_by_role("button", name="Decide", exact=True).click()
    desk.get_by_text("Nothing is reported that nobody has decided about.").wait_for()
    assert not listed(model)

    mira = signed_in(open_page, model.creator, java_script_enabled=scripts)
    mira.goto("/decisions/")
    mira.get_by_role("link", name="Walnut desk").click()
    mira.get_by_role("heading", name="“Walnut desk” was removed").wait_for()
    mira.get_by_text("It is the desk of somebody else.").first.wait_for()
    mira.get_by_label("What was overlooked, or what have you changed?").fill(
        "I drew it in 2019; the sketches are on my page."
    )
    mira.get_by_role("button", name="Send").click()
    mira.get_by_text("Somebody who had no part in the decision").wait_for()

    # Who decided first is told that it is not theirs to hear.
    desk.goto("/admin/support/appeal/")
    desk.get_by_role("link", name=re.compile("Walnut desk")).first.click()
    act(desk, "Grant", answer="Fine.")
    desk.get_by_text("another person hears the appeal").wait_for()
    assert not listed(model)

    other = signed_in(open_page, second)
    other.goto("/admin/support/appeal/")
    other.get_by_role("link", name=re.compile("Walnut desk")).first.click()
    act(other, "Grant", answer="The sketches are older than the other desk.")
    other.get_by_text("The appeal is granted.").wait_for()
    assert listed(model)

    mira.reload()
    mira.get_by_text("This decision was reversed.").wait_for()
    mira.get_by_text("The sketches are older than the other desk.").wait_for()
    boris.goto(f"/model/{model.pk}/")
    boris.get_by_role("heading", name="Walnut desk").first.wait_for()


def test_a_visitor_claims_a_model_its_creator_answers_and_a_moderator_declines(open_page, live_site, model):
    visitor = open_page()
    visitor.goto(f"/copyright/?model=/model/{model.pk}/")
    for label, text in (
        ("Your full name", "Ivo Brandt"),
        ("Your e-mail address", "ivo@example.com"),
        ("Your postal address", "Kirchweg 3, Bremen"),
        ("Your work", "A desk of walnut, drawn in 2018 and shown at a fair."),
        ("What is copied", "The legs and the drawers are the same."),
        ("Signature", "Ivo Brandt"),
    ):
        visitor.get_by_label(label, exact=True).fill(text)
    visitor.get_by_label(re.compile("^I believe in good faith")).check()
    visitor.get_by_label(re.compile("^What I say here is accurate")).check()
    visitor.get_by_role("button", name="File the claim").click()
    visitor.get_by_role("heading", name="Look into your mail box").wait_for()
    mail = OutgoingMail.objects.get(to_address="ivo@example.com")
    visitor.goto(re.search(r"/copyright/confirm/\S+", mail.text)[0])
    visitor.get_by_role("button", name="Confirm the claim").click()
    visitor.get_by_text("Confirmed.").wait_for()

    desk = signed_in(open_page, moderator("first"))
    desk.goto("/admin/support/copyrightclaim/")
    desk.get_by_role("link", name="Walnut desk").click()
    act(desk, "Open the claim")
    desk.get_by_text("The claim is open.").wait_for()
    assert listed(model)

    mira = signed_in(open_page, model.creator)
    mira.goto("/decisions/")
    mira.get_by_role("link", name="Walnut desk").click()
    mira.get_by_text("The legs and the drawers are the same.").wait_for()
    assert mira.get_by_text("Kirchweg").count() == 0
    mira.get_by_role("textbox", name="Your answer").fill("Mine is from 2017; see the dates of my sketches.")
    mira.get_by_label(re.compile("^What I say here is accurate")).check()
    mira.get_by_label("Signature").fill("Mira Holm")
    mira.get_by_role("button", name="Send the answer").click()
    mira.get_by_text("Answered, waits for a decision").first.wait_for()

    desk.reload()
    act(desk, "Decline", note="The sketches are older.")
    desk.get_by_text("The claim is declined.").wait_for()
    mail = OutgoingMail.objects.filter(to_address="ivo@example.com").latest("pk")
    visitor.goto(re.search(r"/decisions/enter/\S+", mail.text)[0])
    visitor.get_by_text("The sketches are older.").wait_for()
    visitor.get_by_role("heading", name="Ask for another look").wait_for()
