"""Coupons and tax rates in the console."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.tests.factories import UserFactory
from commerce.models import Coupon, TaxRate
from commerce.tests.factories import coupon_of, paid_order, tax_of
from commerce.tests.test_admin import in_role
from core.models import AuditEntry
from marketplace.tests.factories import Model3DFactory

COUPON = {"code": "Autumn-25", "percent": "25", "max_uses": "10", "is_active": "on"}
RATE = {"country": "ES", "name": "IVA", "percent": "21", "valid_from": "2026-01-01"}


def add(client, name: str, data: dict):
    return client.post(reverse(f"admin:commerce_{name}_add"), data)


@pytest.fixture
def finance(client, db):
    person = in_role("Finance")
    client.force_login(person)
    return person


@pytest.mark.parametrize(("name", "data"), [("coupon", COUPON), ("taxrate", RATE)])
@pytest.mark.parametrize("role", [None, "Moderators", "Support agents"])
def test_only_finance_makes_coupons_and_rates(client, db, name, data, role):
    client.force_login(in_role(role) if role else UserFactory())
    assert add(client, name, data).status_code in (302, 403)
    assert not Coupon.objects.exists()
    assert not TaxRate.objects.exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"percent": "0"}, "more than 0"),
        ({"percent": "100.01"}, "at most 100"),
        ({"percent": "-1"}, "more than 0"),
        ({"percent": "NaN"}, "Enter a number."),
        ({"percent": "10.123"}, "no more than 2 decimal places"),
        ({"percent": "1e30"}, "no more than"),
        ({"max_uses": "0"}, "greater than or equal to 1"),
        ({"max_uses": "99999999999"}, "less than or equal to"),
        ({"code": "a b"}, "letters, digits, hyphens"),
        ({"code": "ab"}, "at least 3"),
        ({"code": "old"}, "such a coupon already"),
        ({"expires_at_0": "tomorrow", "expires_at_1": "noon"}, "valid date"),
    ],
)
def test_a_coupon_that_makes_no_sense_is_refused(client, finance, change, said):
    coupon_of("10", code="OLD")
    page = add(client, "coupon", {**COUPON, **change})
    assert said in page.content.decode()
    assert Coupon.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"percent": "100.001"}, "between 0 and 100"),
        ({"percent": "-1"}, "between 0 and 100"),
        ({"country": "XX"}, "not one of the available choices"),
        ({"valid_from": "1.1."}, "Enter a valid date"),
        ({"country": "FR", "valid_from": "2020-01-01"}, "from that day on already"),
    ],
)
def test_a_rate_that_makes_no_sense_is_refused(client, finance, change, said):
    tax_of("20", "FR")
    assert said in add(client, "taxrate", {**RATE, **change}).content.decode()
    assert TaxRate.objects.count() == 1


def test_finance_makes_coupons_and_rates_and_it_is_recorded(client, finance):
    add(client, "coupon", COUPON)
    add(client, "taxrate", RATE)
    coupon, rate = Coupon.objects.get(), TaxRate.objects.get()
    assert (coupon.code, coupon.percent, coupon.max_uses, coupon.is_active) == ("Autumn-25", 25, 10, True)
    assert (rate.country, rate.percent, rate.valid_from) == ("ES", 21, date(2026, 1, 1))
    assert set(AuditEntry.objects.values_list("action", "actor")) == {
        ("coupon.add", finance.pk),
        ("tax_rate.add", finance.pk),
    }
    client.post(reverse("admin:commerce_taxrate_delete", args=[rate.pk]), {"post": "yes"})
    assert not TaxRate.objects.exists()
    assert AuditEntry.objects.filter(action="tax_rate.delete").exists()


def test_a_coupon_in_use_keeps_its_uses_and_cannot_go_below_them(client, finance):
    coupon = coupon_of("10", max_uses=5)
    for _ in range(2):
        paid_order(UserFactory(), Model3DFactory(listed=True, price=Decimal("24.00")), coupon=coupon)
    address = reverse("admin:commerce_coupon_change", args=[coupon.pk])
    assert client.get(address).status_code == 200
    data = {"code": "SPRING", "percent": "15"}
    assert "used 2 times already" in client.post(address, {**data, "max_uses": "1"}).content.decode()
    client.post(address, {**data, "max_uses": "2"})
    coupon.refresh_from_db()
    assert (coupon.percent, coupon.max_uses, coupon.used_count, coupon.is_active) == (15, 2, 2, False)
    assert (
        client.post(reverse("admin:commerce_coupon_delete", args=[coupon.pk]), {"post": "yes"}).status_code
        == 403
    )


@pytest.mark.parametrize(("name", "part"), [("coupon", "12.5 %"), ("taxrate", "21 %"), ("couponuse", "Used")])
def test_the_lists_show_what_there_is(client, finance, name, part):
    coupon = coupon_of("12.5", max_uses=3)
    paid_order(UserFactory(), Model3DFactory(listed=True), coupon=coupon)
    tax_of("21")
    assert part in client.get(reverse(f"admin:commerce_{name}_changelist")).content.decode()
