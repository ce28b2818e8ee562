"""What the database and the model know about people."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management.base import SystemCheckError
from django.db import IntegrityError, transaction

from accounts.actions import standing
from accounts.checks import demo_accounts_forbidden
from accounts.exceptions import ModerationRefused
from accounts.models import User
from accounts.tests.factories import UserFactory
from core.models import AuditEntry, OutgoingMail

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("field", "other"), [("username", "ANA"), ("email", "ANA@EXAMPLE.COM")])
def test_the_database_refuses_a_name_or_address_that_differs_in_case_only(field, other):
    UserFactory(username="ana", email="ana@example.com")
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(**{field: other})


@pytest.mark.parametrize("username", ["admin", "Settings", "-ana", "a na", "ana/..", "ä", ""])
def test_names_that_would_mislead_or_break_addresses_are_refused(username):
    with pytest.raises(ValidationError):
        User(username=username, email="a@example.com", password="x").full_clean()


def test_somebody_is_found_by_name_without_regard_to_case():
    user = UserFactory(username="Ana")
    assert User.objects.get_by_natural_key("aNA") == user


def test_becoming_a_creator_twice_is_as_once():
    user = UserFactory()
    user.become_creator()
    user.become_creator()
    user.refresh_from_db()
    assert user.is_creator


# Standing


def test_nobody_suspends_themselves():
    admin = UserFactory(admin=True)
    with pytest.raises(ModerationRefused):
        standing.suspend(user=admin, by=admin, reason="tired")


def test_a_moderator_does_not_suspend_staff():
    with pytest.raises(ModerationRefused):
        standing.suspend(user=UserFactory(staff=True), by=UserFactory(staff=True), reason="quarrel")


def test_nobody_gives_themselves_the_badge():
    creator = UserFactory(creator=True, admin=True)
    with pytest.raises(ModerationRefused):
        standing.set_verified(user=creator, by=creator, verified=True)


def test_a_buyer_gets_no_badge():
    with pytest.raises(ModerationRefused):
        standing.set_verified(user=UserFactory(), by=UserFactory(admin=True), verified=True)


def test_suspending_is_written_down_told_once_and_can_be_undone():
    user, moderator = UserFactory(), UserFactory(staff=True)
    for _ in range(2):
        standing.suspend(user=user, by=moderator, reason="Stolen models")
    user.refresh_from_db()
    assert not user.is_active
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action, entry.object_id, entry.data) == (
        moderator,
        "user.suspended",
        str(user.pk),
        {"reason": "Stolen models"},
    )
    assert "Stolen models" in OutgoingMail.objects.get().text
    standing.restore(user=user, by=moderator)
    user.refresh_from_db()
    assert user.is_active
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == [
        "user.suspended",
        "user.restored",
    ]


# Demo accounts


def test_production_does_not_start_with_demo_accounts(settings):
    UserFactory(is_demo=True)
    settings.PRODUCTION = True
    with pytest.raises(SystemCheckError, match="demo accounts"):
        demo_accounts_forbidden()


def test_production_starts_without_demo_accounts(settings):
    UserFactory()
    settings.PRODUCTION = True
    demo_accounts_forbidden()


def test_demo_accounts_are_fine_elsewhere(settings):
    UserFactory(is_demo=True)
    settings.PRODUCTION = False
    demo_accounts_forbidden()
