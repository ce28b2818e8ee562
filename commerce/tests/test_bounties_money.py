"""Whatever happens to bounties in whatever order: what is held is what was paid and neither awarded nor sent back."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.tests.factories import UserFactory
from commerce.actions.bounties import deadlines, returning
from commerce.actions.bounties.awarding import award
from commerce.actions.bounties.ending import cancel
from commerce.actions.bounties.posting import discard, draft, open_payment, pay
from commerce.actions.bounties.working import apply, submit, withdraw_application
from commerce.actions.disputes import apply_dispute
from commerce.actions.doubles import receive_again
from commerce.actions.payments import fail_payment, start_payment
from commerce.actions.refunds import refund_due, send
from commerce.auditing.check import failures
from commerce.auditing.checks import CHECKS
from commerce.exceptions import CommerceError
from commerce.gateways import sandbox
from commerce.gateways.base import DisputeNews, DisputeProgress
from commerce.ledger import balance
from commerce.models import (
    Bounty,
    EscrowReturn,
    LedgerEntry,
    Payment,
    Purchase,
    SandboxCharge,
    Transaction,
)
from commerce.tests.bounty_factories import brief, money_comes, open_bounty, past_deadline, work_of
from commerce.tests.factories import BILLING, received
from marketplace.tests.factories import CategoryFactory

ACCOUNT = LedgerEntry.Account


class World:
    """A poster with some bounties, a maker, support; each step is tried and may be refused."""

    def __init__(self, budgets: list[Decimal]) -> None:
        self.poster, self.maker = UserFactory(), UserFactory(creator=True)
        self.agent = UserFactory(staff=True, permissions=["commerce.decide_bounty"])
        category = CategoryFactory()
        self.bounties = [
            draft(poster=self.poster, brief=brief(budget=budget, category=category)) for budget in budgets
        ]

    def do(self, step: str, number: int) -> None:
        bounty = Bounty.objects.get(pk=self.bounties[number % len(self.bounties)].pk)
        try:
            with transaction.atomic():
                getattr(self, step)(bounty)
        except CommerceError:
            pass

    def begin(self, bounty):
        start_payment(pay(bounty=bounty, billing=BILLING, method="card"))

    def money_comes(self, bounty):
        """Of any attempt, also one that was given up."""
        for attempt in bounty.attempts.select_related("payment").order_by("pk"):
            money_comes(attempt.payment)

    def declined(self, bounty):
        if open_payment(bounty):
            fail_payment(open_payment(bounty), "Declined.")

    def discard(self, bounty):
        discard(bounty=bounty)

    def hand_in(self, bounty):
        application = apply(bounty=bounty, applicant=self.maker, message="Me.")
        submit(application=application, model=work_of(self.maker))

    def take_back(self, bounty):
        for application in bounty.applications.all():
            withdraw_application(application=application)

    def award(self, bounty):
        for submission in bounty.submissions.order_by("pk"):
            award(submission=submission, by=self.poster)

    def cancel(self, bounty):
        cancel(bounty=bounty, by=self.poster, reason="Changed my mind.")

    def support_ends(self, bounty):
        cancel(bounty=bounty, by=self.agent, reason="Broke the rules.")

    def time_passes(self, bounty):
        if bounty.is_open:
            past_deadline(bounty)
        deadlines.tend(timezone.now() + timedelta(days=1))

    def send(self, bounty):
        EscrowReturn.objects.update(try_at=timezone.now())
        for back in EscrowReturn.objects.due():
            returning.send_back(back.pk)

    def check(self) -> None:
        held = balance(ACCOUNT.ESCROW, owner=self.poster)
        running = Bounty.objects.holding_money().aggregate(total=Sum("budget"))["total"] or 0
        unsent = EscrowReturn.objects.unsent().aggregate(total=Sum("amount"))["total"] or 0
        assert held == running + unsent >= 0
        awarded = Transaction.objects.completed()
        assert balance(ACCOUNT.SELLER) == sum(line.seller_amount for line in awarded)
        assert balance(ACCOUNT.FEE) == sum(line.platform_fee for line in awarded)
        # What came in and has not left is somewhere inside, to the cent.
        inside = LedgerEntry.objects.inside().aggregate(total=Sum("amount"))["total"] or 0
        assert inside == -balance(ACCOUNT.BUYER)
        got = Payment.objects.exclude(status__in=["pending", "failed", "refunded"])
        assert inside == (got.aggregate(total=Sum("amount"))["total"] or 0)
        assert Purchase.objects.count() == awarded.count() == Bounty.objects.filter(status="awarded").count()
        for bounty in Bounty.objects.select_related("escrow_return"):
            has_return = hasattr(bounty, "escrow_return")
            assert has_return == (bounty.opened_at is not None and bounty.status in ("cancelled", "expired"))


STEPS = [name for name in vars(World) if not name.startswith("_") and name not in ("do", "check")]


BUDGETS = st.lists(st.decimals(Decimal("10.00"), Decimal("50000.00"), places=2), min_size=1, max_size=3)
RANDOM_STEPS = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 2)), max_size=12)
# A failing history is told as it is: making it shorter takes longer than reading it.
QUIETLY = {
    "deadline": None,
    "phases": [Phase.explicit, Phase.generate],
    "suppress_health_check": [HealthCheck.function_scoped_fixture],
}


def carry_out(budgets, steps) -> None:
    # Most bounties are paid, or little could happen to them.
    steps = [("begin", 0), ("begin", 1), ("money_comes", 0), ("hand_in", 0), *steps]
    with transaction.atomic():
        world = World(budgets)
        for step, number in steps:
            world.do(step, number)
            world.check()
        assert [str(finding) for _, found in failures(CHECKS) for finding in found] == []
        transaction.set_rollback(True)


@hypothesis_settings(max_examples=8, **QUIETLY)
@given(budgets=BUDGETS, steps=RANDOM_STEPS)
def test_escrow_is_accounted_for_to_the_cent_after_every_step(db, budgets, steps):
    carry_out(budgets, steps)


@pytest.mark.full
@hypothesis_settings(max_examples=60, **QUIETLY)
@given(budgets=BUDGETS, steps=RANDOM_STEPS)
def test_escrow_is_accounted_for_over_many_more_histories(db, budgets, steps):
    carry_out(budgets, steps)


@pytest.mark.django_db
@pytest.mark.parametrize("contested", [False, True])
def test_a_budget_that_was_taken_twice_goes_back_once(contested):
    bounty = open_bounty()
    extra = sandbox.charge_again(SandboxCharge.objects.get(reference=str(bounty.payment.public_id)))
    double = receive_again(bounty.payment, str(extra.charge_id), received(bounty.payment))
    if contested:
        news = DisputeNews("dp_1", DisputeProgress.LOST, double.amount)
        assert apply_dispute(double, news) == ""
    else:
        send(refund_due(double, by=None).pk)
    double.refresh_from_db()
    assert (double.status, double.refund_due_amount) == (Payment.Status.REFUNDED, 0)
    assert balance(ACCOUNT.DUE, owner=bounty.creator) == 0
    assert balance(ACCOUNT.ESCROW, owner=bounty.creator) == bounty.budget
    bounty.refresh_from_db()
    assert bounty.is_open


@pytest.mark.django_db
def test_the_page_of_a_budget_that_was_taken_twice_leads_to_the_bounty(client):
    bounty = open_bounty()
    double = receive_again(bounty.payment, "another", received(bounty.payment))
    client.force_login(bounty.creator)
    answer = client.get(reverse("commerce:payment", args=[double.public_id]))
    assert answer.url == bounty.get_absolute_url()
