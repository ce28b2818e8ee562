"""The settings page: profile, picture, becoming a creator."""

import io
import struct
import zlib

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image, PngImagePlugin

from accounts.avatars import MAX_BYTES
from accounts.models import User, UserProfile
from accounts.tests.factories import UserFactory

pytestmark = pytest.mark.django_db

PROFILE = {
    "full_name": "Ana Ruiz",
    "bio": "I model chairs.",
    "country": "Spain",
    "city": "Vigo",
    "website": "ana.example.com",
    "portfolio_url": "",
    "twitter": "https://x.com/ana_ruiz?s=20",
    "instagram": "@ana.ruiz",
    "skills": "Retopology, UV  mapping, retopology,,",
    "software": "Blender",
}


@pytest.fixture
def user(client):
    user = UserFactory(username="ana")
    client.force_login(user)
    return user


def picture(name="me.png", image_format="PNG", size=(640, 480), mode="RGB", **options):
    buffer = io.BytesIO()
    Image.new(mode, size, 90).save(buffer, image_format, **options)
    return SimpleUploadedFile(name, buffer.getvalue(), content_type="image/png")


def png_that_claims(width, height):
    """A PNG of a few bytes whose header announces a huge picture."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0"))
        + chunk(b"IEND", b"")
    )
    return SimpleUploadedFile("bomb.png", data, content_type="image/png")


def upload(client, file):
    return client.post(reverse("accounts:avatar"), {"avatar": file})


# Refused


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("full_name", "x" * 121),
        ("bio", "x" * 2001),
        ("website", "javascript:alert(1)"),
        ("website", "ftp://example.com/"),
        ("portfolio_url", "not an address"),
        ("twitter", "a b"),
        ("twitter", "x" * 16),
        ("instagram", "<script>"),
        ("instagram", "https://evil.example.com/ana"),
        ("skills", ",".join(f"skill {number}" for number in range(21))),
        ("software", "x" * 41),
        ("country", "x" * 81),
    ],
)
def test_a_wrong_value_is_named_beside_its_field_and_nothing_is_saved(client, user, field, value):
    response = client.post(reverse("accounts:settings"), {**PROFILE, "full_name": "Changed", field: value})
    assert response.status_code == 422
    errors = response.context["person_form"].errors | response.context["profile_form"].errors
    assert list(errors) == [field]
    user.refresh_from_db()
    assert user.full_name != "Changed"
    assert UserProfile.of(user).city == ""


def test_other_fields_of_the_account_cannot_be_set_through_the_form(client, user):
    more = {
        "username": "root",
        "is_staff": "on",
        "user_type": "creator",
        "total_sales": "99",
        "is_verified": "on",
    }
    client.post(reverse("accounts:settings"), {**PROFILE, **more})
    user.refresh_from_db()
    assert (user.username, user.is_staff, user.is_creator, user.total_sales) == ("ana", False, False, 0)


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (SimpleUploadedFile("a.png", b"", content_type="image/png"), "empty"),
        (SimpleUploadedFile("a.png", b"hello", content_type="image/png"), "not a JPEG"),
        (
            SimpleUploadedFile(
                "a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", content_type="image/svg+xml"
            ),
            "not a JPEG",
        ),
        (SimpleUploadedFile("a.png", b"\0" * (MAX_BYTES + 1), content_type="image/png"), "5 MB"),
        (png_that_claims(60000, 60000), "million pixels"),
        (png_that_claims(8000, 8000), "million pixels"),
        (picture("a.gif", "GIF", mode="L"), "not a JPEG"),
        (picture("a.tiff", "TIFF"), "not a JPEG"),
    ],
    ids=["empty", "text", "svg", "too large", "bomb", "too many pixels", "gif", "tiff"],
)
def test_a_picture_that_is_none_or_hostile_is_refused_and_the_old_one_stays(client, user, file, words):
    upload(client, picture())
    user.refresh_from_db()
    before = user.avatar.name
    file.seek(0)
    response = upload(client, file)
    assert response.status_code == 422
    assert words in response.context["avatar_form"].errors["avatar"][0]
    user.refresh_from_db()
    assert user.avatar.name == before


def test_a_truncated_picture_is_refused(client, user):
    whole = picture(size=(900, 900), image_format="JPEG", name="a.jpg").read()
    response = upload(client, SimpleUploadedFile("a.jpg", whole[: len(whole) // 2]))
    assert response.status_code == 422
    user.refresh_from_db()
    assert not user.avatar


# Allowed


def test_pictures_are_taken_in_only_so_often(client, user):
    for _ in range(30):
        assert upload(client, SimpleUploadedFile("me.png", b"no picture")).status_code == 422
    assert upload(client, picture()).status_code == 429
    user.refresh_from_db()
    assert not user.avatar


def test_the_profile_is_saved_as_meant(client, user):
    assert client.post(reverse("accounts:settings"), PROFILE)["Location"] == reverse("accounts:settings")
    user.refresh_from_db()
    profile = user.profile
    assert (user.full_name, user.bio) == ("Ana Ruiz", "I model chairs.")
    assert profile.website == "https://ana.example.com"
    assert (profile.twitter, profile.instagram) == ("ana_ruiz", "ana.ruiz")
    assert profile.skills == ["Retopology", "UV mapping"]


def test_a_picture_becomes_a_bare_square_webp_under_a_name_that_cannot_be_guessed(client, user):
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "home address")
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    upload(client, picture(name="../../etc/passwd.png", pnginfo=text, exif=exif))
    user.refresh_from_db()
    assert user.avatar.name.endswith(".webp")
    assert "passwd" not in user.avatar.name
    stored = user.avatar.read()
    image = Image.open(io.BytesIO(stored))
    assert (image.format, image.size) == ("WEBP", (256, 256))
    assert b"secret place" not in stored
    assert b"home address" not in stored
    assert not image.getexif()


def test_a_picture_held_sideways_is_turned(client, user):
    image = Image.new("RGB", (300, 300), "red")
    image.paste("blue", (0, 0, 300, 150))
    exif = Image.Exif()
    exif[0x0112] = 6
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", exif=exif)
    upload(client, SimpleUploadedFile("a.jpg", buffer.getvalue()))
    user.refresh_from_db()
    red, _, blue = Image.open(user.avatar).convert("RGB").getpixel((250, 128))
    assert blue > red


def test_a_new_picture_takes_the_old_file_away(client, user, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        upload(client, picture())
    user.refresh_from_db()
    first = user.avatar.name
    with django_capture_on_commit_callbacks(execute=True):
        upload(client, picture(mode="RGBA"))
    assert not default_storage.exists(first)
    user.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("accounts:avatar"), {"_method": "delete"})
    assert not default_storage.exists(user.avatar.name)
    user.refresh_from_db()
    assert not user.avatar


# Becoming a creator


def test_looking_at_the_page_makes_nobody_a_creator(client, user):
    assert client.get(reverse("accounts:creator")).status_code == 200
    user.refresh_from_db()
    assert not user.is_creator


def test_one_step_makes_a_buyer_a_creator_and_leads_back(client, user):
    response = client.post(reverse("accounts:creator"), {"next": "/upload/"})
    assert response["Location"] == "/upload/"
    user.refresh_from_db()
    assert user.user_type == User.UserType.CREATOR


@pytest.mark.parametrize(
    "target", ["https://evil.example.com/", "//evil.example.com/", "javascript:alert(1)"]
)
def test_becoming_a_creator_leads_to_no_other_site(client, user, target):
    response = client.post(reverse("accounts:creator"), {"next": target})
    assert response["Location"] == reverse("accounts:settings")


def test_a_word_to_go_back_to_is_not_taken_for_the_name_of_a_view(client, user):
    assert client.post(reverse("accounts:creator"), {"next": "upload"})["Location"] == "upload"


def test_a_creator_is_not_asked_again(client, user):
    user.become_creator()
    assert client.get(reverse("accounts:creator"))["Location"] == reverse("accounts:settings")


def test_privacy_is_saved_and_obeyed(client):
    user = UserFactory(username="ana")
    UserProfile.objects.create(user=user, city="Vigo")
    client.force_login(user)
    answer = client.post(reverse("accounts:settings_privacy"), {"mature_content": "all of them"})
    assert answer.status_code == 422
    client.post(reverse("accounts:settings_privacy"), {"mature_content": "hide", "shows_likes": "on"})
    user.refresh_from_db()
    assert (user.mature_content, user.profile.is_indexed, user.profile.shows_likes) == ("hide", False, True)
    client.logout()
    page = client.get(user.get_absolute_url()).content.decode()
    assert "Vigo" not in page
    assert 'name="robots" content="noindex"' in page
    assert client.get(reverse("marketplace:profile_likes", args=["ana"])).status_code == 200


def test_a_banner_is_cut_re_encoded_and_removed(client):
    user = UserFactory()
    client.force_login(user)
    bad = SimpleUploadedFile("banner.png", b"not a picture")
    assert client.post(reverse("accounts:banner"), {"banner": bad}).status_code == 422
    buffer = io.BytesIO()
    Image.new("RGB", (2000, 900), "navy").save(buffer, "PNG")
    client.post(reverse("accounts:banner"), {"banner": SimpleUploadedFile("b.png", buffer.getvalue())})
    profile = UserProfile.objects.get(user=user)
    with Image.open(profile.banner) as stored:
        assert (stored.format, stored.size) == ("WEBP", (1600, 400))
    client.post(reverse("accounts:banner"), {"_method": "delete"})
    profile.refresh_from_db()
    assert not profile.banner
