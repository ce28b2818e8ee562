import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.models import F
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.models import User
from accounts.tests.factories import UserFactory
from commerce.actions.order_payments import pay_again
from commerce.actions.ordering import get_free_model, place_order
from commerce.actions.payments import fail_payment, settle
from commerce.actions.telling import tell_of
from commerce.exceptions import CheckoutChanged, NotAvailable, PaymentNotPossible
from commerce.gateways import sandbox
from commerce.models import CartItem, Order, Payment, Purchase, SandboxCharge, Transaction
from commerce.money import split
from commerce.quoting import Shown
from commerce.tests.concurrency import at_once
from commerce.tests.factories import (
    BILLING,
    order_of,
    paid_order,
    put_into_cart,
    received,
    shown,
    started_payment,
    take_off_the_marketplace,
)
from core.models import OutgoingMail
from marketplace.models import Model3D
from marketplace.tests.factories import Model3DFactory


def place(buyer, what: Shown, *, key=None, method="card") -> Order:
    return place_order(
        buyer=buyer, checkout_key=key or uuid.uuid4(), shown=what, billing=BILLING, method=method
    )


@pytest.fixture
def buyer(db):
    return UserFactory()


@pytest.fixture
def model(db):
    return Model3DFactory(listed=True, price=Decimal("24.00"))


def assert_refused(buyer, what: Shown, part: str) -> None:
    with pytest.raises(CheckoutChanged, match=part):
        place(buyer, what)
    assert not Order.objects.of_buyer(buyer).exists()
    assert not Payment.objects.filter(order__buyer=buyer).exists()


def test_nobody_buys_their_own_model(model):
    put_into_cart(model.creator, model)
    assert_refused(model.creator, shown(model), "your own model")


def test_nobody_buys_twice(buyer, model):
    paid_order(buyer, model)
    put_into_cart(buyer, model)
    with pytest.raises(CheckoutChanged, match="in your library already"):
        place(buyer, shown(model))
    assert Order.objects.count() == 1


def test_an_empty_checkout_is_refused(buyer):
    assert_refused(buyer, Shown(), "cart is empty")


def test_what_left_the_marketplace_is_not_sold(buyer, model):
    put_into_cart(buyer, model)
    take_off_the_marketplace(model)
    assert_refused(buyer, shown(model), "no longer for sale")


def test_a_price_that_was_not_shown_is_not_charged(buyer, model):
    put_into_cart(buyer, model)
    seen = shown(model)
    Model3D.objects.filter(pk=model.pk).update(price=Decimal("30.00"))
    assert_refused(buyer, seen, r"\$30.00 now instead of \$24.00")


def test_a_model_added_in_another_tab_is_not_bought_unseen(buyer, model):
    other = Model3DFactory(listed=True)
    put_into_cart(buyer, model, other)
    assert_refused(buyer, shown(model), "is in your cart now")


def test_a_model_removed_in_another_tab_is_not_bought(buyer, model):
    put_into_cart(buyer, model)
    other = Model3DFactory(listed=True)
    assert_refused(buyer, shown(model, other), "not in your cart any more")


def test_a_model_that_never_existed_is_refused(buyer, model):
    put_into_cart(buyer, model)
    seen = shown(model)
    more = replace(seen, prices={**seen.prices, 10**9: Decimal("1.00")})
    assert_refused(buyer, more, "does not exist")


def test_a_provider_that_is_not_offered_is_refused(buyer, model):
    put_into_cart(buyer, model)
    with pytest.raises(PaymentNotPossible):
        place(buyer, shown(model), method="cheque")
    assert not Order.objects.exists()


def test_the_key_of_somebody_elses_checkout_is_refused(buyer, model):
    key = uuid.uuid4()
    order_of(UserFactory(), model, key=key)
    put_into_cart(buyer, model)
    with pytest.raises(PaymentNotPossible):
        place(buyer, shown(model), key=key)
    assert not Order.objects.of_buyer(buyer).exists()


