"""Carts, checkout, coupons, paying in every way that the sandbox knows, and word from it in any order."""

import time
import uuid
from contextlib import suppress
from decimal import Decimal

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import rule

from blog.actions.enrollments import look_at
from blog.models import Course
from commerce import coupons
from commerce.actions import webhooks
from commerce.actions.course_ordering import order_course
from commerce.actions.order_payments import cancel_order, pay_again
from commerce.actions.ordering import get_free_model, place_order
from commerce.actions.payments import refresh_payment, start_payment
from commerce.actions.reconciling import settle_pending
from commerce.cart import Cart, RowStore
from commerce.gateways import gateway, sandbox
from commerce.gateways.sandbox.sources import (
    CARD_CONFIRMS,
    CARD_DECLINED,
    CARD_REFUND_FAILS,
    CARD_REFUND_PENDING,
    CARD_SLOW,
    CARD_SUCCEEDS,
    CARD_TWICE,
)
from commerce.ledger.checkpoints import take_checkpoints
from commerce.models import CartItem, Order, Payment, SandboxCharge, SandboxEvent, Transaction
from commerce.money import from_minor_units
from commerce.tests.factories import BILLING, shown
from commerce.tests.machine.world import COURSE_PRICES, PRICES, Account, Machine
from marketplace.models import Model3D

CARDS = st.sampled_from(
    [
        *(CARD_SUCCEEDS, CARD_SUCCEEDS, CARD_SUCCEEDS, CARD_DECLINED, CARD_CONFIRMS, CARD_SLOW, CARD_TWICE),
        *(CARD_REFUND_PENDING, CARD_REFUND_PENDING, CARD_REFUND_FAILS),
    ]
)
COUPONS = st.sampled_from(["", "", "spring", "GIFT", "NOSUCH"])
people = st.integers(0, 3)
models = st.integers(0, len(PRICES) - 1)
courses = st.integers(0, len(COURSE_PRICES) - 1)


