"""Rows of the console point at others: a link only for who may look there."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from accounts.tests.factories import UserFactory
from commerce.tests.factories import review_of
from config.roles import MODERATORS
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def review():
    return review_of(UserFactory(), Model3DFactory(listed=True))


def page_of(review, user) -> str:
    client = Client()
    client.force_login(user)
    return client.get(reverse("admin:commerce_review_change", args=[review.pk])).content.decode()


def test_a_moderator_is_not_led_to_the_purchase_of_a_review_but_reads_what_it_is(review):
    moderator = UserFactory(staff=True)
    moderator.groups.add(Group.objects.get(name=MODERATORS))
    page = page_of(review, moderator)
    assert reverse("admin:commerce_purchase_change", args=[review.purchase_id]) not in page
    assert reverse("admin:marketplace_model3d_change", args=[review.model_id]) in page
    assert str(review.purchase) in page


def test_an_administrator_is_led_there(review):
    page = page_of(review, UserFactory(staff=True, is_superuser=True))
    assert reverse("admin:commerce_purchase_change", args=[review.purchase_id]) in page
