"""Invoices: numbered without a gap, issued once, never changed, for their buyer alone."""

import hashlib
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.tests.factories import UserFactory
from commerce.actions.payments import settle
from commerce.documents import certificate_for, invoice_for, print_missing, store
from commerce.documents.certificates import certificate_data
from commerce.documents.invoices import invoice_data
from commerce.documents.typesetting import pictures, typeset
from commerce.keeper import erase
from commerce.models import Invoice, NumberSeries, Order, Purchase
from commerce.tasks import finish_order
from commerce.tests.concurrency import at_once
from commerce.tests.factories import coupon_of, order_of, paid_order, received, started_payment, tax_of
from commerce.tests.test_admin import in_role
from marketplace.tests.factories import Model3DFactory

LIBRARY = "/dashboard/purchases/"


@pytest.fixture
def buyer(db):
    return UserFactory()


def order_for(buyer, *prices, coupon=None) -> Order:
    models = [Model3DFactory(listed=True, price=Decimal(price)) for price in prices or ("24.00",)]
    return paid_order(buyer, *models, coupon=coupon)


def address(order: Order) -> str:
    return reverse("commerce:invoice", args=[order.public_id])


@pytest.mark.parametrize("who", ["visitor", "other", "seller", "admin"])
def test_an_invoice_is_for_its_buyer_alone(client, buyer, who):
    order = order_for(buyer)
    people = {"other": UserFactory, "admin": lambda: UserFactory(admin=True)}
    if who == "seller":
        client.force_login(order.transactions.get().seller)
    elif who != "visitor":
        client.force_login(people[who]())
    response = client.get(address(order))
    assert response.status_code == (302 if who == "visitor" else 404)
    assert not Invoice.objects.exists()


def test_what_is_not_paid_or_cost_nothing_has_no_invoice(client, buyer):
    client.force_login(buyer)
    free = paid_order(buyer, Model3DFactory(listed=True, free=True))
    waiting = order_of(buyer, Model3DFactory(listed=True))
    for order in (free, waiting):
        assert client.get(address(order)).status_code == 404
        assert invoice_for(order) is None
    assert not NumberSeries.objects.exists()


def test_an_invoice_says_what_was_paid(buyer):
    tax_of("21")
    order = order_for(buyer, "10.00", "5.00", coupon=coupon_of("10"))
    invoice = invoice_for(order)
    assert (invoice.net_amount, invoice.tax_amount, invoice.total) == (
        Decimal("13.50"),
        Decimal("2.84"),
        order.total,
    )
    assert invoice.number == f"INV-{timezone.now().year}-000001"
    data = invoice_data(invoice)
    assert [row["amount"] for row in data["sums"]] == ["$13.50", "$2.84", "$16.34"]
    assert data["lines"][0]["price"] == "$10.00"
    assert data["lines"][0]["discount"] == "−$1.00"
    assert data["tax_label"] == "VAT 21 %"
    assert "Ana Ruiz" in data["buyer"]
    assert ["Paid by", f"Card, {timezone.now():%-d %B %Y}"] in data["facts"]


def test_a_model_that_was_had_already_is_not_invoiced(buyer):
    had, new = (
        Model3DFactory(listed=True, price=Decimal("7.00")),
        Model3DFactory(listed=True, price=Decimal("5.00")),
    )
    order = order_of(buyer, had, new)
    payment = started_payment(order)
    Order.objects.filter(pk=order.pk).update(status="failed")
    buyer.cart_items.all().delete()
    paid_order(buyer, had)
    settle(payment, received(payment))
    assert invoice_for(order) is None or invoice_for(order).total == Decimal("5.00")


def test_an_invoice_is_issued_and_printed_once(client, buyer):
    order = order_for(buyer)
    first = store(invoice_for(order))
    assert invoice_for(order) == first
    assert store(first).file.name == store(invoice_for(order)).file.name
    client.force_login(buyer)
    response = client.get(address(order))
    body = b"".join(response.streaming_content)
    assert body.startswith(b"%PDF-")
    assert hashlib.sha256(body).hexdigest() == first.sha256
    assert response["Content-Type"] == "application/pdf"
    assert f"{first.number}.pdf" in response["Content-Disposition"]
    assert response["Cache-Control"] == "private, no-store"
    assert Invoice.objects.count() == 1


def test_the_database_keeps_an_invoice_as_it_was_issued(buyer):
    invoice = invoice_for(order_for(buyer))
    for change in ({"total": "1.00", "net_amount": "1.00"}, {"seller": {}}, {"number": "INV-1"}):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            Invoice.objects.filter(pk=invoice.pk).update(**change)
    store(invoice)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Invoice.objects.filter(pk=invoice.pk).update(file="other.pdf")
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        invoice.delete()


def test_the_company_of_the_day_stays_on_the_invoice(buyer, settings):
    settings.COMPANY_NAME, settings.COMPANY_ADDRESS, settings.COMPANY_TAX_ID = (
        "Lathe GmbH",
        "1 Road; Town",
        "DE1",
    )
    invoice = invoice_for(order_for(buyer))
    settings.COMPANY_NAME = "Another Ltd"
    seller = invoice_data(Invoice.objects.get(pk=invoice.pk))["seller"]
    assert (seller["name"], seller["address"], seller["tax_id"]) == ("Lathe GmbH", ["1 Road", "Town"], "DE1")


