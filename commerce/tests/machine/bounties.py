"""Bounties: budgets paid and held, work handed in, awarded or sent back."""

from decimal import Decimal

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import rule

from commerce.actions.bounties import awarding, deadlines, ending, posting, working
from commerce.actions.payments import refresh_payment, start_payment
from commerce.actions.reconciling import send_budgets_back
from commerce.gateways import sandbox
from commerce.models import Bounty, BountySubmission, EscrowReturn
from commerce.tests.bounty_factories import brief
from commerce.tests.factories import BILLING
from commerce.tests.machine.buying import CARDS, people
from commerce.tests.machine.paying_out import PayingOut, sellers

BUDGETS = st.sampled_from(["10.00", "33.33", "200.00"])


class Bounties(PayingOut):
    def happened(self) -> dict[str, bool]:
        states = set(Bounty.objects.values_list("status", flat=True))
        return {
            **super().happened(),
            "awarded": Bounty.Status.AWARDED in states,
            "bounty expired": Bounty.Status.EXPIRED in states,
            "budget returned": EscrowReturn.objects.filter(status="sent").exists(),
        }

    @rule(who=people, budget=BUDGETS, card=CARDS)
    def post_a_bounty(self, who, budget, card):
        said = brief(budget=Decimal(budget), category=self.world.category)
        bounty = self.attempt(posting.draft, poster=self.world.people[who], brief=said)
        payment = bounty and self.attempt(posting.pay, bounty=bounty, billing=BILLING, method="card")
        if payment is not None and self.attempt(start_payment, payment):
            self.attempt(sandbox.pay, payment.provider_id, card)
            self.attempt(refresh_payment, payment)

    @rule(data=st.data())
    def pay_a_bounty_again(self, data):
        bounty = self._bounty(data)
        if bounty is not None:
            self.attempt(posting.pay, bounty=bounty, billing=BILLING, method="card")

    @rule(data=st.data())
    def discard_a_bounty(self, data):
        bounty = self._bounty(data)
        if bounty is not None and bounty.is_unpaid:
            self.attempt(posting.discard, bounty=bounty)

    @rule(data=st.data(), who=sellers)
    def hand_in_work(self, data, who):
        bounty = self._bounty(data)
        if bounty is None:
            return
        applied = self.attempt(
            working.apply, bounty=bounty, applicant=self.world.sellers[who], message="In a week."
        )
        if applied is not None:
            self.attempt(working.submit, application=applied, model=self.world.works[who])

    @rule(data=st.data())
    def take_work_back(self, data):
        work = self._work(data)
        if work is not None:
            self.attempt(working.withdraw_submission, submission=work)

    @rule(data=st.data(), by_support=st.booleans())
    def award(self, data, by_support):
        work = self._work(data)
        if work is not None:
            by = self.world.support if by_support else work.bounty.creator
            self.attempt(awarding.award, submission=work, by=by)

    @rule(data=st.data(), by_support=st.booleans())
    def cancel_a_bounty(self, data, by_support):
        bounty = self._bounty(data)
        if bounty is not None:
            by = self.world.support if by_support else bounty.creator
            self.attempt(ending.cancel, bounty=bounty, by=by, reason="It is not needed any more.")

    @rule()
    def deadlines_pass(self):
        Bounty.objects.filter(status=Bounty.Status.OPEN).update(
            created_at=self.hours_ago(500), deadline=self.hours_ago(1)
        )
        deadlines.tend(timezone.now())

    @rule()
    def a_worker_sends_budgets_back(self):
        send_budgets_back()

    def _bounty(self, data) -> Bounty | None:
        return self.one_of(data, Bounty.objects.order_by("pk"), "bounty")

    def _work(self, data) -> BountySubmission | None:
        return self.one_of(data, BountySubmission.objects.select_related("bounty").order_by("pk"), "work")
