"""The pages of buyer and seller, and the rules: who sees what, what is said before sending, and bad input."""

import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.tests.factories import UserFactory
from commerce.actions import refunds
from commerce.actions.disputes import apply_dispute
from commerce.actions.ordering import get_free_model
from commerce.gateways.base import DisputeNews, DisputeProgress
from commerce.models import Refund
from commerce.tests.refunding import downloaded, reloaded, sold
from commerce.views.seller_refunds import PAGE_SIZE
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db
Status = Refund.Status
OPENED, LOST = DisputeProgress.OPENED, DisputeProgress.LOST


def text(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def purchase(db):
    return sold(UserFactory(), Model3DFactory(listed=True, price=Decimal("24.00"), title="Walnut desk"))


@pytest.fixture
def buyer_client(client, purchase):
    client.force_login(purchase.user)
    return client


@pytest.fixture
def seller(purchase):
    return purchase.transaction.seller


def url(purchase) -> str:
    return reverse("commerce:refund", args=[purchase.public_id])


def asked(purchase, **fields) -> Refund:
    made = refunds.ask(
        purchase=downloaded(purchase),
        by=purchase.user,
        reason=Refund.Reason.QUALITY,
        text="The seat is crooked.",
    )
    if fields:
        Refund.objects.filter(pk=made.pk).update(**fields)
    return reloaded(made)


def test_anothers_purchase_and_a_made_up_one_look_the_same(client, purchase):
    client.force_login(UserFactory())
    for address in (url(purchase), reverse("commerce:refund", args=[uuid.uuid4()])):
        assert client.get(address).status_code == 404
        assert client.post(address, {"reason": "mistake"}).status_code == 404
    assert not Refund.objects.exists()


def test_the_seller_of_something_else_sees_no_request(client, purchase):
    made = asked(purchase)
    for person in (UserFactory(creator=True), purchase.user):
        client.force_login(person)
        address = reverse("commerce:seller_refund", args=[made.public_id])
        assert client.get(address).status_code == 404
        assert client.post(address, {"answer": "accepted"}).status_code == 404
    assert reloaded(made).awaits_seller


def test_the_seller_does_not_learn_who_bought(client, purchase, seller):
    made = asked(purchase)
    client.force_login(seller)
    page = text(client.get(reverse("commerce:seller_refund", args=[made.public_id])))
    assert "The seat is crooked." in page
    assert purchase.user.username not in page
    assert purchase.user.email not in page


def test_the_page_says_before_sending_that_it_goes_back_at_once(buyer_client, purchase):
    page = text(buyer_client.get(url(purchase)))
    assert "Your money goes back at once." in page
    assert "The seller is asked first" not in page


def test_the_page_says_before_sending_that_the_seller_is_asked(buyer_client, purchase):
    page = text(buyer_client.get(url(downloaded(purchase))))
    assert "Your money goes back at once." not in page
    assert page.count("The seller is asked first") == len(Refund.BUYERS_REASONS)


def test_what_was_found_is_shown_before_anything_is_sent(client):
    purchase = downloaded(sold(UserFactory(), Model3DFactory(listed=True, title="Fully rigged fox")))
    client.force_login(purchase.user)
    page = text(client.get(url(purchase)))
    assert "The GLB file holds no skeleton." in page
    assert page.count("Refunded at once") == 2


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Choose a reason."),
        ({"reason": "bank"}, "Choose one of the reasons."),
        ({"reason": "quality"}, "Say what is wrong"),
        ({"reason": "quality", "text": "  "}, "Say what is wrong"),
        ({"reason": "quality", "text": "x" * 2001}, "at most 2000 characters"),
        ({"reason": "quality", "text": "a\x00b"}, "Null characters"),
    ],
)
def test_bad_input_is_told_beside_the_field(buyer_client, purchase, data, said):
    response = buyer_client.post(url(downloaded(purchase)), data)
    assert response.status_code == 422
    assert said in text(response)
    assert not Refund.objects.exists()


def test_asking_twice_makes_one_request(buyer_client, purchase):
    for _ in range(2):
        assert buyer_client.post(url(purchase), {"reason": "mistake"}).status_code == 302
    assert Refund.objects.get().status == Status.APPROVED
    assert "Approved at once: never downloaded" in text(buyer_client.get(url(purchase)))


def test_the_buyer_takes_it_back_by_a_plain_form(buyer_client, purchase):
    made = asked(purchase)
    assert "I do not want a refund any more" in text(buyer_client.get(url(purchase)))
    for _ in range(2):
        assert buyer_client.post(url(purchase), {"_method": "delete"}).status_code == 302
    assert reloaded(made).status == Status.CANCELLED


def test_what_was_answered_cannot_be_taken_back(buyer_client, purchase, seller):
    made = asked(purchase)
    refunds.answer(refund=made, by=seller, amount=Decimal(0), text="It is as pictured.")
    page = text(buyer_client.get(url(purchase)))
    assert "I do not want a refund any more" not in page
    assert "It is as pictured." in page
    buyer_client.delete(url(purchase))
    assert reloaded(made).awaits_support


@pytest.mark.parametrize("status", Status.values)
def test_every_state_has_a_page_for_both(client, purchase, seller, status):
    made = asked(purchase)
    now = made.created_at
    Refund.objects.filter(pk=made.pk).update(
        status=status, decided_at=now, decision_text="So be it.", completed_at=now, ended_at=now,
        failure_message="No.", claim_url="https://pay.example/claim",
    )  # fmt: skip
    for person, address in (
        (purchase.user, url(purchase)),
        (seller, reverse("commerce:seller_refund", args=[made.public_id])),
        (seller, f"{reverse('commerce:refunds')}?show=all"),
        (purchase.user, reverse("commerce:purchases")),
    ):
        client.force_login(person)
        assert client.get(address).status_code == 200


