import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache

from accounts.tests.factories import UserFactory
from marketplace.cards import EAGER, FIRST, cards_of, cards_of_models, cards_of_pks
from marketplace.models import Model3D
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db


def stamps():
    return Model3D.objects.listed().newest_first().card_stamps()


def test_a_page_of_kept_cards_costs_one_query(django_assert_num_queries):
    models = [Model3DFactory(listed=True) for _ in range(3)]
    with django_assert_num_queries(2):
        first = cards_of(stamps())
    with django_assert_num_queries(1):
        assert cards_of(stamps()) == first
    assert [model.title in card for model, card in zip(reversed(models), first, strict=True)] == [True] * 3


def test_a_change_of_the_model_shows_at_once():
    model = Model3DFactory(listed=True, title="Before")
    cards_of(stamps())
    model.title = "After"
    model.save()
    (card,) = cards_of(stamps())
    assert "After" in card
    assert "Before" not in card


def test_a_change_of_the_creator_shows_at_once():
    model = Model3DFactory(listed=True)
    cards_of(stamps())
    model.creator.full_name = "New Name"
    model.creator.save()
    assert "New Name" in cards_of(stamps())[0]


def test_cards_of_the_first_screen_load_their_pictures_at_once():
    for _ in range(EAGER + 1):
        Model3DFactory(listed=True)
    cards = cards_of(stamps())
    assert ['loading="lazy"' in card for card in cards] == [False] * EAGER + [True]
    comes_first = ['fetchpriority="high"' in card for card in cards]
    assert comes_first == [True] * FIRST + [False] * (EAGER + 1 - FIRST)


def test_a_title_cannot_bring_markup_into_a_kept_card():
    Model3DFactory(listed=True, title="<script>alert(1)</script>")
    cards_of(stamps())
    (card,) = cards_of(stamps())
    assert "<script>" not in card
    assert "&lt;script&gt;" in card


def test_a_model_that_goes_between_the_two_queries_has_no_card():
    model = Model3DFactory(listed=True)
    kept = list(stamps())
    Model3D.objects.filter(pk=model.pk).update(current_file=None)
    model.files.all().delete()
    model.delete()
    assert cards_of(kept) == []


def test_loaded_models_share_the_kept_cards(django_assert_num_queries):
    Model3DFactory(listed=True)
    cards = cards_of(stamps())
    models = list(Model3D.objects.with_card_data())
    with django_assert_num_queries(0):
        assert cards_of_models(models) == cards
    cache.clear()
    with django_assert_num_queries(0):
        assert cards_of_models(models) == cards


def test_a_kept_card_without_a_blur_is_for_those_who_want_it_alone():
    Model3DFactory(listed=True, is_mature=True)
    shown = cards_of(stamps(), viewer=UserFactory(mature_content="show"))[0]
    assert "is-mature-hidden" not in shown
    assert "data-turntable" in shown
    models = list(Model3D.objects.with_card_data())
    for viewer in (None, AnonymousUser(), UserFactory(mature_content="blur")):
        assert "is-mature-hidden" in cards_of(stamps(), viewer=viewer)[0]
        assert "is-mature-hidden" in cards_of_models(models, viewer=viewer)[0]
    assert cards_of_models(models, viewer=UserFactory(mature_content="show")) == [shown]


def test_cards_by_number_keep_their_order_and_leave_out_what_is_not_listed():
    first, gone, last = (Model3DFactory(listed=True, title=title) for title in ("First", "Gone", "Last"))
    Model3D.objects.filter(pk=gone.pk).update(is_published=False)
    cards = cards_of_pks([last.pk, gone.pk, first.pk, 0])
    assert ["Last" in cards[0], "First" in cards[1]] == [True, True]
    assert len(cards) == 2


def test_mature_models_are_blurred_and_do_not_turn():
    Model3DFactory(listed=True, is_mature=True)
    (card,) = cards_of(stamps())
    assert "is-mature-hidden" in card
    assert "data-turntable" not in card
