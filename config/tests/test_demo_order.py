import pytest

from accounts.models import Report, User
from config.demo import order
from config.demo.accounts import ensure_demo_accounts

pytestmark = pytest.mark.django_db


def test_somebody_is_reported_and_suspended_for_a_time_and_only_once():
    people = ensure_demo_accounts()
    order.keep(people)
    order.keep(people)
    spammer = User.objects.get(username=order.NAME)
    suspension = spammer.suspensions.get()
    assert not spammer.is_active
    assert (suspension.by, suspension.is_running) == (people["moderator"], True)
    assert suspension.ends_at is not None
    assert Report.objects.open().get().owner == spammer
