import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

pytestmark = pytest.mark.django_db


def send_avatar(client, content: bytes):
    picture = SimpleUploadedFile("me.png", content, content_type="image/png")
    return client.post(reverse("accounts:avatar"), {"avatar": picture})


def test_a_form_larger_than_any_of_the_site_is_refused_before_a_byte_is_stored(client, settings, tmp_path):
    settings.MAX_FORM_BYTES = 100_000
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1000
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    client.force_login(get_user_model().objects.create_user(username="ann", email="ann@example.org"))
    assert send_avatar(client, b"x" * 150_000).status_code == 400
    assert list(tmp_path.iterdir()) == []


def test_a_form_within_the_limit_reaches_its_view(client, settings):
    settings.MAX_FORM_BYTES = 100_000
    client.force_login(get_user_model().objects.create_user(username="ann", email="ann@example.org"))
    assert send_avatar(client, b"x" * 50_000).status_code == 422
