"""The pages of reviews: the model's, the writer's, the creator's, the console's."""

import json
import re

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Report, UserBlock
from accounts.tests.factories import UserFactory
from commerce.actions import reviews
from commerce.models import Purchase, Review
from commerce.review_list import PAGE_SIZE
from commerce.tests.factories import purchase_of, review_of, take_off_the_marketplace
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db
SUBMITTED = {"_form_submitted": "on"}


@pytest.fixture
def model():
    return Model3DFactory(listed=True, title="Walnut desk")


@pytest.fixture
def buyer():
    return UserFactory()


def text(response) -> str:
    return " ".join(response.content.decode().split())


def own_address(purchase) -> str:
    return reverse("commerce:own_review", args=[purchase.public_id])


def all_of(model) -> str:
    return reverse("commerce:reviews", args=[model.pk])


# ---------------------------------------------------------------------- writing


def test_a_purchase_that_is_not_ones_own_or_was_refunded_has_no_form(client, model, buyer):
    purchase = purchase_of(buyer, model)
    client.force_login(UserFactory())
    assert client.get(own_address(purchase)).status_code == 404
    assert client.post(own_address(purchase), {"rating": 1, "body": "Bad."}).status_code == 404
    Purchase.objects.filter(pk=purchase.pk).update(revoked_at=timezone.now())
    client.force_login(buyer)
    assert client.get(own_address(purchase)).status_code == 404


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({}, "Choose from one to five stars."),
        ({"rating": "0", "body": "x"}, "Choose from one to five stars."),
        ({"rating": "6", "body": "x"}, "Choose from one to five stars."),
        ({"rating": "4.5", "body": "x"}, "Choose from one to five stars."),
        ({"rating": "NaN", "body": "x"}, "Choose from one to five stars."),
        ({"rating": "9" * 400, "body": "x"}, "Choose from one to five stars."),
        ({"rating": "4", "body": "   "}, "Write something first."),
        ({"rating": "4", "body": "x" * 5001}, "At most 5000 characters; yours has 5001."),
    ],
)
def test_nonsense_is_answered_beside_its_field_and_writes_nothing(client, model, buyer, sent, message):
    client.force_login(buyer)
    response = client.post(own_address(purchase_of(buyer, model)), sent)
    assert response.status_code == 422
    assert message in text(response)
    assert not Review.objects.exists()


def test_a_free_model_that_was_never_downloaded_says_what_to_do(client, buyer):
    purchase = purchase_of(buyer, Model3DFactory(listed=True, free=True))
    client.force_login(buyer)
    assert "Download the model first" in text(client.get(own_address(purchase)))
    response = client.post(own_address(purchase), {"rating": 5, "body": "Good."})
    assert response.status_code == 403
    assert "Write a review" not in text(client.get(reverse("commerce:purchases")))


def test_somebody_who_was_blocked_is_told_so(client, model, buyer):
    purchase = purchase_of(buyer, model)
    UserBlock.objects.create(blocker=model.creator, blocked=buyer)
    client.force_login(buyer)
    assert client.post(own_address(purchase), {"rating": 1, "body": "Bad."}).status_code == 403
    assert "You cannot review this creator’s models." in text(client.get(model.get_absolute_url()))


def test_a_review_is_written_changed_and_deleted_from_the_library(client, model, buyer):
    client.force_login(buyer)
    purchase = purchase_of(buyer, model)
    assert "Write a review" in text(client.get(reverse("commerce:purchases")))
    sent = client.post(own_address(purchase), {"rating": 4, "body": "A **fine** desk.\r\n\r\nReally."})
    review = Review.objects.get()
    assert sent.url == review.get_absolute_url()
    assert review.body == "A **fine** desk.\n\nReally."
    assert "Your review" in text(client.get(reverse("commerce:purchases")))
    assert re.search(r'<input[^>]+value="4"[^>]* checked', text(client.get(own_address(purchase))))
    client.post(own_address(purchase), {"rating": 2, "body": "Not so fine."})
    page = text(client.get(review.get_absolute_url()))
    assert "Not so fine." in page
    assert "2 of 5 stars" in page
    assert "edited" in page
    client.post(own_address(purchase), {"_method": "delete"})
    assert not Review.objects.exists()
    assert client.post(own_address(purchase), {"_method": "delete"}).status_code == 404


def test_the_review_of_a_model_that_has_left_leads_back_to_the_library(client, model, buyer):
    client.force_login(buyer)
    purchase = purchase_of(buyer, model)
    take_off_the_marketplace(model)
    assert client.post(own_address(purchase), {"rating": 4, "body": "Still good."}).url == reverse(
        "commerce:purchases"
    )


