from decimal import Decimal

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.tests.factories import PASSWORD, UserFactory
from commerce.cart import MAX_ITEMS
from commerce.models import CartItem
from commerce.tests.factories import purchase_of, put_into_cart, take_off_the_marketplace
from marketplace.models import Model3D
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db

CART = "/cart/"


def item_url(model):
    return reverse("commerce:cart_item", args=[model.pk])


def saved_url(model):
    return reverse("commerce:cart_item_saved", args=[model.pk])


def text(response) -> str:
    return " ".join(response.content.decode().split())


def log_in(client, user) -> None:
    """Through the page, as a person does."""
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(user.pk)


@pytest.fixture
def buyer():
    return UserFactory()


@pytest.fixture
def signed_in(client, buyer):
    client.force_login(buyer)
    return client


@pytest.mark.parametrize(
    "traits", [{}, {"pending": True}, {"rejected": True}, {"listed": True, "visibility": "private"}]
)
def test_a_model_that_is_not_visible_cannot_be_added(client, traits):
    model = Model3DFactory(**traits)
    assert client.post(item_url(model)).status_code == 404
    assert "cart" not in client.session


def test_nobody_adds_their_own_model(client):
    model = Model3DFactory(listed=True)
    client.force_login(model.creator)
    response = client.post(item_url(model), follow=False)
    assert response.url == model.get_absolute_url()
    assert not CartItem.objects.exists()


def test_nobody_adds_what_they_have(signed_in, buyer):
    model = Model3DFactory(listed=True)
    purchase_of(buyer, model)
    response = signed_in.post(item_url(model))
    assert response.url == reverse("commerce:purchases")
    assert not CartItem.objects.exists()


def test_adding_needs_a_token(buyer):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(buyer)
    assert strict.post(item_url(Model3DFactory(listed=True))).status_code == 403


def test_a_get_changes_nothing(signed_in):
    model = Model3DFactory(listed=True)
    assert signed_in.get(item_url(model)).status_code == 405


def test_an_unknown_method_is_refused(signed_in):
    model = Model3DFactory(listed=True)
    assert signed_in.post(item_url(model), {"_method": "patch"}).status_code == 405


def test_a_redirect_never_leaves_the_site(signed_in):
    model = Model3DFactory(listed=True)
    response = signed_in.post(item_url(model), {"next": "https://evil.example/"})
    assert response.url == CART


def test_the_cart_holds_a_bounded_number_of_models(signed_in, buyer):
    creator = UserFactory(creator=True)
    drafts = Model3D.objects.bulk_create(Model3D(title="Draft", creator=creator) for _ in range(MAX_ITEMS))
    put_into_cart(buyer, *drafts)
    response = signed_in.post(item_url(Model3DFactory(listed=True)), follow=True)
    assert CartItem.objects.count() == MAX_ITEMS
    assert "at most" in text(response)


def test_a_visitors_cart_adds_removes_and_undoes(client):
    model = Model3DFactory(listed=True, title="Walnut desk", price=Decimal("24.00"))
    client.post(item_url(model))
    assert "Walnut desk" in text(client.get(CART))
    response = client.post(item_url(model), {"_method": "delete"}, follow=True)
    assert "“Walnut desk” was removed." in text(response)
    assert "Your cart is empty" in text(response)
    client.post(item_url(model))
    assert "$24.00" in text(client.get(CART))


@pytest.mark.parametrize("is_signed_in", [False, True])
def test_what_is_saved_for_later_is_not_in_the_total(client, buyer, is_signed_in):
    if is_signed_in:
        client.force_login(buyer)
    kept, later = (
        Model3DFactory(listed=True, price=Decimal("10.00")),
        Model3DFactory(listed=True, price=Decimal("5.00")),
    )
    client.post(item_url(kept))
    client.post(item_url(later))
    client.post(saved_url(later))
    context = client.get(CART).context
    assert context["quote"].total == Decimal("10.00")
    assert [line.model for line in context["saved_lines"]] == [later]
    client.post(saved_url(later), {"_method": "delete"})
    assert client.get(CART).context["quote"].total == Decimal("15.00")


