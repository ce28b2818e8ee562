"""Coupons: reserved at checkout, used with the order, released with it, and never over-used."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.tests.factories import UserFactory
from commerce.actions.order_payments import cancel_order, pay_again
from commerce.actions.ordering import place_order
from commerce.actions.payments import fail_payment, settle
from commerce.actions.reconciling import settle_pending
from commerce.coupons import Refusal, refusal
from commerce.exceptions import CheckoutChanged
from commerce.models import Coupon, CouponUse, Order, Payment, Purchase
from commerce.tests.concurrency import at_once
from commerce.tests.factories import (
    BILLING,
    coupon_of,
    order_of,
    paid_order,
    put_into_cart,
    received,
    shown,
    started_payment,
    tax_of,
)
from marketplace.models import Model3D
from marketplace.tests.factories import Model3DFactory

ANYBODY = AnonymousUser()


@pytest.fixture
def buyer(db):
    return UserFactory()


@pytest.fixture
def model(db):
    return Model3DFactory(listed=True, price=Decimal("24.00"))


def place(buyer, seen, code: str, **options) -> Order:
    return place_order(
        buyer=buyer,
        checkout_key=uuid.uuid4(),
        shown=seen,
        billing=BILLING,
        method=options.pop("method", "card"),
        coupon_code=code,
    )


def state(order: Order) -> tuple[str, int]:
    use = CouponUse.objects.select_related("coupon").get(order=order)
    return use.status, use.coupon.used_count


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"percent": "0"}, "coupon_percent_in_range"),
        ({"percent": "-5"}, "coupon_percent_in_range"),
        ({"percent": "100.01"}, "coupon_percent_in_range"),
        ({"percent": "10", "max_uses": 0}, "coupon_max_uses_positive"),
        ({"percent": "10", "max_uses": 1, "used_count": 2}, "coupon_never_over_used"),
        ({"percent": "10", "code": "spring"}, "coupon_code_unique"),
    ],
)
def test_the_database_refuses_what_no_coupon_may_be(db, fields, constraint):
    coupon_of("10")
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        coupon_of(**{"code": "OTHER", **fields})


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"is_active": False}, Refusal.INACTIVE),
        ({"expires_at": timezone.now() - timedelta(seconds=1)}, Refusal.EXPIRED),
        ({"max_uses": 3, "used_count": 3}, Refusal.USED_UP),
    ],
)
def test_why_a_coupon_is_refused(buyer, model, fields, why):
    coupon = coupon_of("10", **fields)
    assert refusal(coupon, buyer) == refusal(coupon, ANYBODY) == why
    put_into_cart(buyer, model)
    with pytest.raises(CheckoutChanged, match="SPRING"):
        place(buyer, shown(model, coupon=coupon), "spring")
    assert not Order.objects.exists()
    coupon.refresh_from_db()
    assert coupon.used_count == fields.get("used_count", 0)


def test_a_coupon_that_does_not_exist_is_refused(buyer, model):
    put_into_cart(buyer, model)
    with pytest.raises(CheckoutChanged, match="There is no coupon “NOPE”"):
        place(buyer, shown(model), "NOPE")


def test_a_coupon_over_free_models_takes_nothing_off(buyer):
    free = Model3DFactory(listed=True, free=True)
    coupon = coupon_of("50")
    put_into_cart(buyer, free)
    with pytest.raises(CheckoutChanged, match="nothing that the coupon"):
        place(buyer, shown(free, coupon=coupon), "SPRING")


def test_a_coupon_that_was_not_shown_takes_nothing_off_unseen(buyer, model):
    coupon_of("10")
    put_into_cart(buyer, model)
    with pytest.raises(CheckoutChanged, match=r"takes off \$2.40 now instead of \$0.00"):
        place(buyer, shown(model), "SPRING")


def test_a_discount_that_was_shown_and_is_gone_is_said_and_not_charged(buyer, model):
    coupon = coupon_of("10")
    put_into_cart(buyer, model)
    seen = shown(model, coupon=coupon)
    with pytest.raises(CheckoutChanged, match=r"takes off \$0.00 now instead of \$2.40"):
        place(buyer, seen, "")
    Coupon.objects.update(percent=5)
    with pytest.raises(CheckoutChanged, match=r"takes off \$1.20 now instead of \$2.40"):
        place(buyer, seen, "SPRING")
    assert not Order.objects.exists()


def test_tax_that_was_not_shown_is_not_charged(buyer, model):
    put_into_cart(buyer, model)
    seen = shown(model)
    tax_of("21")
    with pytest.raises(CheckoutChanged, match=r"VAT 21 % for Spain is \$5.04 now"):
        place(buyer, seen, "")
    assert not Order.objects.exists()


@pytest.mark.parametrize("included", [False, True])
def test_an_order_keeps_discount_tax_and_shares_of_every_line(buyer, settings, included):
    settings.PRICES_INCLUDE_TAX = included
    tax_of("21")
    coupon = coupon_of("33.33", code="Third")
    models = [Model3DFactory(listed=True, price=Decimal(price)) for price in ("10.00", "10.00", "9.99")]
    order = paid_order(buyer, *models, coupon=coupon)
    lines = list(order.transactions.in_order())
    assert (order.coupon_code, order.tax_name, order.tax_rate) == ("Third", "VAT", 21)
    assert order.subtotal == Decimal("29.99")
    assert order.discount_amount == sum(line.discount_amount for line in lines) == Decimal("10.00")
    assert order.tax_amount == sum(line.tax_amount for line in lines)
    assert order.total == sum(line.gross_amount for line in lines) == order.latest_payment().amount
    assert order.net_total == sum(line.platform_fee + line.seller_amount for line in lines)
    assert [line.list_amount for line in lines] == [model.price for model in models]
    assert order.total == (Decimal("19.99") if included else Decimal("24.19"))


def test_a_coupon_is_reserved_at_checkout_and_used_with_the_order(buyer, model):
    coupon = coupon_of("10", max_uses=1)
    order = order_of(buyer, model, coupon=coupon)
    assert state(order) == ("reserved", 1)
    coupon.refresh_from_db()
    assert refusal(coupon, UserFactory()) == Refusal.USED_UP
    assert refusal(coupon, buyer) is None
    settle(started_payment(order), received(order.latest_payment()))
    assert state(order) == ("used", 1)
    coupon.refresh_from_db()
    assert refusal(coupon, buyer) == Refusal.USED_BY_YOU
    assert Purchase.objects.get().transaction.amount == Decimal("21.60")


def test_an_order_that_costs_nothing_by_its_coupon_needs_no_payment(buyer, model):
    tax_of("21")
    order = order_of(buyer, model, coupon=coupon_of("100"), method="")
    assert order.is_completed
    assert (order.subtotal, order.total) == (Decimal("24.00"), 0)
    assert state(order) == ("used", 1)
    assert not Payment.objects.exists()
    model.refresh_from_db()
    assert model.sales_count == 0
    assert order.transactions.get().payment_method == "none"


def test_nobody_uses_a_coupon_twice(buyer, model):
    coupon = coupon_of("10")
    paid_order(buyer, model, coupon=coupon)
    other = Model3DFactory(listed=True)
    put_into_cart(buyer, other)
    with pytest.raises(CheckoutChanged, match="You have used the coupon"):
        place(buyer, shown(other, coupon=coupon), "SPRING")


@pytest.mark.parametrize("how", ["failed", "cancelled", "expired"])
def test_an_order_that_comes_to_nothing_gives_its_coupon_back(buyer, model, how):
    order = order_of(buyer, model, coupon=coupon_of("10", max_uses=1))
    if how == "failed":
        fail_payment(order.latest_payment(), "The card was declined.")
    elif how == "cancelled":
        cancel_order(order)
    else:
        Payment.objects.update(created_at=timezone.now() - Payment.EXPIRES_AFTER)
        settle_pending()
    assert state(order) == ("released", 0)
    assert paid_order(UserFactory(), model, coupon=Coupon.objects.get()).is_completed


def test_a_new_checkout_gives_up_an_own_order_that_holds_the_coupon(buyer, model):
    coupon = coupon_of("10", max_uses=1)
    old = order_of(buyer, model, coupon=coupon)
    buyer.cart_items.all().delete()
    new = order_of(buyer, Model3DFactory(listed=True), coupon=coupon)
    old.refresh_from_db()
    assert (old.status, state(old)[0], state(new)) == (Order.Status.CANCELLED, "released", ("reserved", 1))


def test_paying_again_takes_the_coupon_back(buyer, model):
    order = order_of(buyer, model, coupon=coupon_of("10", max_uses=1))
    fail_payment(order.latest_payment(), "The card was declined.")
    payment = pay_again(order, method="card")
    assert (payment.amount, state(order)) == (Decimal("21.60"), ("reserved", 1))
    settle(started_payment(order), received(payment))
    assert state(order) == ("used", 1)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda model: Coupon.objects.update(is_active=False), "not valid at the moment"),
        (lambda model: Coupon.objects.update(percent=5), r"takes off \$1.20 now instead of \$2.40"),
        (
            lambda model: paid_order(UserFactory(), model, coupon=Coupon.objects.get()),
            "as often as it may be",
        ),
        (lambda model: tax_of("21"), "VAT 21 % for Spain"),
        (lambda model: Model3D.objects.update(price=Decimal("30.00")), r"costs \$30.00 now"),
    ],
)
def test_what_changed_before_paying_again_is_said_and_not_charged(buyer, model, change, said):
    order = order_of(buyer, model, coupon=coupon_of("10", max_uses=1))
    fail_payment(order.latest_payment(), "The card was declined.")
    change(model)
    with pytest.raises(CheckoutChanged, match=said):
        pay_again(order, method="card")
    order.refresh_from_db()
    assert order.status == Order.Status.FAILED
    assert Payment.objects.filter(order=order).count() == 1
    assert CouponUse.objects.get(order=order).status == "released"


def test_money_that_arrives_after_all_uses_the_coupon_where_it_is_free(buyer, model):
    order = order_of(buyer, model, coupon=coupon_of("10", max_uses=1))
    payment = started_payment(order)
    fail_payment(payment, "The provider gave up.")
    # It was promised while the coupon was valid.
    Coupon.objects.update(is_active=False)
    assert settle(payment, received(payment)) == ""
    order.refresh_from_db()
    assert (order.status, state(order)) == (Order.Status.COMPLETED, ("used", 1))


def test_money_that_arrives_after_the_coupon_went_to_somebody_else_is_sent_back(buyer, model):
    coupon = coupon_of("10", max_uses=1)
    order = order_of(buyer, model, coupon=coupon)
    payment = started_payment(order)
    fail_payment(payment, "The provider gave up.")
    paid_order(UserFactory(), model, coupon=coupon)
    assert "as often as it may be" in settle(payment, received(payment))
    order.refresh_from_db()
    payment.refresh_from_db()
    assert (order.status, payment.refund_due_amount) == (Order.Status.CANCELLED, payment.amount)
    assert state(order) == ("released", 1)
    assert not Purchase.objects.filter(user=buyer).exists()


def assert_counted_right(limit: int) -> None:
    coupon = Coupon.objects.get()
    assert coupon.used_count == CouponUse.objects.counted().count() <= limit
    for order in Order.objects.exclude(coupon_code=""):
        assert (order.coupon_uses.counted().exists()) == (order.status in ("pending", "completed"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("times", [50, pytest.param(1000, marks=pytest.mark.full)])
def test_of_many_at_once_only_so_many_get_the_coupon(times):
    coupon = coupon_of("10", max_uses=10)
    models = Model3DFactory.create_batch(3, listed=True, price=Decimal("24.00"))
    buyers = UserFactory.create_batch(times)
    for buyer in buyers:
        put_into_cart(buyer, models[buyer.pk % 3])
    seen = [shown(model, coupon=coupon) for model in models]
    made = at_once(lambda n: place(buyers[n], seen[buyers[n].pk % 3], "Spring"), times, threads=50)
    orders = [each for each in made if isinstance(each, Order)]
    assert len(orders) == 10
    assert {type(each) for each in made} == {Order, CheckoutChanged}
    assert_counted_right(10)


@pytest.mark.full
@pytest.mark.django_db(transaction=True)
def test_reserving_releasing_and_settling_at_once_leaves_a_right_count():
    coupon = coupon_of("10", max_uses=5)
    model = Model3DFactory(listed=True, price=Decimal("24.00"))
    buyers = UserFactory.create_batch(30)
    for buyer in buyers:
        put_into_cart(buyer, model)
    seen = shown(model, coupon=coupon)

    def live(number: int) -> None:
        order = place(buyers[number], seen, "SPRING")
        payment = order.latest_payment()
        if number % 3:
            fail_payment(payment, "Declined.")
        if number % 3 == 1:
            payment = pay_again(order, method="card")
        if number % 3 != 2:
            settle(payment, received(payment))

    outcomes = at_once(live, len(buyers), threads=15)
    assert {type(each) for each in outcomes} <= {type(None), CheckoutChanged}
    assert_counted_right(5)
    assert Purchase.objects.count() == Order.objects.filter(status="completed").count()


@pytest.mark.full
@pytest.mark.django_db(transaction=True)
def test_one_person_in_many_tabs_uses_a_coupon_once(settings):
    coupon = coupon_of("10", max_uses=10)
    buyer = UserFactory()
    models = Model3DFactory.create_batch(8, listed=True, price=Decimal("24.00"))
    put_into_cart(buyer, models[0])
    seen = shown(models[0], coupon=coupon)
    at_once(lambda n: place(buyer, seen, "SPRING"), 8, threads=8)
    assert CouponUse.objects.counted().count() == 1
    assert_counted_right(10)