class Buying(Machine):
    """Nobody gets a model of their own, or twice, or for nothing."""

    def arrive(self) -> None:
        super().arrive()
        for charge in SandboxCharge.objects.filter(status="processing"):
            sandbox.arrive(charge.charge_id, now=True)
        for event in SandboxEvent.objects.filter(delivered_at=None).order_by("-pk"):
            self.deliver(event)

    def arrive_in_order(self) -> None:
        for event in SandboxEvent.objects.filter(delivered_at=None).order_by("pk"):
            self.deliver(event)

    def make_everything_old(self) -> None:
        super().make_everything_old()
        SandboxCharge.objects.update(updated_at=self.hours_ago(1))
        self.buyers_accounts_are_what_the_sandbox_has()

    def buyers_accounts_are_what_the_sandbox_has(self):
        """An account of the outside world, held against the only other place that knows."""
        payers = {str(payment.public_id): payment.payer_id for payment in Payment.objects.all()}
        has: dict[int, Decimal] = {}
        for charge in SandboxCharge.objects.filter(status="succeeded").prefetch_related(
            "refunds", "disputes"
        ):
            units = charge.received
            units -= sum(one.amount for one in charge.refunds.all() if one.status == "succeeded")
            units -= sum(one.amount for one in charge.disputes.all() if one.status == "lost")
            payer = payers[charge.reference]
            has[payer] = has.get(payer, Decimal(0)) + from_minor_units(units, charge.currency)
        posted = self.held_by_owner(Account.BUYER)
        assert {pk: -amount for pk, amount in posted.items() if amount} == {
            pk: amount for pk, amount in has.items() if amount
        }

    def happened(self) -> dict[str, bool]:
        lines = Transaction.objects.filter(amount__gt=0).completed()
        return {
            **super().happened(),
            "sold": lines.exists(),
            "sold with a coupon": lines.exclude(coupon_code="").exists(),
            "sold a course": lines.filter(course__isnull=False).exists(),
            "declined": Payment.objects.filter(status="failed").exists(),
            "taken twice": Payment.objects.exclude(double_of=None).exists(),
            "cancelled": Order.objects.filter(status="cancelled").exists(),
        }

    @rule(who=people, what=st.lists(models, min_size=1, max_size=3), coupon=COUPONS, card=CARDS)
    def buy(self, who, what, coupon, card):
        """Straight on, as most people do."""
        self._buy(who, what, coupon, card)

    def _buy(self, who, what, coupon, card) -> None:
        for one in what:
            self._put(who, one)
        self._pay_at_once(self._check_out(who, coupon), card)

    def _pay_at_once(self, order: Order | None, card) -> None:
        payment = order and order.latest_payment()
        if payment is not None and payment.is_open and self.attempt(start_payment, payment):
            self.attempt(sandbox.pay, payment.provider_id, card)
            self.attempt(refresh_payment, payment)

    @rule(who=people, what=models)
    def put_into_cart(self, who, what):
        self._put(who, what)

    @rule(who=people, what=models)
    def take_out_of_the_cart(self, who, what):
        CartItem.objects.of_user(self.world.people[who]).filter(model=self.world.models[what]).delete()

    @rule(who=people, coupon=COUPONS)
    def check_out(self, who, coupon):
        self._check_out(who, coupon)

    @rule(who=people, what=courses, coupon=COUPONS, card=CARDS)
    def buy_a_course(self, who, what, coupon, card):
        course = Course.objects.get(pk=self.world.courses[what].pk)
        order = self.attempt(
            order_course,
            buyer=self.world.people[who],
            course=course,
            checkout_key=uuid.uuid4(),
            shown=shown(course, coupon=coupons.find(coupon)),
            billing=BILLING,
            method="card",
            coupon_code=coupon,
        )
        self._pay_at_once(order, card)

    @rule(who=people, what=courses)
    def open_a_lesson(self, who, what):
        taken = self.world.courses[what].enrollments.open().filter(user=self.world.people[who]).first()
        if taken is not None:
            look_at(enrollment=taken, lesson=taken.course.lessons.first())

    @rule(what=courses, price=st.sampled_from(COURSE_PRICES))
    def change_the_price_of_a_course(self, what, price):
        Course.objects.filter(pk=self.world.courses[what].pk).update(price=Decimal(price))

    @rule(who=people)
    def get_a_free_model(self, who):
        # A model that was withdrawn is not there for who never had it.
        with suppress(Model3D.DoesNotExist):
            self.attempt(get_free_model, buyer=self.world.people[who], model_id=self.world.models[0].pk)

    @rule(data=st.data(), card=CARDS)
    def pay(self, data, card):
        payment = self.one_of(data, Payment.objects.open().order_by("pk"), "payment")
        if payment is None:
            return
        self.attempt(start_payment, payment)
        payment.refresh_from_db()
        if payment.provider_id:
            self.attempt(sandbox.pay, payment.provider_id, card)

    @rule(data=st.data(), confirmed=st.booleans())
    def answer_the_bank(self, data, confirmed):
        charge = self.one_of(data, SandboxCharge.objects.filter(status="confirming").order_by("pk"), "charge")
        if charge is not None:
            sandbox.finish(
                charge.charge_id, "succeeded" if confirmed else "declined", "" if confirmed else "No."
            )

    @rule(data=st.data())
    def slow_money_arrives(self, data):
        charge = self.one_of(data, SandboxCharge.objects.filter(status="processing").order_by("pk"), "charge")
        if charge is not None:
            sandbox.arrive(charge.charge_id, now=True)

    @rule(data=st.data())
    def deliver_any_webhook(self, data):
        """Also one that has come before, or that overtakes others."""
        event = self.one_of(data, SandboxEvent.objects.order_by("pk"), "event")
        if event is not None:
            self.deliver(event)

    @rule(data=st.data())
    def look_at_the_receipt(self, data):
        payment = self.one_of(data, Payment.objects.open().order_by("pk"), "payment")
        if payment is not None:
            self.attempt(refresh_payment, payment)

    @rule(data=st.data())
    def cancel_an_order(self, data):
        order = self.one_of(data, Order.objects.order_by("pk"), "order")
        if order is not None:
            self.attempt(cancel_order, order)

    @rule(data=st.data())
    def pay_again(self, data):
        order = self.one_of(data, Order.objects.filter(status="failed").order_by("pk"), "order")
        if order is not None:
            self.attempt(pay_again, order, method="card")

    @rule()
    def a_day_goes_by(self):
        Payment.objects.open().update(created_at=self.hours_ago(25), check_at=self.hours_ago(1))
        settle_pending()

    @rule(what=models, price=st.sampled_from(PRICES))
    def change_a_price(self, what, price):
        Model3D.objects.filter(pk=self.world.models[what].pk).update(price=Decimal(price))

    @rule(what=models, published=st.booleans())
    def withdraw_or_publish(self, what, published):
        Model3D.objects.filter(pk=self.world.models[what].pk).update(is_published=published)

    @rule()
    def take_checkpoints(self):
        take_checkpoints(worth_it=3)

    def deliver(self, event: SandboxEvent) -> None:
        body = sandbox.webhook_body(event)
        signed = {sandbox.SIGNATURE_HEADER: sandbox.sign(body, int(time.time()))}
        webhooks.receive("sandbox", gateway("sandbox").parse_webhook(signed, body))
        SandboxEvent.objects.filter(pk=event.pk).update(delivered_at=timezone.now())

    def _put(self, who, what) -> None:
        person = self.world.people[who]
        seen = Model3D.objects.with_card_data().get(pk=self.world.models[what].pk)
        self.attempt(Cart(person, RowStore(person)).add, seen)

    def _check_out(self, who, coupon) -> Order | None:
        """As the page does it: what is bought and its prices are those that are shown."""
        person = self.world.people[who]
        lines = [line.model for line in Cart(person, RowStore(person)).lines() if line.problem is None]
        return self.attempt(
            place_order,
            buyer=person,
            checkout_key=uuid.uuid4(),
            shown=shown(*lines, coupon=coupons.find(coupon)),
            billing=BILLING,
            method="card",
            coupon_code=coupon,
        )
