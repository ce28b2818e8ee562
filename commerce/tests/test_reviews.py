"""Reviews: who may write, change, answer and hide them, and that ratings are what they say."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Notification, UserBlock
from accounts.tests.factories import UserFactory
from commerce.actions import reviews
from commerce.actions.downloads import make_link
from commerce.exceptions import ReviewRefused
from commerce.models import Purchase, RatingPrior, Review
from commerce.ratings import PRIOR_WEIGHT, refresh_prior
from commerce.tests.concurrency import at_once
from commerce.tests.factories import purchase_of, review_of
from core.models import AuditEntry, OutgoingMail
from marketplace.models import Model3D
from marketplace.search.criteria import Criteria, Sort
from marketplace.search.engine import search
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def model():
    return Model3DFactory(listed=True, title="Walnut desk")


@pytest.fixture
def buyer():
    return UserFactory()


def rating_of(thing) -> tuple[Decimal, int]:
    thing.refresh_from_db()
    return thing.rating, thing.rating_count


def take_back(purchase: Purchase) -> None:
    """What a refund does with a purchase and its review."""
    with transaction.atomic():
        Purchase.objects.filter(pk=purchase.pk).update(revoked_at=timezone.now())
        reviews.follow_purchase(purchase=purchase)


# ---------------------------------------------------------------------- who may write


def test_a_refunded_purchase_cannot_be_reviewed(model, buyer):
    purchase = purchase_of(buyer, model, revoked_at=timezone.now())
    with pytest.raises(ReviewRefused, match="refunded"):
        reviews.write(purchase=purchase, rating=5, body="Good.")
    assert not Review.objects.exists()


def test_a_free_model_is_reviewed_only_after_a_download(buyer):
    purchase = purchase_of(buyer, Model3DFactory(listed=True, free=True))
    with pytest.raises(ReviewRefused, match="Download the model first"):
        reviews.write(purchase=purchase, rating=5, body="Good.")
    make_link(purchase)
    reviews.write(purchase=purchase, rating=5, body="Good.")
    assert rating_of(purchase.model) == (Decimal("5.00"), 1)


def test_somebody_whom_the_creator_has_blocked_cannot_write_or_change_a_review(model, buyer):
    purchase = purchase_of(buyer, model)
    review_of(buyer, model, 5)
    UserBlock.objects.create(blocker=model.creator, blocked=buyer)
    with pytest.raises(ReviewRefused, match="this creator"):
        reviews.write(purchase=purchase, rating=1, body="Bad.")
    assert rating_of(model) == (Decimal("5.00"), 1)


def test_the_creator_hears_of_a_review_by_notification_and_mail(model, buyer):
    review = review_of(buyer, model, 4, "A *fine* desk.")
    told = Notification.objects.get(user=model.creator, kind=Notification.Kind.REVIEW)
    assert told.sentence == f"{buyer.display_name} gave “Walnut desk” 4 stars"
    assert (told.message, told.link) == ("A fine desk.", review.get_absolute_url())
    mail = OutgoingMail.objects.get(kind="commerce/review")
    assert mail.to_address == model.creator.email
    assert "4 of 5 stars" in mail.text


def test_writing_again_changes_the_one_review_and_says_so(model, buyer):
    review_of(buyer, model, 5)
    again = review_of(buyer, model, 2, "It broke.")
    assert Review.objects.get() == again
    assert (again.rating, again.body) == (2, "It broke.")
    assert again.edited_at is not None
    assert rating_of(model) == (Decimal("2.00"), 1)
    assert Notification.objects.filter(kind=Notification.Kind.REVIEW).count() == 1


def test_sending_the_same_again_edits_nothing(model, buyer):
    review_of(buyer, model, 5, "Same.")
    assert review_of(buyer, model, 5, "Same.").edited_at is None


@pytest.mark.parametrize("rating", [0, 6, -1])
def test_the_database_refuses_other_stars(model, buyer, rating):
    with pytest.raises(IntegrityError), transaction.atomic():
        review_of(buyer, model, rating)


def test_the_database_refuses_a_review_without_words_and_one_of_ones_own(model, buyer):
    with pytest.raises(IntegrityError, match="review_has_words"), transaction.atomic():
        review_of(buyer, model, 5, "")
    review = review_of(buyer, model)
    with pytest.raises(IntegrityError, match="review_not_of_own_model"), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(author=model.creator)


def test_a_deleted_review_counts_no_more_and_may_be_written_again(model, buyer):
    review = review_of(buyer, model)
    reviews.delete(review=review)
    reviews.delete(review=review)
    assert rating_of(model) == rating_of(model.creator) == (Decimal("0.00"), 0)
    assert model.rating_score == 0
    review_of(buyer, model, 3)
    assert rating_of(model) == (Decimal("3.00"), 1)


# ---------------------------------------------------------------------- what counts


def test_ratings_of_model_and_creator_are_the_means_of_what_counts(model):
    other = Model3DFactory(listed=True, creator=model.creator)
    for stars in (5, 4, 4):
        review_of(UserFactory(), model, stars)
    review_of(UserFactory(), other, 1)
    assert rating_of(model) == (Decimal("4.33"), 3)
    assert rating_of(other) == (Decimal("1.00"), 1)
    assert rating_of(model.creator) == (Decimal("3.50"), 4)


def test_the_review_of_a_refunded_purchase_is_hidden_and_a_second_purchase_has_its_own(model, buyer):
    first = review_of(buyer, model, 1)
    take_back(first.purchase)
    first.refresh_from_db()
    assert not first.is_counted
    assert rating_of(model) == rating_of(model.creator) == (Decimal("0.00"), 0)
    second = review_of(buyer, model, 5)
    assert second.pk != first.pk
    assert rating_of(model) == (Decimal("5.00"), 1)


def test_a_purchase_given_again_brings_its_review_back(model, buyer):
    review = review_of(buyer, model, 4)
    take_back(review.purchase)
    Purchase.objects.filter(pk=review.purchase_id).update(revoked_at=None)
    reviews.follow_purchase(purchase=review.purchase)
    assert rating_of(model) == (Decimal("4.00"), 1)


def test_hiding_needs_a_reason(model, buyer):
    with pytest.raises(ValueError, match="reason"):
        reviews.hide(review=review_of(buyer, model), by=UserFactory(admin=True), reason="  ")


def test_a_hidden_review_counts_not_until_it_is_restored_and_both_are_recorded(model, buyer):
    review, moderator = review_of(buyer, model, 1), UserFactory(admin=True)
    for _ in range(2):
        reviews.hide(review=review, by=moderator, reason="Insults.")
    assert rating_of(model) == (Decimal("0.00"), 0)
    told = Notification.objects.get(user=buyer, kind=Notification.Kind.ACCOUNT)
    assert told.message == "Insults."
    for _ in range(2):
        reviews.restore(review=review, by=moderator)
    assert rating_of(model) == (Decimal("1.00"), 1)
    entries = AuditEntry.objects.filter(action__startswith="review.").order_by("pk")
    assert [(entry.action, entry.actor, entry.data) for entry in entries] == [
        ("review.hide", moderator, {"reason": "Insults."}),
        ("review.restore", moderator, {}),
    ]


def test_a_hidden_review_can_be_neither_changed_nor_deleted_by_its_writer(model, buyer):
    review = review_of(buyer, model, 1)
    reviews.hide(review=review, by=UserFactory(admin=True), reason="Insults.")
    with pytest.raises(ReviewRefused, match="moderators"):
        review_of(buyer, model, 5)
    with pytest.raises(ReviewRefused, match="moderators"):
        reviews.delete(review=review)
    review.refresh_from_db()
    assert review.rating == 1


def test_restoring_a_review_whose_purchase_was_refunded_meanwhile_does_not_make_it_count(model, buyer):
    review, moderator = review_of(buyer, model, 1), UserFactory(admin=True)
    reviews.hide(review=review, by=moderator, reason="Insults.")
    take_back(review.purchase)
    reviews.restore(review=review, by=moderator)
    assert rating_of(model) == (Decimal("0.00"), 0)


DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["write", "delete", "refund", "give again", "hide", "restore"]),
        st.integers(0, 3),
        st.integers(1, 5),
    ),
    max_size=10,
)


@given(deeds=DEEDS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_the_stored_ratings_are_the_means_of_what_is_shown(deeds, model, owners):
    with transaction.atomic():
        moderator = model.creator
        for deed, place, stars in deeds:
            act(deed, owners[place], model, stars, moderator)
        shown = Review.objects.filter(model=model, removed_at=None, purchase__revoked_at=None)
        stars = list(shown.values_list("rating", flat=True))
        assert set(shown) == set(Review.objects.filter(model=model).counted())
        mean = round(Decimal(sum(stars)) / max(len(stars), 1) + Decimal("1e-9"), 2)
        assert rating_of(model) == rating_of(model.creator) == (mean, len(stars))
        transaction.set_rollback(True)


@pytest.fixture
def owners(model):
    """Some who have the model."""
    people = UserFactory.create_batch(4)
    for person in people:
        purchase_of(person, model)
    return people


def act(deed: str, person, model, stars: int, moderator) -> None:
    review = Review.objects.filter(author=person, model=model).order_by("-pk").first()
    try:
        if deed == "write":
            review_of(person, model, stars)
        elif review is None:
            return
        elif deed == "delete":
            reviews.delete(review=review)
        elif deed == "refund":
            take_back(review.purchase)
        elif deed == "give again":
            if not Purchase.objects.of_user(person).active().filter(model=model).exists():
                Purchase.objects.filter(pk=review.purchase_id).update(revoked_at=None)
                reviews.follow_purchase(purchase=review.purchase)
        elif deed == "hide":
            reviews.hide(review=review, by=moderator, reason="Off topic.")
        else:
            reviews.restore(review=review, by=moderator)
    except ReviewRefused:
        pass


# ---------------------------------------------------------------------- the order of best rated


def test_one_enthusiast_does_not_outweigh_many_contented(model):
    loved_once, liked_often = Model3DFactory(listed=True), Model3DFactory(listed=True)
    disliked, unrated = model, Model3DFactory(listed=True)
    review_of(UserFactory(), loved_once, 5)
    for stars in (5, 5, 5, 5, 5, 4):
        review_of(UserFactory(), liked_often, stars)
    review_of(UserFactory(), disliked, 1)
    found = search(Criteria(sort=Sort.RATING))
    assert list(found) == [liked_often, loved_once, disliked, unrated]


def test_the_score_is_the_mean_with_some_ratings_of_the_whole_site(model, buyer):
    review_of(buyer, model, 5)
    model.refresh_from_db()
    expected = (5 + PRIOR_WEIGHT * float(RatingPrior.DEFAULT_MEAN)) / (1 + PRIOR_WEIGHT)
    assert model.rating_score == pytest.approx(expected, abs=1e-4)


def test_when_the_sites_mean_moves_every_model_is_scored_anew(model, buyer):
    review_of(buyer, model, 5)
    assert refresh_prior() == 1
    assert RatingPrior.objects.get().mean == Decimal("5.0")
    model.refresh_from_db()
    assert model.rating_score == pytest.approx(5)
    assert refresh_prior() == 0


# ---------------------------------------------------------------------- answers and helpful votes


def test_a_creator_cannot_answer_what_is_hidden_or_who_has_blocked_them(model, buyer):
    review = review_of(buyer, model)
    UserBlock.objects.create(blocker=buyer, blocked=model.creator)
    with pytest.raises(ReviewRefused, match="cannot answer this person"):
        reviews.answer(review=review, body="Thank you.")
    take_back(review.purchase)
    with pytest.raises(ReviewRefused, match="gone"):
        reviews.answer(review=review, body="Thank you.")


def test_an_answer_is_told_once_and_may_be_changed_and_deleted(model, buyer):
    review = review_of(buyer, model)
    reviews.answer(review=review, body="Thank you.")
    review.refresh_from_db()
    assert review.answered_at is not None
    assert review.answer_edited_at is None
    reviews.answer(review=review, body="Thank you!")
    review.refresh_from_db()
    assert (review.answer, review.answer_edited_at is not None) == ("Thank you!", True)
    told = Notification.objects.get(user=buyer, kind=Notification.Kind.REVIEW_ANSWER)
    assert told.sentence == f"{model.creator.display_name} answered your review of “Walnut desk”"
    assert OutgoingMail.objects.get(kind="commerce/review_answer").to_address == buyer.email
    reviews.delete_answer(review=review)
    review.refresh_from_db()
    assert (review.answer, review.answered_at, review.answer_edited_at) == ("", None, None)


def test_nobody_finds_their_own_helpful_and_the_creator_does_not_choose(model, buyer):
    review = review_of(buyer, model)
    for person in (buyer, model.creator):
        with pytest.raises(ReviewRefused):
            reviews.find_helpful(review=review, by=person)


def test_a_vote_counts_once_a_person_and_can_be_taken_back(model, buyer):
    review, reader = review_of(buyer, model), UserFactory()
    assert reviews.find_helpful(review=review, by=reader)
    assert not reviews.find_helpful(review=review, by=reader)
    review.refresh_from_db()
    assert review.helpful == 1
    assert reviews.find_helpful_no_more(review=review, by=reader)
    assert not reviews.find_helpful_no_more(review=review, by=reader)
    review.refresh_from_db()
    assert review.helpful == 0


@pytest.mark.full
@pytest.mark.django_db(transaction=True)
def test_many_who_review_one_creators_models_at_once_are_all_counted(model):
    other = Model3DFactory(listed=True, creator=model.creator)
    purchases = [purchase_of(UserFactory(), shown) for shown in (model, other) for _ in range(4)]
    written = at_once(lambda number: reviews.write(purchase=purchases[number], rating=4, body="Good."), 8)
    assert all(isinstance(review, Review) for review in written)
    assert rating_of(model) == rating_of(other) == (Decimal("4.00"), 4)
    assert rating_of(model.creator) == (Decimal("4.00"), 8)


@pytest.mark.django_db(transaction=True)
def test_tabs_that_send_a_review_at_once_write_one(model, buyer):
    purchase = purchase_of(buyer, model)
    at_once(lambda _number: reviews.write(purchase=purchase, rating=4, body="Good."), 4)
    assert Review.objects.count() == 1
    assert Model3D.objects.get(pk=model.pk).rating_count == 1
