import importlib
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.tests.factories import UserFactory
from commerce.actions.doubles import receive_again
from commerce.actions.order_payments import pay_again
from commerce.actions.payments import apply_state, settle, start_payment
from commerce.actions.refunds import refund_due, send
from commerce.gateways import sandbox
from commerce.gateways.base import PaymentState, ProviderState
from commerce.ledger import LedgerError, Line, balance, balance_at, balance_of, post
from commerce.ledger.checkpoints import drop_checkpoints, take_checkpoints
from commerce.models import LedgerCheckpoint, LedgerEntry, LedgerMovement, Payment, Transaction
from commerce.tests.concurrency import at_once
from commerce.tests.factories import order_of, paid_order, received, started_payment
from commerce.tests.test_payments import owned_by_hand
from marketplace.tests.factories import Model3DFactory

Account, Kind = LedgerEntry.Account, LedgerMovement.Kind
amounts = st.decimals(min_value=Decimal("0.01"), max_value=10_000, places=2)


@pytest.fixture
def buyer(db):
    return UserFactory()


@pytest.fixture
def seller(db):
    return UserFactory(creator=True)


def model_of(seller, price="24.00", **fields):
    return Model3DFactory(listed=True, creator=seller, price=Decimal(price), **fields)


def lines_of(key) -> dict:
    return dict(LedgerEntry.objects.filter(movement__key=key).values_list("account", "amount"))


def pay_seller(seller, amount, key="a", **waits):
    lines = [Line(Account.FEE, -amount), Line(Account.SELLER, amount, owner=seller, **waits)]
    return post(key=key, kind=Kind.SALE, lines=lines)


def entry(movement, account="fee", amount="1.00", owner=None, currency="USD", available_at=None):
    return LedgerEntry(
        movement=movement, account=account, amount=Decimal(amount), owner=owner, currency=currency,
        available_at=available_at,
    )  # fmt: skip


# Posting


def test_outside_a_transaction_nothing_is_posted(transactional_db):
    with pytest.raises(LedgerError, match="in the transaction"):
        post(key="a", kind=Kind.SALE, lines=[Line(Account.FEE, Decimal(1)), Line(Account.TAX, Decimal(-1))])
    assert not LedgerMovement.objects.exists()


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [("fee", "0.00"), ("tax", "0.00")],
        [("fee", "1.00")],
        [("fee", "1.00"), ("tax", "-0.99")],
        [("fee", "1.005"), ("tax", "-1.005")],
        [("fee", "NaN"), ("tax", "NaN")],
        [("fee", "Infinity"), ("tax", "-Infinity")],
        [("fee", "1e20"), ("tax", "-1e20")],
        [("seller", "1.00"), ("fee", "-1.00")],
        [("gifts", "1.00"), ("fee", "-1.00")],
    ],
)
def test_what_is_no_movement_is_refused(db, lines):
    with pytest.raises(LedgerError):
        post(key="a", kind=Kind.SALE, lines=[Line(account, Decimal(amount)) for account, amount in lines])
    assert not LedgerMovement.objects.exists()


def test_the_sites_own_accounts_have_no_owner(seller):
    with pytest.raises(LedgerError, match="owner"):
        post(
            key="a",
            kind=Kind.SALE,
            lines=[Line(Account.FEE, Decimal(1), owner=seller), Line(Account.TAX, Decimal(-1))],
        )


def test_the_same_key_again_gives_the_movement_that_is_there(seller):
    assert pay_seller(seller, Decimal("5.00")) == pay_seller(seller, Decimal("5.00"))
    assert LedgerEntry.objects.count() == 2


def test_the_same_key_for_something_else_is_refused(seller):
    pay_seller(seller, Decimal("5.00"))
    with pytest.raises(LedgerError, match="other lines"):
        pay_seller(seller, Decimal("6.00"))


@pytest.mark.django_db(transaction=True)
def test_one_event_posted_many_times_at_once_is_one_movement():
    seller = UserFactory()

    def work(number):
        with transaction.atomic():
            return pay_seller(seller, Decimal("5.00")).pk

    assert len(set(at_once(work, 24, threads=8))) == 1
    assert balance(Account.SELLER, owner=seller) == Decimal("5.00")


# What the database refuses, whoever writes


