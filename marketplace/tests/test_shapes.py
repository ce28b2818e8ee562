"""Nearest shapes: what is found, in which order, how alike, and what is never shown."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from accounts.tests.factories import UserFactory
from marketplace.models import Model3D
from marketplace.shapes import UNRELATED, Near, nearest, similar_to
from marketplace.similar import SimilarModels
from marketplace.tests.factories import FingerprintFactory, Model3DFactory, shape_vector

pytestmark = pytest.mark.django_db


def shaped(place: float, **fields) -> Model3D:
    """A listed model whose shape lies at `place`."""
    model = Model3DFactory(**{"listed": True, **fields})
    FingerprintFactory(file=model.current_file, vector=shape_vector(place))
    return model


def test_what_is_not_listed_is_never_among_similar_shapes(client):
    model = shaped(0)
    hidden = [
        shaped(0.01, listed=False, with_file=True, title="A draft"),
        shaped(0.01, visibility="unlisted", title="An unlisted one"),
        shaped(0.01, visibility="private", title="A private one"),
    ]
    shown = shaped(0.02, title="A listed one")
    page = client.get(model.get_absolute_url()).content.decode()
    assert "Similar shapes" in page
    assert shown.title in page
    assert not [other for other in hidden if other.title in page]


def test_mature_models_are_left_out_for_those_who_hide_them(client):
    model, mature = shaped(0), shaped(0.01, is_mature=True, title="A mature one")
    client.force_login(UserFactory(mature_content="hide"))
    assert mature.title not in client.get(model.get_absolute_url()).content.decode()
    client.force_login(UserFactory())
    assert mature.title in client.get(model.get_absolute_url()).content.decode()


def test_without_a_similar_shape_the_page_falls_back_to_the_subject_and_says_so(client):
    model = shaped(0)
    shaped(5, category=model.category, title="On the same shelf")
    page = client.get(model.get_absolute_url()).content.decode()
    assert "Similar shapes" not in page
    assert "Similar models" in page
    assert "On the same shelf" in page


def test_by_subject_models_that_share_most_tags_come_first_of_whatever_category():
    model = Model3DFactory(listed=True, tags=["oak", "chair", "rustic"])
    nearest_by_tags = Model3DFactory(listed=True, tags=["oak", "chair"])
    next_by_tags = Model3DFactory(listed=True, tags=["oak"], category=model.category)
    on_the_shelf = Model3DFactory(listed=True, category=model.category)
    Model3DFactory(tags=["oak", "chair", "rustic"])
    Model3DFactory(listed=True, tags=["oak", "chair"], creator=model.creator)
    others = SimilarModels(model, viewer=AnonymousUser())
    found = [re.search(r"/model/(\d+)/", card)[1] for card in others.subject_cards]
    assert found == [str(other.pk) for other in (nearest_by_tags, next_by_tags, on_the_shelf)]


def test_a_model_whose_shape_was_not_measured_has_no_similar_shapes():
    shaped(0)
    assert similar_to(Model3DFactory(listed=True), among=Model3D.objects.listed(), limit=8) == []


def test_fingerprints_of_another_way_of_measuring_are_not_compared():
    model = shaped(0)
    FingerprintFactory(file=Model3DFactory(listed=True).current_file, vector=shape_vector(0.01), version=999)
    assert similar_to(model, among=Model3D.objects.listed(), limit=8) == []


def test_the_nearest_come_first_and_as_many_as_asked_for():
    places = [0.5, 0.1, 0.3, 0.2, 0.4]
    models = {place: shaped(place) for place in places}
    found = nearest(shape_vector(0), among=Model3D.objects.listed(), limit=3)
    assert [near.model for near in found] == [models[0.1], models[0.2], models[0.3]]
    assert [near.distance for near in found] == pytest.approx([0.1, 0.2, 0.3])


@pytest.mark.parametrize(("distance", "closeness"), [(0, 100), (UNRELATED / 2, 50), (UNRELATED, 0), (9, 0)])
def test_closeness_ends_where_two_models_are_as_alike_as_any(distance, closeness):
    assert Near(Model3D(), distance).closeness == closeness


def test_similar_shapes_cost_the_same_few_queries_however_many_there_are(
    client, django_assert_max_num_queries
):
    model = shaped(0)
    for place in range(12):
        shaped(place / 1000)
    url = reverse("marketplace:model", args=[model.pk])
    client.get(url)
    with django_assert_max_num_queries(15):
        client.get(url)
