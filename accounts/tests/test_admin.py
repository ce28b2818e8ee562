"""People, outbox, audit log and notifications in the moderation console: who may do what there."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions import standing
from accounts.admin.people import UserAdmin
from accounts.exceptions import ModerationRefused
from accounts.models import Suspension, User
from accounts.tests.factories import UserFactory
from core.mail import send
from core.models import AuditEntry, OutgoingMail

pytestmark = pytest.mark.django_db

MODERATOR = ["accounts.view_user", "accounts.moderate_user", "core.view_outgoingmail", "core.view_auditentry"]
FORMS = ("TOTAL", "INITIAL")
# What the console's dialogs send along.
SUBMITTED = {"_form_submitted": "True"}


@pytest.fixture
def moderator(client):
    user = UserFactory(username="mod", staff=True, permissions=MODERATOR)
    client.force_login(user)
    return user


@pytest.fixture
def person():
    return UserFactory(username="eve", full_name="Eve Adams", creator=True)


def action_address(client, person, name):
    page = client.get(reverse("admin:accounts_user_change", args=[person.pk])).content.decode()
    path = reverse(f"admin:accounts_user_{name}", args=[person.pk])
    return path, path in page


# Refused


def test_all_of_a_list_that_is_longer_than_an_action_takes_is_left_alone(
    client, moderator, person, monkeypatch
):
    monkeypatch.setattr(UserAdmin, "most_at_once", 2)
    others = [UserFactory(username=name, creator=True) for name in ("ida", "idris")]
    sent = {"action": "verify_selected", "select_across": "1", "index": "0", "_selected_action": [person.pk]}
    address = reverse("admin:accounts_user_changelist")
    page = client.post(address, sent, follow=True).content.decode()
    assert "More than 2 are selected." in page
    assert not User.objects.filter(is_verified=True).exists()
    one = sent | {"select_across": "0"}
    assert "1 got the badge" in client.post(address, one, follow=True).content.decode()
    page = client.post(f"{address}?q=id", sent, follow=True).content.decode()
    assert "2 got the badge" in page
    assert set(User.objects.filter(is_verified=True)) == {person, *others}


def test_an_address_with_something_else_than_an_id_leads_back(client):
    client.force_login(UserFactory(admin=True))
    assert client.get("/admin/accounts/user/abc/change/").status_code == 302


def test_the_console_sends_visitors_to_the_sites_own_log_in(client):
    response = client.get(reverse("admin:login"))
    assert response["Location"].startswith(reverse("account_login"))


def test_the_console_is_closed_to_people_who_do_not_work_here(client):
    client.force_login(UserFactory())
    assert client.get(reverse("admin:accounts_user_changelist"), follow=True).status_code == 403


@pytest.mark.parametrize("name", ["suspend_person", "restore_person", "verify_person", "unverify_person"])
def test_staff_without_the_permission_cannot_moderate(client, person, name):
    client.force_login(UserFactory(staff=True, permissions=["accounts.view_user", "accounts.change_user"]))
    path = reverse(f"admin:accounts_user_{name}", args=[person.pk])
    assert client.post(path, {**SUBMITTED, "reason": "because"}).status_code == 403
    person.refresh_from_db()
    assert person.is_active


def test_looking_at_an_action_does_nothing(client, moderator, person):
    client.get(reverse("admin:accounts_user_suspend_person", args=[person.pk]))
    person.refresh_from_db()
    assert person.is_active


def test_a_suspension_needs_a_reason(client, moderator, person):
    client.post(
        reverse("admin:accounts_user_suspend_person", args=[person.pk]), {**SUBMITTED, "reason": "  "}
    )
    person.refresh_from_db()
    assert person.is_active


def test_a_moderator_can_change_neither_roles_nor_figures_nor_staff(client, person):
    client.force_login(UserFactory(staff=True, permissions=["accounts.view_user", "accounts.change_user"]))
    data = {
        "username": "eve",
        "email": person.email,
        "user_type": "creator",
        "is_superuser": "on",
        "is_staff": "on",
        "total_sales": "999",
        "emailaddress_set-TOTAL_FORMS": "0",
        "emailaddress_set-INITIAL_FORMS": "0",
    }
    client.post(reverse("admin:accounts_user_change", args=[person.pk]), data)
    person.refresh_from_db()
    assert (person.is_staff, person.is_superuser, person.total_sales) == (False, False, 0)
    chief = UserFactory(admin=True)
    assert client.get(reverse("admin:auth_user_password_change", args=[chief.pk])).status_code == 403


def test_nobody_deletes_people_notifications_or_audit_entries(client, person):
    client.force_login(UserFactory(admin=True))
    entry = AuditEntry.record(actor=None, action="test", target=person)
    assert (
        client.post(reverse("admin:accounts_user_delete", args=[person.pk]), {"post": "yes"}).status_code
        == 403
    )
    assert (
        client.post(reverse("admin:core_auditentry_delete", args=[entry.pk]), {"post": "yes"}).status_code
        == 403
    )
    assert client.get(reverse("admin:core_auditentry_add")).status_code == 403
    assert User.objects.filter(pk=person.pk).exists()


def test_the_console_shows_no_mail_bodies_whose_links_sign_in(client, person):
    client.force_login(UserFactory(admin=True))
    mail = send(kind="accounts/suspended", to=person, context={"reason": "SECRET-IN-THE-BODY"})
    page = client.get(reverse("admin:core_outgoingmail_change", args=[mail.pk]))
    assert page.status_code == 200
    assert "SECRET-IN-THE-BODY" not in page.content.decode()


def test_a_mail_that_was_sent_is_not_sent_again(client):
    client.force_login(UserFactory(admin=True))
    mail = send(kind="accounts/restored", to=UserFactory())
    OutgoingMail.objects.update(status=OutgoingMail.Status.SENT)
    client.post(
        reverse("admin:core_outgoingmail_changelist"), {"action": "send_again", "_selected_action": [mail.pk]}
    )
    mail.refresh_from_db()
    assert mail.status == OutgoingMail.Status.SENT


# Allowed


def test_a_moderator_suspends_and_restores(client, moderator, person):
    path, offered = action_address(client, person, "suspend_person")
    assert offered
    client.post(path, {**SUBMITTED, "reason": "Stolen models"})
    person.refresh_from_db()
    assert not person.is_active
    path, offered = action_address(client, person, "restore_person")
    assert offered
    client.post(path, SUBMITTED)
    person.refresh_from_db()
    assert person.is_active
    assert AuditEntry.objects.filter(actor=moderator, object_id=str(person.pk)).count() == 2


def test_several_creators_get_the_badge_at_once_and_buyers_are_named(client, moderator, person):
    buyer = UserFactory(username="bob")
    data = {"action": "verify_selected", "_selected_action": [person.pk, buyer.pk]}
    response = client.post(reverse("admin:accounts_user_changelist"), data, follow=True)
    person.refresh_from_db()
    buyer.refresh_from_db()
    assert (person.is_verified, buyer.is_verified) == (True, False)
    assert "bob is not a creator" in response.content.decode()


def test_a_failed_mail_is_sent_again_and_that_is_written_down(client):
    client.force_login(UserFactory(admin=True))
    mail = send(kind="accounts/restored", to=UserFactory())
    OutgoingMail.objects.update(status=OutgoingMail.Status.FAILED)
    client.post(
        reverse("admin:core_outgoingmail_changelist"), {"action": "send_again", "_selected_action": [mail.pk]}
    )
    mail.refresh_from_db()
    assert mail.status == OutgoingMail.Status.QUEUED
    assert AuditEntry.objects.filter(action="mail.restarted").exists()


def test_people_are_found_by_name_address_and_full_name(client, moderator, person):
    for words in ("eve", person.email, "adams"):
        assert (
            "Eve Adams"
            in client.get(reverse("admin:accounts_user_changelist"), {"q": words}).content.decode()
        )


@pytest.mark.parametrize(
    "name", ["accounts_user", "accounts_notification", "core_outgoingmail", "core_auditentry", "auth_group"]
)
def test_every_list_opens(client, name):
    client.force_login(UserFactory(admin=True))
    assert client.get(reverse(f"admin:{name}_changelist")).status_code == 200


def test_tables_of_the_sign_in_library_are_not_in_the_console():
    assert not [model for model in admin.site._registry if model.__module__.startswith("allauth.")]


def test_a_person_without_address_is_suspended_without_mail(moderator):
    person = UserFactory(email="")
    standing.suspend(user=person, by=moderator, reason="Spam.")
    standing.restore(user=person, by=moderator)
    person.refresh_from_db()
    assert person.is_active
    assert not OutgoingMail.objects.exists()


# For how long, and as what


def test_a_suspension_neither_ends_before_it_begins_nor_runs_twice(moderator, person):
    with pytest.raises(ModerationRefused):
        standing.suspend(user=person, by=moderator, reason="Spam.", until=timezone.now())
    standing.suspend(user=person, by=moderator, reason="Spam.")
    standing.suspend(user=person, by=moderator, reason="Again.")
    assert [one.reason for one in person.suspensions.running()] == ["Spam."]
    for wrong in ({"ends_at": timezone.now() - timedelta(days=1)}, {}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Suspension.objects.create(user=person, reason="Spam.", **wrong)


def test_a_suspension_ends_by_itself_when_its_time_is_over(client, moderator, person):
    path, _offered = action_address(client, person, "suspend_person")
    client.post(path, {**SUBMITTED, "reason": "Spam.", "days": "3"})
    running = person.suspensions.get()
    assert running.ends_at - running.started_at >= timedelta(days=3, minutes=-1)
    assert f"{running.ends_at:%-d %B %Y}" in OutgoingMail.objects.get(kind="accounts/suspended").text
    assert standing.lift_due(running.ends_at - timedelta(seconds=1)) == 0
    assert standing.lift_due(running.ends_at) == 1
    assert standing.lift_due(running.ends_at) == 0
    person.refresh_from_db()
    running.refresh_from_db()
    assert person.is_active
    assert (running.is_running, running.lifted_by) == (False, None)
    assert AuditEntry.objects.get(action="user.restored").actor is None
    assert OutgoingMail.objects.filter(kind="accounts/restored").exists()


def test_a_suspension_of_somebody_whose_account_is_gone_ends_without_letting_anybody_in(moderator, person):
    soon = timezone.now() + timedelta(days=1)
    standing.suspend(user=person, by=moderator, reason="Spam.", until=soon)
    person.anonymise()
    assert standing.lift_due(soon) == 0
    person.refresh_from_db()
    assert not person.is_active
    assert not person.suspensions.running().exists()


def test_whoever_is_suspended_is_logged_out_for_good(client, moderator, person):
    theirs = Client()
    theirs.force_login(person)
    theirs.get("/")
    assert theirs.get(reverse("accounts:settings")).status_code == 200
    standing.suspend(user=person, by=moderator, reason="Spam.")
    assert theirs.get(reverse("accounts:settings")).status_code == 302
    standing.restore(user=person, by=moderator)
    assert theirs.get(reverse("accounts:settings")).status_code == 302


def test_a_moderator_makes_a_creator_of_a_buyer_and_takes_it_back_with_the_badge(client, moderator):
    buyer = UserFactory(username="bob")
    client.post(action_address(client, buyer, "make_creator")[0], SUBMITTED)
    standing.set_verified(user=buyer, by=moderator, verified=True)
    client.post(action_address(client, buyer, "make_buyer")[0], SUBMITTED)
    buyer.refresh_from_db()
    assert (buyer.is_creator, buyer.is_verified) == (False, False)
    changes = AuditEntry.objects.filter(action="user.type_changed").order_by("pk")
    assert [entry.data["after"] for entry in changes] == ["creator", "buyer"]


@pytest.mark.parametrize("name", ["suspend_person", "make_creator", "make_buyer", "all_of_person"])
def test_a_button_of_nobody_leads_nowhere(client, moderator, name):
    path = reverse(f"admin:accounts_user_{name}", args=["10000000000"])
    assert client.post(path, {**SUBMITTED, "reason": "Spam."}, follow=True).status_code in {200, 404}


# Roles, and who gets in


def test_roles_that_are_given_are_in_the_audit_log_with_what_was_before(client, person):
    chief = UserFactory(admin=True)
    client.force_login(chief)
    address = reverse("admin:accounts_user_change", args=[person.pk])
    data = {
        "username": "eve",
        "email": person.email,
        "full_name": "Eve Adams",
        "bio": "",
        "is_staff": "on",
        "groups": [Group.objects.get(name="Finance").pk],
        **{f"{prefix}-{name}_FORMS": "0" for prefix in ("emailaddress_set", "suspensions") for name in FORMS},
    }
    assert client.post(address, data).status_code == 302
    entry = AuditEntry.objects.get(action="user.roles_changed")
    assert entry.data["roles"] == {"before": [], "after": ["Finance"]}
    assert entry.data["staff"] == {"before": "", "after": "is_staff"}


def test_staff_without_a_second_factor_do_not_get_in_where_it_is_required(client, settings, moderator):
    settings.STAFF_MFA_REQUIRED = True
    for address in (reverse("admin:index"), reverse("admin:accounts_user_changelist")):
        assert client.get(address).url == reverse("mfa_index")
    assert client.post(reverse("admin:logout")).url == "/"
    client.force_login(moderator)
    TOTP.activate(moderator, "SECRET")
    assert client.get(reverse("admin:index")).status_code == 200


def test_who_is_refused_is_in_the_audit_log(client, moderator):
    address = reverse("admin:core_mailsuppression_changelist")
    assert client.get(f"{address}?q=x").status_code == 403
    entry = AuditEntry.objects.get(action="console.refused")
    assert (entry.actor, entry.data) == (moderator, {"method": "GET", "path": f"{address}?q=x"})
    outsider = UserFactory()
    client.force_login(outsider)
    client.get(address, follow=True)
    assert AuditEntry.objects.filter(action="console.refused", actor=outsider).exists()


def test_nobody_fills_the_audit_log_with_refusals(client, moderator, monkeypatch):
    monkeypatch.setattr("accounts.middleware.REFUSALS_AN_HOUR", 2)
    for _ in range(4):
        client.get(reverse("admin:core_mailsuppression_changelist"))
    assert AuditEntry.objects.filter(action="console.refused").count() == 2
