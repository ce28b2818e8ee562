"""Plans: begun, paid in every way that the sandbox knows, renewed, changed, cancelled; and contested payments."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from commerce.actions.payments import refresh_payment, start_payment
from commerce.actions.subscriptions import changing, ending
from commerce.actions.subscriptions.renewing import renew_due
from commerce.gateways import sandbox
from commerce.gateways.sandbox.sources import CARD_SUCCEEDS
from commerce.models import Dispute, Interval, Plan, Subscription, SubscriptionPeriod
from commerce.subscriptions.pricing import change_to
from commerce.tests.machine.bounties import Bounties
from commerce.tests.machine.buying import CARDS, people
from commerce.tests.plans import begin

INTERVALS = st.sampled_from([Interval.MONTH, Interval.MONTH, Interval.YEAR])
SLUGS = st.sampled_from(["pro", "studio"])


class Plans(Bounties):
    def happened(self) -> dict[str, bool]:
        lost = Dispute.objects.filter(status="lost")
        return {
            **super().happened(),
            "plan paid": SubscriptionPeriod.objects.paid().exists(),
            "plan taken back": SubscriptionPeriod.objects.filter(state="reversed").exists(),
            "budget taken back": lost.filter(payment__purpose="bounty").exists(),
        }

    @rule(who=people, slug=SLUGS, interval=INTERVALS, card=CARDS)
    def subscribe(self, who, slug, interval, card):
        payment = self.attempt(begin, self.world.people[who], self._plan(slug), interval)
        if payment is not None and payment.is_open and self.attempt(start_payment, payment):
            self.attempt(sandbox.pay, payment.provider_id, card)
            self.attempt(refresh_payment, payment)

    @rule(who=people, slug=SLUGS)
    def a_plan_is_begun_and_its_money_taken_back(self, who, slug):
        """By itself this comes about in about every hundredth run."""
        payment = self.attempt(begin, self.world.people[who], self._plan(slug), Interval.MONTH)
        if payment is None or not payment.is_open or not self.attempt(start_payment, payment):
            return
        self.attempt(sandbox.pay, payment.provider_id, CARD_SUCCEEDS)
        self.attempt(refresh_payment, payment)
        dispute = self.attempt(sandbox.contest, payment.provider_id)
        if dispute is not None:
            sandbox.decide_dispute(dispute.dispute_id, merchant_wins=False)
            self.arrive_in_order()

    @rule(data=st.data(), slug=SLUGS, interval=INTERVALS)
    def change_a_plan(self, data, slug, interval):
        subscription = self._subscription(data)
        if subscription is None or not subscription.is_live:
            return
        plan = self._plan(slug)
        due = change_to(subscription, plan, interval, self.hours_ago(0)).amount
        self.attempt(changing.change, user=subscription.user, plan=plan, interval=interval, shown=due)

    @rule(data=st.data(), resumes=st.booleans())
    def cancel_a_plan(self, data, resumes):
        subscription = self._subscription(data)
        if subscription is not None:
            self.attempt(ending.resume if resumes else ending.cancel, user=subscription.user)

    @rule(days=st.sampled_from([2, 31]))
    def plans_are_renewed(self, days):
        renew_due(self.hours_ago(-24 * days))

    @rule(data=st.data(), merchant_wins=st.booleans())
    def a_budget_or_plan_is_contested(self, data, merchant_wins):
        """From the payer's word to the bank's, with nothing between."""
        paid = self.received_for("bounty", "subscription")
        charge = self.one_of(data, paid, "charge")
        dispute = charge and self.attempt(sandbox.contest, charge.charge_id)
        if dispute is not None:
            sandbox.decide_dispute(dispute.dispute_id, merchant_wins=merchant_wins)
            self.arrive_in_order()

    def _plan(self, slug) -> Plan:
        return Plan.objects.get(slug=slug)

    def _subscription(self, data) -> Subscription | None:
        found = Subscription.objects.select_related("user", "plan", "next_plan").order_by("pk")
        return self.one_of(data, found, "subscription")
