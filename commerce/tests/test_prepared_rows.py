"""Rows of models whose statements are kept (`PreparedWritesMixin`): written is what Django would have written."""

import uuid
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from commerce.models import Payment, SandboxCharge, SandboxEvent

pytestmark = pytest.mark.django_db


def charge_of(reference: str, **fields) -> SandboxCharge:
    return SandboxCharge(
        reference=reference, amount=1200, currency="USD", return_url="/back/", cancel_url="/away/", **fields
    )


def values_of(row) -> dict:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_a_new_row_holds_all_that_it_was_given():
    charge = charge_of("a", source="4242", arrives_at=timezone.now())
    charge.save()
    assert not charge._state.adding
    assert values_of(SandboxCharge.objects.get(pk=charge.pk)) == values_of(charge)
    other = charge_of("b")
    other.save()
    assert values_of(SandboxCharge.objects.get(pk=other.pk)) == values_of(other)
    assert other.arrives_at is None


def test_json_is_kept_as_it_is():
    charge = charge_of("a")
    charge.save()
    payload = {"text": "“%s” and 'quotes'", "numbers": [1, 2.5, None], "empty": {}}
    event = SandboxEvent.objects.create(charge=charge, kind="charge.succeeded", payload=payload)
    assert SandboxEvent.objects.get(pk=event.pk).payload == payload


def test_only_the_fields_that_are_named_are_changed():
    charge = charge_of("a")
    charge.save()
    SandboxCharge.objects.filter(pk=charge.pk).update(message="By somebody else.")
    before = charge.updated_at
    charge.status, charge.source = SandboxCharge.Status.SUCCEEDED, "4242"
    charge.save(update_fields=["status", "updated_at"])
    there = SandboxCharge.objects.get(pk=charge.pk)
    assert (there.status, there.source, there.message) == ("succeeded", "", "By somebody else.")
    assert there.updated_at == charge.updated_at > before


def test_a_row_that_is_gone_cannot_be_changed():
    charge = charge_of("a")
    charge.save()
    SandboxCharge.objects.all().delete()
    with pytest.raises(DatabaseError):
        charge.save(update_fields=["status"])


def test_an_expression_is_worked_out_by_the_database():
    charge = charge_of("a")
    charge.save()
    charge.received = F("amount") - 200
    charge.save(update_fields=["received"])
    charge.refresh_from_db()
    assert charge.received == 1000


def test_a_row_with_a_key_of_its_own_is_written_under_it():
    charge_of("a", pk=77).save(force_insert=True)
    assert SandboxCharge.objects.get(pk=77).reference == "a"


def test_constraints_hold():
    charge_of("a").save()
    with pytest.raises(IntegrityError), transaction.atomic():
        charge_of("a").save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment(amount=Decimal("-1.00"), currency="USD", method="card", provider="sandbox").save()


def test_a_row_that_is_there_already_is_left_alone():
    first, second = charge_of("a"), charge_of("a", source="4242")
    assert first.insert_unless_there()
    assert not first._state.adding
    assert not second.insert_unless_there()
    assert second.pk is None
    only = SandboxCharge.objects.get()
    assert values_of(only) == values_of(first)
    assert charge_of("a", double_of=only, charge_id=uuid.uuid4()).insert_unless_there()