@pytest.fixture
def movement(db):
    return LedgerMovement.objects.create(key="by hand", kind=Kind.SALE)


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("ledger_entry_moves_money", {"amount": "0.00"}),
        ("ledger_entry_owner_fits_account", {"account": "seller"}),
        ("ledger_entry_owner_fits_account", {"account": "gifts"}),
        ("ledger_entry_only_sellers_wait", {"available_at": timezone.now()}),
    ],
)
def test_the_database_refuses_entries_that_make_no_sense(movement, constraint, wrong):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        LedgerEntry.objects.bulk_create([entry(movement, **wrong)])


def test_the_database_takes_no_nan_for_an_amount(movement):
    """PostgreSQL knows it, and calls it larger than every number."""
    insert = (
        "INSERT INTO commerce_ledgerentry (movement_id, account, amount, currency, created_at)"
        " VALUES (%s, 'fee', 'NaN', 'USD', now())"
    )
    with pytest.raises(IntegrityError, match="ledger_entry_moves_money"), transaction.atomic():
        connection.cursor().execute(insert, [movement.pk])


@pytest.mark.parametrize(
    "parts", [[("fee", "1.00", "USD")], [("fee", "1.00", "USD"), ("tax", "-0.99", "USD")],
              [("fee", "1.00", "USD"), ("tax", "-1.00", "EUR")]]
)  # fmt: skip
def test_the_database_refuses_a_movement_that_is_off_balance(movement, parts):
    with pytest.raises(IntegrityError, match="off balance"), transaction.atomic():
        for account, amount, currency in parts:
            entry(movement, account, amount, currency=currency).save()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.django_db(transaction=True)
def test_a_movement_that_is_off_balance_can_not_be_committed():
    with pytest.raises(IntegrityError, match="off balance"), transaction.atomic():
        entry(LedgerMovement.objects.create(key="a", kind=Kind.SALE)).save()
    assert not LedgerMovement.objects.exists()


def test_entries_and_movements_are_never_changed_or_deleted(seller):
    pay_seller(seller, Decimal("5.00"))
    for rows in (LedgerEntry.objects.all(), LedgerMovement.objects.filter(entries=None)):
        assert rows.exists() or rows.model is LedgerMovement
    for attempt in (
        lambda: LedgerEntry.objects.update(amount=1),
        lambda: LedgerEntry.objects.all()._raw_delete("default"),
        lambda: LedgerMovement.objects.update(note="changed"),
        lambda: LedgerMovement.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError, match="never changed or deleted"), transaction.atomic():
            attempt()
    assert balance(Account.SELLER, owner=seller) == Decimal("5.00")


# Balances


def test_a_balance_tells_what_is_available_waits_is_disputed_and_on_its_way(seller):
    soon = timezone.now() + timedelta(days=3)
    pay_seller(seller, Decimal("10.00"), "old", available_at=timezone.now() - timedelta(days=1))
    pay_seller(seller, Decimal("7.00"), "new", available_at=soon)
    for key, account, amount in (("r", Account.RESERVED, "4.00"), ("h", Account.HELD, "2.50")):
        moved = [
            Line(Account.SELLER, -Decimal(amount), owner=seller),
            Line(account, Decimal(amount), owner=seller),
        ]
        post(key=key, kind=Kind.PAYOUT_RESERVE, lines=moved)
    pay_seller(UserFactory(), Decimal("99.00"), "somebody else's")
    found = balance_of(seller)
    assert (found.available, found.on_hold, found.held, found.reserved) == (
        Decimal("3.50"), Decimal("7.00"), Decimal("2.50"), Decimal("4.00"),
    )  # fmt: skip
    assert found.total == Decimal("17.00")
    assert balance_of(seller, now=soon).available == Decimal("10.50")


def test_a_refund_of_a_waiting_sale_lowers_what_waits(seller):
    soon = timezone.now() + timedelta(days=3)
    pay_seller(seller, Decimal("10.00"), "old")
    pay_seller(seller, Decimal("7.00"), "new", available_at=soon)
    pay_seller(seller, Decimal("-7.00"), "back", available_at=soon)
    found = balance_of(seller)
    assert (found.available, found.on_hold) == (Decimal("10.00"), Decimal("0.00"))


def test_a_balance_may_be_negative(seller):
    pay_seller(seller, Decimal("-3.00"))
    assert balance_of(seller).available == Decimal("-3.00")


def test_somebody_without_entries_has_nothing(seller):
    assert balance_of(seller).total == balance(Account.SELLER, owner=seller) == balance(Account.FEE) == 0