def test_every_year_begins_with_one(buyer):
    for year, number in ((2025, "INV-2025-000001"), (2026, "INV-2026-000001"), (2025, "INV-2025-000002")):
        paper = Invoice(issued_at=datetime(year, 7, 1, tzinfo=UTC))
        paper.take_number()
        assert paper.number == number


def test_a_number_that_was_rolled_back_is_the_next_ones(buyer):
    orders = [order_for(buyer), order_for(buyer)]
    with pytest.raises(RuntimeError), transaction.atomic():
        invoice_for(orders[0])
        raise RuntimeError
    assert invoice_for(orders[1]).sequence == 1


@pytest.mark.full
@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_get_fifty_numbers_without_a_gap():
    buyers = UserFactory.create_batch(5)
    orders = [order_for(buyers[number % 5]) for number in range(25)]

    def issue(number: int):
        # Every order is asked for twice, and one in five is rolled back.
        try:
            with transaction.atomic():
                invoice_for(orders[number % 25])
                if number % 5 == 4:
                    raise RuntimeError
        except RuntimeError:
            return invoice_for(orders[number % 25])

    at_once(issue, 50, threads=50)
    assert sorted(Invoice.objects.values_list("sequence", flat=True)) == list(range(1, 26))
    assert NumberSeries.objects.get().last == 25


def test_a_paid_order_is_invoiced_by_a_worker(buyer, django_capture_on_commit_callbacks, monkeypatch):
    sent = []
    monkeypatch.setattr(
        "celery.current_app.send_task", lambda name, args, **options: sent.append((name, args))
    )
    with django_capture_on_commit_callbacks(execute=True):
        order = order_for(buyer)
    assert ("commerce.tasks.finish_order", [order.pk]) in sent
    finish_order(order.pk)
    finish_order(order.pk)
    assert Invoice.objects.get().file


def test_the_clock_prints_what_no_worker_has(buyer):
    lost, fresh = order_for(buyer), order_for(buyer)
    Order.objects.filter(pk=lost.pk).update(completed_at=timezone.now() - timedelta(hours=1))
    assert print_missing() == 1
    assert Invoice.objects.get().order == lost
    assert Invoice.objects.get().file
    assert print_missing() == 0
    assert not Invoice.objects.filter(order=fresh).exists()


def test_an_account_that_goes_leaves_its_invoices_as_they_were_issued(buyer):
    order = order_for(buyer)
    erase(buyer)
    order.refresh_from_db()
    assert order.billing_name == ""
    assert Invoice.objects.get(order=order).file


def test_finance_reads_invoices_and_support_too(client, buyer, db):
    invoice = invoice_for(order_for(buyer))
    pdf = reverse("admin:commerce_invoice_pdf", args=[invoice.pk])
    for role, status in (("Moderators", 403), ("Finance", 200), ("Support agents", 200)):
        client.force_login(in_role(role))
        assert client.get(pdf).status_code == status
    assert invoice.number in client.get(reverse("admin:commerce_invoice_changelist")).content.decode()
    assert client.get(reverse("admin:commerce_invoice_change", args=[invoice.pk])).status_code == 200
    assert (
        client.post(reverse("admin:commerce_invoice_delete", args=[invoice.pk]), {"post": "yes"}).status_code
        == 403
    )
    client.force_login(buyer)
    assert client.get(pdf).status_code == 302


NASTY = (
    "#panic() $x$ *b* _i_ `c` @r <l> \\ \" ' // /* https://x.y [a](b) \u202e مرحبا 漢字 🪑 \x7f" + "w" * 200
)


def test_what_people_type_is_never_markup(buyer):
    order = order_for(buyer)
    order.transactions.update(title=NASTY[:120])
    Order.objects.update(
        billing_name=NASTY[:120], billing_address="\n".join([NASTY[:90]] * 3), billing_company=NASTY[:120]
    )
    data = invoice_data(invoice_for(Order.objects.get()))
    assert typeset("paper", data, at=timezone.now()).startswith(b"%PDF-")


@pytest.mark.parametrize("template", ["paper", "certificate"])
def test_a_word_without_end_stays_on_the_paper(buyer, template):
    order = order_for(buyer)
    word = "Donaudampfschifffahrt" * 9
    data = invoice_data(invoice_for(order))
    if template == "certificate":
        data = certificate_data(certificate_for(Purchase.objects.get())) | {"title": word, "holder": word}
    else:
        data["buyer"], data["lines"][0]["title"] = [word], word
    [paper] = pictures(template, data, ppi=40)
    with Image.open(io.BytesIO(paper)) as picture:
        grey = picture.convert("L")
        right = grey.crop((round(grey.width * 191 / 210), 0, grey.width, grey.height))
        left = grey.crop((0, 0, round(grey.width * 19 / 210), grey.height))
    # The margins are as white as the paper.
    assert right.getextrema() == left.getextrema() == (255, 255)


def test_an_invoice_of_many_lines_goes_over_pages(buyer):
    data = invoice_data(invoice_for(order_for(buyer)))
    data["lines"] *= 100
    assert len(pictures("paper", data, ppi=20)) == 5


def test_the_library_links_the_invoice_of_every_purchase_without_asking_more(
    client, buyer, django_assert_num_queries
):
    client.force_login(buyer)
    order_for(buyer)
    client.get(LIBRARY)
    with CaptureQueriesContext(connection) as one:
        client.get(LIBRARY)
    order_for(buyer, "3.00", "4.00", "5.00")
    with django_assert_num_queries(len(one)):
        page = client.get(LIBRARY).content.decode()
    assert page.count("invoice.pdf") == 4
