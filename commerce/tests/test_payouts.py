"""Payouts: nobody is paid what is not theirs, nothing twice, and whatever comes back can be asked for again."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models.expressions import RawSQL
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.models import Notification
from accounts.tests.factories import UserFactory
from commerce.actions.payout_batches import discard_batch, make_batches, mark_paid
from commerce.actions.payouts import (
    approve_payout,
    cancel_payout,
    decline_payout,
    request_payout,
    return_payout,
)
from commerce.exceptions import PayoutNotPossible, PayoutUnderWay
from commerce.ledger import balance, balance_of
from commerce.models import LedgerEntry, Payout, PayoutBatch, PayoutDetails
from commerce.tests.concurrency import at_once
from commerce.tests.payouts import (
    approved,
    batch_of,
    details_of,
    earn,
    finance,
    give_back,
    paid,
    payout_of,
    seller_with,
)
from core.models import AuditEntry, OutgoingMail
from marketplace.tests.factories import Model3DFactory

Account, Status = LedgerEntry.Account, Payout.Status


# Asking


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        ("100.01", r"\$100.00 is available"),
        ("9999999999.99", r"\$100.00 is available"),
        ("1e30", r"\$100.00 is available"),
        ("24.99", r"at least \$25.00"),
        ("0", r"at least \$25.00"),
        ("-50", r"at least \$25.00"),
        ("NaN", "no amount"),
        ("Infinity", "no amount"),
        ("-Infinity", "no amount"),
        ("50.005", "a fraction"),
    ],
)
def test_an_amount_that_is_none_or_not_there_is_refused(amount, sentence):
    seller = seller_with("100.00")
    with pytest.raises(PayoutNotPossible, match=sentence):
        payout_of(seller, amount)
    assert not Payout.objects.exists()
    assert balance_of(seller).available == 100


@pytest.mark.django_db
def test_without_details_nothing_can_be_asked_for():
    seller = UserFactory(creator=True)
    earn(seller, "100.00")
    with pytest.raises(PayoutNotPossible, match="where your payouts go"):
        payout_of(seller, "100.00")


@pytest.mark.django_db
def test_new_details_cannot_be_used_before_their_time():
    seller = seller_with("100.00")
    details_of(seller, usable=False)
    with pytest.raises(PayoutNotPossible, match="details are new"):
        payout_of(seller, "100.00")


@pytest.mark.django_db
def test_what_is_on_hold_or_another_persons_cannot_be_asked_for():
    seller = seller_with("30.00")
    earn(seller, "500.00", available_at=timezone.now() + timedelta(days=7))
    seller_with("1000.00")
    with pytest.raises(PayoutNotPossible, match=r"\$30.00 is available"):
        payout_of(seller, "30.01")


@pytest.mark.django_db
def test_a_negative_balance_pays_nothing():
    seller = seller_with("30.00")
    give_back(seller, "50.00")
    with pytest.raises(PayoutNotPossible, match=r"\$0.00 is available"):
        payout_of(seller, "30.00")


@pytest.mark.django_db
def test_one_at_a_time():
    seller = seller_with("100.00")
    payout_of(seller, "30.00")
    with pytest.raises(PayoutUnderWay):
        payout_of(seller, "30.00")
    assert Payout.objects.count() == 1


@pytest.mark.django_db
def test_what_is_asked_for_is_reserved_and_told():
    seller = seller_with("100.00")
    payout = payout_of(seller, "60.00")
    after = balance_of(seller)
    assert (after.available, after.reserved, after.total) == (Decimal(40), Decimal(60), Decimal(100))
    assert (payout.status, payout.destination, payout.approvals_needed) == (
        Status.REQUESTED,
        "DE89 •••• 3000",
        1,
    )
    mail = OutgoingMail.objects.get(kind="commerce/payout")
    assert "You requested a payout of $60.00" in mail.subject
    assert "0532013000" not in mail.text + mail.html
    assert Notification.objects.filter(user=seller, kind=Notification.Kind.PAYOUT).count() == 1
    assert AuditEntry.objects.get(action="payout.requested").data == {"amount": "60.00"}


@pytest.mark.django_db
def test_the_rest_of_who_sells_nothing_any_more_is_paid_however_little():
    seller = seller_with("3.10")
    model = Model3DFactory(creator=seller, listed=True)
    with pytest.raises(PayoutNotPossible, match=r"at least \$25.00"):
        payout_of(seller, "3.10")
    model.__class__.objects.filter(pk=model.pk).update(is_published=False)
    with pytest.raises(PayoutNotPossible, match=r"at least \$3.10"):
        payout_of(seller, "3.00")
    assert payout_of(seller, "3.10").amount == Decimal("3.10")


@pytest.mark.django_db
def test_a_little_is_no_rest_while_more_is_on_hold():
    seller = seller_with("3.10")
    earn(seller, "50.00", available_at=timezone.now() + timedelta(days=7))
    with pytest.raises(PayoutNotPossible, match=r"at least \$25.00"):
        payout_of(seller, "3.10")


# Approving


@pytest.mark.django_db
def test_nobody_decides_on_their_own():
    seller = seller_with("2000.00")
    seller.groups.add(*finance().groups.all())
    payout = payout_of(seller, "100.00")
    for decide in (approve_payout, lambda payout, by: decline_payout(payout, by=by, reason="No")):
        with pytest.raises(PayoutNotPossible, match="their own"):
            decide(payout, by=seller)
    batches, left_out = make_batches([approved(payout).pk], by=seller)
    assert batches == []
    assert "nobody sends" in left_out[0]
    mark_paid(batch_of(payout), by=finance(), reference="1")
    with pytest.raises(PayoutNotPossible, match="their own"):
        return_payout(payout, by=seller, reason="No")


@pytest.mark.django_db
def test_above_the_limit_the_second_approval_is_somebody_elses(settings):
    settings.PAYOUT_SECOND_APPROVAL_ABOVE = Decimal("500.00")
    payout = payout_of(seller_with("2000.00"), "500.01")
    ana, boris = finance(), finance()
    payout = approve_payout(payout, by=ana)
    assert (payout.status, payout.approvals_given) == (Status.REQUESTED, 1)
    with pytest.raises(PayoutNotPossible, match="somebody else's"):
        approve_payout(payout, by=ana)
    payout = approve_payout(payout, by=boris)
    assert (payout.status, payout.approved_at) == (Status.APPROVED, payout.second_approved_at)
    assert [
        entry.data["approval"] for entry in AuditEntry.objects.filter(action="payout.approved").order_by("pk")
    ] == [1, 2]


@pytest.mark.django_db
def test_up_to_the_limit_one_is_enough(settings):
    settings.PAYOUT_SECOND_APPROVAL_ABOVE = Decimal("500.00")
    assert approve_payout(payout_of(seller_with("2000.00"), "500.00"), by=finance()).status == Status.APPROVED


@pytest.mark.django_db
def test_a_limit_that_is_raised_later_saves_nobody_the_second_approval(settings):
    payout = payout_of(seller_with("2000.00"), "600.00")
    settings.PAYOUT_SECOND_APPROVAL_ABOVE = Decimal("1000.00")
    assert approve_payout(payout, by=finance()).status == Status.REQUESTED


@pytest.mark.django_db
def test_after_refunds_nothing_is_approved_that_is_not_covered():
    seller = seller_with("100.00")
    payout = payout_of(seller, "100.00")
    give_back(seller, "0.01")
    with pytest.raises(PayoutNotPossible, match=r"to −\$0.01"):
        approve_payout(payout, by=finance())
    decline_payout(payout, by=finance(), reason="A sale was refunded.")
    assert balance_of(seller).available == Decimal("99.99")


@pytest.mark.django_db
def test_after_refunds_what_is_approved_comes_into_no_batch():
    seller = seller_with("100.00")
    payout = approved(payout_of(seller, "100.00"))
    give_back(seller, "1.00")
    batches, (sentence,) = make_batches([payout.pk], by=finance())
    assert batches == []
    assert "Refunds since the request" in sentence


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [
        {"amount": Decimal("0.00")},
        {"amount": Decimal("-1.00")},
        {"amount": RawSQL("'NaN'::numeric", [])},
        {"status": "approved"},
        {"status": "paid", "paid_at": timezone.now()},
        {"status": "declined", "ended_at": timezone.now()},
        {"status": "returned", "ended_at": timezone.now(), "end_reason": "x"},
        {"approvals_needed": 3},
        {"details": None},
        {"first_approver": "seller", "first_approved_at": timezone.now()},
        {"first_approver": "other", "first_approved_at": None},
        {"second_approver": "other", "second_approved_at": timezone.now()},
        {
            "first_approver": "other",
            "first_approved_at": timezone.now(),
            "second_approver": "other",
            "second_approved_at": timezone.now(),
        },
    ],
)
def test_the_database_refuses_what_cannot_be(changes):
    payout = payout_of(seller_with("100.00"), "50.00")
    people = {"seller": payout.seller, "other": finance()}
    changes = {
        name: people.get(value, value) if isinstance(value, str) else value for name, value in changes.items()
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Payout.objects.filter(pk=payout.pk).update(**changes)


@pytest.mark.django_db
def test_the_database_refuses_one_approval_where_two_are_needed():
    payout = payout_of(seller_with("2000.00"), "1000.00")
    with pytest.raises(IntegrityError, match="payout_approved_by_enough"), transaction.atomic():
        Payout.objects.filter(pk=payout.pk).update(
            status="approved", first_approver=finance(), first_approved_at=timezone.now()
        )


# Giving back


@pytest.mark.django_db
def test_only_until_somebody_approves_can_the_seller_take_it_back():
    seller = seller_with("2000.00")
    payout = payout_of(seller, "1000.00")
    approve_payout(payout, by=finance())
    with pytest.raises(PayoutNotPossible, match="cannot be cancelled"):
        cancel_payout(payout, by=seller)


@pytest.mark.django_db
def test_what_is_cancelled_twice_comes_back_once():
    seller = seller_with("100.00")
    payout = payout_of(seller, "100.00")
    cancel_payout(payout, by=seller)
    assert cancel_payout(payout, by=seller).status == Status.CANCELLED
    assert balance_of(seller).available == 100
    assert payout_of(seller, "100.00").pk != payout.pk


@pytest.mark.django_db
def test_what_is_declined_comes_back_with_the_reason():
    seller = seller_with("100.00")
    payout = decline_payout(payout_of(seller, "100.00"), by=finance(), reason="The name does not match.")
    assert (payout.status, balance_of(seller).available, balance_of(seller).reserved) == (
        Status.DECLINED,
        100,
        0,
    )
    mail = OutgoingMail.objects.get(kind="commerce/payout", subject__contains="declined")
    assert "The name does not match." in mail.text
    for call in (decline_payout, return_payout):
        with pytest.raises(PayoutNotPossible):
            call(payout, by=finance(), reason="Again")
    with pytest.raises(PayoutNotPossible):
        approve_payout(payout, by=finance())


@pytest.mark.django_db
def test_what_the_bank_returns_is_not_settled_and_can_be_asked_for_again():
    seller = seller_with("100.00")
    payout = paid(payout_of(seller, "100.00"))
    assert (payout.is_settled, balance(Account.BANK, owner=seller)) == (True, Decimal(100))
    payout = return_payout(payout, by=finance(), reason="The account is closed.")
    assert (payout.is_settled, Payout.objects.settled().exists()) == (False, False)
    assert (balance(Account.BANK, owner=seller), balance_of(seller).available) == (0, 100)
    with pytest.raises(PayoutNotPossible):
        return_payout(payout, by=finance(), reason="Again")
    assert balance_of(seller).available == 100
    assert payout_of(seller, "100.00").status == Status.REQUESTED


# Batches


@pytest.mark.django_db
def test_only_what_is_approved_and_in_no_batch_is_put_into_one():
    asked, sent = (
        payout_of(seller_with("100.00"), "50.00"),
        approved(payout_of(seller_with("100.00"), "60.00")),
    )
    batch_of(sent)
    batches, left_out = make_batches([asked.pk, sent.pk, 0], by=finance())
    assert batches == []
    assert [sentence.split(": ")[1] for sentence in left_out] == [
        "it is not approved.",
        "it is in a batch already.",
    ]


@pytest.mark.django_db
def test_what_is_in_a_batch_cannot_be_declined_until_that_is_discarded():
    payout = approved(payout_of(seller_with("100.00"), "50.00"))
    batch = batch_of(payout)
    with pytest.raises(PayoutNotPossible, match="about to be sent"):
        decline_payout(payout, by=finance(), reason="No")
    discard_batch(batch, by=finance())
    with pytest.raises(PayoutNotPossible):
        mark_paid(batch, by=finance(), reference="1")
    payout.refresh_from_db()
    assert (payout.status, payout.batch) == (Status.APPROVED, None)
    assert decline_payout(payout, by=finance(), reason="No").status == Status.DECLINED


@pytest.mark.django_db
def test_a_batch_is_paid_once_with_all_that_is_in_it():
    payouts = [approved(payout_of(seller_with("100.00"), amount)) for amount in ("50.00", "60.00")]
    batch = batch_of(*payouts)
    for _ in range(2):
        batch = mark_paid(batch, by=finance(), reference=" SEPA 17 ")
    assert (batch.status, batch.reference) == (PayoutBatch.Status.PAID, "SEPA 17")
    with pytest.raises(PayoutNotPossible):
        discard_batch(batch, by=finance())
    assert Payout.objects.settled().summed() == {"count": 2, "amount": Decimal("110.00")}
    assert balance(Account.BANK) == Decimal("110.00")
    assert balance(Account.RESERVED) == 0
    assert OutgoingMail.objects.filter(kind="commerce/payout", subject__contains="was paid").count() == 2


@pytest.mark.django_db
def test_each_method_has_a_batch_of_its_own():
    first, second = (
        approved(payout_of(seller_with("100.00"), "50.00")),
        payout_of(seller_with("100.00"), "60.00"),
    )
    Payout.objects.filter(pk=second.pk).update(method=PayoutDetails.Method.PAYPAL)
    batches, _ = make_batches([first.pk, approved(second).pk], by=finance())
    assert [batch.method for batch in batches] == ["iban", "paypal"]


@pytest.mark.django_db
def test_a_batch_is_of_a_size_that_one_transaction_takes():
    with pytest.raises(PayoutNotPossible, match="at most 500"):
        make_batches(range(501), by=finance())


# Everything in any order

OPERATIONS = st.one_of(
    st.tuples(st.just("earn"), st.decimals(min_value=1, max_value=900, places=2)),
    st.tuples(st.just("refund"), st.decimals(min_value=1, max_value=900, places=2)),
    st.tuples(st.just("request"), st.decimals(min_value=0, max_value=1, places=2)),
    st.tuples(
        st.sampled_from(["cancel", "approve", "decline", "batch", "pay", "discard", "return"]), st.none()
    ),
)


class Books:
    """One seller's money, and what is done with it; what is refused changes nothing."""

    def __init__(self) -> None:
        self.seller = seller_with("1.00")
        self.people = [finance(), finance()]
        self.earned, self.refunded = Decimal("1.00"), Decimal("0.00")

    def latest(self) -> Payout | None:
        return Payout.objects.order_by("-pk").first()

    def earn(self, amount):
        earn(self.seller, amount)
        self.earned += amount

    def refund(self, amount):
        amount = min(amount, self.earned - self.refunded)
        if amount:
            give_back(self.seller, amount)
            self.refunded += amount

    def request(self, share):
        available = max(balance_of(self.seller).available, Decimal(0))
        request_payout(seller=self.seller, amount=(available * share).quantize(Decimal("0.01")))

    def cancel(self, _):
        cancel_payout(self.latest(), by=self.seller)

    def approve(self, _):
        for person in self.people:
            approve_payout(self.latest(), by=person)
            self.is_covered()

    def decline(self, _):
        decline_payout(self.latest(), by=self.people[0], reason="No")

    def batch(self, _):
        if make_batches([self.latest().pk], by=self.people[0])[0]:
            self.is_covered()

    def pay(self, _):
        if batch := PayoutBatch.objects.filter(status="open").first():
            mark_paid(batch, by=self.people[0], reference="1")

    def discard(self, _):
        if batch := PayoutBatch.objects.filter(status="open").first():
            discard_batch(batch, by=self.people[0])

    def return_(self, _):
        return_payout(self.latest(), by=self.people[0], reason="Closed")

    def is_covered(self):
        """When money is promised or sent, all that was ever sent is within what was earned and not refunded."""
        sent = Payout.objects.settled().summed()["amount"] + Payout.objects.open().summed()["amount"]
        assert sent <= self.earned - self.refunded

    def check(self):
        """The books, the payouts and what happened say the same."""
        have = balance_of(self.seller)
        settled, on_the_way = Payout.objects.settled().summed(), Payout.objects.open().summed()
        assert have.reserved == on_the_way["amount"]
        assert balance(Account.BANK) == settled["amount"] >= 0
        assert have.total == self.earned - self.refunded - settled["amount"]
        assert on_the_way["count"] <= 1