@hypothesis_settings(deadline=None, max_examples=20)
@given(st.lists(amounts, min_size=1, max_size=12), st.integers(0, 12))
@pytest.mark.django_db
def test_checkpoints_change_no_balance(parts, taken_after):
    seller = UserFactory()
    drop_checkpoints()
    for number, amount in enumerate(parts):
        pay_seller(seller, amount, f"{seller.pk}-{number}")
        if number == taken_after:
            take_checkpoints(worth_it=1)
    assert balance(Account.SELLER, owner=seller) == sum(parts)
    whole = balance(Account.SELLER), balance(Account.FEE)
    take_checkpoints(worth_it=1)
    assert (balance(Account.SELLER), balance(Account.FEE)) == whole
    assert balance_of(seller).available == sum(parts)
    drop_checkpoints()
    assert (balance(Account.SELLER), balance(Account.FEE)) == whole


def test_only_long_accounts_get_a_checkpoint(seller):
    for number in range(3):
        pay_seller(seller, Decimal("1.00"), str(number))
    pay_seller(UserFactory(), Decimal("1.00"), "other")
    assert take_checkpoints(worth_it=4) == 2  # the fees, and the balances of all creators together
    assert take_checkpoints(worth_it=3) == 1
    assert LedgerCheckpoint.objects.get(owner=seller).amount == Decimal("3.00")
    assert take_checkpoints(worth_it=1) == 1  # the other creator's
    assert take_checkpoints(worth_it=1) == 0


@pytest.mark.django_db(transaction=True)
def test_a_checkpoint_misses_no_entry_that_is_still_being_written():
    """Entries get their keys in one order and are seen in another."""
    seller = UserFactory()

    def work(number):
        if number % 4 == 0:
            return take_checkpoints(worth_it=1)
        with transaction.atomic():
            pay_seller(seller, Decimal("1.00"), f"a-{number}")
            pay_seller(seller, Decimal("1.00"), f"b-{number}")
        return 0

    outcomes = at_once(work, 80, threads=8)
    assert not [one for one in outcomes if isinstance(one, Exception)]
    assert balance(Account.SELLER, owner=seller) == Decimal("120.00")
    assert balance(Account.FEE) == Decimal("-120.00")


def test_what_was_held_at_a_moment(seller):
    pay_seller(seller, Decimal("1.00"), "a")
    between = timezone.now()
    pay_seller(seller, Decimal("2.00"), "b")
    assert balance_at(Account.SELLER, between, owner=seller) == Decimal("1.00")


@pytest.mark.parametrize("count", [1, 24])
def test_a_balance_takes_three_queries_however_long_it_is(seller, count, django_assert_num_queries):
    for number in range(count):
        pay_seller(seller, Decimal("1.00"), str(number))
    take_checkpoints(worth_it=1)
    with django_assert_num_queries(3):
        balance_of(seller)


# What buying posts


def test_a_sale_is_the_buyers_money_the_fee_and_the_sellers_share(buyer, seller, settings):
    settings.PAYOUT_HOLD_DAYS = 5
    order = paid_order(buyer, model_of(seller))
    line = order.transactions.get()
    assert lines_of(f"sale:{line.pk}") == {
        "buyer": Decimal("-24.00"), "fee": Decimal("1.80"), "seller": Decimal("22.20"),
    }  # fmt: skip
    movement = line.movements.get()
    assert (movement.kind, movement.payment) == (Kind.SALE, order.latest_payment())
    share = movement.entries.get(account=Account.SELLER)
    assert (share.owner, share.available_at) == (seller, line.completed_at + timedelta(days=5))
    assert balance_of(seller).on_hold == Decimal("22.20")


def test_tax_is_nobodys_income(buyer, seller):
    order = order_of(buyer, model_of(seller))
    Transaction.objects.filter(order=order).update(tax_amount=Decimal("5.04"))
    payment = started_payment(order)
    Payment.objects.filter(pk=payment.pk).update(amount=Decimal("29.04"))
    payment.refresh_from_db()
    settle(payment, received(payment))
    assert (balance(Account.BUYER), balance(Account.TAX)) == (Decimal("-29.04"), Decimal("5.04"))
    assert balance_of(seller).total == Decimal("22.20")


def test_settling_again_posts_nothing_again(buyer, seller):
    payment = started_payment(order_of(buyer, model_of(seller)))
    for _ in range(3):
        settle(payment, received(payment))
    assert LedgerMovement.objects.count() == 1


