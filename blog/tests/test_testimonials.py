"""What members say of the site: nothing is shown before a moderator has read exactly that."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import reporting
from accounts.models import Notification
from accounts.tests.factories import UserFactory
from blog.actions import testimonials
from blog.exceptions import TestimonialRefused
from blog.models import Testimonial
from blog.tests.factories import TestimonialFactory
from core.models import AuditEntry

pytestmark = pytest.mark.django_db

WORDS = "Every model that I bought had the measures that its page named."
MINE = "/testimonials/mine/"


@pytest.fixture
def moderator():
    return UserFactory(staff=True, permissions=["blog.view_testimonial", "blog.moderate_testimonial"])


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("text", "", "Write something first."),
        ("text", "Too short.", "at least 40 characters"),
        ("text", "x" * 801, "At most 800 characters"),
        ("text", "x\0" * 40, "Null characters"),
        ("rating", "", "Choose from one to five stars."),
        ("rating", "0", "Choose from one to five stars."),
        ("rating", "6", "Choose from one to five stars."),
        ("rating", "4.5", "Choose from one to five stars."),
        ("company", "x" * 81, "at most 80 characters"),
    ],
)
def test_what_cannot_be_shown_is_told_beside_its_field(client, field, value, error):
    client.force_login(UserFactory())
    answer = client.post(MINE, {"text": WORDS, "rating": "5", "company": "Artist", field: value})
    assert answer.status_code == 422
    assert error in answer.content.decode()
    assert not Testimonial.objects.exists()


def test_words_wait_for_a_moderator(client):
    person = UserFactory()
    client.force_login(person)
    assert client.post(MINE, {"text": f"<b>{WORDS}</b>", "rating": "4"}).url == "/testimonials/"
    page = client.get("/testimonials/").content.decode()
    assert "Yours waits for a moderator." in page
    assert WORDS not in page
    said = Testimonial.objects.get()
    assert reporting.find("testimonial", str(said.pk), user=UserFactory()) is None


def test_approved_words_are_shown_and_other_words_wait_again(client, moderator):
    said = TestimonialFactory(text=f"<b>{WORDS}</b>")
    testimonials.approve(testimonial=said, by=moderator)
    assert f"&lt;b&gt;{WORDS}" in client.get("/testimonials/").content.decode()
    assert Notification.objects.get().user == said.author
    said.refresh_from_db()
    testimonials.set_featured(testimonial=said, by=moderator, featured=True)
    client.force_login(said.author)
    client.post(MINE, {"text": "Something else that nobody has read as yet, at all.", "rating": "1"})
    assert WORDS not in client.get("/testimonials/").content.decode()
    said.refresh_from_db()
    assert (said.status, said.is_featured) == ("pending", False)


def test_nobody_decides_about_words_that_came_after_they_looked(moderator):
    seen = TestimonialFactory()
    testimonials.submit(author=seen.author, text="Buy at another place, at once, all of you.", rating=1)
    for decide in (testimonials.approve, testimonials.reject, testimonials.set_featured):
        options = {"reason": "x"} if decide is testimonials.reject else {}
        options |= {"featured": True} if decide is testimonials.set_featured else {}
        with pytest.raises(TestimonialRefused, match="changed it meanwhile"):
            decide(testimonial=seen, by=moderator, **options)
    assert Testimonial.objects.get().is_waiting


def test_nobody_decides_about_their_own(moderator):
    with pytest.raises(TestimonialRefused, match="your own"):
        testimonials.approve(testimonial=TestimonialFactory(author=moderator), by=moderator)


def test_rejected_words_are_not_shown_and_their_author_reads_why(client, moderator):
    said = TestimonialFactory(approved=True)
    testimonials.reject(testimonial=said, by=moderator, reason="It names a competitor.")
    assert said.text not in client.get("/testimonials/").content.decode()
    client.force_login(said.author)
    assert "It names a competitor." in client.get("/testimonials/").content.decode()
    assert "It names a competitor." in client.get(MINE).content.decode()
    assert AuditEntry.objects.get().action == "testimonial.reject"
    with pytest.raises(TestimonialRefused, match="already"):
        testimonials.reject(testimonial=said, by=moderator, reason="Again.")


def test_only_what_is_shown_can_be_featured(moderator):
    with pytest.raises(TestimonialRefused, match="shown"):
        testimonials.set_featured(testimonial=TestimonialFactory(), by=moderator, featured=True)


def test_who_has_bought_carries_a_mark(client):
    said = TestimonialFactory(approved=True)
    assert "Verified buyer" not in client.get("/testimonials/").content.decode()
    said.author.purchases_count = 1
    said.author.save()
    assert "Verified buyer" in client.get("/testimonials/").content.decode()


def test_words_of_who_was_suspended_are_not_shown(client):
    said = TestimonialFactory(approved=True)
    said.author.is_active = False
    said.author.save()
    assert said.text not in client.get("/testimonials/").content.decode()


def test_deleting_them_twice_is_no_error(client):
    said = TestimonialFactory(approved=True)
    client.force_login(said.author)
    for _ in range(2):
        assert client.post(MINE, {"_method": "delete"}).url == "/testimonials/"
    assert not Testimonial.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"rating": 0},
        {"rating": 6},
        {"status": "approved", "decided_at": None},
        {"status": "pending", "decided_at": timezone.now()},
        {"status": "rejected", "decided_at": timezone.now(), "reason": ""},
        {"is_featured": True},
    ],
)
def test_the_database_refuses_what_no_testimonial_can_be(fields):
    said = TestimonialFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Testimonial.objects.filter(pk=said.pk).update(**fields)


@pytest.mark.parametrize("many", [1, 24, 100])
def test_the_page_asks_as_much_of_the_database_however_many_there_are(
    client, django_assert_num_queries, many
):
    for _ in range(many):
        TestimonialFactory(approved=True)
    client.get("/testimonials/")
    with django_assert_num_queries(2):
        client.get(reverse("blog:testimonials"))