def test_a_changed_price_is_named_with_the_old_one(signed_in):
    model = Model3DFactory(listed=True, price=Decimal("10.00"))
    signed_in.post(item_url(model))
    Model3D.objects.filter(pk=model.pk).update(price=Decimal("12.00"))
    page = signed_in.get(CART)
    assert "The price has changed: it was" in text(page)
    assert page.context["quote"].total == Decimal("12.00")


def test_a_model_that_left_the_marketplace_is_named_and_not_in_the_total(signed_in):
    model = Model3DFactory(listed=True, title="Brass lamp")
    signed_in.post(item_url(model))
    take_off_the_marketplace(model)
    page = signed_in.get(CART)
    assert "“Brass lamp” is no longer for sale." in text(page)
    assert page.context["quote"].total == 0
    assert reverse("commerce:checkout") not in text(page)


def test_a_visitors_cart_is_kept_through_sign_in(client, buyer):
    model = Model3DFactory(listed=True)
    client.post(item_url(model))
    log_in(client, buyer)
    assert list(CartItem.objects.values_list("user", "model")) == [(buyer.pk, model.pk)]
    assert "cart" not in client.session


def test_signing_in_leaves_out_own_owned_and_gone_models_and_names_them(client, buyer):
    own = Model3DFactory(listed=True, creator=buyer, title="Own chair")
    owned, gone, good = (
        Model3DFactory(listed=True, title=title) for title in ("Had chair", "Gone chair", "Good chair")
    )
    purchase_of(buyer, owned)
    for model in (own, owned, gone, good):
        client.post(item_url(model))
    take_off_the_marketplace(gone)
    log_in(client, buyer)
    assert [item.model for item in CartItem.objects.filter(user=buyer)] == [good]
    page = text(client.get(CART))
    for sentence in (
        "“Own chair” is your own model.",
        "“Had chair” is in your library",
        "“Gone chair” is no longer for sale.",
    ):
        assert sentence in page


def test_signing_in_keeps_what_was_in_the_cart_before(client, buyer):
    before, later = Model3DFactory(listed=True), Model3DFactory(listed=True)
    put_into_cart(buyer, before)
    client.post(item_url(before))
    client.post(item_url(later))
    client.post(saved_url(later))
    client.force_login(buyer)
    assert set(CartItem.objects.values_list("model", "saved_for_later")) == {
        (before.pk, False),
        (later.pk, True),
    }


def test_one_persons_cart_is_nobody_elses(client, buyer):
    put_into_cart(UserFactory(), Model3DFactory(listed=True, title="Secret taste"))
    client.force_login(buyer)
    assert "Secret taste" not in text(client.get(CART))


def test_the_carts_page_asks_as_often_for_one_model_as_for_many(signed_in, buyer, django_assert_num_queries):
    put_into_cart(buyer, Model3DFactory(listed=True))
    signed_in.get(CART)
    with CaptureQueriesContext(connection) as one:
        signed_in.get(CART)
    put_into_cart(buyer, *Model3DFactory.create_batch(7, listed=True))
    with django_assert_num_queries(len(one)):
        page = signed_in.get(CART)
    assert len(page.context["basket"].lines) == 8
    assert len(one) <= 10


def test_a_word_to_go_back_to_is_not_taken_for_the_name_of_a_view(client):
    response = client.post(item_url(Model3DFactory(listed=True)), {"next": "marketplace"})
    assert response["Location"] == "marketplace"


def test_a_model_in_a_cart_counts_once_a_visitor_and_day(client, db):
    model = Model3DFactory(listed=True)
    address = reverse("commerce:cart_item", args=[model.pk])
    for _ in range(2):
        client.post(address)
        client.post(address, {"_method": "delete"})
    assert model.daily_stats.get().carts == 1
    client.force_login(UserFactory())
    client.post(address)
    assert model.daily_stats.get().carts == 2


def test_what_cannot_be_put_into_a_cart_is_not_counted(client, db):
    model = Model3DFactory(listed=True)
    client.force_login(model.creator)
    client.post(reverse("commerce:cart_item", args=[model.pk]))
    assert not model.daily_stats.exists()
