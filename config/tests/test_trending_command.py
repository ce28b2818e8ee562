"""`refresh_trending` by hand."""

import io

import pytest
from django.core.management import call_command
from django.utils import timezone

from marketplace.models import DailyStats
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db


def refresh() -> str:
    out = io.StringIO()
    call_command("refresh_trending", stdout=out)
    return out.getvalue()


def test_it_says_how_many_scores_changed():
    model = Model3DFactory(listed=True)
    Model3DFactory(listed=True)
    DailyStats.objects.create(model=model, day=timezone.now().date(), views=3)
    assert refresh().startswith("1 scores changed")
    model.refresh_from_db()
    assert model.trending_score == 3


def test_a_second_time_nothing_changes():
    assert refresh().startswith("0 scores changed")
