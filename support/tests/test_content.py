"""The project's own help and docs: complete, true to the settings, and every link leads somewhere."""

import re
from collections import Counter
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.urls import resolve

from accounts.tests.factories import UserFactory
from marketplace.models import Category
from support.figures import FIGURES, figures_in, filled
from support.library import CATEGORIES, PICTURES, docs_entries, help_entries, picture_size
from support.models import DocSection, HelpArticle, HelpCategory
from support.reading import PICTURE, Text

ENTRIES = [*help_entries(), *docs_entries()]
MOST_OF_A_PICTURE = 60 * 1024


def test_there_is_enough_to_read_and_nothing_twice():
    assert len(list(help_entries())) >= 20
    assert len(list(docs_entries())) >= 12
    assert [title for title, count in Counter(entry.title for entry in ENTRIES).items() if count > 1] == []
    assert {entry.place for entry in help_entries()} == {category.slug for category in CATEGORIES}
    assert {entry.place for entry in docs_entries()} == set(DocSection.Chapter.values)


def test_every_figure_has_a_value_and_is_known_where_it_is_used():
    assert all(str(figure()).strip() for figure in FIGURES.values())
    used = {
        name for entry in ENTRIES for name in figures_in(f"{entry.title} {entry.summary} {entry.content}")
    }
    assert used <= set(FIGURES)
    assert not any(figures_in(entry.title) for entry in ENTRIES)
    assert filled("{{refund_days}} {{nothing}} {refund_days}") == "14 {{nothing}} {refund_days}"


def test_no_figure_of_the_settings_is_typed_in():
    """A text asks for a setting's figure: the `14 days` of a refund would stay when the setting changes."""
    typed = re.compile(r"\b(?:7\.5|92\.5) ?%|\b(?:14|180) days|\b48 hours|\b(?:512|20) [MG]B\b(?! each)")
    assert [
        (entry.path, typed.findall(entry.content)) for entry in ENTRIES if typed.search(entry.content)
    ] == []


def test_every_picture_is_there_small_and_used():
    named = {
        match
        for entry in ENTRIES
        for paragraph in entry.content.split("\n\n")
        if PICTURE.fullmatch(paragraph.strip())
        for match in re.findall(r"pictures/([a-z0-9-]+)\.webp", paragraph)
    }
    mentioned = {
        name for entry in ENTRIES for name in re.findall(r"pictures/([a-z0-9-]+)\.webp", entry.content)
    }
    assert named == mentioned == {path.stem for path in PICTURES.glob("*.webp")}
    assert all(picture_size(name) for name in named)
    assert [path.name for path in PICTURES.glob("*") if path.stat().st_size > MOST_OF_A_PICTURE] == []


@pytest.mark.django_db
def test_every_text_could_have_been_written_in_the_console():
    call_command("load_help", verbosity=0)
    for row in [*HelpCategory.objects.all(), *HelpArticle.objects.all(), *DocSection.objects.all()]:
        row.full_clean()
        assert not isinstance(row, HelpArticle | DocSection) or row.is_published


def links_of(row) -> list[str]:
    """Where the texts of `row` lead, as they are written."""
    html = str(Text(row).html)
    assert "{{" not in html, row.slug
    assert "<th></th>" not in html, row.slug
    return [unescape(link) for link in re.findall(r'<a [^>]*href="([^"]+)"', html)]


def test_links_lead_to_addresses_and_texts_that_are_there():
    texts = {f"/{entry.path}/": entry for entry in ENTRIES}
    broken = []
    for entry in ENTRIES:
        for link in links_of(HelpArticle(slug=entry.slug, content=entry.content)):
            parts = urlsplit(link)
            assert not parts.scheme, f"{entry.path} leads away from the site: {link}"
            is_text = parts.path.startswith(("/help/", "/docs/")) and parts.path not in {"/help/", "/docs/"}
            if (is_text and parts.path not in texts) or not resolve(parts.path):
                broken.append((entry.path, link))
    assert broken == []


@pytest.mark.full
@pytest.mark.django_db
def test_every_link_opens(client):
    call_command("load_help", verbosity=0)
    Category.objects.create(name="Furniture", slug="furniture")
    client.force_login(UserFactory(creator=True))
    pages: dict[str, str] = {}
    broken = []
    for row in [*HelpArticle.objects.all(), *DocSection.objects.all()]:
        for parts in map(urlsplit, links_of(row)):
            path = parts.path or row.get_absolute_url()
            if path not in pages:
                response = client.get(path)
                assert response.status_code in {200, 302}, path
                pages[path] = "" if response.streaming else response.content.decode()
            if parts.fragment and f'id="{parts.fragment}"' not in pages[path]:
                broken.append((row.slug, parts.geturl()))
    assert broken == []
    # Something was looked at.
    assert len(pages) > 40
