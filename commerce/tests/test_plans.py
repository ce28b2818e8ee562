"""Plans: what the database refuses, and what they give."""

from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from accounts.entitlements import everybodys_limits
from commerce.models import Interval, Plan

pytestmark = pytest.mark.django_db
GB = 1024**3
PRO = {
    "name": "Another",
    "tagline": "For tests.",
    "rank": 99,
    "price_monthly": Decimal("10.00"),
    "price_yearly": Decimal("100.00"),
    "max_upload_bytes": GB,
    "storage_bytes": GB,
    "private_models": 1,
    "analytics_days": 30,
    "hold_days": 1,
}


@pytest.fixture(autouse=True)
def plans():
    migration = import_module("commerce.migrations.0005_first_plans")
    for _ in range(2):
        migration.make_plans(apps, None)
    return Plan.objects.in_bulk(field_name="slug")


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("plan_", {"price_monthly": Decimal("-1.00"), "price_yearly": Decimal("-1.00")}),
        ("plan_costs_in_both_intervals_or_none", {"price_yearly": Decimal("0.00")}),
        ("plan_limits_where_it_costs", {"hold_days": None}),
        ("plan_limits_where_it_costs", {"price_monthly": Decimal("0.00"), "price_yearly": Decimal("0.00")}),
        ("plan_limits_positive", {"storage_bytes": 0}),
        ("commerce_plan_rank_key", {"rank": 20}),
        ("commerce_plan_name_key", {"name": "Pro"}),
    ],
)
def test_the_database_refuses_a_plan_that_makes_no_sense(constraint, wrong):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Plan.objects.create(slug="another", **{**PRO, **wrong})


def test_there_is_one_free_plan_and_nobody_tries_it(plans):
    nothing = dict.fromkeys(
        ("max_upload_bytes", "storage_bytes", "private_models", "analytics_days", "hold_days")
    )
    free = {**PRO, **nothing, "price_monthly": Decimal(0), "price_yearly": Decimal(0)}
    with pytest.raises(IntegrityError, match="plan_one_is_free"), transaction.atomic():
        Plan.objects.create(slug="another", **free)
    with pytest.raises(IntegrityError, match="plan_trial_where_it_costs"), transaction.atomic():
        Plan.objects.filter(pk=plans["free"].pk).update(trial_days=1)


def test_the_first_plans_each_give_more_for_more(plans):
    free, pro, studio = Plan.objects.offered()
    assert Plan.objects.free() == free
    assert list(Plan.objects.paid().order_by("rank")) == [pro, studio]
    assert free.limits == everybodys_limits()
    for less, more in ((free, pro), (pro, studio)):
        assert more.price_monthly > less.price_monthly
        assert more.limits.hold_days < less.limits.hold_days
        for name in ("max_upload_bytes", "storage_bytes", "private_models", "analytics_days"):
            assert getattr(more.limits, name) > getattr(less.limits, name)


def test_a_price_is_that_of_its_interval_and_the_saving_never_promises_too_much(plans):
    pro = plans["pro"]
    assert (pro.price(Interval.MONTH), pro.price(Interval.YEAR)) == (Decimal("12.00"), Decimal("120.00"))
    assert pro.saving_percent == 16
    pro.price_yearly = Decimal("150.00")
    assert pro.saving_percent == 0


def test_what_is_not_offered_any_more_is_left_out(plans):
    Plan.objects.filter(slug="studio").update(is_active=False)
    assert [plan.slug for plan in Plan.objects.offered()] == ["free", "pro"]


def test_the_first_plans_can_be_taken_back():
    import_module("commerce.migrations.0005_first_plans").drop_plans(apps, None)
    assert not Plan.objects.exists()
