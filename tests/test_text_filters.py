"""Words and links that moderators keep out are refused wherever somebody writes for others."""

from decimal import Decimal
from io import BytesIO

import pytest
from django import forms
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.forms import PersonForm, ProfileForm
from accounts.models import User, UserProfile
from accounts.tests.factories import UserFactory
from blog.forms import TestimonialForm
from commerce.bounties.forms import ApplicationForm, BountyForm, CancellationForm, SubmissionForm
from commerce.models import Review
from commerce.review_forms import AnswerForm, ReviewForm
from commerce.tests.factories import review_of
from community.forms import CommunityForm
from community.models import PostImage
from community.posting.forms import EditForm
from community.tests.factories import PostFactory
from core.models import TextFilter
from marketplace.documents import kind_of_document
from marketplace.forms.bulk import TagsForm
from marketplace.forms.collection import CollectionForm
from marketplace.forms.edit import ModelForm
from marketplace.forms.picture import PictureForm
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db
BAD = "Buy at SpamHaven.example today"


@pytest.fixture(autouse=True)
def _filters():
    TextFilter.objects.create(kind=TextFilter.Kind.LINK, pattern="spamhaven.example")
    TextFilter.objects.create(pattern="grabzilla")
    cache.clear()
    yield
    cache.clear()


def refuses(form: forms.Form, *names: str) -> None:
    form.is_valid()
    for name in names:
        assert form.errors[name][-1].endswith(" not taken here."), name


def test_every_form_with_words_for_others_refuses_them_beside_their_field():
    person = UserFactory()
    names = (
        "name",
        "description",
        "body",
        "text",
        "company",
        "bio",
        "full_name",
        "note",
        "title",
        "requirements",
    )
    words = dict.fromkeys((*names, "message", "alt_text", "reason", "rules"), BAD)
    refuses(CollectionForm(words), "name", "description")
    refuses(PictureForm(words), "alt_text")
    refuses(ReviewForm(words | {"rating": "5"}), "body")
    refuses(AnswerForm(words), "body")
    refuses(TestimonialForm(words | {"rating": "5"}), "text", "company")
    refuses(CommunityForm(words), "name", "description", "rules")
    refuses(BountyForm(words), "title", "description", "requirements")
    refuses(ApplicationForm(words, applicant=person), "message")
    refuses(SubmissionForm(words), "note")
    refuses(CancellationForm(words), "reason")
    refuses(PersonForm(words, instance=person), "full_name", "bio")
    places = dict.fromkeys(("city", "country", "skills", "software"), "Grabzilla")
    sites = {"website": "spamhaven.example/x", "portfolio_url": "https://me.spamhaven.example/"}
    profile = ProfileForm(
        places | sites | {"twitter": "grabzilla", "instagram": "@grabzilla"}, instance=UserProfile.of(person)
    )
    refuses(profile, *places, *sites, "twitter", "instagram")
    refuses(ModelForm({"title": BAD, "tags": "oak, grabzilla"}, instance=Model3DFactory()), "title", "tags")
    post = PostFactory()
    image = PostImage.objects.create(post=post)
    refuses(EditForm({"body": "x", f"alt_{image.pk}": BAD}, post=post), f"alt_{image.pk}")


def test_tags_that_are_not_let_in_any_more_can_be_taken_away():
    refuses(TagsForm({"how": "add", "tags": "oak, grabzilla"}), "tags")
    assert TagsForm({"how": "remove", "tags": "grabzilla"}).is_valid()


def test_documents_of_models_are_not_named_so():
    for name in ("buy_grabzilla.pdf", "spamhaven.example.pdf"):
        with pytest.raises(ValidationError, match="not taken here"):
            kind_of_document(name, 9, BytesIO(b"%PDF-1.7\n"))
    assert kind_of_document("manual.pdf", 9, BytesIO(b"%PDF-1.7\n")) == "pdf"


def test_nobody_signs_up_or_reviews_with_them(client):
    data = {"email": "ana@example.com", "username": "grabzilla", "full_name": BAD, "user_type": "buyer"}
    data |= dict.fromkeys(("password1", "password2"), "walnut-lounge-41") | {"terms": "on"}
    answer = client.post(reverse("account_signup"), data)
    assert set(answer.context["form"].errors) == {"username", "full_name"}
    assert not User.objects.filter(email="ana@example.com").exists()
    buyer, model = UserFactory(), Model3DFactory(listed=True, price=Decimal("5.00"))
    review = review_of(buyer, model)
    client.force_login(model.creator)
    answer = client.post(reverse("commerce:review_answer", args=[model.pk, review.pk]), {"body": BAD})
    assert "spamhaven.example are not taken here." in answer.content.decode()
    assert not Review.objects.exclude(answer="").exists()
