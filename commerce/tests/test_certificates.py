"""Licence certificates: for their buyer to print, for anybody with the address to check, never more than was chosen."""

import uuid

import pytest
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import UserFactory
from commerce.documents import certificate_for, certificate_pdf
from commerce.documents.certificates import certificate_data
from commerce.keeper import erase
from commerce.models import Certificate, Purchase, Transaction
from commerce.tests.factories import purchase_of
from marketplace.models import Model3D, ModelFile
from marketplace.tests.factories import Model3DFactory, ModelFileFactory

HASH = "5f" * 32


@pytest.fixture
def purchase(db):
    model = Model3DFactory(listed=True, title="Walnut desk")
    ModelFile.objects.filter(model=model).update(sha256=HASH)
    return purchase_of(UserFactory(full_name="Quillonia Vantorre"), model)


@pytest.fixture
def owner(client, purchase):
    client.force_login(purchase.user)
    return client


def text(response) -> str:
    return " ".join(response.content.decode().split())


def settings_of(purchase) -> str:
    return reverse("commerce:purchase_certificate", args=[purchase.public_id])


def pdf_of(purchase) -> str:
    return reverse("commerce:certificate_pdf", args=[purchase.public_id])


@pytest.mark.parametrize("who", ["visitor", "other", "seller", "admin"])
@pytest.mark.parametrize("page", [settings_of, pdf_of])
def test_a_certificate_is_made_by_its_buyer_alone(client, purchase, page, who):
    people = {
        "other": UserFactory,
        "admin": lambda: UserFactory(admin=True),
        "seller": lambda: purchase.model.creator,
    }
    if who != "visitor":
        client.force_login(people[who]())
    assert client.get(page(purchase)).status_code == (302 if who == "visitor" else 404)
    assert client.post(settings_of(purchase), {"holder": "Thief"}).status_code == (
        302 if who == "visitor" else 404
    )
    assert not Certificate.objects.exists()


def test_an_address_that_was_guessed_shows_nothing(client, purchase):
    certificate_for(purchase)
    for address in (uuid.uuid4(), purchase.public_id):
        assert client.get(reverse("commerce:certificate", args=[address])).status_code == 404
    assert client.get(f"/certificates/{purchase.pk}/").status_code == 404


def test_the_public_page_shows_of_the_buyer_what_was_chosen_and_nothing_else(client, purchase):
    certificate = certificate_for(purchase)
    certificate.holder = "Studio Norden"
    certificate.save()
    page = text(client.get(certificate.get_absolute_url()))
    for part in (
        "This licence is valid",
        "Walnut desk",
        "Royalty-free licence, version 1.0",
        HASH,
        "noindex",
    ):
        assert part in page
    order = purchase.transaction.order
    for secret in (
        "Studio Norden",
        "Quillonia",
        "Ana Ruiz",
        purchase.user.username,
        order.number,
        str(order.public_id),
    ):
        assert secret not in page
    certificate.shows_holder = certificate.shows_order = True
    certificate.save()
    page = text(client.get(certificate.get_absolute_url()))
    assert "Studio Norden" in page
    assert order.number in page


@pytest.mark.parametrize(
    ("status", "said", "state"),
    [
        ("refunded", "This licence was refunded", "Refunded"),
        ("completed", "This licence was revoked", "Revoked"),
    ],
)
def test_a_purchase_that_was_taken_back_is_said(owner, purchase, status, said, state):
    certificate = certificate_for(purchase)
    Purchase.objects.update(revoked_at=timezone.now())
    given_back = F("amount") if status == "refunded" else 0
    Transaction.objects.update(payment_status=status, refunded_amount=given_back)
    page = text(owner.get(certificate.get_absolute_url()))
    assert said in page
    assert f">{state}</span>" in page
    assert "valid" not in page.split("<main")[1].split("</main")[0]
    assert owner.get(pdf_of(purchase)).status_code == 404
    assert owner.get(settings_of(purchase)).status_code == 404


@pytest.mark.parametrize("holder", ["x" * 121, "a\0b"])
def test_a_name_that_cannot_be_kept_is_refused(owner, purchase, holder):
    page = owner.post(settings_of(purchase), {"holder": holder})
    assert page.status_code == 422
    assert Certificate.objects.get().holder == ""


def test_the_buyer_chooses_what_it_says(owner, purchase):
    page = owner.post(
        settings_of(purchase), {"holder": "<b>Norden</b> & Co", "shows_holder": "on"}, follow=True
    )
    certificate = Certificate.objects.get()
    assert (certificate.holder, certificate.shows_holder, certificate.shows_order) == (
        "<b>Norden</b> & Co",
        True,
        False,
    )
    assert certificate.get_absolute_url() in text(page)
    assert "<b>Norden" not in text(owner.get(certificate.get_absolute_url()))
    assert certificate_data(certificate)["holder"] == "<b>Norden</b> & Co"


def test_the_pdf_is_made_for_its_buyer(owner, purchase):
    response = owner.get(pdf_of(purchase))
    assert response.content.startswith(b"%PDF-")
    assert "licence-certificate-" in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]


def test_a_certificate_names_every_file_that_the_purchase_has_given(purchase):
    assert [file["sha256"] for file in certificate_for(purchase).files] == [HASH]
    newer = ModelFileFactory(model=purchase.model, version=2, ready=True, approved_at=timezone.now())
    ModelFile.objects.filter(pk=newer.pk).update(sha256="ab" * 32)
    assert [file["version"] for file in certificate_for(purchase).files] == [1, 2]
    ModelFile.objects.filter(pk=newer.pk).update(approved_at=None)
    assert len(certificate_for(purchase).files) == 2
    assert Certificate.objects.count() == 1


def test_a_licence_that_changes_later_changes_no_certificate(purchase):
    Transaction.objects.update(license_version="0.9")
    Model3D.objects.update(license="cc0", title="Renamed")
    data = certificate_data(certificate_for(Purchase.objects.get()))
    assert (data["licence"], data["version"], data["title"]) == ("Royalty-free", "0.9", "Walnut desk")


def test_a_sale_keeps_the_version_of_its_licence(purchase):
    assert purchase.transaction.license_version == "1.0"


def test_an_account_that_goes_leaves_no_name_on_its_certificates(purchase):
    certificate = certificate_for(purchase)
    Certificate.objects.update(holder="Quillonia", shows_holder=True)
    erase(purchase.user)
    certificate.refresh_from_db()
    assert (certificate.holder, certificate.shows_holder) == ("", False)


def test_a_hostile_name_is_text(purchase):
    certificate = certificate_for(purchase)
    certificate.holder = '#panic() $x$ *b* @r <l> \\ " 漢字 🪑 مرحبا' + "w" * 70
    assert certificate_pdf(certificate).startswith(b"%PDF-")