def test_a_hidden_review_says_so_to_its_writer_and_stays(client, model, buyer):
    review = review_of(buyer, model, 1)
    reviews.hide(review=review, by=UserFactory(admin=True), reason="Insults.")
    client.force_login(buyer)
    page = text(client.get(own_address(review.purchase)))
    assert "hidden by the moderators" in page
    assert "Insults." in page
    assert client.post(own_address(review.purchase), {"rating": 5, "body": "Nice."}).status_code == 403


# ---------------------------------------------------------------------- reading


def test_what_counts_no_more_is_nowhere(client, model, buyer):
    review = review_of(buyer, model, 1, "Secret anger.")
    reviews.hide(review=review, by=UserFactory(admin=True), reason="Insults.")
    for address in (
        model.get_absolute_url(),
        all_of(model),
        reverse("commerce:profile_reviews", args=[model.creator.username]),
    ):
        assert "Secret anger." not in text(client.get(address))
    assert client.get(review.get_absolute_url()).status_code == 404


def test_reviews_of_a_model_that_nobody_may_see_are_not_there(client, model, buyer):
    review = review_of(buyer, model)
    take_off_the_marketplace(model)
    assert client.get(all_of(model)).status_code == 404
    assert client.get(review.get_absolute_url()).status_code == 404
    assert "Walnut desk" not in text(
        client.get(reverse("commerce:profile_reviews", args=[model.creator.username]))
    )


def test_the_models_page_shows_how_it_is_rated_and_the_most_helpful_reviews(client, model):
    written = [review_of(UserFactory(), model, stars, f"Words {stars}") for stars in (5, 4, 4, 2)]
    reviews.find_helpful(review=written[3], by=UserFactory())
    page = text(client.get(model.get_absolute_url()))
    assert "<b>3.8</b>" in page
    assert page.index("Words 2") < page.index("Words 4")
    assert "Words 5" not in page  # the first of four that nobody found helpful
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])
    product = data["@graph"][0]
    assert product["aggregateRating"]["ratingCount"] == 4
    assert [review["reviewRating"]["ratingValue"] for review in product["review"]] == [2, 4, 4]


def test_a_model_without_reviews_says_so_and_tells_search_engines_of_none(client, model):
    page = text(client.get(model.get_absolute_url()))
    assert "No reviews yet." in page
    assert '"review"' not in page


def test_html_in_a_review_is_text(client, model, buyer):
    review_of(buyer, model, 5, "<script>alert(1)</script> [x](javascript:alert(1))")
    page = client.get(all_of(model)).content.decode()
    assert "<script>alert(1)" not in page
    assert "javascript:alert" not in page.replace("](javascript:alert(1))", "")


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("helpful", [3, 1, 5]),
        ("newest", [1, 5, 3]),
        ("best", [5, 3, 1]),
        ("worst", [1, 3, 5]),
        ("nonsense", [3, 1, 5]),
    ],
)
def test_reviews_come_in_the_order_that_is_asked_for(client, model, sort, expected):
    by_stars = {stars: review_of(UserFactory(), model, stars) for stars in (3, 5, 1)}
    reviews.find_helpful(review=by_stars[3], by=UserFactory())
    shown = client.get(all_of(model), {"sort": sort}).context["reviews"].items
    assert [item.review.rating for item in shown] == expected


def test_one_number_of_stars_can_be_looked_at_alone(client, model):
    for stars in (3, 3, 5):
        review_of(UserFactory(), model, stars)
    shown = client.get(all_of(model), {"stars": "3"}).context["reviews"]
    assert [item.review.rating for item in shown.items] == [3, 3]
    assert "Nobody has given 1 star." in text(client.get(all_of(model), {"stars": "1"}))


@pytest.mark.parametrize(
    "query", [{"page": "x"}, {"page": "-1"}, {"stars": "9"}, {"stars": "\x00"}, {"sort": "\x00" * 9}]
)
def test_nonsense_in_the_address_is_harmless(client, model, buyer, query):
    review_of(buyer, model)
    assert client.get(all_of(model), query).status_code == 200


# ---------------------------------------------------------------------- helpful, answers, reports


def test_a_reader_finds_a_review_helpful_by_a_plain_form_and_by_script(client, model, buyer):
    review = review_of(buyer, model)
    address = reverse("commerce:review_helpful", args=[model.pk, review.pk])
    client.force_login(UserFactory())
    assert client.post(address).url == review.get_absolute_url()
    review.refresh_from_db()
    assert review.helpful == 1
    button = text(client.post(address, {"_method": "delete"}, headers={"HX-Request": "true"}))
    assert 'aria-pressed="false"' in button
    review.refresh_from_db()
    assert review.helpful == 0


def test_nobody_is_offered_to_find_their_own_helpful(client, model, buyer):
    review = review_of(buyer, model)
    client.force_login(buyer)
    assert "Helpful" not in text(client.get(all_of(model)))
    client.post(reverse("commerce:review_helpful", args=[model.pk, review.pk]))
    review.refresh_from_db()
    assert review.helpful == 0


