import html
import re

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts.tests.factories import UserFactory
from commerce.money import split
from config import debug_urls, urls
from config.demo.catalogue import CATEGORIES
from config.views.pages import FEE_EXAMPLES
from core.models import OutgoingMail
from core.templatetags.core_tags import money_text
from marketplace.models import Category, License

pytestmark = pytest.mark.django_db

TITLES = {
    "about": "About",
    "terms": "Terms of use",
    "creator_terms": "Creator terms",
    "privacy": "Privacy",
    "licences": "Licences",
    "contact": "Contact",
    "status": "Status",
    "support:help": "Help",
    "support:docs": "Docs",
}
MESSAGE = {
    "name": "Ana Lima",
    "email": "ana@example.com",
    "topic": "purchase",
    "reference": "1234",
    "message": "The file does not open in my program.",
}


def text_of(response) -> str:
    return response.content.decode()


# The contact form


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("name", "", "This field is required."),
        ("email", "not an address", "Enter a valid email address."),
        ("topic", "nonsense", "Select a valid choice."),
        ("message", "short", "at least 10 characters"),
        ("message", "x" * 5001, "at most 5000 characters"),
    ],
)
def test_a_wrong_message_is_not_sent_and_nothing_typed_is_lost(client, field, value, error):
    response = client.post(reverse("contact"), {**MESSAGE, field: value})
    assert response.status_code == 200
    page = text_of(response)
    assert error in page
    assert f'href="#id_{field}"' in page
    assert all(kept in page for name, kept in MESSAGE.items() if name != field)
    assert not OutgoingMail.objects.exists()


def test_a_program_that_fills_the_trap_is_thanked_and_ignored(client):
    response = client.post(reverse("contact"), {**MESSAGE, "website": "https://spam.example"}, follow=True)
    assert "on its way" in text_of(response)
    assert not OutgoingMail.objects.exists()


def test_too_many_messages_from_one_visitor_are_refused(client):
    answers = [client.post(reverse("contact"), MESSAGE).status_code for _ in range(6)]
    assert answers == [302] * 5 + [429]
    assert OutgoingMail.objects.count() == 5


def test_a_message_reaches_the_people_behind_the_site(client, settings):
    response = client.post(reverse("contact"), {**MESSAGE, "message": "<b>Hello</b>\nBcc: all@example.com"})
    assert response.url == reverse("contact")
    mail = OutgoingMail.objects.get()
    assert mail.to_address == settings.CONTACT_EMAIL
    assert mail.subject == "A purchase or refund: message from Ana Lima"
    assert "Answer to: ana@example.com" in mail.text
    assert "<b>Hello</b>" in mail.text
    assert "<b>Hello</b>" not in mail.html


def test_a_name_cannot_add_lines_to_the_subject(client):
    client.post(reverse("contact"), {**MESSAGE, "name": "Ana\r\nBcc: all@example.com"})
    assert all("\n" not in mail.subject for mail in OutgoingMail.objects.all())


def test_the_form_knows_who_is_signed_in(client):
    user = UserFactory(full_name="Mira Holm")
    client.force_login(user)
    page = text_of(client.get(reverse("contact")))
    assert "Mira Holm" in page
    assert user.email in page


# Every page


@pytest.mark.parametrize("name", TITLES)
def test_every_page_has_its_title_and_its_canonical_address(client, settings, name):
    settings.SITE_URL = "https://lathe.example"
    page = text_of(client.get(reverse(name), {"utm_source": "mail"}))
    assert f"<title>{TITLES[name]} · {settings.SITE_NAME}</title>" in page
    assert f'<link rel="canonical" href="https://lathe.example{reverse(name)}">' in page
    assert len(re.findall(r"<h1[ >]", page)) == 1
    assert re.search(r'<meta name="description" content="[^"]{40,}"', page)