@pytest.mark.django_db
@hypothesis_settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(OPERATIONS, min_size=4, max_size=25))
def test_nothing_in_any_order_pays_out_more_than_was_earned(operations):
    with transaction.atomic():
        books = Books()
        for name, value in operations:
            call = getattr(books, "return_" if name == "return" else name)
            if books.latest() is None and name not in {"earn", "refund", "request", "pay", "discard"}:
                continue
            try:
                with transaction.atomic():
                    call(value)
            except PayoutNotPossible:
                pass
            books.check()
        connection.check_constraints()
        transaction.set_rollback(True)


# At once


@pytest.mark.django_db(transaction=True)
def test_of_twenty_requests_for_the_same_balance_one_gets_it():
    seller = seller_with("100.00")
    outcomes = at_once(lambda number: payout_of(seller, "100.00"), 20)
    assert sum(isinstance(outcome, Payout) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, PayoutUnderWay) for outcome in outcomes) == 19
    assert (balance_of(seller).available, balance_of(seller).reserved) == (0, 100)


@pytest.mark.django_db(transaction=True)
def test_many_approvals_at_once_count_a_person_once():
    payout = payout_of(seller_with("2000.00"), "1000.00")
    ana = finance()
    at_once(lambda number: approve_payout(payout, by=ana), 10, threads=10)
    payout.refresh_from_db()
    assert (payout.status, payout.approvals_given) == (Status.REQUESTED, 1)
    at_once(lambda number: approve_payout(payout, by=finance()), 10, threads=10)
    payout.refresh_from_db()
    assert (payout.status, payout.approvals_given) == (Status.APPROVED, 2)


