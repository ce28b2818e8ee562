from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory, override_settings
from django.urls import path, reverse

from core import views

# Named by the settings: core may not import what stands above it.
site = import_module(settings.ROOT_URLCONF)


def raise_error(request):
    raise RuntimeError("A secret that no visitor may see.")


def refuse(request):
    raise PermissionDenied("Only the creator may do this.")


class ErrorRoutes:
    """The site's routes, and two that fail."""

    handler403, handler500 = site.handler403, site.handler500
    urlpatterns = [path("raise/", raise_error), path("refuse/", refuse), *site.urlpatterns]


@pytest.fixture
def public_file(settings):
    """Writes a file into the public storage."""

    def write(name: str, content: bytes = b"RIFF....WEBP") -> str:
        file = Path(settings.MEDIA_ROOT) / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        return f"{settings.MEDIA_URL}{name}"

    return write


# Themes


def test_an_unknown_theme_is_refused(client):
    response = client.post(reverse("set_theme"), {"theme": "<script>", "next": "/"})
    assert response.status_code == 400
    assert "theme" not in response.cookies


def test_the_theme_is_chosen_by_a_form_only(client):
    assert client.get(reverse("set_theme"), {"theme": "dark"}).status_code == 405


def test_a_foreign_page_cannot_be_the_target_of_the_theme_switch(client):
    response = client.post(reverse("set_theme"), {"theme": "dark", "next": "https://evil.example/"})
    assert response.url == "/"


def test_a_target_that_is_no_path_is_an_address_and_not_the_name_of_a_view(client):
    response = client.post(reverse("set_theme"), {"theme": "dark", "next": "cart"})
    assert response.url == "cart"


def test_a_form_without_its_token_is_refused_in_words(db):
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(reverse("set_theme"), {"theme": "dark"})
    assert response.status_code == 403
    assert "sent no cookies" in response.content.decode()


@pytest.mark.parametrize(
    ("theme", "attribute"),
    [("dark", 'data-theme="lathe-dark"'), ("light", 'data-theme="lathe"'), ("system", '<html lang="en">')],
)
def test_a_chosen_theme_is_remembered(client, db, theme, attribute):
    response = client.post(reverse("set_theme"), {"theme": theme, "next": "/about/"})
    assert response.url == "/about/"
    assert attribute in client.get("/about/").content.decode()


def test_a_forged_theme_cookie_does_not_reach_the_page(client, db):
    client.cookies["theme"] = '"><script>'
    assert '<html lang="en">' in client.get("/about/").content.decode()


# Errors


def test_a_missing_page_offers_ways_on(client, db):
    response = client.get("/nothing-here/")
    assert response.status_code == 404
    assert reverse("marketplace:grid") in response.content.decode()


def test_a_server_error_tells_nothing_of_its_cause():
    client = Client(raise_request_exception=False)
    with override_settings(ROOT_URLCONF=ErrorRoutes):
        response = client.get("/raise/")
    assert response.status_code == 500
    page = response.content.decode()
    assert "broke on our side" in page
    assert "secret" not in page


def test_the_server_error_page_asks_neither_database_nor_session(django_assert_num_queries, db):
    with django_assert_num_queries(0):
        response = views.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert views.bad_request(RequestFactory().get("/")).status_code == 400


def test_a_refusal_says_why(client, db):
    with override_settings(ROOT_URLCONF=ErrorRoutes):
        response = client.get("/refuse/")
    assert response.status_code == 403
    assert "Only the creator may do this." in response.content.decode()


# Public files


@pytest.mark.parametrize(
    "name", ["../secret-key", "..%2Fsecret-key", "a/../../secret-key", "missing.webp", ""]
)
def test_nothing_outside_the_public_folder_is_served(client, db, settings, name):
    (Path(settings.MEDIA_ROOT).parent / "secret-key").write_text("secret")
    assert client.get(f"{settings.MEDIA_URL}{name}").status_code == 404


@pytest.mark.parametrize("name", ["a" * 300, "a/" * 3000, "a%00b"])
def test_a_name_that_no_file_can_have_is_not_found(client, db, name):
    assert client.get(f"{settings.MEDIA_URL}{name}").status_code == 404


def test_an_absolute_path_is_not_served(client, db, settings):
    assert client.get(f"{settings.MEDIA_URL}/etc/passwd").status_code == 404


@pytest.mark.parametrize("name", ["page.html", "picture.svg", "script.js", "noextension"])
def test_what_a_browser_could_run_is_only_saved(client, public_file, name):
    response = client.get(public_file(name, b"<script>alert(1)</script>"))
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_picture_may_be_kept_for_ever(client, public_file):
    response = client.get(public_file("posters/a.webp"))
    assert response["Content-Type"] == "image/webp"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert b"".join(response.streaming_content) == b"RIFF....WEBP"


def test_an_unchanged_picture_is_not_sent_again(client, public_file):
    address = public_file("posters/b.webp")
    modified = client.get(address)["Last-Modified"]
    assert client.get(address, headers={"If-Modified-Since": modified}).status_code == 304
