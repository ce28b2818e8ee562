"""The demo's people: what they say fits what is there, happens in order, and happens once."""

import pytest
from django.utils import timezone

from accounts.models import Activity, Notification
from commerce.models import Review
from config.demo import society
from config.demo.accounts import ensure_creator
from config.demo.catalogue import CATALOGUE, CREATORS
from config.demo.catalogue.opinions import REVIEWS
from config.demo.catalogue.society import COLLECTIONS, COMMENTS, MEMBERS
from core.models import OutgoingMail
from marketplace.models import Collection, Model3D, ModelComment, ModelLike
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db
ENTRIES = [entry for entry in CATALOGUE if entry.slug in COMMENTS][:6]


@pytest.fixture
def collection(settings, tmp_path):
    """A few models of the catalogue, as the loading leaves them."""
    settings.VAR_DIR = tmp_path
    people = {
        name: ensure_creator(name, full_name=name, profile={})
        for name in {"buyer", *(entry.creator for entry in ENTRIES)}
    }
    for entry in ENTRIES:
        Model3DFactory(listed=True, creator=people[entry.creator], title=entry.title)
    return people


def test_nobody_speaks_or_collects_who_is_not_there_and_nothing_that_is_not_there():
    slugs, names = {entry.slug for entry in CATALOGUE}, {member.username for member in MEMBERS}
    creators = {entry.username for entry in CREATORS}
    assert not names & creators
    assert set(COMMENTS) <= slugs
    for said in (said for row in COMMENTS.values() for said in row):
        assert {said.author, *(name for name, _ in said.answers)} <= names | creators
    for entry in COLLECTIONS:
        assert set(entry.models) <= slugs
        assert entry.owner in names | {"buyer"}


def test_everything_happens_after_the_model_came_and_before_now(collection):
    society.populate(ENTRIES, collection)
    models = Model3D.objects.listed()
    assert ModelLike.objects.exists()
    for model in models:
        assert model.created_at < model.published_at < timezone.now()
        for row in [*model.like_rows.all(), *model.comments.all()]:
            assert model.published_at <= row.created_at <= timezone.now()
        assert model.likes == model.like_rows.count() > 0
        assert model.comments_count == model.comments.count()
        stats = model.daily_stats.all()
        assert sum(day.views for day in stats) == model.views > 0
        assert sum(day.likes for day in stats) == model.likes
        assert sum(source.views for source in model.daily_sources.all()) == model.views


@pytest.mark.full
def test_loading_it_twice_adds_nothing(collection):
    society.populate(ENTRIES, collection)
    tables = (ModelLike, ModelComment, Collection, Activity, Notification)
    before = [table.objects.count() for table in tables]
    society.populate(ENTRIES, collection)
    assert [table.objects.count() for table in tables] == before


@pytest.mark.full
def test_people_who_cannot_sign_in_get_no_mail(collection):
    society.populate(ENTRIES, collection)
    assert not OutgoingMail.objects.exclude(to_address="creator@example.com").exclude(
        to_address="buyer@example.com"
    )


@pytest.mark.full
def test_members_review_free_models_that_they_have_taken_and_tried_before(collection):
    free = [entry for entry in CATALOGUE if not entry.price and entry.slug in REVIEWS]
    assert {entry.slug for entry in free} == set(REVIEWS)
    people = {member.username for member in MEMBERS}
    assert {said.author for row in REVIEWS.values() for said in row} <= people
    entry = next(entry for entry in free if any(said.answer for said in REVIEWS[entry.slug]))
    creator = ensure_creator(entry.creator, full_name=entry.creator, profile={})
    model = Model3DFactory(listed=True, free=True, creator=creator, title=entry.title)
    for _ in range(2):
        society.populate([entry], collection)
    model.refresh_from_db()
    written = list(Review.objects.filter(model=model))
    assert len(written) == model.rating_count == model.downloads == len(REVIEWS[entry.slug])
    for review in written:
        assert model.published_at <= review.purchase.created_at < review.created_at <= timezone.now()
    assert sum(day.downloads for day in model.daily_stats.all()) == model.downloads