@pytest.mark.django_db(transaction=True)
def test_cancelled_approved_and_declined_at_once_the_money_is_in_one_place():
    seller = seller_with("100.00")
    payout, ana = payout_of(seller, "100.00"), finance()
    calls = [
        lambda: cancel_payout(payout, by=seller),
        lambda: approve_payout(payout, by=ana),
        lambda: decline_payout(payout, by=ana, reason="No"),
        lambda: make_batches([payout.pk], by=ana),
    ]
    at_once(lambda number: calls[number % 4](), 20)
    payout.refresh_from_db()
    have = balance_of(seller)
    assert have.total == 100
    assert have.reserved == (100 if payout.is_open else 0)


@pytest.mark.django_db(transaction=True)
def test_a_batch_that_is_paid_and_discarded_at_once_is_one_of_both():
    seller = seller_with("100.00")
    batch = batch_of(approved(payout_of(seller, "100.00")))
    ana = finance()
    at_once(
        lambda number: (
            mark_paid(batch, by=ana, reference="1") if number % 2 else discard_batch(batch, by=ana)
        ),
        10,
    )
    payout = Payout.objects.get()
    assert balance(Account.BANK) == (100 if payout.is_settled else 0)
    assert balance_of(seller).reserved == (0 if payout.is_settled else 100)
