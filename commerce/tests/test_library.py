import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import UserFactory
from commerce.actions.downloads import make_link
from commerce.models import Purchase
from commerce.tests.factories import paid_order, purchase_of, take_off_the_marketplace
from commerce.views.library import PAGE_SIZE
from marketplace.tests.factories import Model3DFactory

URL = "/dashboard/purchases/"


def text(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def buyer(db):
    return UserFactory()


@pytest.fixture
def signed_in(client, buyer):
    client.force_login(buyer)
    return client


def test_a_visitor_is_sent_to_sign_in(client, db):
    assert client.get(URL).url == f"{reverse('account_login')}?next={URL}"


def test_nobody_sees_anothers_purchases(signed_in):
    purchase_of(UserFactory(), Model3DFactory(listed=True, title="Secret taste"))
    page = text(signed_in.get(URL))
    assert "Secret taste" not in page
    assert "Your library is empty" in page


def test_what_was_taken_back_is_not_shown(signed_in, buyer):
    purchase_of(buyer, Model3DFactory(listed=True, title="Returned lamp"), revoked_at=timezone.now())
    assert "Returned lamp" not in text(signed_in.get(URL))


def test_a_purchase_shows_its_licence_downloads_left_and_receipt(signed_in, buyer):
    purchase = purchase_of(buyer, Model3DFactory(listed=True, title="Walnut desk"), download_count=3)
    page = text(signed_in.get(URL))
    for part in (
        "Walnut desk",
        "Royalty-free",
        "7 of 10 downloads left",
        purchase.transaction.order.get_absolute_url(),
    ):
        assert part in page


def test_a_link_that_is_still_valid_is_offered_again_without_counting(signed_in, buyer):
    link = make_link(purchase_of(buyer, Model3DFactory(listed=True)))
    page = text(signed_in.get(URL))
    assert link.get_absolute_url() in page
    assert "not counted until" in page


def test_with_all_downloads_used_it_says_what_to_do(signed_in, buyer):
    purchase = purchase_of(buyer, Model3DFactory(listed=True), download_count=10)
    page = text(signed_in.get(URL))
    assert "All 10 downloads used" in page
    assert f"/support/new/?order={purchase.transaction.order.public_id}" in page


def test_a_model_that_left_the_marketplace_says_so(signed_in, buyer):
    model = Model3DFactory(listed=True)
    purchase_of(buyer, model)
    take_off_the_marketplace(model)
    assert "It has left the marketplace." in text(signed_in.get(URL))


@pytest.mark.parametrize(
    ("query", "found"),
    [("walnut", 1), ("WALNUT desk", 1), ("ana", 2), ("ana lamp", 1), ("sofa", 0), ("%", 0)],
)
def test_searching_finds_by_title_and_creator(signed_in, buyer, query, found):
    creator = UserFactory(creator=True, username="ana", full_name="Ana Ruiz")
    paid_order(
        buyer,
        *(
            Model3DFactory(listed=True, creator=creator, title=title)
            for title in ("Walnut desk", "Brass lamp")
        ),
    )
    response = signed_in.get(URL, {"q": query})
    assert len(response.context["page"]) == found
    assert ("Nothing found" in text(response)) == (not found)


@pytest.mark.parametrize(
    "query",
    [
        {"page": "nine"},
        {"page": "999"},
        {"model": "x"},
        {"model": "9" * 40},
        {"q": "\x00"},
        {"q": "a" * 5000},
    ],
)
def test_nonsense_in_the_address_is_harmless(signed_in, buyer, query):
    purchase_of(buyer, Model3DFactory(listed=True))
    assert signed_in.get(URL, query).status_code == 200


def test_the_library_is_paged_and_asks_as_often_for_few_as_for_many(
    signed_in, buyer, django_assert_num_queries
):
    creator = UserFactory(creator=True)
    paid_order(buyer, *Model3DFactory.create_batch(2, listed=True, creator=creator))
    make_link(Purchase.objects.first())
    signed_in.get(URL)
    with CaptureQueriesContext(connection) as few:
        signed_in.get(URL)
    paid_order(buyer, *Model3DFactory.create_batch(PAGE_SIZE, listed=True))
    with django_assert_num_queries(len(few)):
        page = signed_in.get(URL)
    assert len(page.context["page"]) == PAGE_SIZE
    assert 'rel="next"' in text(page)
    assert len(few) <= 11
