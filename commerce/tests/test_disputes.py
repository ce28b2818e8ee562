"""A payment that its payer contests: what is held back, who hears of it, and what the bank's word changes."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Notification
from accounts.tests.factories import UserFactory
from commerce.actions import refunds
from commerce.actions.disputes import apply_dispute, submit_evidence
from commerce.actions.doubles import receive_again
from commerce.actions.downloads import make_link
from commerce.actions.payments import settle
from commerce.auditing import CHECKS, failures
from commerce.exceptions import DownloadPaused, RefundNotPossible
from commerce.gateways import sandbox
from commerce.gateways.base import DisputeNews, DisputeProgress
from commerce.ledger import balance
from commerce.models import Dispute, LedgerEntry, Refund, SandboxCharge
from commerce.refunding.evidence import as_text, evidence_of
from commerce.tests.factories import order_of, received, started_payment
from commerce.tests.refunding import downloaded, reloaded, sold, sold_together
from commerce.tests.test_payments import owned_by_hand
from core.models import AuditEntry, OutgoingMail
from marketplace.tests.factories import Model3DFactory

OPENED, WON, LOST = DisputeProgress.OPENED, DisputeProgress.WON, DisputeProgress.LOST


@pytest.fixture
def buyer(db):
    return UserFactory()


@pytest.fixture
def order(buyer):
    """Two models of two sellers, 30.00 together; the first was downloaded."""
    models = [Model3DFactory(listed=True, price=Decimal(price)) for price in ("24.00", "6.00")]
    made = sold_together(buyer, *models)
    downloaded(made.transactions.in_order().first().purchase)
    return made


@pytest.fixture
def payment(order):
    return order.payments.get()


def news(state, amount="30.00", number="dp_1") -> DisputeNews:
    return DisputeNews(number, state, Decimal(amount), "fraudulent")


def purchases(order) -> list:
    return [reloaded(line.purchase) for line in order.transactions.in_order()]


def test_a_payment_that_has_not_arrived_cannot_be_disputed(payment):
    type(payment).objects.filter(pk=payment.pk).update(status="pending")
    assert "has not arrived" in apply_dispute(reloaded(payment), news(OPENED))
    assert not Dispute.objects.exists()


@pytest.mark.parametrize("amount", ["0.00", "-1.00"])
def test_nothing_cannot_be_disputed(payment, amount):
    assert "nothing that can be disputed" in apply_dispute(payment, news(OPENED, amount))


def test_while_the_bank_decides_nothing_is_downloaded_refunded_or_counted_back(order, payment, buyer):
    for _ in range(2):
        assert apply_dispute(payment, news(OPENED)) == ""
    dispute = Dispute.objects.get()
    assert [share.gross for share in dispute.shares.order_by("pk")] == [Decimal("24.00"), Decimal("6.00")]
    for purchase in purchases(order):
        assert purchase.is_active
        with pytest.raises(DownloadPaused):
            make_link(purchase)
        with pytest.raises(RefundNotPossible, match="Your bank"):
            refunds.ask(purchase=purchase, by=buyer, reason=Refund.Reason.MISTAKE)
        with pytest.raises(RefundNotPossible, match="open already"):
            refunds.refund(transaction=purchase.transaction, text="Sorry.")
    assert reloaded(payment).status == "completed"
    assert AuditEntry.objects.filter(action="dispute.opened").count() == 1


def test_everybody_concerned_hears_of_it_once(order, payment, buyer):
    for _ in range(2):
        apply_dispute(payment, news(OPENED))
    told = Notification.objects.filter(kind=Notification.Kind.REFUND)
    assert {row.user_id for row in told} == {buyer.pk, *order.transactions.values_list("seller", flat=True)}
    assert OutgoingMail.objects.filter(kind="commerce/dispute").count() == 3


def test_one_that_is_won_gives_everything_back(order, payment):
    apply_dispute(payment, news(OPENED))
    for _ in range(2):
        assert apply_dispute(payment, news(WON)) == ""
    assert Dispute.objects.get().status == Dispute.Status.WON
    assert all(purchase.is_downloadable for purchase in purchases(order))
    assert {share.status for share in Refund.objects.all()} == {Refund.Status.CANCELLED}
    assert reloaded(payment).status == "completed"


def test_one_that_is_lost_takes_access_and_counts_back(order, payment, buyer):
    apply_dispute(payment, news(OPENED))
    for _ in range(2):
        assert apply_dispute(payment, news(LOST)) == ""
    assert not any(purchase.is_active for purchase in purchases(order))
    assert {line.payment_status for line in order.transactions.all()} == {"refunded"}
    assert reloaded(payment).status == "refunded"
    assert reloaded(buyer).purchases_count == 0
    assert {line.model.sales_count for line in order.transactions.select_related("model")} == {0}


def test_a_loss_that_overtakes_the_opening_counts_once(order, payment):
    assert apply_dispute(payment, news(LOST)) == ""
    assert apply_dispute(payment, news(OPENED)) == ""
    assert Dispute.objects.get().status == Dispute.Status.LOST
    assert reloaded(payment).status == "refunded"


def test_a_bank_that_contradicts_itself_is_told_to_people(payment):
    apply_dispute(payment, news(LOST))
    assert "It was lost" in apply_dispute(payment, news(WON))
    assert AuditEntry.objects.filter(action="dispute.contradicted").count() == 1


def test_what_was_refunded_before_is_not_taken_from_the_sellers_again(order, payment):
    first = order.transactions.in_order().first()
    refunds.send(refunds.refund(transaction=first, text="Sorry.").pk)
    assert apply_dispute(payment, news(LOST)) == ""
    assert [share.transaction_id for share in Refund.objects.filter(kind="chargeback")] == [
        order.transactions.in_order().last().pk
    ]
    assert reloaded(payment).status == "refunded"


def test_an_open_request_ends_when_the_bank_is_asked(order, payment, buyer):
    purchase = purchases(order)[0]
    asked = refunds.ask(purchase=purchase, by=buyer, reason=Refund.Reason.QUALITY, text="Crooked.")
    at_once = refunds.ask(purchase=purchases(order)[1], by=buyer, reason=Refund.Reason.MISTAKE)
    apply_dispute(payment, news(OPENED))
    assert {reloaded(asked).status, reloaded(at_once).status} == {Refund.Status.CANCELLED}
    refunds.send(at_once.pk)
    apply_dispute(payment, news(LOST))
    assert Refund.objects.completed().parts().gross == Decimal("30.00")


def test_evidence_names_consent_and_downloads_and_no_network_address(order, payment):
    apply_dispute(payment, news(OPENED))
    facts = {fact["label"]: fact["value"] for fact in evidence_of(Dispute.objects.get())}
    assert "Terms and licences accepted" in facts
    title = order.transactions.in_order().first().title
    assert facts[f"Downloads of {title}"].startswith("1: 2")
    assert "127.0.0.1" not in str(facts)


def test_evidence_is_handed_over_once_and_kept_as_it_was(payment):
    apply_dispute(payment, news(OPENED))
    agent = UserFactory(staff=True)
    with pytest.raises(RefundNotPossible, match="Say what"):
        submit_evidence(dispute=Dispute.objects.get(), by=agent, statement=" ")
    dispute = submit_evidence(dispute=Dispute.objects.get(), by=agent, statement="They downloaded it.")
    assert dispute.evidence
    assert "They downloaded it." in as_text(dispute)
    with pytest.raises(RefundNotPossible, match="has been handed over"):
        submit_evidence(dispute=dispute, by=agent, statement="Once more.")


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cents=st.integers(1, 4000))
def test_shares_of_any_amount_add_up_to_it_or_to_all_there_is(order, payment, cents):
    amount, number = Decimal(cents) / 100, Dispute.objects.count()
    apply_dispute(payment, news(OPENED, str(amount), f"dp_{number}"))
    dispute = Dispute.objects.get(provider_id=f"dp_{number}")
    shares = list(dispute.shares.all())
    assert sum(share.gross for share in shares) == min(amount, Decimal("30.00"))
    assert all(share.amount == share.fee_amount + share.seller_amount for share in shares)
    apply_dispute(payment, news(WON, str(amount), f"dp_{number}"))


def test_only_part_of_a_payment_may_be_contested(buyer):
    purchase = sold(buyer, Model3DFactory(listed=True, price=Decimal("24.00")))
    payment = purchase.transaction.order.payments.get()
    apply_dispute(payment, news(LOST, "10.00"))
    assert reloaded(purchase).is_downloadable
    assert reloaded(payment).status == "partially_refunded"
    assert reloaded(purchase.transaction).refunded_amount == Decimal("10.00")


@pytest.fixture
def double(order, payment):
    """The money that was taken a second time for the order, and bought nothing."""
    charge = SandboxCharge.objects.get(reference=str(payment.public_id))
    extra = sandbox.charge_again(charge)
    return receive_again(payment, str(extra.charge_id), received(payment))


def test_money_that_bought_nothing_is_not_sent_back_while_the_bank_decides(double):
    """The bank would give it back a second time."""
    waiting = refunds.refund_due(double, by=None)
    apply_dispute(double, news(OPENED))
    assert reloaded(waiting).status == Refund.Status.CANCELLED
    with pytest.raises(RefundNotPossible, match="The bank decides"):
        refunds.refund_due(double, by=None)
    apply_dispute(double, news(WON))
    refunds.send(refunds.refund_due(double, by=None).pk)
    assert reloaded(double).status == "refunded"


def test_money_that_bought_nothing_is_owed_no_more_once_the_bank_has_given_it_back(double, buyer):
    apply_dispute(double, news(LOST))
    double = reloaded(double)
    assert (double.status, double.refund_due_amount) == ("refunded", 0)
    assert balance(LedgerEntry.Account.DUE, owner=buyer) == 0
    # The order was paid once, and the fee of that is the site's still.
    assert balance(LedgerEntry.Account.FEE) == Decimal("2.25")
    with pytest.raises(RefundNotPossible, match="Nothing is due"):
        refunds.refund_due(double, by=None)
    assert [str(one) for _check, found in failures(CHECKS) for one in found] == []


def test_of_a_part_that_is_due_the_bank_takes_what_no_sale_covers(buyer):
    """One of two models was the buyer's from elsewhere; they contest all that they paid."""
    model, other = (Model3DFactory(listed=True, price=Decimal(price)) for price in ("24.00", "6.00"))
    order = order_of(buyer, model, other)
    payment = started_payment(order)
    sandbox.pay(payment.provider_id, sandbox.CARD_SUCCEEDS)
    owned_by_hand(buyer, model)
    settle(payment, received(payment))
    apply_dispute(reloaded(payment), news(LOST))
    payment = reloaded(payment)
    assert payment.refund_due_amount == 0
    assert {account: balance(account, owner=buyer) for account in ("due", "buyer")} == {"due": 0, "buyer": 0}
    assert balance(LedgerEntry.Account.FEE) == 0
    assert [str(one) for _check, found in failures(CHECKS) for one in found] == []
