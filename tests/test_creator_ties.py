"""Who has models, sales or courses stays a creator, whatever is counted of them."""

from decimal import Decimal

import pytest

from accounts.actions import standing
from accounts.exceptions import ModerationRefused
from accounts.models import User
from accounts.tests.factories import UserFactory
from blog.tests.factories import CourseFactory
from commerce.actions.refunds import refund, send_waiting
from commerce.tests.refunding import sold
from marketplace.models import Model3D
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return UserFactory(username="eve", creator=True)


def draft(person):
    Model3DFactory(creator=person)


def taken_down(person):
    Model3DFactory(creator=person, listed=True).take_down(by=UserFactory(admin=True), reason="Copied.")


def deleted(person):
    Model3DFactory(creator=person, listed=True).withdraw()


def suspended(person):
    Model3DFactory(creator=person, listed=True)
    standing.suspend(user=person, by=UserFactory(admin=True), reason="Spam.")


def given_back(person):
    purchase = sold(UserFactory(), Model3DFactory(creator=person, listed=True, price=Decimal("20.00")))
    refund(transaction=purchase.transaction, text="Sorry.")
    send_waiting()
    Model3D.objects.filter(pk=purchase.model_id).update(creator=UserFactory(creator=True))


def taught(person):
    CourseFactory(instructor=person, price=Decimal("20.00"))


@pytest.mark.parametrize(
    ("has", "says"),
    [
        *((has, "has models here") for has in (draft, taken_down, deleted, suspended)),
        (given_back, "has sold something"),
        (taught, "teaches a course that costs something"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_creator_who_has_something_here_is_not_made_a_buyer(person, has, says):
    has(person)
    User.objects.filter(pk=person.pk).update(total_models=0, total_sales=0)
    with pytest.raises(ModerationRefused, match=says):
        standing.set_type(user=person, by=UserFactory(admin=True), user_type=User.UserType.BUYER)
    assert User.objects.get(pk=person.pk).is_creator


def test_a_creator_who_has_nothing_here_is_made_a_buyer_though_something_is_counted(person):
    User.objects.filter(pk=person.pk).update(total_models=3, total_sales=2)
    standing.set_type(user=person, by=UserFactory(admin=True), user_type=User.UserType.BUYER)
    assert not User.objects.get(pk=person.pk).is_creator
