"""People, outbox, audit log and notifications in the moderation console: who may do what there."""

import pytest
from django.contrib import admin
from django.urls import reverse

from accounts.actions import standing
from accounts.models import User
from accounts.tests.factories import UserFactory
from core.mail import send
from core.models import AuditEntry, OutgoingMail

pytestmark = pytest.mark.django_db

MODERATOR = ["accounts.view_user", "accounts.moderate_user", "core.view_outgoingmail", "core.view_auditentry"]
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
