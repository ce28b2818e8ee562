"""Bounties that nobody gets: when they may end, what happens as time passes, and that the money goes back once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import Notification
from accounts.tests.factories import UserFactory
from commerce.actions.bounties import deadlines, returning
from commerce.actions.bounties.ending import cancel
from commerce.actions.bounties.working import withdraw_submission
from commerce.auditing.check import failures
from commerce.auditing.checks import CHECKS
from commerce.exceptions import BountyRefused, ProviderUnavailable
from commerce.gateways.base import RefundNews, RefundProgress, RefundState
from commerce.gateways.sandbox import SandboxGateway
from commerce.ledger import balance
from commerce.models import Bounty, EscrowReturn, LedgerEntry, LedgerMovement, Payment, SandboxCharge
from commerce.tests.bounty_factories import applied, open_bounty, past_deadline, submitted, unpaid_bounty
from commerce.tests.concurrency import at_once
from core.models import OutgoingMail

ESCROW, BUYER = LedgerEntry.Account.ESCROW, LedgerEntry.Account.BUYER
AGENT = {"staff": True, "permissions": ["commerce.decide_bounty"]}


def judged(**fields) -> Bounty:
    bounty = open_bounty(**fields)
    submitted(bounty)
    deadlines.close(past_deadline(bounty), timezone.now())
    bounty.refresh_from_db()
    return bounty


@pytest.mark.django_db
def test_only_the_poster_and_support_end_a_bounty():
    bounty = open_bounty()
    moderator = UserFactory(staff=True, permissions=["commerce.moderate_bounty"])
    for person in (UserFactory(), applied(bounty).applicant, moderator):
        with pytest.raises(BountyRefused):
            cancel(bounty=bounty, by=person)
    cancel(bounty=bounty, by=UserFactory(**AGENT), reason="Broke the rules.")


@pytest.mark.django_db
def test_with_work_there_only_support_ends_it_before_the_deadline():
    bounty = open_bounty()
    submission = submitted(bounty)
    with pytest.raises(BountyRefused, match="Work has been handed in"):
        cancel(bounty=bounty, by=bounty.creator, reason="Changed my mind.")
    withdraw_submission(submission=submission)
    cancel(bounty=bounty, by=bounty.creator)
    bounty.refresh_from_db()
    assert bounty.status == Bounty.Status.CANCELLED


@pytest.mark.django_db
def test_after_the_deadline_the_poster_ends_it_with_a_reason():
    bounty = judged()
    with pytest.raises(BountyRefused, match="Say why"):
        cancel(bounty=bounty, by=bounty.creator)
    cancel(bounty=bounty, by=bounty.creator, reason="None of it fits.")
    bounty.refresh_from_db()
    assert (bounty.status, bounty.close_reason) == (Bounty.Status.CANCELLED, "None of it fits.")


@pytest.mark.django_db
def test_an_unpaid_bounty_is_discarded_and_not_cancelled():
    bounty = unpaid_bounty()
    with pytest.raises(BountyRefused):
        cancel(bounty=bounty, by=bounty.creator)


@pytest.mark.django_db
def test_cancelling_sends_the_money_back_to_its_payment():
    bounty = open_bounty()
    for _ in range(2):
        cancel(bounty=bounty, by=bounty.creator)
        returning.send_due()
    back = EscrowReturn.objects.get()
    assert back.is_sent and back.amount == Decimal("200.00")
    assert Payment.objects.get().status == Payment.Status.REFUNDED
    assert SandboxCharge.objects.get().refunded == 20000
    assert balance(ESCROW) == balance(BUYER) == 0
    assert OutgoingMail.objects.filter(kind="commerce/bounty", subject__contains="sent back").count() == 1


def news(back, progress, **fields) -> RefundNews:
    return RefundNews("re_1", back.key, RefundState(progress, "re_1", **fields), back.amount)


@pytest.mark.django_db
def test_the_books_are_clean_after_a_return_and_its_webhook_says_nothing_new():
    bounty = open_bounty()
    cancel(bounty=bounty, by=bounty.creator)
    returning.send_due()
    back = EscrowReturn.objects.get()
    assert returning.apply_news(back, news(back, RefundProgress.SUCCEEDED)) == ""
    assert LedgerMovement.objects.filter(kind=LedgerMovement.Kind.ESCROW_RETURN).count() == 1
    assert [str(finding) for _, found in failures(CHECKS) for finding in found] == []


@pytest.mark.django_db
def test_money_that_the_bank_sends_back_to_us_is_held_again_and_goes_back_anew():
    bounty = open_bounty()
    cancel(bounty=bounty, by=bounty.creator)
    returning.send_due()
    for _ in range(2):
        back = EscrowReturn.objects.get()
        returning.apply_news(back, news(back, RefundProgress.FAILED, message="The card is closed."))
    back.refresh_from_db()
    assert back.is_failed and balance(ESCROW) == Decimal("200.00")
    assert Payment.objects.get().status == Payment.Status.COMPLETED
    returning.restart(returned=back, by=UserFactory())
    back.refresh_from_db()
    assert returning.apply_news(back, news(back, RefundProgress.SUCCEEDED)) == ""
    assert balance(ESCROW) == 0 and EscrowReturn.objects.get().is_sent


@pytest.mark.django_db
def test_a_poster_who_has_to_fetch_the_money_is_told_where(client):
    bounty = open_bounty()
    cancel(bounty=bounty, by=bounty.creator)
    back = EscrowReturn.objects.get()
    address = "https://pay.example/claim/1"
    returning.apply_news(back, news(back, RefundProgress.PENDING, claim_url=address))
    client.force_login(bounty.creator)
    assert address in client.get(bounty.get_absolute_url()).text
    assert Notification.objects.filter(user=bounty.creator, title__startswith="Fetch $200.00").count() == 1


@pytest.mark.django_db
def test_until_it_is_sent_the_money_stays_in_escrow():
    bounty = open_bounty()
    cancel(bounty=bounty, by=bounty.creator)
    assert EscrowReturn.objects.unsent().get().bounty == bounty
    assert balance(ESCROW, owner=bounty.creator) == Decimal("200.00")


@pytest.mark.django_db
def test_a_provider_that_does_not_answer_is_asked_again_with_the_same_key(monkeypatch):
    bounty = open_bounty()
    cancel(bounty=bounty, by=bounty.creator)
    back = EscrowReturn.objects.get()
    keys = []

    def hang(self, payment, amount, *, key):
        keys.append(key)
        raise ProviderUnavailable("The provider does not answer.")

    monkeypatch.setattr(SandboxGateway, "refund", hang)
    for _ in range(2):
        EscrowReturn.objects.update(try_at=timezone.now())
        returning.send_back(back.pk)
    back.refresh_from_db()
    assert (back.status, back.message) == (EscrowReturn.Status.WAITING, "The provider does not answer.")
    assert len(keys) == 2 and len(set(keys)) == 1
    assert back.try_at > timezone.now() and returning.send_due() == 0
    assert balance(ESCROW) == Decimal("200.00")


@pytest.mark.django_db
def test_what_the_provider_refuses_waits_for_finance_and_is_then_another_attempt(monkeypatch):
    bounty = open_bounty()
    cancel(bounty=bounty, by=bounty.creator)
    back = EscrowReturn.objects.get()
    keys = []

    def refuse(self, payment, amount, *, key):
        keys.append(key)
        return RefundState(RefundProgress.FAILED, message="The card is closed.")

    monkeypatch.setattr(SandboxGateway, "refund", refuse)
    returning.send_back(back.pk)
    back.refresh_from_db()
    assert back.is_failed and back.message == "The card is closed."
    assert returning.send_due() == 0
    assert Payment.objects.get().status == Payment.Status.COMPLETED
    returning.restart(returned=back, by=UserFactory())
    with pytest.raises(BountyRefused):
        returning.restart(returned=back, by=UserFactory())
    returning.send_due()
    assert len(set(keys)) == 2
    monkeypatch.undo()
    back.refresh_from_db()
    returning.restart(returned=back, by=UserFactory())
    returning.send_due()
    assert balance(ESCROW) == 0


@pytest.mark.django_db
def test_a_return_that_takes_days_is_asked_about_until_it_is_there(monkeypatch):
    bounty = open_bounty()
    cancel(bounty=bounty, by=bounty.creator)
    back = EscrowReturn.objects.get()
    on_its_way = RefundState(RefundProgress.PENDING, "re_1")
    monkeypatch.setattr(SandboxGateway, "refund", lambda *args, **kwargs: on_its_way)
    returning.send_back(back.pk)
    back.refresh_from_db()
    assert (back.status, back.provider_id) == (EscrowReturn.Status.PENDING, "re_1")
    assert returning.send_back(back.pk) is None
    arrived = RefundState(RefundProgress.SUCCEEDED, "re_1")
    monkeypatch.setattr(SandboxGateway, "fetch_refund", lambda *args, **kwargs: arrived)
    EscrowReturn.objects.update(try_at=timezone.now())
    returning.send_due()
    back.refresh_from_db()
    assert back.is_sent and balance(ESCROW) == 0


@pytest.mark.django_db
def test_a_bounty_without_work_expires_with_its_deadline():
    bounty = past_deadline(open_bounty())
    assert deadlines.tend() == 1
    bounty.refresh_from_db()
    assert bounty.status == Bounty.Status.EXPIRED
    assert EscrowReturn.objects.get().bounty == bounty
    assert deadlines.tend() == 0


@pytest.mark.django_db
def test_a_bounty_with_work_is_judged_reminded_of_and_handed_to_support(settings):
    bounty = judged()
    assert bounty.is_judged and bounty.judging_until == bounty.deadline + timedelta(days=14)
    told = Notification.objects.filter(user=bounty.creator, title__startswith="Choose a winner")
    assert told.count() == 1
    for days, reminders in ((6, 0), (7.1, 1), (8, 1), (13, 2)):
        deadlines.tend(bounty.deadline + timedelta(days=days))
        bounty.refresh_from_db()
        assert bounty.reminders == reminders
    assert told.count() == 3
    over = bounty.deadline + timedelta(days=14, minutes=1)
    deadlines.tend(over)
    deadlines.tend(over)
    bounty.refresh_from_db()
    assert bounty.is_judged and bounty.escalated_at == over
    assert Notification.objects.filter(title__startswith="Our support decides").count() == 1
    assert not EscrowReturn.objects.exists()


@pytest.mark.django_db
def test_where_all_work_was_taken_back_the_time_to_choose_ends_with_the_money_going_back():
    bounty = judged()
    withdraw_submission(submission=bounty.submissions.get())
    deadlines.tend(bounty.judging_until)
    bounty.refresh_from_db()
    assert bounty.status == Bounty.Status.EXPIRED and EscrowReturn.objects.exists()


@pytest.mark.django_db
def test_a_deadline_that_was_moved_meanwhile_does_not_close_anything():
    bounty = past_deadline(open_bounty())
    Bounty.objects.filter(pk=bounty.pk).update(deadline=timezone.now() + timedelta(days=2))
    assert not deadlines.close(bounty, timezone.now())


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_send_the_money_back_once():
    bounty = open_bounty()
    cancel(bounty=bounty, by=bounty.creator)
    pk = EscrowReturn.objects.get().pk
    EscrowReturn.objects.filter(pk=pk).exclude(status="sent").update(try_at=timezone.now())
    at_once(lambda _: returning.send_back(pk), 50)
    assert SandboxCharge.objects.get().refunded == 20000
    assert LedgerMovement.objects.filter(kind=LedgerMovement.Kind.ESCROW_RETURN).count() == 1
    assert balance(ESCROW) == 0


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_expire_a_bounty_once():
    past_deadline(open_bounty())
    at_once(lambda _: deadlines.tend(), 30)
    assert EscrowReturn.objects.count() == 1