@pytest.mark.parametrize("name", TITLES)
def test_every_page_can_be_jumped_into(client, name):
    """Each anchor of a table of contents leads to something on the page."""
    page = text_of(client.get(reverse(name)))
    anchors = set(re.findall(r'href="#([^"]+)"', page))
    assert anchors <= set(re.findall(r'\bid="([^"]+)"', page))


@pytest.mark.parametrize("licence", License)
def test_each_licence_has_a_page_with_its_plain_words_and_its_full_text_at_one_address(client, licence):
    page = text_of(client.get(licence.get_absolute_url()))
    assert f"<h1>{licence.label} licence</h1>" in page
    assert licence.summary in page
    assert f"Full text, version {licence.version}" in page
    assert all(
        line in html.unescape(page)
        for line in (*licence.terms.may, *licence.terms.must, *licence.terms.may_not)
    )
    anchors = set(re.findall(r'href="#([^"]+)"', page))
    assert anchors <= set(re.findall(r'\bid="([^"]+)"', page))


@pytest.mark.parametrize("slug", ["nothing", "royalty_free", "cc-by-4"])
def test_there_is_no_page_of_a_licence_that_is_not_offered(client, slug):
    assert client.get(f"/licences/{slug}/").status_code == 404


@pytest.mark.parametrize("name", [*TITLES, "home"])
def test_the_site_carries_the_name_that_the_settings_give(client, settings, name):
    settings.SITE_NAME = "Fräsbank"
    page = text_of(client.get(reverse(name)))
    assert "Fräsbank" in page
    assert "Lathe" not in page


def test_a_text_page_asks_the_database_for_next_to_nothing(client, django_assert_max_num_queries):
    cache.clear()
    with django_assert_max_num_queries(1):
        client.get(reverse("terms"))


# What they promise


def test_the_fee_on_the_page_is_the_fee_that_is_charged(client, settings):
    settings.PLATFORM_FEE_PERCENT = 10
    page = text_of(client.get(reverse("creator_terms")))
    for amount in FEE_EXAMPLES:
        shares = split(amount)
        assert money_text(shares.platform_fee) in page
        assert money_text(shares.seller_amount) in page


def test_every_licence_has_its_text_and_its_anchor(client):
    page = text_of(client.get(reverse("licences")))
    for licence in License:
        assert f'<h2 id="{licence.value}">{licence.label}</h2>' in page
        assert licence.summary in page
    assert page.count('rel="license noopener"') == 4


def test_the_privacy_page_names_every_cookie_that_is_set(client, settings):
    page = text_of(client.get(reverse("privacy")))
    client.post(reverse("set_theme"), {"theme": "dark"})
    client.post(reverse("contact"), MESSAGE)
    client.get(reverse("contact"))
    set_by_now = set(client.cookies)
    assert {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, "theme"} <= set_by_now
    assert all(f"<code>{name}</code>" in page for name in set_by_now)


# Icons


def test_the_icons_of_categories_are_in_the_sprite(settings):
    """The build knows the names in templates by itself; what the database names has to be listed."""
    listed = set((settings.BASE_DIR / "static" / "icons.txt").read_text().split())
    named = {category.icon for category in CATEGORIES} | {Category._meta.get_field("icon").default}
    assert named <= listed


# The style guide


class DebugRoutes:
    """The site's routes with those that exist only while DEBUG is on (which tests turn off)."""

    urlpatterns = [*debug_urls.urlpatterns, *urls.urlpatterns]


@pytest.fixture
def debug_routes(settings):
    settings.ROOT_URLCONF = DebugRoutes


def test_the_style_guide_shows_every_component(client, debug_routes):
    response = client.get("/styleguide/")
    assert response.status_code == 200
    shown = text_of(response)
    for mark in ("model-card", "stepper", "alert-bad", "drop-zone", "pagination", "empty-state", "<dialog"):
        assert mark in shown


@pytest.mark.parametrize("code", [400, 403, 404, 429, 500])
def test_every_error_page_can_be_looked_at(client, debug_routes, code):
    assert client.get(f"/styleguide/errors/{code}/").status_code == code
