"""The winner is paid and the model handed over: once, to the right people, to the cent."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Activity, Notification
from accounts.tests.factories import UserFactory
from commerce.actions.bounties.awarding import award
from commerce.actions.bounties.ending import cancel
from commerce.actions.bounties.moderating import take_down
from commerce.actions.bounties.working import withdraw_submission
from commerce.actions.disputes import apply_dispute
from commerce.actions.downloads import make_link
from commerce.actions.holds import hold_proceeds, release
from commerce.actions.refunds import ask, reason_against_asking
from commerce.auditing.check import failures
from commerce.auditing.checks import CHECKS
from commerce.bounties.spreading import ENDED, tell_applicants
from commerce.documents import certificate_for, invoice_for
from commerce.exceptions import BountyRefused, RefundNotPossible
from commerce.gateways.base import DisputeNews, DisputeProgress
from commerce.ledger import balance, balance_of
from commerce.models import Bounty, LedgerEntry, LedgerMovement, Order, Purchase, Transaction
from commerce.tests.bounty_factories import applied, open_bounty, past_deadline, submitted, work_of
from commerce.tests.concurrency import at_once
from core.models import AuditEntry, OutgoingMail
from marketplace.actions.deletion import delete_model
from marketplace.actions.uploads import put_file
from marketplace.arrivals import Arrival
from marketplace.models import Model3D, ModelFile
from marketplace.processing.formats import Format
from marketplace.tests.factories import Model3DFactory, ModelFileFactory, arrived
from marketplace.tests.glb import grid_glb

ESCROW, FEE = LedgerEntry.Account.ESCROW, LedgerEntry.Account.FEE


@pytest.fixture
def submission(db):
    return submitted(open_bounty())


def seen(submission):
    return submission.model.current_file.public_id


def given(submission, by=None) -> Transaction:
    return award(submission=submission, by=by or submission.bounty.creator, seen=seen(submission))


def test_nobody_but_the_poster_and_support_chooses(submission):
    moderator = UserFactory(staff=True, permissions=["commerce.moderate_bounty"])
    for person in (submission.maker, UserFactory(), moderator):
        with pytest.raises(BountyRefused):
            given(submission, by=person)
    assert balance(ESCROW) == Decimal("200.00") and not Purchase.objects.exists()


def test_support_never_decides_about_its_own_work(db):
    agent = UserFactory(creator=True, staff=True, permissions=["commerce.decide_bounty"])
    with pytest.raises(BountyRefused):
        given(submitted(open_bounty(), agent), by=agent)


def test_an_award_pays_the_winner_on_hold_and_hands_the_model_over(submission, settings):
    poster, maker = submission.bounty.creator, submission.maker
    line = given(submission)
    bounty = Bounty.objects.get()
    assert (bounty.status, bounty.winner) == (Bounty.Status.AWARDED, maker)
    assert (line.amount, line.platform_fee, line.seller_amount) == (
        Decimal("200.00"),
        Decimal("15.00"),
        Decimal("185.00"),
    )
    assert balance(ESCROW) == 0 and balance(FEE) == Decimal("15.00")
    money = balance_of(maker)
    assert (money.available, money.on_hold) == (0, Decimal("185.00"))
    later = balance_of(maker, timezone.now() + timedelta(days=settings.PAYOUT_HOLD_DAYS, minutes=1))
    assert later.available == Decimal("185.00")
    movement = LedgerMovement.objects.get(key=f"award:{bounty.pk}")
    assert (movement.transaction, movement.payment) == (line, bounty.payment)
    assert not LedgerMovement.objects.filter(key=f"sale:{line.pk}").exists()
    purchase = Purchase.objects.get(user=poster)
    assert purchase.model == submission.model and purchase.transaction == line
    assert make_link(purchase).file == submission.model.current_file
    order = line.order
    assert (order.status, order.total, order.payments.count()) == ("completed", Decimal("200.00"), 0)
    assert (order.billing_name, line.license) == ("Ana Ruiz", bounty.license)
    maker.refresh_from_db()
    poster.refresh_from_db()
    assert (maker.total_sales, poster.purchases_count) == (1, 1)
    assert AuditEntry.objects.filter(action="bounty.award").count() == 1


@pytest.mark.parametrize("is_held_first", [True, False])
def test_an_award_is_held_like_a_sale_whether_the_claim_or_the_award_came_first(submission, is_held_first):
    maker = submission.maker
    other = Model3DFactory(creator=maker, listed=True)
    hold_proceeds(model=other, by=None, reason="Claim to another one")
    if is_held_first:
        hold = hold_proceeds(model=submission.model, by=None, reason="Claim")
        given(submission)
        told = OutgoingMail.objects.get(recipient=maker, subject__contains="You won").text
        assert "It is held, like all that this model earns" in told
        assert "paid out from" not in told
    else:
        given(submission)
        hold = hold_proceeds(model=submission.model, by=None, reason="Claim")
    share = hold.shares.get()
    assert (share.payment, share.available_at > timezone.now()) == (submission.bounty.payment, True)
    assert (balance_of(maker).on_hold, balance_of(maker).held) == (0, Decimal("185.00"))
    assert balance_of(maker, timezone.now() + timedelta(days=60)).available == 0
    release(hold=hold, by=None)
    assert (balance_of(maker).on_hold, balance_of(maker).held) == (Decimal("185.00"), 0)
    assert [str(finding) for _, found in failures(CHECKS) for finding in found] == []


def test_everybody_is_told_and_the_poster_has_a_receipt(submission):
    rival = applied(submission.bounty).applicant
    given(submission)
    for _ in range(2):
        tell_applicants(submission.bounty_id, ENDED)
    assert Notification.objects.filter(user=submission.maker, title__startswith="You won").exists()
    assert Notification.objects.filter(user=rival, title__startswith="won “").count() == 1
    assert OutgoingMail.objects.filter(recipient=rival).count() == 1
    poster = submission.bounty.creator
    assert OutgoingMail.objects.filter(kind="commerce/receipt", recipient=poster).count() == 0
    assert OutgoingMail.objects.filter(kind="commerce/receipt", to_address="ana@example.com").count() == 1
    assert Activity.objects.get(verb=Activity.Verb.WON_BOUNTY).actor == submission.maker


def test_the_award_has_an_invoice_a_certificate_and_clean_books(submission):
    line = given(submission)
    assert invoice_for(line.order).total == Decimal("200.00")
    assert certificate_for(line.purchase).purchase.user == submission.bounty.creator
    assert [str(finding) for _, found in failures(CHECKS) for finding in found] == []


def test_what_was_awarded_is_not_given_back_by_itself(submission):
    line = given(submission)
    assert "won your bounty" in reason_against_asking(line.purchase)
    with pytest.raises(RefundNotPossible):
        ask(purchase=line.purchase, by=submission.bounty.creator, reason="mistake")


def test_a_budget_that_the_bank_contests_goes_nowhere(submission):
    payment = submission.bounty.payment
    apply_dispute(payment, DisputeNews("dp_1", DisputeProgress.OPENED, payment.amount, "fraudulent"))
    with pytest.raises(BountyRefused, match="contests"):
        given(submission)
    apply_dispute(payment, DisputeNews("dp_1", DisputeProgress.WON, payment.amount, "fraudulent"))
    given(submission)


def test_the_receipt_can_be_opened(submission, client):
    line = given(submission)
    client.force_login(submission.bounty.creator)
    page = client.get(line.order.get_absolute_url())
    assert page.status_code == 200 and "$200.00" in page.text
    assert client.get(reverse("commerce:purchases")).status_code == 200


def test_the_same_award_again_changes_nothing_and_another_is_refused(submission):
    other = submitted(submission.bounty)
    line = given(submission)
    assert given(submission) == line
    with pytest.raises(BountyRefused):
        given(other)
    assert LedgerMovement.objects.filter(kind=LedgerMovement.Kind.AWARD).count() == 1


def test_work_that_was_taken_back_deleted_or_taken_down_wins_nothing(db):
    bounty = open_bounty()
    withdrawn, deleted, removed = (submitted(bounty) for _ in range(3))
    withdraw_submission(submission=withdrawn)
    delete_model(model=deleted.model)
    Model3D.objects.filter(pk=removed.model_id).update(removed_at=timezone.now())
    for submission in (withdrawn, deleted, removed):
        with pytest.raises(BountyRefused):
            given(submission)
    assert balance(ESCROW) == Decimal("200.00")


def test_the_work_of_an_account_that_is_gone_wins_nothing(submission):
    submission.maker.is_active = False
    submission.maker.save()
    with pytest.raises(BountyRefused):
        given(submission)


def test_a_file_that_was_not_looked_at_is_not_bought(submission):
    looked_at = seen(submission)
    file = ModelFileFactory(model=submission.model, version=2, ready=True, current=True)
    with pytest.raises(BountyRefused, match="another file"):
        award(submission=submission, by=submission.bounty.creator, seen=looked_at)
    award(submission=submission, by=submission.bounty.creator, seen=file.public_id)


def test_a_bounty_that_moderation_took_down_is_for_support_to_award(submission):
    take_down(bounty=submission.bounty, by=UserFactory(), reason="Not here.")
    with pytest.raises(BountyRefused):
        given(submission)
    agent = UserFactory(staff=True, permissions=["commerce.decide_bounty"])
    given(submission, by=agent)
    assert Bounty.objects.get().winner == submission.maker


def test_what_others_handed_in_stays_theirs_and_unseen(submission):
    other = submitted(submission.bounty)
    given(submission)
    other.refresh_from_db()
    assert other.status == "submitted"
    assert not Model3D.objects.visible_to(submission.bounty.creator).filter(pk=other.model_id).exists()


def test_what_was_bought_survives_a_new_file_and_the_makers_second_thoughts(submission):
    given(submission)
    bought = submission.model.current_file
    upload = arrived(submission.maker, uuid.uuid4(), "chair.glb", grid_glb())
    put_file(model=submission.model, arrival=Arrival.of_upload(upload), file_format=Format.GLB)
    assert ModelFile.objects.filter(pk=bought.pk).exists()
    delete_model(model=submission.model)
    assert Purchase.objects.get().files() == [bought]


def test_an_award_is_possible_after_the_deadline(submission):
    past_deadline(submission.bounty)
    given(submission)
    assert Bounty.objects.get().is_awarded


def test_a_model_that_the_poster_has_already_cannot_win(submission):
    given(submission)
    second = open_bounty(submission.bounty.creator)
    application = applied(second, submission.maker)
    again = second.submissions.create(application=application, model=submission.model)
    with pytest.raises(BountyRefused, match="library"):
        given(again)


@pytest.mark.full
@pytest.mark.django_db(transaction=True)
def test_fifty_awards_at_once_pay_one_winner():
    bounty = open_bounty()
    submissions = [submitted(bounty) for _ in range(5)]
    outcomes = at_once(lambda number: given(submissions[number % 5]), 50)
    lines = {outcome.pk for outcome in outcomes if isinstance(outcome, Transaction)}
    refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert len(lines) == 1 and all(isinstance(outcome, BountyRefused) for outcome in refused)
    assert Order.objects.count() == Purchase.objects.count() == 1
    assert balance(ESCROW) == 0 and balance(FEE) == Decimal("15.00")


@pytest.mark.django_db(transaction=True)
def test_of_awards_and_cancellations_at_once_one_counts():
    submission = submitted(open_bounty())
    past_deadline(submission.bounty)
    bounty = submission.bounty
    Bounty.objects.filter(pk=bounty.pk).update(status="judging", judging_until=timezone.now())

    def one_of_both(number):
        if number % 2:
            return given(submission)
        return cancel(bounty=bounty, by=bounty.creator, reason="Changed my mind.")

    at_once(one_of_both, 40)
    bounty.refresh_from_db()
    back = getattr(bounty, "escrow_return", None)
    assert bounty.status in (Bounty.Status.AWARDED, Bounty.Status.CANCELLED)
    assert (back is None) == (bounty.status == Bounty.Status.AWARDED)
    assert Purchase.objects.count() == (1 if bounty.is_awarded else 0)


def test_an_own_model_cannot_be_smuggled_in(db):
    bounty = open_bounty()
    application = applied(bounty)
    with pytest.raises(BountyRefused):
        smuggled = bounty.submissions.create(application=application, model=work_of(bounty.creator))
        application.applicant = bounty.creator
        application.save()
        given(smuggled)
