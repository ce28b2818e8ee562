"""Refunds and disputes in the console: who may do what there, and what they see."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import UserFactory
from commerce.actions import refunds
from commerce.actions.disputes import apply_dispute
from commerce.gateways.base import DisputeNews, DisputeProgress
from commerce.models import Dispute, Refund
from commerce.tests.refunding import downloaded, reloaded, sold
from commerce.tests.test_admin import SUBMITTED, in_role
from core.models import AuditEntry
from marketplace.tests.factories import Model3DFactory

Status = Refund.Status
DECIDE = {"outcome": "all", "text": "The seat is crooked indeed."}


@pytest.fixture
def purchase(db):
    return downloaded(sold(UserFactory(), Model3DFactory(listed=True, price=Decimal("24.00"))))


@pytest.fixture
def asked(purchase):
    return refunds.ask(purchase=purchase, by=purchase.user, reason=Refund.Reason.QUALITY, text="Crooked.")


@pytest.fixture
def failed(asked):
    Refund.objects.filter(pk=asked.pk).update(
        status="failed", decided_at=timezone.now(), failure_message="The card was closed."
    )
    return reloaded(asked)


@pytest.fixture
def dispute(purchase):
    payment = purchase.transaction.order.payments.get()
    apply_dispute(payment, DisputeNews("dp_1", DisputeProgress.OPENED, payment.amount, "fraudulent"))
    return Dispute.objects.get()


def do(client, thing, action: str, **data):
    name = type(thing)._meta.model_name
    return client.post(reverse(f"admin:commerce_{name}_{action}", args=[thing.pk]), {**data, **SUBMITTED})


def page_of(client, thing) -> str:
    name = type(thing)._meta.model_name
    return client.get(reverse(f"admin:commerce_{name}_change", args=[thing.pk])).content.decode()


@pytest.mark.parametrize("role", [None, "Moderators"])
@pytest.mark.parametrize("name", ["refund", "dispute"])
def test_moderators_and_buyers_see_no_refunds(client, db, role, name):
    client.force_login(in_role(role) if role else UserFactory())
    assert client.get(reverse(f"admin:commerce_{name}_changelist")).status_code in (302, 403)


@pytest.mark.parametrize("role", ["Support agents", "Finance"])
def test_support_and_finance_read_and_change_nothing_by_hand(client, asked, dispute, role):
    client.force_login(in_role(role))
    for thing in (asked, dispute):
        name = type(thing)._meta.model_name
        address = reverse(f"admin:commerce_{name}_change", args=[thing.pk])
        assert client.get(reverse(f"admin:commerce_{name}_changelist")).status_code == 200
        assert client.get(address).status_code == 200
        assert client.post(address, {"status": "completed"}).status_code == 403
        assert client.post(reverse(f"admin:commerce_{name}_delete", args=[thing.pk])).status_code == 403


def test_only_support_decides(client, asked):
    client.force_login(in_role("Finance"))
    assert do(client, asked, "decide", **DECIDE).status_code == 403
    assert reloaded(asked).awaits_seller


def test_only_finance_sends_again(client, failed):
    client.force_login(in_role("Support agents"))
    assert do(client, failed, "send_again").status_code == 403
    client.force_login(in_role("Finance"))
    do(client, failed, "send_again")
    assert reloaded(failed).status == Status.APPROVED


@pytest.mark.parametrize(
    "data",
    [
        {"outcome": "all", "text": ""},
        {"outcome": "part", "text": "Why."},
        {"outcome": "part", "amount": "0", "text": "Why."},
        {"outcome": "part", "amount": "-3", "text": "Why."},
        {"outcome": "part", "amount": "24.01", "text": "Why."},
        {"outcome": "part", "amount": "1.005", "text": "Why."},
        {"outcome": "part", "amount": "NaN", "text": "Why."},
        {"outcome": "everything", "text": "Why."},
        {},
    ],
)
def test_a_nonsensical_decision_decides_nothing(client, asked, data):
    client.force_login(in_role("Support agents"))
    assert do(client, asked, "decide", **data).status_code in (200, 302)
    assert reloaded(asked).awaits_seller


@pytest.mark.parametrize(
    ("data", "status", "gross"),
    [
        (DECIDE, Status.APPROVED, "24.00"),
        ({"outcome": "part", "amount": "8", "text": "In part."}, Status.APPROVED, "8.00"),
        ({"outcome": "nothing", "text": "No fault found."}, Status.DECLINED, "24.00"),
    ],
)
def test_support_decides_and_the_trail_says_so(client, asked, data, status, gross):
    agent = in_role("Support agents")
    client.force_login(agent)
    do(client, asked, "decide", **data)
    made = reloaded(asked)
    assert (made.status, made.gross, made.decided_by) == (status, Decimal(gross), agent)
    page = page_of(client, asked)
    assert "refund.asked" in page
    assert f"refund.decided by {agent}" in page


def test_the_queue_is_in_the_order_in_which_it_is_due(client, asked):
    later = downloaded(sold(UserFactory(), Model3DFactory(listed=True)))
    later = refunds.ask(purchase=later, by=later.user, reason="quality", text="Crooked.")
    now = timezone.now()
    for refund, days in ((asked, 2), (later, 1)):
        Refund.objects.filter(pk=refund.pk).update(escalated_at=now, decide_by=now + timedelta(days=days))
    client.force_login(in_role("Support agents"))
    shown = client.get(reverse("admin:commerce_refund_changelist"), {"queue": "support"}).content.decode()
    assert shown.index(later.number) < shown.index(asked.number)
    for queue in ("seller", "failed", "way", "nonsense"):
        assert client.get(reverse("admin:commerce_refund_changelist"), {"queue": queue}).status_code == 200


def test_the_queue_asks_as_often_for_few_as_for_many(client, asked):
    client.force_login(in_role("Support agents"))
    address = reverse("admin:commerce_refund_changelist")
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for _ in range(6):
        more = downloaded(sold(UserFactory(), Model3DFactory(listed=True)))
        refunds.ask(purchase=more, by=more.user, reason="quality", text="Crooked.")
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(one)


def test_support_gives_money_back_on_the_page_of_a_sale(client, purchase):
    line = purchase.transaction
    client.force_login(in_role("Finance"))
    assert do(client, line, "give_back", outcome="all", text="Sorry.").status_code == 403
    client.force_login(in_role("Support agents"))
    assert "Give money back" in page_of(client, line)
    do(client, line, "give_back", outcome="part", amount="5", text="Sorry.")
    assert Refund.objects.get().gross == Decimal("5.00")
    assert "Give money back" not in page_of(client, line)


def test_what_failed_can_be_taken_back_and_stays_to_be_seen(client, failed):
    client.force_login(in_role("Finance"))
    assert "The card was closed." in page_of(client, failed)
    do(client, failed, "stop", text="Paid by bank transfer.")
    assert reloaded(failed).status == Status.CANCELLED
    assert AuditEntry.objects.filter(action="refund.stopped").exists()


def test_evidence_is_shown_handed_over_once_and_to_be_had_as_a_file(client, dispute):
    client.force_login(in_role("Finance"))
    assert "Terms and licences accepted" in page_of(client, dispute)
    do(client, dispute, "submit", statement="They have downloaded it.")
    assert reloaded(dispute).statement == "They have downloaded it."
    assert "Hand over the evidence" not in page_of(client, dispute)
    file = client.get(reverse("admin:commerce_dispute_as_file", args=[dispute.pk]))
    assert file["Content-Disposition"].startswith("attachment")
    assert "They have downloaded it." in file.content.decode()


def test_the_evidence_is_for_support_and_finance_alone(client, dispute):
    client.force_login(in_role("Moderators"))
    assert do(client, dispute, "submit", statement="Hello.").status_code in (302, 403)
    assert client.get(reverse("admin:commerce_dispute_as_file", args=[dispute.pk])).status_code in (302, 403)
    assert reloaded(dispute).submitted_at is None
