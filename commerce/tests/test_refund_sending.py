"""Between an approved refund and its provider, in every way that can go; and what is counted when it has arrived."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.tests.factories import UserFactory
from commerce.actions import refunds
from commerce.actions.downloads import make_link
from commerce.exceptions import ProviderRefused, ProviderUnavailable, RefundNotPossible
from commerce.gateways.base import RefundNews
from commerce.models import DownloadLink, Payment, Purchase, Refund, SandboxCharge, Transaction
from commerce.tests.concurrency import at_once
from commerce.tests.refunding import (
    downloaded,
    due_now,
    failed,
    pending,
    reloaded,
    scripted,
    sold,
    sold_together,
    succeeded,
)
from core.models import AuditEntry, OutgoingMail
from marketplace.models import DailyStats
from marketplace.tests.factories import Model3DFactory

Status = Refund.Status


@pytest.fixture
def buyer(db):
    return UserFactory()


@pytest.fixture
def model(db):
    return Model3DFactory(listed=True, price=Decimal("24.00"), title="Walnut desk")


@pytest.fixture
def purchase(buyer, model):
    return sold(buyer, model)


@pytest.fixture
def approved(purchase, buyer):
    return refunds.ask(purchase=purchase, by=buyer, reason=Refund.Reason.NOT_NEEDED)


def figures(purchase) -> tuple:
    """What counts the sale: of the model, the people, the day; and what the sale and its payment are."""
    line = reloaded(purchase.transaction)
    day = DailyStats.objects.get(model=line.model_id)
    return (
        reloaded(line.model).sales_count,
        reloaded(line.seller).total_sales,
        reloaded(line.buyer).purchases_count,
        day.sales,
        day.revenue,
        line.payment_status,
        reloaded(line.order.payments.get()).status,
        reloaded(purchase).is_active,
    )


AS_SOLD = (1, 1, 1, 1, Decimal("24.00"), "completed", "completed", True)
AS_REFUNDED = (0, 0, 0, 0, Decimal("0.00"), "refunded", "refunded", False)


def test_a_refund_that_completes_takes_access_counts_and_states_back(approved, purchase):
    link = DownloadLink.objects.create(
        purchase=purchase,
        file=purchase.model.current_file,
        expires_at=timezone.now() + timedelta(hours=1),
    )
    assert figures(purchase) == AS_SOLD
    for _ in range(3):
        refunds.send(approved.pk)
    assert reloaded(approved).is_completed
    assert figures(purchase) == AS_REFUNDED
    assert DownloadLink.find(link.token, user=purchase.user) is None
    assert SandboxCharge.objects.get().refunded == 2400


def test_the_model_can_be_bought_again_afterwards(approved, purchase, buyer, model):
    refunds.send(approved.pk)
    again = sold(buyer, model)
    assert again.is_downloadable
    assert figures(again) == AS_SOLD


def test_partial_refunds_leave_access_and_count_the_amount_alone(purchase, model):
    for amount in ("10.00", "4.00"):
        made = refunds.refund(transaction=purchase.transaction, amount=Decimal(amount), text="Sorry.")
        refunds.send(made.pk)
    assert figures(purchase) == (1, 1, 1, 1, Decimal("10.00"), "completed", "partially_refunded", True)
    last = refunds.refund(transaction=purchase.transaction, text="And the rest.")
    assert last.gross == Decimal("10.00")
    refunds.send(last.pk)
    assert figures(purchase) == AS_REFUNDED
    completed = purchase.transaction.refunds.completed().parts()
    assert completed == purchase.transaction.sold_parts
    with pytest.raises(RefundNotPossible):
        refunds.refund(transaction=purchase.transaction, text="More.")


def test_a_refund_that_the_provider_refuses_stays_visible_and_changes_nothing(
    approved, purchase, monkeypatch
):
    scripted(monkeypatch, ProviderRefused("The charge is too old."))
    refunds.send(approved.pk)
    made = reloaded(approved)
    assert (made.status, made.failure_message) == (Status.FAILED, "The charge is too old.")
    assert figures(purchase) == AS_SOLD
    assert reloaded(purchase).is_downloadable
    assert AuditEntry.objects.filter(action="refund.failed").count() == 1
    assert OutgoingMail.objects.filter(subject__contains="could not be sent").count() == 2


def test_one_that_failed_is_sent_again_under_a_new_key(approved, purchase, monkeypatch):
    provider = scripted(monkeypatch, ProviderRefused("No."), succeeded())
    refunds.send(approved.pk)
    refunds.restart(refund=approved, by=None)
    assert not reloaded(purchase).is_downloadable
    refunds.send(approved.pk)
    assert figures(purchase) == AS_REFUNDED
    first, second = (key for key, _amount in provider.asked)
    assert first != second


def test_a_provider_that_does_not_answer_is_asked_again_later_under_the_same_key(approved, monkeypatch):
    provider = scripted(
        monkeypatch, ProviderUnavailable("Silence."), ProviderUnavailable("Silence."), succeeded()
    )
    refunds.send(approved.pk)
    waiting = reloaded(approved)
    assert waiting.status == Status.SENDING
    assert waiting.try_at > timezone.now()
    refunds.send(approved.pk)
    assert len(provider.asked) == 1
    for _ in range(2):
        due_now(approved)
        assert refunds.send_waiting() == 1
    assert reloaded(approved).is_completed
    assert len(set(provider.asked)) == 1


def test_after_too_many_silences_finance_has_to_look_and_the_key_stays(approved, purchase, monkeypatch):
    Refund.objects.filter(pk=approved.pk).update(attempts=Refund.MAX_ATTEMPTS - 1)
    provider = scripted(monkeypatch, ProviderUnavailable("Silence."), succeeded())
    refunds.send(approved.pk)
    assert reloaded(approved).status == Status.FAILED
    assert reloaded(purchase).is_downloadable
    refunds.restart(refund=approved, by=None)
    refunds.send(approved.pk)
    assert reloaded(approved).is_completed
    assert len(set(provider.asked)) == 1


def test_a_pending_refund_changes_nothing_until_it_has_arrived(approved, purchase, monkeypatch):
    provider = scripted(monkeypatch, pending(), pending(), succeeded())
    refunds.send(approved.pk)
    assert reloaded(approved).status == Status.SENDING
    assert figures(purchase) == AS_SOLD
    for _ in range(2):
        due_now(approved)
        refunds.send(approved.pk)
    assert [key for key, _rest in provider.asked][1:] == ["fetch", "fetch"]
    assert figures(purchase) == AS_REFUNDED


@pytest.mark.parametrize("steps", [["failed"], ["succeeded", "failed"], ["failed", "pending"]])
def test_a_refund_that_fails_in_the_end_is_not_taken_as_done(approved, purchase, monkeypatch, steps):
    scripted(monkeypatch, pending())
    refunds.send(approved.pk)
    states = {"failed": failed(), "succeeded": succeeded(), "pending": pending()}
    for step in steps:
        refunds.apply_refund_state(reloaded(approved), states[step])
    made = reloaded(approved)
    assert (made.status, made.completed_at) == (Status.FAILED, None)
    assert figures(purchase) == AS_SOLD
    assert reloaded(purchase).is_downloadable


def test_one_that_came_back_from_the_bank_can_be_sent_again(approved, purchase, monkeypatch):
    provider = scripted(monkeypatch, succeeded("re_1"), succeeded("re_2"))
    refunds.send(approved.pk)
    refunds.apply_refund_state(reloaded(approved), failed("re_1"))
    refunds.restart(refund=approved, by=None)
    refunds.send(approved.pk)
    assert figures(purchase) == AS_REFUNDED
    assert reloaded(approved).completions == 2
    assert len({key for key, _amount in provider.asked}) == 2


def test_who_has_bought_it_again_meanwhile_keeps_that_purchase_alone(approved, purchase, buyer, model):
    refunds.send(approved.pk)
    again = sold(buyer, model)
    assert again.pk != purchase.pk
    refunds.apply_refund_state(reloaded(approved), failed())
    assert not reloaded(purchase).is_active
    assert reloaded(buyer).purchases_count == 1


def test_a_worker_that_dies_with_the_lease_is_followed_by_another(approved, monkeypatch):
    provider = scripted(monkeypatch, RuntimeError("killed"), succeeded())
    with pytest.raises(RuntimeError):
        refunds.send(approved.pk)
    refunds.send(approved.pk)
    assert len(provider.asked) == 1
    Refund.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    refunds.send(approved.pk)
    assert reloaded(approved).is_completed
    assert len(set(provider.asked)) == 1


def test_a_webhook_that_overtakes_the_answer_completes_it_once(approved, purchase, monkeypatch):
    provider = scripted(monkeypatch, succeeded("re_9"))
    news = RefundNews("re_9", approved.provider_key, succeeded("re_9"), Decimal("24.00"))
    provider.meanwhile = lambda: refunds.apply_news(approved.payment, news)
    refunds.send(approved.pk)
    assert refunds.apply_news(approved.payment, news) == ""
    assert reloaded(approved).completions == 1
    assert figures(purchase) == AS_REFUNDED


def test_news_of_another_amount_completes_nothing(approved, purchase):
    news = RefundNews("re_9", approved.provider_key, succeeded("re_9"), Decimal("2.40"))
    assert "instead of 24.00" in refunds.apply_news(approved.payment, news)
    assert figures(purchase) == AS_SOLD


def test_money_that_nobody_here_sent_back_is_told_to_people(purchase):
    payment = purchase.transaction.order.payments.get()
    for key in ("", "refund-11111111-1111-1111-1111-111111111111-1", "mine"):
        problem = refunds.apply_news(payment, RefundNews("re_9", key, succeeded("re_9"), Decimal("5.00")))
        assert "nobody here has asked" in problem
    assert AuditEntry.objects.filter(action="refund.unknown").count() == 3
    assert figures(purchase) == AS_SOLD


def test_an_old_sending_that_succeeds_after_all_is_told_to_people_and_counts_once(
    approved, purchase, monkeypatch
):
    scripted(monkeypatch, ProviderRefused("No."), pending("re_2"))
    old_key = approved.provider_key
    refunds.send(approved.pk)
    refunds.restart(refund=approved, by=None)
    refunds.send(approved.pk)
    news = RefundNews("re_1", old_key, succeeded("re_1"), Decimal("24.00"))
    assert "went back after all" in refunds.apply_news(approved.payment, news)
    assert figures(purchase) == AS_SOLD
    assert AuditEntry.objects.filter(action="refund.unexpected").count() == 1


def test_a_cancelled_refund_counts_for_nothing(approved, purchase, buyer):
    refunds.stop(refund=approved, by=UserFactory(staff=True), text="By mistake.")
    refunds.send(approved.pk)
    assert reloaded(approved).status == Status.CANCELLED
    assert figures(purchase) == AS_SOLD
    assert reloaded(purchase).is_downloadable
    assert SandboxCharge.objects.get().refunded == 0
    with pytest.raises(RefundNotPossible):
        refunds.restart(refund=approved, by=None)


def test_what_has_been_handed_over_is_not_stopped(approved, buyer, monkeypatch):
    scripted(monkeypatch, pending())
    refunds.send(approved.pk)
    with pytest.raises(RefundNotPossible, match="cannot be taken back"):
        refunds.stop(refund=approved, by=UserFactory(staff=True), text="By mistake.")


def test_a_failed_one_is_not_sent_again_once_another_has_taken_its_place(approved, purchase, monkeypatch):
    scripted(monkeypatch, ProviderRefused("No."), succeeded("re_2"))
    refunds.send(approved.pk)
    other = refunds.refund(transaction=purchase.transaction, text="By hand.")
    with pytest.raises(RefundNotPossible, match="open"):
        refunds.restart(refund=approved, by=None)
    refunds.send(other.pk)
    with pytest.raises(RefundNotPossible):
        refunds.restart(refund=approved, by=None)
    assert "taken its place" in refunds.apply_refund_state(reloaded(approved), succeeded("re_1"))
    assert figures(purchase) == AS_REFUNDED


def test_an_order_of_two_is_partially_refunded_until_both_have_gone_back(buyer, model):
    other = Model3DFactory(listed=True, price=Decimal("6.00"))
    order = sold_together(buyer, model, other)
    payment = order.payments.get()
    for line, status in zip(order.transactions.in_order(), ("partially_refunded", "refunded"), strict=True):
        refunds.send(refunds.refund(transaction=line, text="Sorry.").pk)
        assert reloaded(payment).status == status


def test_what_is_due_goes_back_once_and_to_the_same_caps(buyer, model, purchase):
    payment = purchase.transaction.order.payments.get()
    Payment.objects.filter(pk=payment.pk).update(
        status="refund_due", refund_due_amount=24, refund_due_reason="Twice.", bought_nothing=True
    )
    made = refunds.refund_due(reloaded(payment), by=None)
    with pytest.raises(RefundNotPossible, match="Nothing is due"):
        refunds.refund_due(reloaded(payment), by=None)
    with pytest.raises(RefundNotPossible, match="Nothing was paid"):
        refunds.refund(transaction=purchase.transaction, text="And again.")
    refunds.send(made.pk)
    assert (reloaded(payment).status, reloaded(payment).refund_due_amount) == ("refunded", 0)
    assert OutgoingMail.objects.filter(subject="$24.00 was sent back to you", recipient=buyer).exists()


def test_two_payments_of_one_order_can_both_be_refunded(buyer, model, purchase):
    order = purchase.transaction.order
    first = order.payments.get()
    second = Payment.objects.create(
        payer=buyer,
        order=order,
        method="card",
        provider="sandbox",
        amount=24,
        currency="USD",
        status="pending",
    )
    second.owe(Decimal("24.00"), "The order was paid already.", timezone.now())
    SandboxCharge.objects.create(
        reference=str(second.public_id),
        amount=2400,
        received=2400,
        currency="USD",
        status="succeeded",
        return_url="/",
        cancel_url="/",
    )
    Payment.objects.filter(pk=second.pk).update(
        provider_id=str(SandboxCharge.objects.get(reference=str(second.public_id)).charge_id)
    )
    refunds.send(refunds.refund_due(reloaded(second), by=None).pk)
    refunds.send(refunds.refund(transaction=purchase.transaction, text="Sorry.").pk)
    assert {reloaded(first).status, reloaded(second).status} == {"refunded"}


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": Decimal("24.01"), "seller_amount": Decimal("22.21"), "asked_amount": Decimal("24.01")},
        {"amount": Decimal("24.00"), "fee_amount": Decimal("2.00"), "seller_amount": Decimal("22.00")},
        {"tax_amount": Decimal("0.01"), "asked_amount": Decimal("24.01")},
    ],
)
def test_the_database_gives_back_no_more_than_was_paid_part_by_part(approved, changes):
    with pytest.raises(IntegrityError, match="refund_within"), transaction.atomic():
        Refund.objects.filter(pk=approved.pk).update(**changes)


@pytest.mark.full
@pytest.mark.django_db(transaction=True)
def test_fifty_people_and_workers_at_once_send_one_refund():
    buyer, model = UserFactory(), Model3DFactory(listed=True, price=Decimal("24.00"))
    purchase = sold(buyer, model)

    def act(number: int):
        mine = Purchase.objects.select_related("transaction__order", "transaction__seller").get(
            pk=purchase.pk
        )
        if number % 2:
            return refunds.ask(purchase=mine, by=buyer, reason=Refund.Reason.MISTAKE)
        for pk in Refund.objects.values_list("pk", flat=True):
            refunds.send(pk)
        return None

    outcomes = at_once(act, 50)
    assert not [
        one for one in outcomes if isinstance(one, Exception) and not isinstance(one, RefundNotPossible)
    ]
    refunds.send_waiting()
    assert Refund.objects.count() == 1
    assert figures(purchase) == AS_REFUNDED
    assert SandboxCharge.objects.get().refunded == 2400


@pytest.mark.full
@pytest.mark.django_db(transaction=True)
def test_refunded_at_once_or_downloaded_but_never_both():
    model = Model3DFactory(listed=True, price=Decimal("24.00"))
    for _ in range(4):
        buyer = UserFactory()
        purchase = sold(buyer, model)

        def act(number: int, purchase=purchase, buyer=buyer):
            mine = Purchase.objects.select_related("transaction__order", "transaction__seller", "model").get(
                pk=purchase.pk
            )
            if number:
                return make_link(mine)
            return refunds.ask(purchase=mine, by=buyer, reason=Refund.Reason.MISTAKE)

        at_once(act, 6)
        made = Refund.objects.get(transaction=purchase.transaction)
        was_downloaded = DownloadLink.objects.filter(purchase=purchase).exists()
        assert made.awaits_seller if was_downloaded else made.status == Status.APPROVED


def test_downloading_after_a_partial_refund_goes_on(purchase):
    made = refunds.refund(transaction=downloaded(purchase).transaction, amount=Decimal("5.00"), text="Sorry.")
    refunds.send(made.pk)
    assert make_link(reloaded(purchase)).is_valid
    assert Transaction.objects.get(pk=purchase.transaction_id).refunded_amount == Decimal("5.00")