def test_a_free_model_moves_nothing(buyer, seller):
    paid_order(buyer, model_of(seller), model_of(seller, "0.00"))
    assert LedgerMovement.objects.count() == 1


def test_what_the_provider_keeps_comes_out_of_the_fee(buyer, seller):
    payment = started_payment(order_of(buyer, model_of(seller)))
    state = ProviderState(PaymentState.SUCCEEDED, payment.amount, payment.currency, cost=Decimal("1.00"))
    settle(payment, state)
    assert (balance(Account.FEE), balance(Account.PROVIDER)) == (Decimal("0.80"), Decimal("1.00"))
    assert balance_of(seller).total == Decimal("22.20")


def test_what_the_provider_keeps_is_posted_also_where_it_says_so_after_the_money_has_come(buyer, seller):
    payment = started_payment(order_of(buyer, model_of(seller)))
    settle(payment, received(payment))
    for said in ("1.00", "1.00", "1.20"):
        assert apply_state(payment, replace(received(payment), cost=Decimal(said))) == ""
    payment.refresh_from_db()
    assert payment.provider_cost == balance(Account.PROVIDER) == Decimal("1.00")


def test_what_the_provider_keeps_of_money_that_it_took_twice_is_posted(buyer, seller):
    payment = started_payment(order_of(buyer, model_of(seller)))
    settle(payment, received(payment))
    for _ in range(2):
        receive_again(payment, "another", replace(received(payment), cost=Decimal("1.00")))
    assert balance(Account.PROVIDER) == Decimal("1.00")


def test_money_that_bought_nothing_is_due_until_it_is_sent_back(buyer, seller):
    model = model_of(seller)
    payment = started_payment(order_of(buyer, model))
    sandbox.pay(payment.provider_id, sandbox.CARD_SUCCEEDS)
    owned_by_hand(buyer, model)
    settle(payment, received(payment))
    assert (balance(Account.BUYER, owner=buyer), balance(Account.DUE, owner=buyer)) == (-24, 24)
    payment.refresh_from_db()
    send(refund_due(payment, by=UserFactory(admin=True)).pk)
    assert (balance(Account.BUYER, owner=buyer), balance(Account.DUE, owner=buyer)) == (0, 0)
    assert balance_of(seller).total == 0


def test_an_order_paid_twice_is_one_sale_and_money_due(buyer, seller):
    order = order_of(buyer, model_of(seller))
    first = started_payment(order)
    apply_state(first, ProviderState(PaymentState.FAILED, first.amount, "USD", "declined"))
    order.refresh_from_db()
    second = pay_again(order, method="card")
    start_payment(second)
    settle(second, received(second))
    settle(first, received(first))
    assert balance(Account.BUYER, owner=buyer) == Decimal("-48.00")
    assert (balance(Account.DUE, owner=buyer), balance_of(seller).total) == (
        Decimal("24.00"),
        Decimal("22.20"),
    )


# What was sold before there was a ledger


def everything() -> list[tuple]:
    found = LedgerEntry.objects.values_list(
        "movement__key", "movement__kind", "movement__payment", "movement__transaction", "movement__note",
        "account", "owner", "amount", "currency", "available_at", "created_at",
    )  # fmt: skip
    return sorted(found, key=str)


def test_past_sales_are_posted_as_new_ones_are(buyer, seller):
    own = model_of(seller, title="Twice")
    paid_order(buyer, model_of(seller), model_of(seller, "0.00"), model_of(UserFactory(creator=True), "6.00"))
    for refunded in (False, True):
        model = own if not refunded else model_of(seller)
        payment = started_payment(order_of(buyer, model))
        sandbox.pay(payment.provider_id, sandbox.CARD_SUCCEEDS)
        owned_by_hand(buyer, model)
        settle(payment, received(payment))
        payment.refresh_from_db()
        if refunded:
            send(refund_due(payment, by=buyer).pk)
    # Then a refund's own time was kept nowhere but in the audit log.
    posted = [row[:-1] for row in everything()]
    assert len({row[0] for row in posted}) == 5
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE commerce_ledgerentry, commerce_ledgermovement CASCADE")
    migration = importlib.import_module("commerce.migrations.0009_past_sales")
    with connection.schema_editor(atomic=False) as editor:
        for _ in range(2):
            migration.post_past(apps, editor)
    assert [row[:-1] for row in everything()] == posted
