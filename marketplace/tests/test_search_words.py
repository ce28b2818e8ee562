"""What is mistyped is corrected, and what means the same is found."""

import pytest
from django.core.cache import cache
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.tests.factories import UserFactory
from core.models import AuditEntry
from marketplace.models import Model3D, SearchWord, SynonymGroup
from marketplace.search import Criteria, corrected, near, search, words_beginning
from marketplace.search.synonyms import MAX_WAYS, forget_synonyms, said_otherwise
from marketplace.search.words import edits, refresh_words
from marketplace.tasks import refresh_search_words
from marketplace.tests.factories import CategoryFactory, Model3DFactory

pytestmark = pytest.mark.django_db


def listed(title, **fields):
    return Model3DFactory(listed=True, title=title, **{"description": "", **fields})


def titles(text):
    return {model.title for model in search(Criteria(text=text))}


def know(*words):
    SearchWord.objects.bulk_create(
        SearchWord(word=word, model_count=number + 1) for number, word in enumerate(words)
    )


# ---------------------------------------------------------------------- the words


def test_words_of_titles_tags_creators_and_categories_are_counted_and_those_of_hidden_models_are_not():
    maker = UserFactory(creator=True, username="marten", full_name="Ivo Möbius")
    shelf = CategoryFactory(name="Furniture")
    listed("Velvet sofa", tags=["baroque"], creator=maker, category=shelf, description="Woven by hand.")
    listed("Velvet chair", creator=maker, category=shelf)
    Model3DFactory(pending=True, title="Secret throne", creator=maker, category=shelf)
    refresh_words()
    counts = dict(SearchWord.objects.values_list("word", "model_count"))
    assert counts == {
        "velvet": 2, "sofa": 1, "chair": 1, "baroque": 1, "ivo": 2, "mobius": 2, "marten": 2, "furniture": 2
    }  # fmt: skip


def test_a_second_count_replaces_the_first():
    model = listed("Velvet sofa")
    refresh_search_words()
    Model3D.objects.filter(pk=model.pk).update(title="Walnut sofa")
    refresh_search_words()
    assert not SearchWord.objects.filter(word="velvet").exists()
    assert SearchWord.objects.get(word="walnut").model_count == 1


def test_beginnings_are_completed_with_the_most_frequent_first():
    know("chart", "chair", "chairs", "table")
    assert words_beginning("Chá", 2) == ["chairs", "chair"]
    assert words_beginning("", 5) == words_beginning("zz", 5) == []


# ---------------------------------------------------------------------- corrections


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("chiar", "chair"),
        ("chairr", "chair"),
        ("chir", "chair"),
        ("dragn", "dragon"),
        ("tabel lamp", "table lamp"),
        ("Velevt chair", "velvet chair"),
        ("skandinavien", "scandinavian"),
    ],
)
def test_a_slip_of_the_fingers_is_put_right(typed, meant):
    know("chair", "dragon", "table", "lamp", "velvet", "scandinavian")
    assert corrected(typed) == meant


@pytest.mark.parametrize(
    "typed",
    ["chair", "", "lmp", "zeppelin", "chair -lamp", '"chiar table"x"', "%%%%", "a" * 200, "chair " * 100],
)
def test_what_is_known_short_or_like_nothing_is_left(typed):
    know("chair", "lamp")
    assert corrected(typed) is None


def test_of_two_words_as_near_the_one_of_more_models_is_meant():
    know("chain", "chair")
    assert corrected("chaix") == "chair"


def test_distance_counts_swapped_neighbours_once():
    assert [edits("chair", other) for other in ("chair", "chiar", "chir", "chairs", "cha", "")] == [
        0,
        1,
        1,
        1,
        2,
        5,
    ]


@given(text=st.text(max_size=120))
@hypothesis_settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_text_can_be_corrected_and_said_otherwise(text):
    text = text.replace("\0", "")
    corrected(text)
    said_otherwise(text)
    near(Criteria(text=text), 3)


