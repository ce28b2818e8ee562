"""The audit log: nobody changes what it says, not even by SQL, and who is gone can still go from it."""

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, transaction

from core.models import AuditEntry

pytestmark = pytest.mark.django_db


def somebody(name: str = "ana"):
    return get_user_model().objects.create_user(name, f"{name}@example.com")


@pytest.fixture
def entry():
    person = somebody()
    return AuditEntry.record(actor=person, action="user.suspended", target=person, reason="Spam.")


@pytest.mark.parametrize(
    "change",
    [
        {"action": "user.restored"},
        {"object_id": "0"},
        {"object_repr": "Somebody else"},
        {"data": {}},
        {"data": {"reason": "None."}},
        {"created_at": "2020-01-01T00:00:00Z"},
    ],
)
def test_an_entry_is_not_changed(entry, change):
    with pytest.raises(IntegrityError, match="audit log"), transaction.atomic():
        AuditEntry.objects.filter(pk=entry.pk).update(**change)


def test_an_entry_is_not_put_down_to_somebody_else(entry):
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEntry.objects.filter(pk=entry.pk).update(actor=somebody("boris"))


def test_an_entry_is_not_deleted_not_even_past_the_models(entry):
    with pytest.raises(IntegrityError), transaction.atomic():
        entry.delete()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_auditentry")


def test_names_of_who_is_gone_can_go(entry):
    changes = {"data": {"erased": True}, "object_repr": "deleted-0123456789abcdef", "actor": None}
    assert AuditEntry.objects.filter(pk=entry.pk).update(**changes) == 1


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ("model.take_down", "Model: take down"),
        ("model.file.remove", "Model file: remove"),
        ("community_post.put_back", "Community post: put back"),
        ("sync", "Sync"),
    ],
)
def test_an_action_is_told_in_words(action, words):
    assert AuditEntry(action=action).action_words == words
