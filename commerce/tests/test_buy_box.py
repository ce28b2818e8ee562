from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.template import Context, Template
from django.test import RequestFactory

from accounts.tests.factories import UserFactory
from commerce.tests.factories import purchase_of, put_into_cart, take_off_the_marketplace
from marketplace.models import Model3D
from marketplace.tests.factories import Model3DFactory

BOX = Template("{% load commerce_tags %}{% buy_box model %}")
COUNT = Template("{% load commerce_tags %}{% cart_count as n %}{{ n }}")


def request_of(user):
    request = RequestFactory().get("/model/1/")
    request.user, request.session = user, SessionStore()
    return request


def box(user, model) -> str:
    model = Model3D.objects.with_card_data().get(pk=model.pk)
    context = Context({"request": request_of(user), "model": model, "csrf_token": "token"})
    return " ".join(BOX.render(context).split())


@pytest.fixture
def model(db):
    return Model3DFactory(listed=True, price=Decimal("24.00"))


def test_an_own_model_cannot_be_bought(model):
    html = box(model.creator, model)
    assert "This is your model." in html
    assert "<form" not in html


def test_a_model_that_left_the_marketplace_cannot_be_bought(model):
    take_off_the_marketplace(model)
    html = box(UserFactory(moderator=True), model)
    assert "not for sale" in html
    assert "<form" not in html


def test_what_somebody_has_is_offered_for_download(model):
    buyer = UserFactory()
    purchase_of(buyer, model)
    html = box(buyer, model)
    assert f"/dashboard/purchases/?model={model.pk}" in html
    assert "Buy" not in html


def test_a_visitor_may_buy(model):
    html = box(AnonymousUser(), model)
    assert "$24.00" in html
    assert "Buy and download" in html
    assert "Add to cart" in html


def test_what_is_in_the_cart_says_so(model):
    buyer = UserFactory()
    put_into_cart(buyer, model)
    html = box(buyer, model)
    assert "In your cart" in html
    assert "Add to cart" not in html


def test_a_free_model_leads_a_visitor_to_sign_in_and_a_person_to_one_click(db):
    free = Model3DFactory(listed=True, free=True)
    assert "?next=%2Fmodel%2F1%2F" in box(AnonymousUser(), free)
    assert f'action="/model/{free.pk}/get/"' in box(UserFactory(), free)


def test_nothing_is_promised_that_the_site_does_not_do(model):
    assert "refund" not in box(AnonymousUser(), model).lower()


def test_a_visitors_box_and_count_ask_the_database_nothing(model, django_assert_num_queries):
    model = Model3D.objects.with_card_data().get(pk=model.pk)
    context = Context({"request": request_of(AnonymousUser()), "model": model, "csrf_token": "token"})
    with django_assert_num_queries(0):
        BOX.render(context)
        assert COUNT.render(context) == "0"


def test_the_count_asks_once_a_request(model, django_assert_num_queries):
    buyer = UserFactory()
    put_into_cart(buyer, model, Model3DFactory(listed=True))
    context = Context({"request": request_of(buyer)})
    with django_assert_num_queries(1):
        assert COUNT.render(context) == COUNT.render(context) == "2"


def test_an_error_page_without_a_request_counts_nothing():
    assert COUNT.render(Context({})) == "0"
