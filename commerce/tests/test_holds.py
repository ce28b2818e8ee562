"""What a model earns while a claim to it is open: held, and in the end the seller's or the buyers'."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.tests.factories import UserFactory
from commerce.actions import refunds
from commerce.actions.bounties.awarding import award
from commerce.actions.bounties.working import submit
from commerce.actions.disputes import apply_dispute
from commerce.actions.hold_returns import give_back
from commerce.actions.holds import hold_proceeds, release
from commerce.auditing import CHECKS, failures
from commerce.exceptions import HoldRefused
from commerce.gateways.base import DisputeNews, DisputeProgress
from commerce.ledger import balance_of
from commerce.models import BountySubmission, HeldShare, LedgerEntry, ProceedsHold, Refund
from commerce.tests.bounty_factories import applied, open_bounty
from commerce.tests.refunding import sold
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db
NOTHING = Decimal("0.00")


@pytest.fixture
def model():
    return Model3DFactory(listed=True, creator=UserFactory(creator=True), price=Decimal("20.00"))


def wrong_books() -> list:
    return [finding for _check, found in failures(CHECKS) for finding in found]


def sums(seller) -> tuple[Decimal, Decimal]:
    """On hold with time, and held."""
    found = balance_of(seller)
    return found.on_hold, found.held


def test_what_waits_is_held_and_what_comes_after_too_and_the_model_sells_on(model):
    sold(UserFactory(), model)
    assert sums(model.creator) == (Decimal("18.50"), NOTHING)
    hold = hold_proceeds(model=model, by=None, reason="Claim")
    assert sums(model.creator) == (NOTHING, Decimal("18.50"))
    assert hold_proceeds(model=model, by=None, reason="Again") == hold
    sold(UserFactory(), model)
    other = Model3DFactory(listed=True, creator=model.creator, price=Decimal("10.00"))
    sold(UserFactory(), other)
    assert sums(model.creator) == (Decimal("9.25"), Decimal("37.00"))
    assert wrong_books() == []


def test_a_release_gives_each_share_back_on_its_day(model):
    sold(UserFactory(), model)
    hold = hold_proceeds(model=model, by=None, reason="Claim")
    release(hold=hold, by=None)
    assert sums(model.creator) == (Decimal("18.50"), NOTHING)
    later = timezone.now() + timedelta(days=60)
    assert balance_of(model.creator, later).available == Decimal("18.50")
    assert not release(hold=hold, by=None)
    assert wrong_books() == []


def test_a_refund_meanwhile_comes_out_of_the_sellers_share_in_the_end(model):
    purchase = sold(UserFactory(), model)
    hold = hold_proceeds(model=model, by=None, reason="Claim")
    refunds.refund(transaction=purchase.transaction, amount=Decimal("10.00"), text="Half of it.")
    refunds.send_waiting()
    assert Refund.objects.get().status == Refund.Status.COMPLETED
    assert wrong_books() == []
    release(hold=hold, by=None)
    assert sums(model.creator) == (Decimal("9.25"), NOTHING)
    assert wrong_books() == []


@pytest.mark.parametrize(("is_won", "amount", "left"), [(True, "20.00", "18.50"), (False, "8.00", "11.10")])
def test_what_a_bank_leaves_with_the_seller_is_held_like_the_rest(model, is_won, amount, left):
    payment = sold(UserFactory(), model).transaction.order.payments.get()
    apply_dispute(payment, DisputeNews("dp_1", DisputeProgress.OPENED, Decimal(amount), "fraudulent"))
    hold = hold_proceeds(model=model, by=None, reason="Claim")
    assert not hold.shares.exists()
    end = DisputeProgress.WON if is_won else DisputeProgress.LOST
    apply_dispute(payment, DisputeNews("dp_1", end, Decimal(amount), "fraudulent"))
    assert sums(model.creator) == (NOTHING, Decimal(left))
    assert wrong_books() == []
    release(hold=hold, by=None)
    assert sums(model.creator) == (Decimal(left), NOTHING)
    assert wrong_books() == []


def test_what_a_bank_has_taken_is_not_held_as_well(model):
    payment = sold(UserFactory(), model).transaction.order.payments.get()
    for state in (DisputeProgress.OPENED, DisputeProgress.LOST):
        apply_dispute(payment, DisputeNews("dp_1", state, Decimal("20.00"), "fraudulent"))
    hold = hold_proceeds(model=model, by=None, reason="Claim")
    assert not hold.shares.exists()
    assert balance_of(model.creator).total == NOTHING
    assert wrong_books() == []


def test_only_finance_settles_and_nobody_their_own(model, client):
    sold(UserFactory(), model)
    hold = hold_proceeds(model=model, by=None, reason="Claim")
    with pytest.raises(HoldRefused, match="own model"):
        give_back(hold=hold, by=model.creator, text="x")
    address = reverse("admin:commerce_proceedshold_return_it", args=[hold.pk])
    for role, status in (("Moderators", 403), ("Support agents", 403), ("Finance", 302)):
        person = UserFactory(staff=True)
        person.groups.add(Group.objects.get(name=role))
        client.force_login(person)
        answer = client.post(address, {"_form_submitted": "1", "text": "The claim was upheld."})
        assert answer.status_code == status
    hold.refresh_from_db()
    assert hold.outcome == ProceedsHold.Outcome.RETURNED
    refunds.send_waiting()
    assert Refund.objects.get().status == Refund.Status.COMPLETED
    assert sums(model.creator) == (NOTHING, NOTHING)
    with pytest.raises(HoldRefused, match="decided already"):
        give_back(hold=hold, by=UserFactory(), text="x")
    assert wrong_books() == []


def test_cut_short_in_the_middle_the_buyers_get_their_money_when_it_is_asked_for_again(model, monkeypatch):
    for _ in range(2):
        sold(UserFactory(), model)
    hold = hold_proceeds(model=model, by=None, reason="Claim")
    asked = []

    def breaks(**options):
        asked.append(options["transaction"])
        if len(asked) == 2:
            raise ConnectionError
        return refunds.refund(**options)

    monkeypatch.setattr("commerce.actions.hold_returns.refund", breaks)
    with pytest.raises(ConnectionError):
        give_back(hold=hold, by=UserFactory(), text="x")
    hold.refresh_from_db()
    assert hold.is_open
    assert give_back(hold=hold, by=UserFactory(), text="x") == asked[:1]
    hold.refresh_from_db()
    assert not hold.is_open
    refunds.send_waiting()
    assert Refund.objects.completed().count() == 2
    assert sums(model.creator) == (NOTHING, NOTHING)
    assert wrong_books() == []


def test_the_database_knows_one_open_hold_a_model_and_no_share_of_nothing(model):
    purchase = sold(UserFactory(), model)
    hold = hold_proceeds(model=model, by=None, reason="Claim")
    share = hold.shares.get()
    for wrong in (
        lambda: ProceedsHold.objects.create(model=model, seller=model.creator, reason="Twice"),
        lambda: HeldShare.objects.filter(pk=share.pk).update(amount=0),
        lambda: HeldShare.objects.create(
            hold=hold, transaction=purchase.transaction, payment=share.payment, amount=1
        ),
        lambda: ProceedsHold.objects.filter(pk=hold.pk).update(closed_at=timezone.now()),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()


def handed_in(model) -> BountySubmission:
    """For a bounty, while it was not on the marketplace yet."""
    application = applied(open_bounty(budget=Decimal("77.77")), model.creator)
    type(model).objects.filter(pk=model.pk).update(is_published=False)
    submission = submit(application=application, model=type(model).objects.get(pk=model.pk))
    type(model).objects.filter(pk=model.pk).update(is_published=True)
    return submission


@pytest.mark.full
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    prices=st.lists(st.decimals("1.00", "99.99", places=2), min_size=1, max_size=3),
    held_after=st.integers(0, 3),
    won_after=st.integers(0, 3),
    ends=st.sampled_from(["released", "open"]),
)
def test_whenever_it_is_held_no_cent_is_lost_or_made(prices, held_after, won_after, ends):
    with transaction.atomic():
        seller = UserFactory(creator=True)
        model = Model3DFactory(listed=True, creator=seller, price=prices[0])
        work, hold = handed_in(model), None
        for number, price in enumerate(prices):
            if number == held_after:
                hold = hold_proceeds(model=model, by=None, reason="Claim")
            if number == won_after:
                award(submission=work, by=work.bounty.creator)
            type(model).objects.filter(pk=model.pk).update(price=price)
            model.refresh_from_db()
            sold(UserFactory(), model)
        earned = sum(
            LedgerEntry.objects.filter(
                owner=seller, movement__kind__in=["sale", "award"], account="seller"
            ).values_list("amount", flat=True)
        )
        found = balance_of(seller)
        assert found.total == earned
        assert (found.held > 0) == (hold is not None)
        if hold is not None:
            # What was earned before and after it alike: nothing of it was available yet.
            assert sums(seller) == (NOTHING, earned)
        if hold is not None and ends == "released":
            release(hold=hold, by=None)
            assert sums(seller) == (earned, NOTHING)
        assert wrong_books() == []
        transaction.set_rollback(True)
