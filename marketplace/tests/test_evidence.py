"""What a reviewer sees of models that are like the one before them: which, with what evidence; none of it decides."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import UserFactory
from marketplace.evidence import evidence_between, nearest_of_others
from marketplace.models import Model3D, ModelFile
from marketplace.processing.types import Step
from marketplace.tests.factories import FingerprintFactory, Model3DFactory, shape_vector

pytestmark = pytest.mark.django_db

HAND = [0.1, -0.2, 0.1, 0.05, 0.3, 0.1]


def shaped(place: float, *, shape: dict | None = None, **fields) -> Model3D:
    """A model whose shape lies at `place`; pending, with a file of its own, unless `fields` say otherwise."""
    model = Model3DFactory(**{"pending": True, **fields})
    FingerprintFactory(file=model.current_file, vector=shape_vector(place), **(shape or {}))
    ModelFile.objects.filter(pk=model.current_file.pk).update(sha256=f"{model.pk:064d}")
    model.current_file.refresh_from_db()
    return model


def uploaded(model: Model3D, *, days_ago: int) -> None:
    model.files.update(created_at=timezone.now() - timedelta(days=days_ago))


def desk(model) -> str:
    return reverse("admin:marketplace_model3d_change", args=[model.pk])


def compare(model, other) -> str:
    return reverse("admin:marketplace_model3d_compare", args=[model.pk, getattr(other, "pk", other)])


@pytest.fixture
def moderator(client):
    user = UserFactory(moderator=True)
    client.force_login(user)
    return user


@pytest.mark.parametrize("person", [None, {}, {"creator": True}, {"staff": True}])
def test_nobody_but_moderators_compares(client, person):
    model, other = shaped(0), shaped(0.01)
    if person is not None:
        client.force_login(UserFactory(**person))
    assert client.get(compare(model, other)).status_code in (302, 403)
    client.force_login(model.creator)
    assert client.get(compare(model, other)).status_code == 302


def test_staff_who_may_only_look_see_the_likenesses_and_no_way_to_compare(client):
    model, other = shaped(0), shaped(0.01)
    client.force_login(UserFactory(staff=True, permissions=["marketplace.view_model3d"]))
    page = client.get(desk(model)).content.decode()
    assert other.title in page
    assert compare(model, other) not in page
    assert client.get(compare(model, other)).status_code == 403


def test_there_is_nothing_to_compare_with_oneself_with_nothing_and_without_a_file(client, moderator):
    model = shaped(0)
    for other in (model, model.pk + 10_000, 10**30, Model3DFactory()):
        assert client.get(compare(model, other)).status_code == 404
    assert client.get(compare(Model3DFactory(), model)).status_code == 404
    assert client.post(compare(model, shaped(1))).status_code == 405


def test_the_creators_own_models_are_not_among_the_nearest():
    model = shaped(0)
    shaped(0.01, creator=model.creator)
    stranger = shaped(0.02)
    assert [found.model for found in nearest_of_others(model.current_file)] == [stranger]


def test_reviewers_see_what_nobody_else_may_and_where_each_stands(client, moderator):
    model = shaped(0)
    places = {
        "An unlisted one": shaped(0.01, listed=True, visibility="unlisted", title="An unlisted one"),
        "A private one": shaped(0.02, listed=True, visibility="private", title="A private one"),
        "A draft": shaped(0.03, pending=False, with_file=True, title="A draft"),
        "One in review": shaped(0.04, title="One in review"),
        "One taken down": shaped(0.05, listed=True, removed_at=timezone.now(), title="One taken down"),
    }
    assert [found.model.title for found in nearest_of_others(model.current_file)] == list(places)
    page = client.get(desk(model)).content.decode()
    for title, other in places.items():
        assert title in page
        assert compare(model, other) in page
    for words in ("approved, unlisted", "approved, private", "taken down"):
        assert words in page


def test_the_same_file_comes_first_though_no_shape_was_measured(client, moderator):
    model, alike = shaped(0), shaped(0.01)
    copy = Model3DFactory(pending=True, title="The very file")
    ModelFile.objects.filter(pk=copy.current_file.pk).update(sha256=model.current_file.sha256)
    found = nearest_of_others(model.current_file)
    assert [one.model for one in found] == [copy, alike]
    assert (found[0].closeness, found[0].is_mirrored, found[0].scale_ratio) == (None, None, None)
    page = client.get(desk(model)).content.decode()
    assert "Same file, byte for byte" in page
    assert "not compared" in client.get(compare(model, copy)).content.decode()


def test_a_file_without_a_hash_is_the_same_as_none():
    model, other = Model3DFactory(pending=True), Model3DFactory(pending=True)
    ModelFile.objects.update(sha256="")
    assert nearest_of_others(model.current_file) == []
    assert evidence_between(model.current_file, other).same_files == ()


def test_where_none_is_similar_the_nearest_alone_is_shown_and_called_so(client, moderator):
    model = shaped(0)
    nearest, _farther = shaped(0.5), shaped(0.6)
    found = nearest_of_others(model.current_file)
    assert [one.model for one in found] == [nearest]
    assert not found[0].is_similar
    assert "None is similar" in client.get(desk(model)).content.decode()


def test_each_piece_of_evidence_is_told():
    own = {"handedness": HAND, "scale": 2.0, "textures": ["a" * 64, "b" * 64]}
    model = shaped(0, shape=own, title="The low poly oak chair, with arms")
    uploaded(model, days_ago=1)
    mirrored_copy = {
        "handedness": [-number for number in HAND],
        "scale": 5.0,
        "textures": ["b" * 64, "c" * 64, "d" * 64],
    }
    other = shaped(0.036, shape=mirrored_copy, title="Chair of OAK for low rooms")
    uploaded(other, days_ago=40)

    evidence = evidence_between(model.current_file, other)

    assert evidence.closeness == 95
    assert evidence.is_mirrored is True
    assert evidence.scale_ratio == pytest.approx(2.5)
    assert evidence.shared_textures == ["b" * 64]
    assert evidence.title_words == ["oak", "chair"]
    assert evidence.same_files == ()
    assert not evidence.is_later


def test_strangers_have_no_hand_to_compare():
    model, other = shaped(0, shape={"handedness": HAND}), shaped(5, shape={"handedness": HAND})
    assert evidence_between(model.current_file, other).is_mirrored is None


def test_fingerprints_of_another_way_of_measuring_are_not_compared():
    model, other = shaped(0), shaped(0, shape={"version": 999})
    assert evidence_between(model.current_file, other).closeness is None
    assert nearest_of_others(other.current_file) == []


def test_the_note_quotes_the_evidence_and_a_person_still_sends_it(client, moderator):
    model = shaped(0, shape={"textures": ["a" * 64]})
    other = shaped(0.01, listed=True, title="The original", shape={"textures": ["a" * 64], "scale": 2.0})

    answer = client.get(desk(model), {"quote": other.pk})

    form = answer.context["form"]
    assert form.initial["reason"] == "copyright"
    for expected in ("The original", other.creator.username, "99 % alike", "2 times the size", "1 of your 1"):
        assert expected in form.initial["note"]
    assert other.get_absolute_url() in answer.content.decode()
    model.refresh_from_db()
    assert model.status == "pending"
    client.post(reverse("admin:marketplace_model3d_reject", args=[model.pk]), form.initial)
    model.refresh_from_db()
    assert model.status == "rejected"


def test_a_note_to_the_creator_names_nothing_that_they_may_not_see(client, moderator):
    model = shaped(0)
    secret = shaped(0.01, listed=True, visibility="private", title="A secret project")
    note = client.get(desk(model), {"quote": secret.pk}).context["form"].initial["note"]
    assert "another creator's model" in note
    for hidden in (secret.title, secret.creator.username, secret.get_absolute_url()):
        assert hidden not in note


@pytest.mark.parametrize("quote", ["", "x", "-1", "9" * 40, "1 or 1=1", "\x00", "999999"])
def test_a_made_up_quotation_is_none(client, moderator, quote):
    answer = client.get(desk(shaped(0)), {"quote": quote})
    assert answer.status_code == 200
    assert answer.context["form"].initial == {}


def test_no_likeness_decides_anything(client, moderator):
    model, copy = shaped(0), shaped(0)
    ModelFile.objects.filter(pk=copy.current_file.pk).update(sha256=model.current_file.sha256)
    client.get(desk(copy))
    client.get(compare(copy, model))
    copy.refresh_from_db()
    assert copy.status == "pending"
    assert not copy.reviews_by_moderators.exists()


def test_both_are_shown_by_addresses_that_only_moderators_can_use(client, moderator):
    model = shaped(0)
    private = shaped(0.01, listed=True, visibility="private")
    page = client.get(compare(model, private))
    addresses = [pane.preview_url for pane in page.context["comparison"].panes]
    assert all(address in page.content.decode() for address in addresses)
    assert [client.get(address).status_code for address in addresses] == [200, 200]
    client.force_login(model.creator)
    assert [client.get(address).status_code for address in addresses] == [200, 404]
    client.logout()
    assert [client.get(address).status_code for address in addresses] == [404, 404]


def test_turntables_stand_beside_each_other_for_those_without_3d(client, moderator):
    model, other = shaped(0), shaped(0.01, title="<i>Other</i>")
    grid = {"columns": 6, "rows": 4, "width": 480, "height": 360, "frames": 24}
    for file in (model.current_file, other.current_file):
        file.inspection.details = {**file.inspection.details, Step.TURNTABLE: grid}
        file.inspection.save()
    page = client.get(compare(model, other)).content.decode()
    assert page.count('viewBox="0 0 480 360"') == 2
    assert page.count('width="2880" height="1440"') == 2
    assert "<i>Other" not in page


def test_a_withdrawn_file_leaves_the_measures_of_the_other(client, moderator):
    model, other = shaped(0), shaped(0.01)
    other.current_file.inspection.delete()
    page = client.get(compare(model, other))
    assert page.status_code == 200
    assert ("Triangles", "512", "–") in page.context["comparison"].specs


def test_the_desk_asks_the_database_as_often_for_many_likenesses_as_for_one(
    client, moderator, django_assert_max_num_queries
):
    model = shaped(0)

    def queries(places):
        for place in places:
            shaped(place, category=model.category)
        client.get(desk(model))
        with django_assert_max_num_queries(60) as found:
            client.get(desk(model))
        return len(found)

    assert queries([0.01]) == queries([0.02, 0.03, 0.04, 0.05, 0.06])
