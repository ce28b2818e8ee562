"""Statements that are put into SQL once: they find and write what Django's own do."""

import uuid
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.models import Count, F, Value
from django.db.models.functions import Upper
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Notification, User
from accounts.tests.factories import UserFactory
from core.database.prepared import Prepared, PreparedCount, PreparedUpdate

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return [UserFactory(username=f"one{number}", full_name=f"Person {number}") for number in range(4)]


def test_rows_are_those_of_the_query_set(people):
    prepared = Prepared(
        lambda name, since: (
            User.objects.filter(full_name__gt=name, created_at__gte=since, is_active=True)
            .annotate(loud=Upper("full_name"))
            .order_by("full_name")
        ),
        name=str,
        since=datetime,
    )
    since = timezone.now() - timedelta(hours=1)
    assert prepared(name="Person 1", since=since) == people[2:]
    found = prepared(name="Person 2", since=since)
    assert [(one.username, one.loud, one.rating) for one in found] == [("one3", "PERSON 3", people[3].rating)]
    assert not found[0]._state.adding
    assert prepared(name="Person", since=timezone.now() + timedelta(hours=1)) == []


def test_what_is_selected_along_is_there_without_a_further_query(people):
    Notification.objects.create(user=people[1], kind=Notification.Kind.values[0], title="Hello")
    prepared = Prepared(lambda user: Notification.objects.filter(user=user).select_related("user"), user=int)
    with CaptureQueriesContext(connection) as queries:
        assert prepared.first(user=people[1].pk).user.full_name == "Person 1"
        assert prepared.first(user=people[0].pk) is None
    assert len(queries) == 2


def test_columns_that_were_left_out_are_read_when_they_are_asked_for(people):
    prepared = Prepared(lambda user: User.objects.filter(pk=user).only("full_name"), user=int)
    found = prepared.first(user=people[0].pk)
    assert found.get_deferred_fields()
    assert found.username == "one0"


def test_values_come_as_values_list_gives_them(people):
    flat = Prepared(
        lambda users: User.objects.filter(pk__among=users).order_by("pk").values_list("username", flat=True),
        users=list,
    )
    assert flat(users=[one.pk for one in people[:2]]) == ["one0", "one1"]
    assert flat(users=[]) == []
    pairs = Prepared(lambda user: User.objects.filter(pk=user).values_list("username", "full_name"), user=int)
    assert pairs(user=people[3].pk) == [("one3", "Person 3")]


def test_the_statement_is_put_together_once(people):
    built = []
    prepared = Prepared(lambda user: built.append(user) or User.objects.filter(pk=user), user=int)
    assert [prepared.first(user=one.pk) for one in people] == people
    assert len(built) == 1
    assert built[0] not in [one.pk for one in people]


def test_rows_that_are_counted_and_changed(people):
    count = PreparedCount(lambda name: User.objects.filter(full_name__gte=name), name=str)
    assert (count(name="Person 2"), count(name="Q")) == (2, 0)
    rename = PreparedUpdate(
        lambda user, name: (
            User.objects.filter(pk=user),
            {"full_name": name, "rating_count": F("rating_count") + 1},
        ),
        user=int,
        name=str,
    )
    assert rename(user=people[0].pk, name="Somebody") == 1
    assert rename(user=0, name="Nobody") == 0
    people[0].refresh_from_db()
    assert (people[0].full_name, people[0].rating_count) == ("Somebody", 1)


def test_a_text_is_never_part_of_the_statement(people):
    prepared = Prepared(lambda name: User.objects.filter(full_name=name), name=str)
    assert prepared(name="' OR ''='") == []
    assert prepared(name="%s") == []


def test_a_value_that_becomes_part_of_another_is_refused():
    with pytest.raises(LookupError, match="name"):
        Prepared(lambda name: User.objects.filter(full_name__contains=name), name=str)(name="Person")
    with pytest.raises(LookupError, match="other"):
        Prepared(lambda user, other: User.objects.filter(pk=user), user=int, other=uuid.UUID)(
            user=1, other=uuid.uuid4()
        )


def test_groups_are_read_as_well(people):
    prepared = Prepared(
        lambda user: User.objects.filter(pk=user).annotate(told=Count("notifications"), one=Value(1)),
        user=int,
    )
    found = prepared.first(user=people[0].pk)
    assert (found.told, found.one) == (0, 1)


@pytest.mark.django_db(transaction=True)
def test_rows_are_locked_inside_a_transaction_alone():
    person = UserFactory()
    prepared = Prepared(lambda user: User.objects.filter(pk=user).select_for_update(), user=int)
    with transaction.atomic():
        assert prepared(user=person.pk) == [person]
    with pytest.raises(TransactionManagementError):
        prepared(user=person.pk)
