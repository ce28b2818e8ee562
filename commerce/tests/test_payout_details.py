"""Where payouts go to: wrong numbers are refused, right ones kept sealed, and a change is guarded and told."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.tests.factories import PASSWORD, UserFactory
from commerce.actions.payout_details import forget_details, keep_details, reveal_details
from commerce.models import PayoutDetails
from commerce.payout_forms import PayoutDetailsForm
from commerce.sealing import SealBroken
from commerce.tests.payouts import IBAN, approved, batch_of, details_of, finance, payout_of, seller_with
from core.models import AuditEntry, OutgoingMail

pytestmark = pytest.mark.django_db
ADDRESS = "/dashboard/financials/details/"
GIVEN = {"method": "iban", "holder": "Ana Ruiz", "country": "ES", "iban": "DE89 3704 0044 0532 0130 00"}
AMERICAN = {
    "method": "account",
    "holder": "Ana Ruiz",
    "country": "US",
    "account_number": "0012 3456 789",
    "routing_number": "021000021",
}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"method": ""}, "method"),
        ({"method": "cash"}, "method"),
        ({"holder": "  "}, "holder"),
        ({"holder": "x" * 121}, "holder"),
        ({"country": "XX"}, "country"),
        ({"iban": ""}, "iban"),
        ({"iban": "DE89 3704 0044 0532 0130 01"}, "iban"),
        ({"iban": "=HYPERLINK(1)"}, "iban"),
        ({"iban": "\0"}, "iban"),
        ({"bic": "NOBIC"}, "bic"),
        ({**AMERICAN, "account_number": "12"}, "account_number"),
        ({**AMERICAN, "account_number": "=1+1+1"}, "account_number"),
        ({**AMERICAN, "routing_number": "021000022"}, "routing_number"),
        ({**AMERICAN, "country": "AU", "routing_number": "062000"}, "bic"),
        ({**AMERICAN, "country": "AU", "routing_number": "", "bic": "CTBAAU2S"}, "routing_number"),
        ({"method": "paypal", "paypal_email": ""}, "paypal_email"),
        ({"method": "paypal", "paypal_email": "nobody"}, "paypal_email"),
    ],
)
def test_a_wrong_entry_is_said_beside_its_field(changes, field):
    form = PayoutDetailsForm({**GIVEN, **changes})
    assert list(form.errors) == [field]


@pytest.mark.parametrize(
    ("given", "values"),
    [
        (GIVEN, {"holder": "Ana Ruiz", "iban": IBAN}),
        ({**GIVEN, "bic": "deutdeff"}, {"holder": "Ana Ruiz", "iban": IBAN, "bic": "DEUTDEFF"}),
        (AMERICAN, {"holder": "Ana Ruiz", "account_number": "00123456789", "routing_number": "021000021"}),
        (
            {**GIVEN, "method": "paypal", "paypal_email": "ana@example.com"},
            {"holder": "Ana Ruiz", "paypal_email": "ana@example.com"},
        ),
    ],
)
def test_only_what_the_method_needs_is_kept(given, values):
    form = PayoutDetailsForm(given)
    assert form.is_valid(), form.errors
    assert form.values() == values


def test_nothing_of_them_lies_open_in_the_database():
    details = details_of(UserFactory())
    row = " ".join(map(str, PayoutDetails.objects.values_list().get(pk=details.pk)))
    assert "Ruiz" not in row
    assert IBAN[4:-4] not in row
    assert details.opened() == {"holder": "Ana Ruiz", "iban": IBAN}


def test_a_row_that_was_put_in_anothers_place_does_not_open():
    mine, theirs = details_of(UserFactory()), details_of(UserFactory())
    PayoutDetails.objects.filter(pk=mine.pk).update(sealed=theirs.sealed)
    mine.refresh_from_db()
    with pytest.raises(SealBroken):
        mine.opened()


def test_the_database_keeps_one_current_set_a_person():
    user = UserFactory()
    details = details_of(user)
    with pytest.raises(IntegrityError, match="payout_details_one_current"), transaction.atomic():
        details.pk = None
        details.save()


def test_a_change_is_told_by_mail_whatever_somebody_wants_to_hear(settings):
    settings.PAYOUT_DETAILS_WAIT_HOURS = 48
    user = UserFactory()
    details = keep_details(
        user=user, method="paypal", country="ES", values={"holder": "A", "paypal_email": "ana@example.com"}
    )
    assert details.usable_from == details.created_at + timedelta(hours=48)
    assert not details.is_usable
    mail = OutgoingMail.objects.get(kind="commerce/payout_details")
    assert (mail.to_address, mail.unsubscribe_url) == (user.email, "")
    assert "a•••@example.com" in mail.text
    assert "ana@example.com" not in mail.text + mail.html
    assert "change your password at once" in mail.text


def test_what_no_payout_went_to_is_not_kept():
    user = UserFactory()
    details_of(user)
    details_of(user)
    assert PayoutDetails.objects.count() == 1
    assert forget_details(user=user)
    assert not forget_details(user=user)
    assert not PayoutDetails.objects.exists()


def test_a_payout_goes_where_it_was_to_go_when_it_was_asked_for():
    seller = seller_with("100.00")
    payout = payout_of(seller, "100.00")
    keep_details(
        user=seller, method="paypal", country="ES", values={"holder": "X", "paypal_email": "x@x.example"}
    )
    payout.refresh_from_db()
    assert payout.details.opened()["iban"] == IBAN
    assert batch_of(approved(payout)).method == "iban"


def test_looking_at_them_in_full_is_recorded():
    details, person = details_of(UserFactory()), finance()
    assert reveal_details(details, by=person)["iban"] == IBAN
    assert AuditEntry.objects.get(action="payout_details.revealed").actor == person


# The page


@pytest.fixture
def seller(client):
    person = UserFactory(creator=True)
    client.force_login(person)
    return person


def know(client) -> None:
    """The person has just said who they are."""
    response = client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert response.status_code == 302, response.content


def test_nobody_sees_or_changes_them_without_saying_who_they_are(client, seller):
    details_of(seller)
    assert client.get(ADDRESS).url.startswith("/accounts/reauthenticate/")
    response = client.post(ADDRESS, {**GIVEN, "iban": "GB29NWBK60161331926819"})
    assert response.url == ADDRESS
    client.post(ADDRESS, {"_method": "delete"})
    assert PayoutDetails.objects.get().masked == "DE89 •••• 3000"
    # What was typed lies nowhere, not even in the session.
    assert "NWBK" not in str(dict(client.session.items()))


def test_a_wrong_number_is_shown_again_with_what_is_wrong(client, seller):
    know(client)
    response = client.post(ADDRESS, {**GIVEN, "iban": "DE00"})
    assert response.status_code == 422
    assert "This is no IBAN" in response.content.decode()
    assert not PayoutDetails.objects.exists()


def test_right_ones_are_kept_and_never_shown_again(client, seller):
    know(client)
    assert client.post(ADDRESS, GIVEN).url == "/dashboard/financials/payouts/"
    page = client.get(ADDRESS).content.decode()
    assert "DE89 •••• 3000" in page
    assert "0532013000" not in page
    assert "Ana Ruiz" not in page
    client.post(ADDRESS, {"_method": "delete"})
    assert not PayoutDetails.objects.exists()


def test_without_a_key_in_production_the_page_says_so(client, seller, settings):
    know(client)
    settings.PRODUCTION, settings.PAYOUT_ENCRYPTION_KEYS = True, []
    assert "not set up here yet" in client.get(ADDRESS).content.decode()
    assert client.post(ADDRESS, GIVEN).status_code in (200, 422)
    assert not PayoutDetails.objects.exists()


def test_changes_are_limited(client, seller):
    know(client)
    answers = [client.post(ADDRESS, {**GIVEN, "iban": "x"}).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


def test_new_details_wait(client, seller):
    know(client)
    client.post(ADDRESS, GIVEN)
    assert PayoutDetails.objects.get().usable_from > timezone.now()
    assert "Can be used from" in client.get(ADDRESS).content.decode()