def test_only_the_creator_answers(client, model, buyer):
    review = review_of(buyer, model)
    address = reverse("commerce:review_answer", args=[model.pk, review.pk])
    for person in (buyer, UserFactory(creator=True)):
        client.force_login(person)
        assert client.get(address).status_code == 404
        assert client.post(address, {"body": "Thank you."}).status_code == 404
    client.force_login(model.creator)
    assert client.post(address, {"body": ""}).status_code == 422
    assert client.post(address, {"body": "Thank you."}).url == review.get_absolute_url()
    assert "Thank you." in text(client.get(all_of(model)))
    client.post(address, {"_method": "delete"})
    assert "Thank you." not in text(client.get(all_of(model)))


def test_the_creator_sees_what_waits_for_an_answer_and_nobody_else_does(client, model):
    answered, waiting = (review_of(UserFactory(), model, 5, words) for words in ("First!", "Second!"))
    reviews.answer(review=answered, body="Thank you.")
    address = reverse("commerce:profile_reviews", args=[model.creator.username])
    assert "First!" in text(client.get(address, {"show": "unanswered"}))
    client.force_login(model.creator)
    page = text(client.get(address, {"show": "unanswered"}))
    assert "First!" not in page
    assert "Second!" in page
    reviews.answer(review=waiting, body="Thank you.")
    assert "Every review has your answer." in text(client.get(address, {"show": "unanswered"}))


def test_a_profile_without_models_has_no_tab_of_reviews_and_a_creators_has(client, model, buyer):
    assert "/reviews/" not in text(client.get(buyer.get_absolute_url()))
    assert f"/profile/{model.creator.username}/reviews/" in text(client.get(model.creator.get_absolute_url()))
    assert "No reviews yet." in text(
        client.get(reverse("commerce:profile_reviews", args=[model.creator.username]))
    )


def test_a_review_is_reported_with_its_words(client, model, buyer):
    review = review_of(buyer, model, 1, "Insults.")
    address = reverse("accounts:report", args=["review", review.pk])
    client.force_login(UserFactory())
    assert client.post(address, {"reason": "hate", "note": ""}).status_code == 302
    assert Report.objects.get().snapshot == "1 of 5 stars\n\nInsults."
    assert client.get(reverse("accounts:report", args=["review", "x" * 30])).status_code == 404
    reviews.hide(review=review, by=UserFactory(admin=True), reason="Insults.")
    assert client.get(address).status_code == 404


# ---------------------------------------------------------------------- queries


@pytest.mark.parametrize("page", ["model", "all", "profile", "library"])
def test_a_page_asks_as_often_for_few_reviews_as_for_many(client, model, page, django_assert_num_queries):
    reader = UserFactory()
    client.force_login(reader)
    address = {
        "model": model.get_absolute_url(),
        "all": all_of(model),
        "profile": reverse("commerce:profile_reviews", args=[model.creator.username]),
        "library": reverse("commerce:purchases"),
    }[page]
    reviews.answer(review=review_of(UserFactory(), model), body="Thank you.")
    review_of(reader, Model3DFactory(listed=True))
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    asked = len(few)
    for _ in range(PAGE_SIZE + 2):
        review_of(UserFactory(), model)
        if page == "library":
            review_of(reader, Model3DFactory(listed=True))
    client.get(address)
    with django_assert_num_queries(asked):
        client.get(address)


# ---------------------------------------------------------------------- the console


def in_role(name: str):
    person = UserFactory(staff=True)
    person.groups.add(Group.objects.get(name=name))
    return person


def test_finance_and_support_hide_no_review(client, model, buyer):
    review = review_of(buyer, model)
    for role in ("Finance", "Support agents"):
        client.force_login(in_role(role))
        answer = client.post(
            reverse("admin:commerce_review_hide", args=[review.pk]), {"reason": "Because.", **SUBMITTED}
        )
        assert answer.status_code == 403
    review.refresh_from_db()
    assert review.is_counted


def test_a_moderator_hides_with_a_reason_and_restores(client, model, buyer):
    review = review_of(buyer, model)
    client.force_login(in_role("Moderators"))
    hide = reverse("admin:commerce_review_hide", args=[review.pk])
    change = reverse("admin:commerce_review_change", args=[review.pk])
    assert client.get(reverse("admin:commerce_review_changelist")).status_code == 200
    client.post(hide, {"reason": " ", **SUBMITTED})
    review.refresh_from_db()
    assert review.is_counted
    answer = client.post(hide, {"reason": "Insults.", **SUBMITTED}, headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == change
    review.refresh_from_db()
    assert (review.is_counted, review.removal_reason) == (False, "Insults.")
    assert client.post(change, {}).status_code == 403
    client.post(reverse("admin:commerce_review_restore", args=[review.pk]), SUBMITTED)
    review.refresh_from_db()
    assert review.is_counted
