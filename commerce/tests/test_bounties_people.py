"""What bounties keep about people, and what stands against an account's deletion."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import personal_data
from accounts.tests.factories import UserFactory
from commerce.actions.bounties import returning
from commerce.actions.bounties.awarding import award
from commerce.actions.bounties.comments import like, post
from commerce.actions.bounties.ending import cancel
from commerce.actions.bounties.posting import pay
from commerce.actions.payments import start_payment
from commerce.bounties.keeping import erase, tables, veto
from commerce.models import Bounty, BountyComment, EscrowReturn
from commerce.tests.bounty_factories import applied, open_bounty, submitted, unpaid_bounty
from commerce.tests.factories import BILLING

pytestmark = pytest.mark.django_db


def test_nobody_goes_while_their_money_is_held_or_on_its_way_back():
    bounty = open_bounty()
    poster = bounty.creator
    assert "We hold $200.00" in veto(poster)[0]
    cancel(bounty=bounty, by=poster)
    assert "on its way back" in veto(poster)[0]
    EscrowReturn.objects.update(try_at=timezone.now())
    returning.send_due()
    assert veto(poster) == []


def test_nobody_goes_while_they_pay():
    bounty = unpaid_bounty()
    start_payment(pay(bounty=bounty, billing=BILLING, method="card"))
    assert personal_data.vetoes(bounty.creator)


def test_who_goes_takes_back_what_they_handed_in_and_leaves_no_words():
    bounty = open_bounty()
    submission = submitted(bounty)
    maker = submission.maker
    comment = post(bounty=bounty, author=UserFactory(), body=f"Ask @{maker.username}.")
    like(comment=comment, by=maker)
    erase(maker)
    erase(maker)
    bounty.refresh_from_db()
    submission.refresh_from_db()
    assert bounty.applicants == 0 and submission.status == "withdrawn"
    assert submission.application.applicant.bounty_applications.get().message == ""
    comment = BountyComment.objects.get()
    assert maker.username not in comment.body and comment.likes == 0


def test_a_poster_who_goes_leaves_what_was_awarded_and_no_address():
    submission = submitted(open_bounty())
    poster = submission.bounty.creator
    never_seen = unpaid_bounty(poster)
    award(submission=submission, by=poster)
    erase(poster)
    bounty = Bounty.objects.get(pk=submission.bounty_id)
    assert bounty.title == "A brass sextant" and bounty.billing_name == ""
    never_seen.refresh_from_db()
    assert (never_seen.status, never_seen.title, never_seen.description) == ("cancelled", "Discarded", "")


def test_everybody_gets_a_copy_of_what_is_theirs():
    bounty = open_bounty()
    submission = submitted(bounty)
    post(bounty=bounty, author=submission.maker, body="Which era?")
    poster = {name: list(rows) for name, rows in tables(bounty.creator)}
    maker = {name: list(rows) for name, rows in tables(submission.maker)}
    assert [row["title"] for row in poster["bounties"]] == [bounty.title]
    assert poster["bounty_applications"] == [] and maker["bounties"] == []
    assert len(maker["bounty_applications"]) == len(maker["bounty_submissions"]) == 1
    assert maker["bounty_comments"][0]["body"] == "Which era?"


def test_a_bounty_whose_poster_is_suspended_is_seen_by_those_who_took_part_only():
    bounty = open_bounty()
    applicant = applied(bounty).applicant
    Bounty.objects.filter(pk=bounty.pk).update(deadline=timezone.now() + timedelta(days=3))
    bounty.creator.is_active = False
    bounty.creator.save()
    bounty = Bounty.objects.get(pk=bounty.pk)
    for person, sees in ((applicant, True), (UserFactory(), False)):
        assert Bounty.objects.visible_to(person).exists() is sees
        assert bounty.is_visible_to(person) is sees
    assert not bounty.is_listed and not Bounty.objects.listed().exists()