def test_an_order_has_a_transaction_for_each_model_and_waits_for_its_payment(buyer, model):
    free = Model3DFactory(listed=True, free=True)
    order = order_of(buyer, model, free)
    assert order.status == Order.Status.PENDING
    assert order.total == Decimal("24.00")
    paid_line, free_line = order.transactions.in_order()
    assert (paid_line.platform_fee, paid_line.seller_amount) == (Decimal("1.80"), Decimal("22.20"))
    assert (free_line.amount, free_line.platform_fee) == (0, 0)
    assert order.latest_payment().amount == order.total
    assert CartItem.objects.of_user(buyer).count() == 2
    assert not Purchase.objects.exists()


def test_the_same_key_gives_the_same_order(buyer, model):
    key = uuid.uuid4()
    first = order_of(buyer, model, key=key)
    assert place(buyer, shown(model), key=key) == first
    assert Payment.objects.count() == 1


def test_the_same_key_gives_the_same_order_after_it_is_paid(buyer, model):
    key = uuid.uuid4()
    order = order_of(buyer, model, key=key)
    settle(started_payment(order), received(order.latest_payment()))
    again = place(buyer, shown(model), key=key)
    assert again == order
    assert again.is_completed


def test_an_order_of_free_models_completes_without_a_payment(buyer):
    free = Model3DFactory(listed=True, free=True)
    order = order_of(buyer, free, method="")
    assert order.is_completed
    assert not Payment.objects.exists()
    assert Purchase.objects.get().model == free
    assert tell_of(order)
    assert OutgoingMail.objects.get(kind="commerce/receipt").to_address == BILLING.email


def test_a_new_checkout_gives_up_the_older_one_for_the_same_model(buyer, model):
    old = order_of(buyer, model)
    started_payment(old)
    new = place(buyer, shown(model))
    old.refresh_from_db()
    assert (old.status, new.status) == (Order.Status.CANCELLED, Order.Status.PENDING)
    assert SandboxCharge.objects.get().status == SandboxCharge.Status.CANCELLED


def test_an_older_order_that_failed_cannot_be_paid_beside_a_new_one(buyer, model):
    old = order_of(buyer, model)
    fail_payment(old.latest_payment(), "The card was declined.")
    new = place(buyer, shown(model))
    with pytest.raises(PaymentNotPossible):
        pay_again(old, method="card")
    assert list(Order.objects.payable()) == [new]


def test_a_new_checkout_finds_that_the_older_one_was_paid_meanwhile(buyer, model):
    old = order_of(buyer, model)
    sandbox.pay(started_payment(old).provider_id, sandbox.CARD_SUCCEEDS)
    with pytest.raises(CheckoutChanged):
        place(buyer, shown(model))
    old.refresh_from_db()
    assert old.is_completed
    assert Order.objects.count() == 1


def test_a_person_without_address_gets_a_free_model_and_no_mail(db):
    buyer = UserFactory(email="")
    get_free_model(buyer=buyer, model_id=Model3DFactory(listed=True, free=True).pk)
    assert buyer.purchases.exists()
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("traits", [{}, {"pending": True}, {"listed": True, "visibility": "private"}])
def test_an_invisible_free_model_does_not_exist(buyer, traits):
    model = Model3DFactory(**traits, free=True)
    with pytest.raises(Model3D.DoesNotExist):
        get_free_model(buyer=buyer, model_id=model.pk)


def test_a_priced_model_is_never_given_away(buyer, model):
    with pytest.raises(NotAvailable, match="not free"):
        get_free_model(buyer=buyer, model_id=model.pk)
    assert not Purchase.objects.exists()


def test_nobody_gets_their_own_free_model(db):
    model = Model3DFactory(listed=True, free=True)
    with pytest.raises(NotAvailable, match="your own"):
        get_free_model(buyer=model.creator, model_id=model.pk)


def test_a_free_model_is_got_once(buyer):
    model = Model3DFactory(listed=True, free=True)
    order = get_free_model(buyer=buyer, model_id=model.pk)
    assert order.is_completed
    assert get_free_model(buyer=buyer, model_id=model.pk) is None
    assert Purchase.objects.count() == 1
    buyer.refresh_from_db()
    assert buyer.purchases_count == 1


