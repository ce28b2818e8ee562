import hashlib
import uuid
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.signing import Signer
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import UserFactory
from commerce.actions.downloads import MAX_GRANT, grant_downloads, make_link
from commerce.exceptions import DownloadLimitReached, FileMissing
from commerce.models import DownloadLink, Purchase
from commerce.packages import Package
from commerce.tests.concurrency import at_once
from commerce.tests.factories import purchase_of, take_off_the_marketplace
from core.models import AuditEntry
from marketplace.models import DailyStats, Inspection, ModelDocument, ModelFile
from marketplace.tests.factories import Model3DFactory, ModelFileFactory


@pytest.fixture
def buyer(db):
    return UserFactory()


@pytest.fixture
def model(db):
    return Model3DFactory(listed=True, title="Oak chair: “Öykü” / 50 %")


@pytest.fixture
def purchase(buyer, model):
    return purchase_of(buyer, model)


@pytest.fixture
def rich_purchase(buyer, model):
    """Of a model with two more formats, one of them in an archive, and a manual."""
    obj = ModelFileFactory(model=model, format="obj", main_member="chair.obj", ready=True)
    Inspection.objects.filter(file=obj).update(textures=2)
    ModelFileFactory(model=model, format="stl", ready=True)
    manual = ContentFile(b"%PDF-1.7 manual", "manual.pdf")
    ModelDocument.objects.create(model=model, kind="pdf", name="Manual.PDF", file=manual, size=15)
    return purchase_of(buyer, model)


@pytest.fixture
def signed_in(client, buyer):
    client.force_login(buyer)
    return client


def make_url(purchase) -> str:
    return reverse("commerce:make_download", args=[purchase.public_id])


