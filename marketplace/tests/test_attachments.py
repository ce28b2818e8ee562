"""Pictures and documents of a model: who may, what is taken, and that nothing of the sender's rides along."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from accounts.tests.factories import UserFactory
from core.models import AuditEntry
from marketplace.actions import deletion
from marketplace.actions.attachments import MAX_DOCUMENTS, MAX_PICTURES
from marketplace.models import Model3D, ModelDocument, PreviewImage
from marketplace.tests.factories import Model3DFactory, ModelDocumentFactory, PreviewImageFactory
from marketplace.views import attachments

pytestmark = pytest.mark.django_db

PICTURE_DEEDS = ("picture", "move_picture", "picture_cover", "delete_picture")
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


@pytest.fixture
def creator(client):
    user = UserFactory(creator=True)
    client.force_login(user)
    return user


def picture(name="front.jpg", kind="JPEG", size=(800, 600), **options) -> SimpleUploadedFile:
    buffer = io.BytesIO()
    Image.new("RGB", size, (200, 90, 40)).save(buffer, kind, **options)
    return SimpleUploadedFile(name, buffer.getvalue())


def animated() -> SimpleUploadedFile:
    buffer = io.BytesIO()
    frames = [Image.new("RGB", (300, 300), colour) for colour in ("red", "blue")]
    frames[0].save(buffer, "WEBP", save_all=True, append_images=frames[1:])
    return SimpleUploadedFile("turning.webp", buffer.getvalue())


def bomb() -> SimpleUploadedFile:
    buffer = io.BytesIO()
    Image.new("1", (20000, 20000)).save(buffer, "PNG")
    return SimpleUploadedFile("bomb.png", buffer.getvalue())


def add(client, model, *files):
    address = reverse("marketplace:add_files", args=[model.pk])
    return client.post(address, {"file": list(files), "end": "1"})


def test_strangers_find_no_attachment_and_visitors_are_asked_to_log_in(client):
    image, document = PreviewImageFactory(), ModelDocumentFactory()
    addresses = {
        reverse("marketplace:picture", args=[image.model_id, image.pk]): "post",
        reverse("marketplace:move_picture", args=[image.model_id, image.pk]): "post",
        reverse("marketplace:picture_cover", args=[image.model_id, image.pk]): "post",
        reverse("marketplace:delete_picture", args=[image.model_id, image.pk]): "post",
        reverse("marketplace:document", args=[document.model_id, document.public_id]): "get",
        reverse("marketplace:delete_document", args=[document.model_id, document.public_id]): "post",
    }
    for address, method in addresses.items():
        assert getattr(client, method)(address).url.startswith(reverse("account_login"))
    client.force_login(UserFactory(creator=True))
    for address, method in addresses.items():
        assert getattr(client, method)(address).status_code == 404
    assert PreviewImage.objects.exists()
    assert ModelDocument.objects.exists()


def test_an_attachment_is_not_reached_through_another_model_of_the_same_creator(client, creator):
    image, document = (
        PreviewImageFactory(model__creator=creator),
        ModelDocumentFactory(model__creator=creator),
    )
    other = Model3DFactory(creator=creator)

    assert client.post(reverse("marketplace:delete_picture", args=[other.pk, image.pk])).status_code == 404
    address = reverse("marketplace:document", args=[other.pk, document.public_id])
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (lambda: SimpleUploadedFile("front.svg", b"<svg/>"), "not taken"),
        (lambda: SimpleUploadedFile("front.png", b"no picture"), "not a JPEG, PNG or WebP picture"),
        (lambda: SimpleUploadedFile("front.jpg", picture().read()[:5000]), "damaged"),
        (lambda: picture(size=(150, 900)), "each side needs at least 200"),
        (animated, "Animated pictures are not taken"),
        (bomb, "more than 50 million pixels"),
        (lambda: SimpleUploadedFile("a.gif", b"GIF89a"), "No file among these can use this texture"),
        (lambda: SimpleUploadedFile("manual.pdf", b"<html>"), "not a PDF"),
        (lambda: SimpleUploadedFile("notes.txt", b"a\x00b"), "not plain text"),
        (lambda: SimpleUploadedFile("notes.md", b"caf\xe9"), "not plain text"),
        (lambda: SimpleUploadedFile("notes.txt", b"x" * (2 * 1024**2 + 1)), "more than 2 MB"),
    ],
    ids=["svg", "no picture", "cut", "small", "animated", "bomb", "gif", "no pdf", "nul", "latin", "long"],
)
def test_what_is_no_picture_or_document_is_refused_with_all_that_came_with_it(client, creator, file, said):
    model = Model3DFactory(creator=creator)

    response = add(client, model, file(), picture("good.jpg"))

    assert response.status_code == 422
    assert said in response.content.decode()
    assert not model.preview_images.exists()
    assert not model.documents.exists()


def test_a_picture_is_made_anew_upright_and_without_what_the_camera_wrote(client, creator):
    model = Model3DFactory(creator=creator)
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "Home of Mira, 52.1 N 5.2 E"

    add(client, model, picture(size=(3000, 1000), exif=exif))

    row = model.preview_images.get()
    stored = row.image.open().read()
    image = Image.open(io.BytesIO(stored))
    assert (image.format, image.size, (row.width, row.height)) == ("WEBP", (683, 2048), (683, 2048))
    assert b"Mira" not in stored
    assert not image.getexif()
    assert "front" not in row.image.name


def test_documents_keep_their_bytes_and_leave_only_as_attachments_to_their_owner(client, creator):
    model = Model3DFactory(creator=creator)

    add(
        client, model, SimpleUploadedFile("Hand buch.PDF", PDF), SimpleUploadedFile("a.md", "# Café".encode())
    )

    pdf = model.documents.get(kind="pdf")
    response = client.get(reverse("marketplace:document", args=[model.pk, pdf.public_id]))
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Disposition"] == 'attachment; filename="Hand buch.PDF"'
    assert response["X-Content-Type-Options"] == "nosniff"
    text = model.documents.get(kind="md")
    response = client.get(reverse("marketplace:document", args=[model.pk, text.public_id]))
    assert response["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    ("factory", "most", "file"),
    [
        (PreviewImageFactory, MAX_PICTURES, picture),
        (ModelDocumentFactory, MAX_DOCUMENTS, lambda: SimpleUploadedFile("m.txt", b"x")),
    ],
)
def test_there_are_only_so_many(client, creator, factory, most, file):
    model = Model3DFactory(creator=creator)
    factory.create_batch(most - 1, model=model)

    assert add(client, model, file()).status_code == 302
    response = add(client, model, file())

    assert response.status_code == 422
    assert f"at most {most}" in response.content.decode()


def test_adding_to_an_approved_model_sends_it_back_to_review_and_deleting_does_not(client, creator):
    model = Model3DFactory(creator=creator, listed=True)
    page = client.get(model.get_edit_url()).content.decode()
    assert "Adding pictures or words sends the model back to review" in page

    add(client, model, picture())
    model.refresh_from_db()
    assert model.status == Model3D.Status.PENDING
    Model3D.objects.update(status="approved")
    client.post(reverse("marketplace:delete_picture", args=[model.pk, model.preview_images.get().pk]))
    model.refresh_from_db()
    assert model.status == Model3D.Status.APPROVED
    assert not model.preview_images.exists()


def test_pictures_are_described_and_put_in_order_without_scripts(client, creator):
    model = Model3DFactory(creator=creator)
    first, second, third = (PreviewImageFactory(model=model, order=number) for number in (0, 0, 5))

    def order():
        return list(model.preview_images.order_by("order", "pk").values_list("pk", flat=True))

    def move(image, position, **headers):
        address = reverse("marketplace:move_picture", args=[model.pk, image.pk])
        return client.post(address, {"position": position}, headers=headers).status_code

    assert move(third, 2) == 302
    assert move(third, 0) == 302
    assert move(first, 3, **{"HX-Request": "true"}) == 204
    assert order() == [third.pk, second.pk, first.pk]
    assert move(second, 99999) == 302
    for nonsense in ("", "-1", "x", "9" * 30):
        assert move(third, nonsense) == 404
    assert order() == [third.pk, first.pk, second.pk]
    client.post(reverse("marketplace:picture", args=[model.pk, first.pk]), {"alt_text": " From \n behind "})
    first.refresh_from_db()
    assert first.alt_text == "From behind"
    client.post(reverse("marketplace:picture", args=[model.pk, first.pk]), {"alt_text": "x" * 201})
    first.refresh_from_db()
    assert first.alt_text == "From behind"


def test_the_gallery_opens_with_the_cover_and_without_one_with_the_3d_view(client, creator):
    model = Model3DFactory(creator=creator, listed=True)
    first, second = PreviewImageFactory.create_batch(2, model=model)

    def opens_with() -> str:
        page = client.get(model.get_absolute_url()).content.decode()
        return page[page.index("data-gallery>") :].split('<figure id="')[1].split('"')[0]

    assert opens_with() == "view-3d"
    for picture in (first, second, second):
        client.post(reverse("marketplace:picture_cover", args=[model.pk, picture.pk]))
        assert opens_with() == f"picture-{picture.pk}"
    model.refresh_from_db()
    assert model.status == "approved"
    client.post(reverse("marketplace:picture_cover", args=[model.pk, second.pk]), {"_method": "delete"})
    assert opens_with() == "view-3d"


def test_deleting_asks_first_by_name_and_takes_the_bytes_along(
    client, creator, django_capture_on_commit_callbacks
):
    document = ModelDocumentFactory(model__creator=creator, name="Manual.pdf")
    address = reverse("marketplace:delete_document", args=[document.model_id, document.public_id])

    assert "Delete “Manual.pdf”?" in client.get(address).content.decode()
    assert ModelDocument.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address)

    assert not ModelDocument.objects.exists()
    assert not document.file.storage.exists(document.file.name)
    assert AuditEntry.objects.filter(action="model.document.delete").exists()


def test_whoever_deletes_the_model_in_another_tab_meanwhile_reads_so(client, creator, monkeypatch):
    model = Model3DFactory(creator=creator)
    image, document = PreviewImageFactory(model=model), ModelDocumentFactory(model=model)
    found = attachments._own

    def then_deleted(*args, **which):
        row = found(*args, **which)
        deletion.delete_model(model=Model3D.objects.get(pk=model.pk))
        return row

    addresses = [
        *(reverse(f"marketplace:{name}", args=[model.pk, image.pk]) for name in PICTURE_DEEDS),
        reverse("marketplace:delete_document", args=[model.pk, document.public_id]),
    ]
    monkeypatch.setattr(attachments, "_own", then_deleted)
    for address in addresses:
        Model3D.objects.filter(pk=model.pk).update(deleted_at=None)
        answer = client.post(address, {"position": "1", "alt_text": "A chair"}, follow=True)
        assert answer.redirect_chain == [(reverse("marketplace:inventory"), 302)], address
        assert "This model was deleted." in answer.content.decode()
    Model3D.objects.filter(pk=model.pk).update(deleted_at=None)
    answer = client.post(addresses[1], {"position": "1"}, headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == reverse("marketplace:inventory")
    assert PreviewImage.objects.get().alt_text == image.alt_text


def test_erasing_a_deleted_draft_leaves_nothing_of_its_attachments(
    client, creator, django_capture_on_commit_callbacks
):
    model = Model3DFactory(creator=creator)
    image, document = PreviewImageFactory(model=model), ModelDocumentFactory(model=model)

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("marketplace:delete", args=[model.pk]))
        assert image.image.storage.exists(image.image.name)
        model.refresh_from_db()
        deletion.purge_model(model=model)

    for stored in (image.image, document.file):
        assert not stored.storage.exists(stored.name)
