"""Credit notes: of what has gone back and nothing else, numbered and kept as invoices are."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import UserFactory
from commerce.actions import refunds
from commerce.documents import credit_note_for, invoice_for, print_missing, store
from commerce.documents.credit_notes import credit_note_data
from commerce.keeper import erase
from commerce.models import CreditNote, Invoice, Refund
from commerce.tasks import print_credit_note
from commerce.tests.concurrency import at_once
from commerce.tests.factories import tax_of
from commerce.tests.refunding import credited, failed, reloaded, scripted, sold, sold_together, succeeded
from commerce.tests.test_admin import in_role
from marketplace.tests.factories import Model3DFactory


@pytest.fixture
def buyer(db):
    return UserFactory()


@pytest.fixture
def model(db):
    return Model3DFactory(listed=True, price=Decimal("10.00"), title="Walnut desk")


def asked(buyer, model, **options) -> Refund:
    return refunds.ask(purchase=sold(buyer, model), by=buyer, reason=Refund.Reason.NOT_NEEDED, **options)


def address(note: CreditNote) -> str:
    return reverse("commerce:credit_note", args=[note.invoice.order.public_id, note.number])


@pytest.mark.parametrize("who", ["visitor", "other", "seller", "admin"])
def test_a_credit_note_is_for_its_buyer_alone(client, buyer, model, who):
    note = credited(buyer, model)
    people = {"other": UserFactory, "admin": lambda: UserFactory(admin=True), "seller": lambda: model.creator}
    if who != "visitor":
        client.force_login(people[who]())
    assert client.get(address(note)).status_code == (302 if who == "visitor" else 404)


def test_a_number_of_another_order_is_not_found(client, buyer, model):
    note = credited(buyer, model)
    other = sold(buyer, Model3DFactory(listed=True)).transaction.order
    client.force_login(buyer)
    assert client.get(address(note)).status_code == 200
    assert client.get(reverse("commerce:credit_note", args=[other.public_id, note.number])).status_code == 404
    assert client.get(address(note).replace("000001", "000002")).status_code == 404


def test_what_has_not_gone_back_is_not_credited(buyer, model, monkeypatch):
    refund = asked(buyer, model)
    assert credit_note_for(refund) is None
    scripted(monkeypatch, failed())
    refunds.send(refund.pk)
    assert credit_note_for(refund) is None
    assert not CreditNote.objects.exists()
    assert not Invoice.objects.exists()


def test_a_credit_note_says_what_went_back_of_which_invoice(buyer, model):
    tax_of("21")
    note = credited(buyer, model)
    assert (note.net_amount, note.tax_amount, note.total) == (
        Decimal("10.00"),
        Decimal("2.10"),
        Decimal("12.10"),
    )
    assert note.number == f"CRN-{timezone.now().year}-000001"
    data = credit_note_data(note)
    assert [row["amount"] for row in data["sums"]] == ["$10.00", "$2.10", "$12.10"]
    assert data["lines"][0]["title"] == "Walnut desk"
    facts = dict(data["facts"])
    assert facts["For invoice"].startswith(invoice_for(note.invoice.order).number)
    assert store(note).file
    assert credit_note_for(note.refund) == note


def test_a_part_that_went_back_is_credited_as_a_part(buyer, model):
    purchase = sold(buyer, model)
    notes = []
    for amount in ("3.00", "7.00"):
        refund = refunds.refund(transaction=reloaded(purchase.transaction), amount=Decimal(amount))
        refunds.send(refund.pk)
        notes.append(credit_note_for(refund))
    assert [note.total for note in notes] == [Decimal("3.00"), Decimal("7.00")]
    assert {note.invoice.total for note in notes} == {Decimal("10.00")}
    assert "It is a part of what was invoiced for the model: $10.00." in credit_note_data(notes[0])["notes"]


def test_money_that_came_back_to_us_cancels_its_credit_note(client, buyer, model, monkeypatch):
    refund = asked(buyer, model)
    provider = scripted(monkeypatch, succeeded())
    refunds.send(refund.pk)
    first = credit_note_for(refund)
    refunds.apply_refund_state(reloaded(refund), failed(message="The account was closed."))
    assert credit_note_for(refund) is None
    cancelling = CreditNote.objects.get(cancels=first)
    assert (cancelling.total, cancelling.sequence) == (first.total, 2)
    assert credit_note_data(cancelling)["title"] == "Cancellation"
    refunds.restart(refund=refund, by=None)
    provider.answers.append(succeeded("re_2"))
    refunds.send(refund.pk)
    second = credit_note_for(refund)
    assert (second.sequence, second.completion, second.cancels) == (3, 2, None)
    print_credit_note(refund.pk)
    assert not CreditNote.objects.without_file().exists()
    client.force_login(buyer)
    page = client.get(refund.get_absolute_url()).content.decode()
    assert page.count(".pdf") == 3


def test_the_database_keeps_a_credit_note_as_it_was_issued(buyer, model):
    note = credited(buyer, model)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        CreditNote.objects.update(completion=7)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        note.delete()


def test_a_refund_is_credited_by_a_worker_or_by_the_clock(
    buyer, model, django_capture_on_commit_callbacks, monkeypatch
):
    sent = []
    monkeypatch.setattr(
        "celery.current_app.send_task", lambda name, args, **options: sent.append((name, args))
    )
    with django_capture_on_commit_callbacks(execute=True):
        refund = asked(buyer, model)
        refunds.send(refund.pk)
    assert ("commerce.tasks.print_credit_note", [refund.pk]) in sent
    Refund.objects.update(completed_at=timezone.now() - timedelta(hours=1))
    print_missing()
    assert CreditNote.objects.get().file
    assert print_missing() == 0


def test_the_clock_does_not_lose_time_with_refunds_that_credit_nothing(buyer, model):
    refund = asked(buyer, model)
    refunds.stop(refund=refund, by=None, text="It works now.")
    assert print_missing() == 0


def test_the_clock_credits_what_came_back_and_has_gone_once_more(buyer, model, monkeypatch):
    refund = asked(buyer, model)
    provider = scripted(monkeypatch, succeeded())
    refunds.send(refund.pk)
    credit_note_for(refund)
    refunds.apply_refund_state(reloaded(refund), failed())
    refunds.restart(refund=refund, by=None)
    provider.answers.append(succeeded("re_2"))
    refunds.send(refund.pk)
    Refund.objects.update(completed_at=timezone.now() - timedelta(hours=1))
    print_missing()
    assert CreditNote.objects.filter(cancels=None, cancelled_by=None).get().completion == 2


@pytest.mark.full
@pytest.mark.django_db(transaction=True)
def test_many_at_once_credit_once_each_and_without_a_gap():
    buyer = UserFactory()
    order = sold_together(buyer, *Model3DFactory.create_batch(5, listed=True))
    made = []
    for line in order.transactions.in_order():
        refund = refunds.refund(transaction=line)
        refunds.send(refund.pk)
        made.append(refund)
    at_once(lambda number: credit_note_for(made[number % 5]), 50, threads=50)
    assert sorted(CreditNote.objects.values_list("sequence", flat=True)) == [1, 2, 3, 4, 5]
    assert Invoice.objects.count() == 1


def test_the_receipt_links_what_was_credited(client, buyer, model):
    note = credited(buyer, model)
    client.force_login(buyer)
    page = client.get(note.invoice.order.get_absolute_url()).content.decode()
    assert address(note) in page


def test_an_account_that_goes_leaves_its_credit_notes(buyer, model):
    refund = asked(buyer, model)
    refunds.send(refund.pk)
    erase(buyer)
    assert CreditNote.objects.get().file


def test_finance_reads_credit_notes(client, buyer, model):
    note = credited(buyer, model)
    client.force_login(in_role("Finance"))
    assert note.number in client.get(reverse("admin:commerce_creditnote_changelist")).content.decode()
    assert client.get(reverse("admin:commerce_creditnote_pdf", args=[note.pk])).status_code == 200
    assert client.get(reverse("admin:commerce_creditnote_change", args=[note.pk])).status_code == 200
