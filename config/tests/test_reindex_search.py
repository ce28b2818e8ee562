"""The words by which models are found, made anew by hand."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from marketplace.models import Model3D, SearchSuggestion, SearchWord
from marketplace.search import Criteria, search
from marketplace.tests.factories import CategoryFactory, Model3DFactory

pytestmark = pytest.mark.django_db


def reindex(*arguments: str) -> str:
    out = io.StringIO()
    call_command("reindex_search", *arguments, stdout=out)
    return out.getvalue()


def forget_words() -> None:
    """As if the triggers had not been there."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE marketplace_model3d SET search_vector = NULL")


def found(text: str) -> set[int]:
    return {model.pk for model in search(Criteria(text=text))}


def test_an_unknown_category_is_refused():
    with pytest.raises(CommandError, match="There is no category props"):
        reindex("--category", "props")


def test_models_without_words_are_found_again():
    models = [Model3DFactory(listed=True, title="Walnut desk", tags=["study"]) for _ in range(3)]
    forget_words()
    assert found("walnut") == set()
    assert "3 of 3 models had other words than they should." in reindex("--batch", "2")
    assert found("walnut") == found("study") == {model.pk for model in models}


def test_what_is_right_is_not_written_again():
    Model3DFactory(listed=True)
    assert "0 of 1 models had other words" in reindex()


def test_only_the_models_of_a_category_can_be_done():
    chosen = Model3DFactory(listed=True, category=CategoryFactory(slug="desks"))
    Model3DFactory(listed=True)
    forget_words()
    reindex("--category", "desks")
    assert found("chair") == {chosen.pk}


def test_it_goes_on_where_it_was_stopped():
    Model3DFactory(listed=True)
    second = Model3DFactory(listed=True)
    forget_words()
    assert "1 of 1 models" in reindex("--from", str(second.pk))
    assert list(Model3D.objects.filter(search_vector__isnull=False)) == [second]


def test_the_words_that_searches_are_corrected_by_are_counted():
    Model3DFactory(listed=True, title="Walnut desk")
    reindex()
    assert SearchWord.objects.get(word="walnut").model_count == 1


def test_what_the_search_field_suggests_is_renewed():
    Model3DFactory(listed=True, title="Walnut desk", tags=["study"])
    assert "2 suggestions" in reindex()
    assert {found.text for found in SearchSuggestion.objects.all()} == {"Walnut desk", "study"}
