import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import UserFactory
from commerce.actions.payments import settle
from commerce.actions.refunds import send
from commerce.gateways import sandbox
from commerce.models import Order, Payment, WebhookEvent
from commerce.tests.factories import order_of, purchase_of, received, started_payment
from core.models import AuditEntry
from marketplace.tests.factories import Model3DFactory

# The console's dialogs mark their form with it.
SUBMITTED = {"_form_submitted": "on"}
LISTS = ["order", "transaction", "payment", "webhookevent", "purchase", "providercall"]


def in_role(name: str):
    person = UserFactory(staff=True)
    person.groups.add(Group.objects.get(name=name))
    return person


@pytest.fixture
def purchase(db):
    return purchase_of(UserFactory(), Model3DFactory(listed=True))


def address(name: str, thing, what: str = "change") -> str:
    return reverse(f"admin:commerce_{name}_{what}", args=[thing.pk])


def test_an_address_with_something_else_than_an_id_leads_back(client, db):
    client.force_login(UserFactory(admin=True))
    assert client.get("/admin/commerce/payment/abc/change/").status_code == 302


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("role", [None, "Moderators"])
def test_moderators_and_buyers_see_no_money(client, db, name, role):
    client.force_login(in_role(role) if role else UserFactory())
    assert client.get(reverse(f"admin:commerce_{name}_changelist")).status_code in (302, 403)


@pytest.mark.parametrize("name", LISTS)
def test_finance_reads_everything_and_changes_nothing(client, purchase, name):
    client.force_login(in_role("Finance"))
    WebhookEvent.objects.create(provider="sandbox", event_id="1", kind="x", payload={})
    thing = apps.get_model("commerce", name).objects.first()
    assert client.get(reverse(f"admin:commerce_{name}_changelist")).status_code == 200
    assert client.get(address(name, thing)).status_code == 200
    assert client.post(address(name, thing), {}).status_code == 403
    assert client.post(address(name, thing, "delete"), {"post": "yes"}).status_code == 403
    assert client.get(reverse(f"admin:commerce_{name}_add")).status_code == 403


def test_only_support_grants_downloads(client, purchase):
    client.force_login(in_role("Finance"))
    assert "Grant more downloads" not in client.get(address("purchase", purchase)).content.decode()
    response = client.post(
        reverse("admin:commerce_purchase_grant", args=[purchase.pk]), {"more": 5, **SUBMITTED}
    )
    assert response.status_code == 403
    purchase.refresh_from_db()
    assert purchase.download_limit == 10


@pytest.mark.parametrize("more", ["0", "-3", "101", "", "many"])
def test_a_nonsensical_number_grants_nothing(client, purchase, more):
    client.force_login(in_role("Support agents"))
    client.post(reverse("admin:commerce_purchase_grant", args=[purchase.pk]), {"more": more, **SUBMITTED})
    purchase.refresh_from_db()
    assert purchase.download_limit == 10


def test_support_grants_downloads(client, purchase):
    agent = in_role("Support agents")
    client.force_login(agent)
    assert "Grant more downloads" in client.get(address("purchase", purchase)).content.decode()
    dialog = reverse("admin:commerce_purchase_grant", args=[purchase.pk])
    response = client.post(dialog, {"more": "5", **SUBMITTED}, headers={"HX-Request": "true"})
    assert response["HX-Redirect"] == address("purchase", purchase)
    purchase.refresh_from_db()
    assert purchase.download_limit == 15
    assert AuditEntry.objects.get(action="purchase.grant_downloads").actor == agent


@pytest.fixture
def due(db):
    """A payment whose money arrived for an order that was completed by another."""
    order = order_of(UserFactory(), Model3DFactory(listed=True))
    payment = started_payment(order)
    sandbox.pay(payment.provider_id, sandbox.CARD_SUCCEEDS)
    Order.objects.filter(pk=order.pk).update(status="completed", completed_at=timezone.now())
    settle(payment, received(payment))
    payment.refresh_from_db()
    return payment


def test_support_cannot_refund(client, due):
    client.force_login(in_role("Support agents"))
    assert (
        client.post(reverse("admin:commerce_payment_refund_due", args=[due.pk]), SUBMITTED).status_code == 403
    )
    due.refresh_from_db()
    assert due.refund_due_amount


def test_finance_refunds_what_is_due(client, due):
    client.force_login(in_role("Finance"))
    listed = client.get(reverse("admin:commerce_payment_changelist"), {"due": "yes"}).content.decode()
    assert str(due.public_id) in listed
    assert "Refund what is due" in client.get(address("payment", due)).content.decode()
    client.post(reverse("admin:commerce_payment_refund_due", args=[due.pk]), SUBMITTED)
    send(due.refunds.get().pk)
    due.refresh_from_db()
    assert due.status == Payment.Status.REFUNDED


def test_finance_asks_the_provider(client, db):
    order = order_of(UserFactory(), Model3DFactory(listed=True))
    payment = started_payment(order)
    sandbox.pay(payment.provider_id, sandbox.CARD_SUCCEEDS)
    client.force_login(in_role("Finance"))
    client.post(reverse("admin:commerce_payment_ask_provider", args=[payment.pk]), SUBMITTED)
    order.refresh_from_db()
    assert order.is_completed
