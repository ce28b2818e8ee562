"""The days of creators are the sums of their models' days, whatever changes those."""

from datetime import date
from decimal import Decimal

import pytest
from django.db.models import F

from accounts.tests.factories import UserFactory
from marketplace.creator_days import sum_up_all_days, sum_up_days
from marketplace.models import CreatorDay, DailySource, DailyStats, FigureChange
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db
DAY, NEXT = date(2026, 6, 29), date(2026, 6, 30)


@pytest.fixture
def creator():
    return UserFactory(creator=True)


def on(model, day=DAY, **counts) -> DailyStats:
    return DailyStats.objects.create(model=model, day=day, **counts)


def figures(creator, day=DAY) -> tuple:
    row = CreatorDay.objects.get(creator=creator, day=day)
    return row.views, row.sales, row.revenue


def test_nothing_is_summed_that_has_not_changed(creator):
    on(Model3DFactory(creator=creator), views=3)
    assert sum_up_days() == 1
    assert sum_up_days() == 0


def test_all_models_of_a_creator_are_in_their_day_and_others_are_not(creator):
    for views in (3, 4):
        on(Model3DFactory(creator=creator), views=views, sales=1, revenue=Decimal("2.50"))
    on(Model3DFactory(creator=creator), NEXT, views=100)
    on(Model3DFactory(), views=1000)
    sum_up_days()
    assert figures(creator) == (7, 2, Decimal("5.00"))
    assert figures(creator, NEXT) == (100, 0, Decimal("0.00"))


def test_what_is_changed_or_deleted_is_summed_anew(creator):
    kept, gone = (on(Model3DFactory(creator=creator), views=3, sales=1, revenue=5) for _ in range(2))
    sum_up_days()
    DailyStats.objects.filter(pk=kept.pk).update(sales=F("sales") - 1, revenue=0)
    gone.model.delete()
    sum_up_days()
    assert figures(creator) == (3, 0, Decimal("0.00"))


def test_where_visitors_came_from_is_summed_by_its_kinds(creator):
    for views in (3, 4):
        model = Model3DFactory(creator=creator)
        DailySource.objects.create(model=model, day=DAY, source="engine", views=views)
        on(model, views=views + 1)
    sum_up_days()
    assert CreatorDay.objects.get(creator=creator).sources == {"engine": 7}


def test_everything_can_be_summed_anew(creator):
    on(Model3DFactory(creator=creator), views=3)
    FigureChange.objects.all().delete()
    assert sum_up_days() == 0
    assert sum_up_all_days() == 1
    assert figures(creator) == (3, 0, Decimal("0.00"))


def test_a_note_about_somebody_who_is_gone_is_thrown_away(creator):
    FigureChange.objects.create(creator_id=creator.pk + 1000, day=DAY)
    assert sum_up_days() == 1
    assert not CreatorDay.objects.exists()