@hypothesis_settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(mix=st.lists(st.decimals(min_value=0, max_value=10_000, places=2), min_size=1, max_size=5))
def test_any_mix_of_prices_adds_up(db, mix):
    buyer, creator = UserFactory(), UserFactory(creator=True)
    template = Model3DFactory(listed=True, creator=creator)
    models = []
    for price in mix:
        models.append(Model3D.objects.get(pk=template.pk))
        models[-1].pk, models[-1].price, models[-1]._state.adding = None, price, True
        models[-1].save(force_insert=True)
    order = order_of(buyer, *models)
    lines = list(order.transactions.all())
    assert order.total == order.subtotal == sum(mix) == sum(line.amount for line in lines)
    assert all(line.amount == line.platform_fee + line.seller_amount for line in lines)
    assert sum(line.platform_fee for line in lines) == sum(split(price).platform_fee for price in mix)
    assert order.is_completed == (sum(mix) == 0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("times", [30, pytest.param(200, marks=pytest.mark.full)])
def test_many_submissions_of_one_checkout_at_once_are_one_order_and_one_payment(times):
    buyer, model = UserFactory(), Model3DFactory(listed=True, price=Decimal("24.00"))
    put_into_cart(buyer, model)
    key, what = uuid.uuid4(), shown(model)
    outcomes = at_once(lambda number: place(buyer, what, key=key).pk, times)
    order = Order.objects.get()
    assert set(outcomes) == {order.pk}
    assert Payment.objects.count() == Transaction.objects.count() == 1


@pytest.mark.full
@pytest.mark.django_db(transaction=True)
def test_checkouts_in_many_tabs_at_once_leave_one_open_order():
    buyer, model = UserFactory(), Model3DFactory(listed=True, price=Decimal("24.00"))
    put_into_cart(buyer, model)
    what = shown(model)
    at_once(lambda number: place(buyer, what).pk, 12, threads=6)
    assert Order.objects.payable().count() == 1


@pytest.mark.django_db(transaction=True)
def test_getting_a_free_model_many_times_at_once_is_one_purchase():
    buyer, model = UserFactory(), Model3DFactory(listed=True, free=True)
    outcomes = at_once(lambda number: get_free_model(buyer=buyer, model_id=model.pk), 20)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert Purchase.objects.count() == Order.objects.count() == 1


@pytest.mark.full
@pytest.mark.django_db(transaction=True)
def test_people_who_buy_from_each_other_at_once_do_not_block_each_other():
    ana, ben = UserFactory(creator=True), UserFactory(creator=True)
    of_ana = Model3DFactory.create_batch(8, listed=True, creator=ana, price=Decimal("3.00"))
    of_ben = Model3DFactory.create_batch(8, listed=True, creator=ben, price=Decimal("3.00"))
    pairs = [(ben, model) for model in of_ana] + [(ana, model) for model in of_ben]
    payments = [started_payment(order_of(buyer, model)) for buyer, model in _one_at_a_time(pairs)]
    outcomes = at_once(
        lambda number: settle(payments[number], received(payments[number])), len(payments), threads=8
    )
    assert set(outcomes) == {""}
    for person in (ana, ben):
        person.refresh_from_db()
        assert (person.total_sales, person.purchases_count) == (8, 8)


@pytest.mark.django_db(transaction=True)
def test_a_sale_and_a_model_that_comes_or_goes_at_once_do_not_block_each_other():
    model = Model3DFactory(listed=True, price=Decimal("3.00"))
    payment = started_payment(order_of(UserFactory(), model))

    def settle_elsewhere():
        try:
            return settle(payment, received(payment))
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            # As the marketplace does it: the model first, then the creator's figures.
            Model3D.objects.select_for_update().get(pk=model.pk)
            outcome = pool.submit(settle_elsewhere)
            _wait_until_somebody_waits()
            User.objects.filter(pk=model.creator_id).update(total_models=F("total_models"))
        assert outcome.result(timeout=60) == ""
    assert Purchase.objects.count() == 1


def _wait_until_somebody_waits():
    with connection.cursor() as cursor:
        for _ in range(600):
            # What a transaction has seen of the activity it would see for ever.
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return
            time.sleep(0.05)
    raise AssertionError("Nobody waits for a lock.")


def _one_at_a_time(pairs):
    """Each cart holds one model at a time, so that every order is for one."""
    for buyer, model in pairs:
        CartItem.objects.of_user(buyer).delete()
        yield buyer, model