def body_of(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_a_visitor_gets_404_for_a_link(client, purchase):
    assert client.get(make_link(purchase).get_absolute_url()).status_code == 404


def test_a_visitor_is_sent_to_sign_in_before_making_a_link(client, purchase):
    assert client.post(make_url(purchase)).url.startswith(reverse("account_login"))
    assert not DownloadLink.objects.exists()


@pytest.mark.parametrize("traits", [{}, {"creator": True}, {"moderator": True}, {"admin": True}])
def test_another_person_gets_404_for_a_link(client, purchase, traits):
    link = make_link(purchase)
    client.force_login(UserFactory(**traits))
    assert client.get(link.get_absolute_url()).status_code == 404
    assert client.post(make_url(purchase)).status_code == 404


def test_a_tampered_link_is_404(signed_in, purchase):
    address = make_link(purchase).get_absolute_url().rstrip("/")
    for wrong in (f"{address[:-2]}xx/", f"{address}x/", "/downloads/x/", f"/downloads/{uuid.uuid4()}/"):
        assert signed_in.get(wrong).status_code == 404


def test_a_link_signed_for_another_purpose_is_404(signed_in, purchase):
    token = Signer(salt="something.else").sign(str(make_link(purchase).public_id))
    assert signed_in.get(reverse("commerce:download", args=[token])).status_code == 404


def test_a_link_of_a_purchase_that_was_taken_back_is_404(signed_in, purchase):
    link = make_link(purchase)
    Purchase.objects.update(revoked_at=timezone.now())
    assert signed_in.get(link.get_absolute_url()).status_code == 404
    assert signed_in.post(make_url(purchase)).status_code == 404


def test_every_guessable_address_of_the_original_is_404(signed_in, client, purchase):
    name = purchase.files()[0].original.name
    for path in (
        f"/media/{name}",
        f"/static/{name}",
        f"/{name}",
        f"/downloads/{name}",
        f"/media/../private/{name}",
    ):
        assert signed_in.get(path).status_code == 404
        assert Client().get(path).status_code == 404


def test_a_link_is_not_made_by_a_get(signed_in, purchase):
    assert signed_in.get(make_url(purchase)).status_code == 405


def test_an_expired_link_says_so_and_offers_a_new_one(signed_in, purchase):
    link = make_link(purchase)
    DownloadLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    response = signed_in.get(link.get_absolute_url())
    assert response.status_code == 410
    assert make_url(purchase) in response.content.decode()
    assert "9 downloads you have left" in " ".join(response.content.decode().split())


def test_the_download_is_exactly_the_creators_bytes(signed_in, purchase):
    response = signed_in.post(make_url(purchase), follow=True)
    assert response.status_code == 200
    assert hashlib.sha256(body_of(response)).hexdigest() == purchase.files()[0].sha256
    assert response["Content-Disposition"] == 'attachment; filename="oak-chair-oyku-50.glb"'
    assert response["Content-Type"] == "model/gltf-binary"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"


def test_a_title_without_letters_still_makes_a_file_name(signed_in, purchase, model):
    type(model).objects.update(title="椅子 ///")
    response = signed_in.post(make_url(purchase), follow=True)
    assert response["Content-Disposition"] == f'attachment; filename="model-{model.pk}.glb"'


def test_using_a_link_again_and_resuming_counts_once(signed_in, purchase):
    address = signed_in.post(make_url(purchase)).url
    whole = signed_in.get(address)
    content = body_of(whole)
    part = signed_in.get(address, headers={"Range": "bytes=100-", "If-Range": whole["ETag"]})
    assert (part.status_code, body_of(part)) == (206, content[100:])
    changed = signed_in.get(address, headers={"Range": "bytes=100-", "If-Range": '"other"'})
    assert (changed.status_code, body_of(changed)) == (200, content)
    beyond = signed_in.get(address, headers={"Range": f"bytes={len(content)}-"})
    assert beyond.status_code == 416
    purchase.refresh_from_db()
    assert purchase.download_count == 1


def test_a_download_counts_for_the_model_and_its_day(purchase, model):
    make_link(purchase)
    make_link(purchase)
    model.refresh_from_db()
    assert model.downloads == 2
    assert DailyStats.objects.get(model=model, day=timezone.now().date()).downloads == 2


def test_the_tenth_download_works_and_the_eleventh_says_why_not(signed_in, purchase):
    for _ in range(10):
        assert signed_in.post(make_url(purchase)).status_code == 302
    refused = signed_in.post(make_url(purchase))
    text = refused.content.decode()
    assert refused.status_code == 403
    assert "All 10 downloads" in text
    assert settings.CONTACT_EMAIL in text
    assert DownloadLink.objects.count() == 10


def test_the_limit_holds_for_the_call_too(purchase, model):
    Purchase.objects.update(download_count=10)
    with pytest.raises(DownloadLimitReached):
        make_link(purchase)
    model.refresh_from_db()
    assert model.downloads == 0


def test_a_purchase_without_a_file_counts_nothing(purchase):
    ModelFile.objects.update(processed_at=None)
    with pytest.raises(FileMissing):
        make_link(purchase)
    purchase.refresh_from_db()
    assert purchase.download_count == 0


def test_a_model_that_left_the_marketplace_stays_downloadable(signed_in, purchase, model):
    take_off_the_marketplace(model)
    type(model).objects.update(removed_at=timezone.now(), status="rejected")
    response = signed_in.post(make_url(purchase), follow=True)
    assert hashlib.sha256(body_of(response)).hexdigest() == purchase.files()[0].sha256


def test_a_later_version_that_nobody_approved_does_not_change_what_was_bought(signed_in, purchase, model):
    bought = purchase.files()[0].sha256
    ModelFileFactory(model=model, version=2, ready=True, current=True)
    response = signed_in.post(make_url(purchase), follow=True)
    assert hashlib.sha256(body_of(response)).hexdigest() == bought


def test_behind_nginx_the_answer_is_handed_over(signed_in, purchase, settings):
    settings.PRIVATE_X_ACCEL_PREFIX = "/internal/"
    response = signed_in.post(make_url(purchase), follow=True)
    assert response["X-Accel-Redirect"].startswith("/internal/originals/")
    assert response.content == b""


def parts_of(purchase) -> list[str]:
    package = Package(make_link(purchase))
    return [part.url for part in [*package.files, *package.documents]]


@pytest.mark.parametrize("traits", [None, {}, {"creator": True}, {"moderator": True}])
def test_nobody_else_gets_a_part_of_a_link(client, rich_purchase, traits):
    if traits is not None:
        client.force_login(UserFactory(**traits))
    assert {client.get(address).status_code for address in parts_of(rich_purchase)} == {404}


def test_a_link_opens_no_file_of_another_model(signed_in, buyer, rich_purchase):
    token = make_link(rich_purchase).token
    other = Model3DFactory(listed=True)
    document = ModelDocument.objects.create(model=other, kind="txt", name="a.txt", file="x", size=1)
    own = ModelDocument.objects.get(model=rich_purchase.model)
    for name, number in (
        ("download_file", other.current_file.public_id),
        ("download_document", document.public_id),
        # A file's number at a document's address, and the other way round.
        ("download_document", rich_purchase.files()[0].public_id),
        ("download_file", own.public_id),
    ):
        assert signed_in.get(reverse(f"commerce:{name}", args=[token, number])).status_code == 404


def test_a_file_that_never_was_ready_is_not_opened(signed_in, rich_purchase, model):
    queued = ModelFileFactory(model=model, format="fbx")
    address = reverse("commerce:download_file", args=[make_link(rich_purchase).token, queued.public_id])
    assert signed_in.get(address).status_code == 404


def test_a_document_reaches_buyers_when_a_moderator_has_seen_it(rich_purchase, model):
    late = ModelDocument.objects.create(model=model, kind="txt", name="Later.txt", file="x", size=1)
    type(model).objects.update(status="pending")
    rich_purchase.model.refresh_from_db()
    assert [document.name for document in rich_purchase.documents()] == ["Manual.PDF"]
    type(model).objects.update(status="approved")
    rich_purchase.model.refresh_from_db()
    assert late in rich_purchase.documents()


def test_parts_of_an_expired_link_say_so(signed_in, rich_purchase):
    addresses = parts_of(rich_purchase)
    DownloadLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert {signed_in.get(address).status_code for address in addresses} == {410}


def test_a_link_to_several_files_lists_them_and_counts_once(signed_in, rich_purchase):
    page = signed_in.post(make_url(rich_purchase), follow=True)
    text = " ".join(page.content.decode().split())
    for words in ("oak-chair-oyku-50.glb", "OBJ with textures, zip", "oak-chair-oyku-50.stl", "manual.pdf"):
        assert words in text
    package = Package(DownloadLink.objects.get())
    for part in [*package.files, *package.documents]:
        assert part.url in text
        assert signed_in.get(part.url).status_code == 200
    rich_purchase.refresh_from_db()
    assert rich_purchase.download_count == 1


def test_each_part_comes_under_its_name_and_type(signed_in, rich_purchase):
    package = Package(make_link(rich_purchase))
    answers = {}
    for part in [*package.files, *package.documents]:
        response = signed_in.get(part.url)
        body_of(response)
        answers[response["Content-Disposition"].split('"')[1]] = response["Content-Type"]
    assert answers == {
        "oak-chair-oyku-50.glb": "model/gltf-binary",
        "oak-chair-oyku-50-obj.zip": "application/zip",
        "oak-chair-oyku-50.stl": "model/stl",
        "manual.pdf": "application/pdf",
    }


def test_a_format_or_version_added_later_comes_when_a_moderator_has_approved_it(signed_in, purchase, model):
    fbx = ModelFileFactory(model=model, format="fbx", ready=True)
    newer = ModelFileFactory(model=model, version=2, ready=True)
    assert [(file.format, file.version) for file in purchase.files()] == [("glb", 1)]
    ModelFile.objects.filter(pk__in=[fbx.pk, newer.pk]).update(approved_at=timezone.now())
    assert [(file.format, file.version) for file in purchase.files()] == [("glb", 2), ("fbx", 1)]
    assert purchase.file_version == 1


def test_what_is_processed_anew_or_failed_since_stays_downloadable(signed_in, purchase):
    for state in ("queued", "processing"):
        ModelFile.objects.update(state=state)
        assert len(purchase.files()) == 1
    ModelFile.objects.update(state="failed", failure_message="Broken")
    assert signed_in.post(make_url(purchase), follow=True).status_code == 200


@pytest.mark.parametrize("more", [0, -1, MAX_GRANT + 1])
def test_support_grants_a_sensible_number_of_downloads(purchase, more):
    with pytest.raises(ValueError, match="Between"):
        grant_downloads(purchase, more=more, by=UserFactory())
    assert not AuditEntry.objects.exists()


def test_support_grants_more_downloads_and_it_is_recorded(signed_in, purchase):
    Purchase.objects.update(download_count=10)
    agent = UserFactory(staff=True)
    grant_downloads(purchase, more=3, by=agent)
    assert signed_in.post(make_url(purchase)).status_code == 302
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.data) == (agent, {"more": 3})


@pytest.mark.full
@pytest.mark.django_db(transaction=True)
def test_of_fifty_downloads_at_once_exactly_ten_succeed():
    purchase = purchase_of(UserFactory(), Model3DFactory(listed=True))
    outcomes = at_once(lambda number: make_link(purchase), 50, threads=25)
    refused = [outcome for outcome in outcomes if isinstance(outcome, DownloadLimitReached)]
    assert len(refused) == 40
    purchase.refresh_from_db()
    assert purchase.download_count == DownloadLink.objects.count() == 10
    assert ModelFile.objects.get().model.downloads == DailyStats.objects.get().downloads == 10
