"""Finding people by their names: who is found, who never is, and who is nearly called so."""

import pytest
from django.db import connection

from accounts.finding import creators_beginning_with, people_named, people_nearly_named
from accounts.tests.factories import UserFactory

pytestmark = pytest.mark.django_db

ODD = ["", " ", "%", "_", "\\", "%%%", "'; --", '"', "\x00", "\ud800", "x" * 5000, "🪑", "@", "-", "()|&:*"]


def names(people):
    return [person.username for person in people]


@pytest.fixture
def people():
    return {
        name: UserFactory(username=name, full_name=full_name)
        for name, full_name in [
            ("nadia", "Nadia Okoro"),
            ("nadiaokoro", "Somebody Else"),
            ("low_keep", ""),
            ("oyku", "Öykü Ak"),
        ]
    }


def test_a_suspended_person_is_found_in_no_way(people):
    for person in people.values():
        person.is_active = False
        person.save()
    for find in (people_named, people_nearly_named, creators_beginning_with):
        assert not find("nadia").exists()


@pytest.mark.parametrize("text", ODD)
def test_odd_text_finds_nobody_and_breaks_nothing(people, text):
    for find in (people_named, people_nearly_named, creators_beginning_with):
        assert list(find(text)) == []
        assert list(find(f"zzz{text}zzz")) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("nadia", ["nadia", "nadiaokoro"]),
        ("NADIA okoro", ["nadia", "nadiaokoro"]),
        ("okoro", ["nadia", "nadiaokoro"]),
        ("na", ["nadia", "nadiaokoro"]),
        ("ia", []),
        ("low_keep", ["low_keep"]),
        ("keep", ["low_keep"]),
        ("oyku", ["oyku"]),
        ("öykü", ["oyku"]),
        ("nadia keep", []),
    ],
)
def test_people_are_found_by_each_word_of_their_names(people, text, found):
    assert names(people_named(text)) == found


def test_who_is_called_exactly_so_comes_first_then_who_sells_most():
    UserFactory(username="anna_best", full_name="", total_sales=90)
    UserFactory(username="joanna", full_name="", total_sales=99)
    UserFactory(username="anna", full_name="", total_sales=0)
    UserFactory(username="someone", full_name="Lena Anna", total_sales=5)
    assert names(people_named("Anna")) == ["someone", "anna", "anna_best", "joanna"]


@pytest.mark.parametrize("slip", ["nadai", "nadja", "okorro", "nadia okro"])
def test_a_slip_finds_who_was_meant(people, slip):
    assert not people_named(slip).exists()
    assert "nadia" in names(people_nearly_named(slip))


def test_only_creators_with_models_are_suggested(people):
    UserFactory(username="nadine", creator=True, full_name="", total_models=3)
    assert names(creators_beginning_with("nad")) == ["nadine"]
    assert names(creators_beginning_with("dine")) == []


def test_names_are_looked_up_in_their_index(people):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for find in (people_named, creators_beginning_with):
            assert "user_" in find("nadia").explain()
