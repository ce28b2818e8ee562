"""Refunds asked for, decided, sent, failing and coming back; and payments contested at the bank."""

from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.stateful import rule

from commerce.actions import refunds
from commerce.actions.downloads import make_link
from commerce.gateways import sandbox
from commerce.gateways.sandbox.sources import CARD_REFUND_FAILS, CARD_TWICE
from commerce.models import (
    Dispute,
    Payment,
    Purchase,
    Refund,
    SandboxCharge,
    SandboxDispute,
    SandboxRefund,
    Transaction,
)
from commerce.tests.machine.buying import Buying, models, people

REASONS = st.sampled_from([Refund.Reason.NOT_NEEDED, Refund.Reason.QUALITY])
# Of what is asked for, or left.
SHARES = st.sampled_from(
    [Decimal(1), Decimal(1), Decimal("0.5"), Decimal("0.01"), Decimal(0), Decimal("1.01")]
)


def part(amount: Decimal, share: Decimal) -> Decimal:
    return (amount * share).quantize(Decimal("0.01"))


class GivingBack(Buying):
    def arrive(self) -> None:
        for made in SandboxRefund.objects.filter(status="pending"):
            sandbox.decide_refund(made.refund_id, succeeds=True)
        super().arrive()

    def earned(self):
        """What has gone back, or was taken by a bank, is nobody's any more."""
        back = Refund.objects.completed().exclude(transaction=None)
        gone = back.values_list("transaction__seller", "seller_amount")
        return [*super().earned(), *((seller, -amount) for seller, amount in gone)]

    def happened(self) -> dict[str, bool]:
        of_sales = Refund.objects.filter(kind="sale")
        return {
            **super().happened(),
            "refunded": of_sales.completed().exists(),
            "refunded in part": Payment.objects.filter(status="partially_refunded").exists(),
            "refund failed": Refund.objects.filter(status="failed").exists(),
            "refund cancelled": of_sales.filter(status="cancelled").exists(),
            "refund declined": Refund.objects.filter(status="declined").exists(),
            "due sent back": Refund.objects.completed().filter(kind="due").exists(),
            "dispute won": Dispute.objects.filter(status="won").exists(),
            "dispute lost": Dispute.objects.filter(status="lost").exists(),
        }

    @rule(data=st.data())
    def download(self, data):
        purchase = self.one_of(data, Purchase.objects.active().of_models().order_by("pk"), "purchase")
        if purchase is not None:
            self.attempt(make_link, purchase)

    @rule(data=st.data(), reason=REASONS)
    def ask_for_money_back(self, data, reason):
        purchase = self.one_of(data, Purchase.objects.order_by("pk"), "purchase")
        if purchase is not None:
            self.attempt(
                refunds.ask, purchase=purchase, by=purchase.user, reason=reason, text="See the picture."
            )

    @rule(data=st.data())
    def ask_in_vain(self, data):
        """What the seller refuses and support, too."""
        purchase = self.one_of(data, Purchase.objects.active().of_models().order_by("pk"), "purchase")
        if purchase is None or self.attempt(make_link, purchase) is None:
            return
        reason = Refund.Reason.QUALITY
        refund = self.attempt(refunds.ask, purchase=purchase, by=purchase.user, reason=reason, text="Ugly.")
        if refund is not None:
            no = {"refund": refund, "amount": Decimal(0), "text": "It is as shown."}
            self.attempt(refunds.answer, by=refund.transaction.seller, **no)
            self.attempt(refunds.decide, by=self.world.support, **no)

    @rule(data=st.data())
    def withdraw_the_request(self, data):
        refund = self._refund(data)
        if refund is not None and refund.transaction is not None:
            self.attempt(refunds.withdraw, refund=refund, by=refund.transaction.buyer)

    @rule(data=st.data(), share=SHARES)
    def the_seller_answers(self, data, share):
        refund = self._refund(data)
        if refund is not None and refund.transaction is not None:
            amount = part(refund.gross, share)
            seller = refund.transaction.seller
            self.attempt(refunds.answer, refund=refund, by=seller, amount=amount, text="It is as shown.")

    @rule(data=st.data(), share=SHARES)
    def support_decides(self, data, share):
        refund = self._refund(data)
        if refund is not None:
            amount = part(refund.gross, share)
            self.attempt(
                refunds.decide, refund=refund, by=self.world.support, amount=amount, text="As measured."
            )

    @rule(data=st.data(), share=SHARES)
    def support_gives_money_back(self, data, share):
        line = self.one_of(data, Transaction.objects.completed().filter(amount__gt=0).order_by("pk"), "sale")
        if line is not None:
            amount = part(line.gross_amount, share)
            self.attempt(refunds.refund, transaction=line, amount=amount, by=self.world.support)

    @rule(data=st.data())
    def send_back_what_is_due(self, data):
        payment = self.one_of(data, Payment.objects.filter(refund_due_amount__gt=0).order_by("pk"), "payment")
        if payment is not None:
            self.attempt(refunds.refund_due, payment, by=self.world.support)

    @rule(who=people, what=models)
    def get_back_what_was_taken_twice(self, who, what):
        self._buy(who, [what], "", CARD_TWICE)
        # The second time is only told by the provider.
        self.arrive()
        for payment in Payment.objects.filter(refund_due_amount__gt=0).order_by("pk"):
            self.attempt(refunds.refund_due, payment, by=self.world.support)
        refunds.send_everything()

    @rule(who=people, what=models)
    def give_back_what_the_bank_does_not_take(self, who, what):
        self._buy(who, [what], "", CARD_REFUND_FAILS)
        bought = Transaction.objects.completed().filter(amount__gt=0, buyer=self.world.people[who])
        line = bought.filter(model=self.world.models[what]).order_by("pk").last()
        if line is not None:
            self.attempt(refunds.refund, transaction=line, amount=line.gross_amount, by=self.world.support)
            refunds.send_everything()

    @rule(data=st.data())
    def stop_a_refund(self, data):
        refund = self._refund(data)
        if refund is not None:
            self.attempt(refunds.stop, refund=refund, by=self.world.support, text="Sent by another way.")

    @rule(data=st.data())
    def send_a_failed_refund_again(self, data):
        refund = self.one_of(data, Refund.objects.filter(status="failed").order_by("pk"), "refund")
        if refund is not None:
            self.attempt(refunds.restart, refund=refund, by=self.world.support)

    @rule()
    def a_worker_sends_refunds(self):
        refunds.send_everything()

    @rule(data=st.data(), succeeds=st.booleans())
    def the_bank_decides_about_a_refund(self, data, succeeds):
        made = self.one_of(data, SandboxRefund.objects.filter(status="pending").order_by("pk"), "refund")
        if made is not None:
            sandbox.decide_refund(made.refund_id, succeeds=succeeds)

    @rule(data=st.data())
    def contest_a_payment(self, data):
        charge = self.one_of(data, SandboxCharge.objects.filter(status="succeeded").order_by("pk"), "charge")
        if charge is not None:
            self.attempt(sandbox.contest, charge.charge_id)

    @rule(data=st.data(), merchant_wins=st.booleans())
    def the_bank_decides_about_a_dispute(self, data, merchant_wins):
        dispute = self.one_of(data, SandboxDispute.objects.filter(status="opened").order_by("pk"), "dispute")
        if dispute is not None:
            sandbox.decide_dispute(dispute.dispute_id, merchant_wins=merchant_wins)

    def received_for(self, *purposes: str) -> list[SandboxCharge]:
        """What the sandbox has of payments for these purposes."""
        payments = Payment.objects.filter(purpose__in=purposes).values_list("public_id", flat=True)
        references = [str(public_id) for public_id in payments]
        found = SandboxCharge.objects.filter(status="succeeded", reference__in=references)
        return list(found.order_by("pk"))

    @rule(data=st.data())
    def take_a_free_model_out_of_the_library(self, data):
        purchase = self.one_of(data, Purchase.objects.active().of_models().order_by("pk"), "purchase")
        if purchase is not None:
            self.attempt(refunds.remove_from_library, purchase=purchase)

    def _refund(self, data) -> Refund | None:
        return self.one_of(data, Refund.objects.order_by("pk"), "refund")
