"""Payouts: asked for, approved by two people, sent in batches, declined, returned by the bank."""

from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.stateful import rule

from commerce.actions.payout_batches import discard_batch, make_batches, mark_paid
from commerce.actions.payouts import (
    approve_payout,
    cancel_payout,
    decline_payout,
    request_payout,
    return_payout,
)
from commerce.ledger import balance_of
from commerce.models import Payout, PayoutBatch
from commerce.tests.machine.giving_back import GivingBack

sellers = st.integers(0, 1)
approvers = st.integers(0, 1)


class PayingOut(GivingBack):
    def earned(self):
        paid = Payout.objects.settled().values_list("seller", "amount")
        return [*super().earned(), *((seller, -amount) for seller, amount in paid)]

    def happened(self) -> dict[str, bool]:
        states = set(Payout.objects.values_list("status", flat=True))
        return {
            **super().happened(),
            "paid out": Payout.Status.PAID in states,
            "payout returned": Payout.Status.RETURNED in states,
            "payout declined": Payout.Status.DECLINED in states,
        }

    @rule(who=sellers, more=st.sampled_from(["0.00", "-0.50", "0.01"]))
    def ask_for_a_payout(self, who, more):
        """All that is available, less, or a cent too much."""
        seller = self.world.sellers[who]
        amount = balance_of(seller).available + Decimal(more)
        payout = self.attempt(request_payout, seller=seller, amount=amount)
        assert payout is None or Decimal(more) <= 0

    @rule(who=sellers, returned=st.booleans())
    def be_paid_out(self, who, returned):
        """Straight on, as most payouts go."""
        seller = self.world.sellers[who]
        payout = self.attempt(request_payout, seller=seller, amount=balance_of(seller).available)
        if payout is None:
            return
        for by in self.world.finance:
            self.attempt(approve_payout, payout, by=by)
        self._send_batches("paid")
        if returned:
            self.attempt(return_payout, payout, by=self.world.finance[0], reason="The account is closed.")

    @rule(data=st.data(), who=approvers)
    def approve_a_payout(self, data, who):
        self._with(data, approve_payout, by=self.world.finance[who])

    @rule(data=st.data())
    def cancel_a_payout(self, data):
        payout = self.one_of(data, Payout.objects.order_by("pk"), "payout")
        if payout is not None:
            self.attempt(cancel_payout, payout, by=payout.seller)

    @rule(data=st.data())
    def decline_a_payout(self, data):
        self._with(data, decline_payout, by=self.world.finance[0], reason="The name does not fit.")

    @rule(paid=st.sampled_from(["paid", "paid", "discarded", "left"]))
    def send_a_batch(self, paid):
        self._send_batches(paid)

    def _send_batches(self, paid: str) -> None:
        batches, _ = make_batches(
            Payout.objects.to_batch().values_list("pk", flat=True), by=self.world.finance[0]
        )
        for batch in [*batches, *PayoutBatch.objects.filter(status="open")]:
            if paid == "paid":
                self.attempt(mark_paid, batch, by=self.world.finance[1], reference="SEPA 17")
            elif paid == "discarded":
                self.attempt(discard_batch, batch, by=self.world.finance[1])

    @rule(data=st.data())
    def the_bank_returns_a_payout(self, data):
        self._with(data, return_payout, by=self.world.finance[0], reason="The account is closed.")

    def _with(self, data, call, **named) -> None:
        payout = self.one_of(data, Payout.objects.order_by("pk"), "payout")
        if payout is not None:
            self.attempt(call, payout, **named)