def test_where_nothing_has_all_words_those_with_some_are_near():
    oak, lamp = listed("Oak chair"), listed("Brass lamp")
    listed("Steel sword")
    assert set(near(Criteria(text="oak zeppelin lamp"), 8)) == {oak.pk, lamp.pk}
    assert near(Criteria(text="!!"), 8) == []


# ---------------------------------------------------------------------- synonyms


def group(*words):
    made = SynonymGroup.objects.create(words=list(words))
    forget_synonyms()
    return made


def test_each_word_of_a_group_finds_the_others():
    group("sofa", "couch", "love seat")
    listed("Velvet couch"), listed("Velvet love seat"), listed("Velvet sofa"), listed("Velvet chair")
    for text in ("velvet sofa", "Couch velvet", "love seat"):
        assert titles(text) == {"Velvet couch", "Velvet love seat", "Velvet sofa"}, text


def test_quoted_and_excluded_words_are_meant_literally():
    group("sofa", "couch")
    listed("Velvet couch"), listed("Velvet sofa")
    assert titles('"sofa"') == {"Velvet sofa"}
    assert titles("velvet -sofa") == {"Velvet couch"}


def test_a_part_of_a_word_is_no_synonym():
    group("car", "auto")
    assert said_otherwise("carpet scar") == []
    assert said_otherwise("car") == ["auto"]


def test_many_groups_do_not_make_a_query_without_end():
    for number in range(6):
        group(*(f"w{number}{letter}" for letter in "abcdef"))
    assert len(said_otherwise("w0a w1a w2a w3a w4a w5a")) == MAX_WAYS


def test_synonyms_are_kept_and_cost_no_query(django_assert_num_queries):
    group("sofa", "couch")
    said_otherwise("sofa")
    with django_assert_num_queries(0):
        assert said_otherwise("sofa") == ["couch"]


# ---------------------------------------------------------------------- the console

CHANGELIST = "/admin/marketplace/synonymgroup/"


def keeper():
    verbs = ("view", "add", "change", "delete")
    return UserFactory(staff=True, permissions=[f"marketplace.{verb}_synonymgroup" for verb in verbs])


@pytest.mark.parametrize("person", [{}, {"creator": True}, {"staff": True}])
def test_only_moderators_set_synonyms(client, person):
    client.force_login(UserFactory(**person))
    assert client.get(CHANGELIST).status_code in (302, 403)
    assert client.post(f"{CHANGELIST}add/", {"words": "sofa, couch"}).status_code in (302, 403)
    assert not SynonymGroup.objects.exists()


@pytest.mark.parametrize(
    "words", ["", "sofa", "sofa, Sofa", "sofa,,", "sofa, <b>", "x" * 41 + ", y", ",".join("abcdefghijklmn")]
)
def test_a_group_that_says_nothing_is_refused(client, words):
    client.force_login(keeper())
    response = client.post(f"{CHANGELIST}add/", {"words": words})
    assert response.status_code == 200
    assert "errorlist" in response.content.decode() or "error" in response.content.decode()
    assert not SynonymGroup.objects.exists()


def test_a_change_is_written_down_and_holds_at_once(client, django_capture_on_commit_callbacks):
    client.force_login(keeper())
    listed("Velvet couch")
    assert titles("sofa") == set()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{CHANGELIST}add/", {"words": " Sofa, couch ,couch"})
    made = SynonymGroup.objects.get()
    assert made.words == ["sofa", "couch"]
    assert titles("sofa") == {"Velvet couch"}
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{CHANGELIST}{made.pk}/change/", {"words": "sofa, settee"})
    assert titles("sofa") == set()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(CHANGELIST, {"action": "delete_selected", "_selected_action": made.pk, "post": "yes"})
    assert not SynonymGroup.objects.exists()
    assert cache.get("marketplace:synonyms") is None
    actions = AuditEntry.objects.filter(action__startswith="synonyms.").order_by("pk")
    assert [entry.action for entry in actions] == ["synonyms.add", "synonyms.change", "synonyms.delete"]
    assert client.get(CHANGELIST).status_code == 200