def test_a_refunded_purchase_is_found_among_the_refunded_ones(buyer_client, purchase):
    made = refunds.ask(purchase=purchase, by=purchase.user, reason="mistake")
    refunds.send(made.pk)
    assert "Walnut desk" not in text(buyer_client.get(reverse("commerce:purchases")))
    assert "Walnut desk" in text(buyer_client.get(f"{reverse('commerce:purchases')}?show=returned"))
    assert "This purchase has been refunded." in text(buyer_client.get(url(purchase)))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Choose an answer."),
        ({"answer": "none"}, "Choose one of the answers."),
        ({"answer": "refused"}, "Say why you refuse."),
        ({"answer": "partly"}, "Say how much."),
        ({"answer": "partly", "amount": "0"}, "Between a cent"),
        ({"answer": "partly", "amount": "-1"}, "Between a cent"),
        ({"answer": "partly", "amount": "24.00"}, "less than $24.00"),
        ({"answer": "partly", "amount": "1.005"}, "2 decimal places"),
        ({"answer": "partly", "amount": "NaN"}, "Enter a number."),
        ({"answer": "partly", "amount": "9" * 40}, "12 digits"),
        ({"answer": "refused", "text": "x" * 2001}, "at most 2000 characters"),
    ],
)
def test_a_nonsensical_answer_is_told_beside_the_field(client, purchase, seller, data, said):
    made = asked(purchase)
    client.force_login(seller)
    response = client.post(reverse("commerce:seller_refund", args=[made.public_id]), data)
    assert response.status_code == 422
    assert said in text(response)
    assert reloaded(made).awaits_seller


@pytest.mark.parametrize(
    ("data", "status", "gross"),
    [
        ({"answer": "accepted"}, Status.APPROVED, "24.00"),
        ({"answer": "accepted", "amount": "3"}, Status.APPROVED, "24.00"),
        ({"answer": "partly", "amount": "10"}, Status.APPROVED, "10.00"),
        ({"answer": "refused", "text": "It is as pictured."}, Status.REQUESTED, "24.00"),
    ],
)
def test_the_seller_answers(client, purchase, seller, data, status, gross):
    made = asked(purchase)
    client.force_login(seller)
    address = reverse("commerce:seller_refund", args=[made.public_id])
    for _ in range(2):
        assert client.post(address, data).status_code == 302
    assert (reloaded(made).status, reloaded(made).gross) == (status, Decimal(gross))
    assert 'name="answer"' not in text(client.get(address))


def test_what_a_bank_decides_is_said_to_be_the_banks(client, purchase, seller):
    payment = purchase.transaction.order.payments.get()
    for state, said in ((OPENED, "The bank decides"), (LOST, "The bank took it back")):
        apply_dispute(payment, DisputeNews("dp_1", state, payment.amount, "fraudulent"))
        client.force_login(seller)
        page = text(client.get(f"{reverse('commerce:refunds')}?show=all"))
        assert "The buyer contests it at their bank" in page
        assert said in page
        client.force_login(purchase.user)
        assert said in text(client.get(url(purchase)))


def test_what_waits_for_an_answer_is_counted_and_listed(client, purchase, seller):
    client.force_login(seller)
    assert "Nothing is open" in text(client.get(reverse("commerce:refunds")))
    asked(purchase)
    page = text(client.get(reverse("commerce:refunds")))
    assert "1 waits for your answer." in page
    assert "Walnut desk" in page


def test_the_sellers_list_asks_as_often_for_few_as_for_many(client, purchase, seller):
    client.force_login(seller)
    asked(purchase)
    address = reverse("commerce:refunds")
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for _ in range(PAGE_SIZE):
        asked(sold(UserFactory(), Model3DFactory(listed=True, creator=seller)))
    with CaptureQueriesContext(connection) as many:
        page = client.get(address)
    assert len(page.context["page"]) == PAGE_SIZE
    assert len(many) == len(one)
    assert 'rel="next"' in text(page)


@pytest.mark.parametrize("query", ["?page=nine", "?page=999", "?show=x", "?show=all&page=-1"])
def test_nonsense_in_the_address_is_harmless(client, seller, query):
    client.force_login(seller)
    assert client.get(f"{reverse('commerce:refunds')}{query}").status_code == 200


def test_a_free_model_is_removed_after_asking(client):
    buyer, model = UserFactory(), Model3DFactory(listed=True, free=True, title="Free stool")
    get_free_model(buyer=buyer, model_id=model.pk)
    purchase = buyer.purchases.get()
    client.force_login(buyer)
    address = reverse("commerce:removal", args=[purchase.public_id])
    assert client.get(url(purchase)).url == address
    assert "Remove “Free stool” from your library?" in text(client.get(address))
    assert reloaded(purchase).is_active
    client.post(address)
    assert not reloaded(purchase).is_active
    assert client.get(address).status_code == 404
    assert (
        "Free stool"
        not in text(client.get(f"{reverse('commerce:purchases')}?show=returned")).split("<main")[1]
    )


def test_what_was_paid_for_is_not_removed(buyer_client, purchase):
    assert buyer_client.post(reverse("commerce:removal", args=[purchase.public_id])).url == url(purchase)
    assert reloaded(purchase).is_active


def test_the_rules_say_the_figures_of_the_settings(client, db, settings):
    settings.REFUND_DAYS, settings.REFUND_ANSWER_DAYS, settings.REFUND_ASK_DAYS = 21, 5, 90
    page = text(client.get(reverse("commerce:refund_rules")))
    for said in ("at most 21 days ago", "the seller has 5 days", "within 90 days"):
        assert said in page
