"""The operators' way to delete an account."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AccountDeletion, User
from accounts.tests.factories import UserFactory
from core.models import AuditEntry

pytestmark = pytest.mark.django_db


def run(*arguments) -> str:
    out = StringIO()
    call_command("delete_account", *arguments, "--no-input", stdout=out)
    return out.getvalue()


def test_nobody_is_deleted_whom_there_is_not():
    with pytest.raises(CommandError, match="no account"):
        run("nobody")


def test_what_stands_against_it_has_to_be_settled_and_said_how():
    user = UserFactory(username="agent", staff=True)
    with pytest.raises(CommandError, match="Settle that first"):
        run("agent")
    assert not AccountDeletion.objects.exists()
    assert "is deleted" in run("Agent", "--settled", "left the company")
    user.refresh_from_db()
    assert user.is_deleted
    entry = AuditEntry.objects.get(action="account.deletion.by_command")
    assert entry.data["settled"] == "left the company"


def test_an_account_against_which_nothing_stands_goes_at_once():
    UserFactory(username="ana")
    assert "is deleted" in run("ana")
    assert not User.objects.filter(username="ana").exists()
