"""Bringing the project's texts onto the site: once, up to date, and never over what people did."""

import io
import shutil

import pytest
from django.core.management import call_command

from accounts.tests.factories import UserFactory
from support import library
from support.actions import publishing
from support.actions.loading import load
from support.models import DocSection, HelpArticle, HelpCategory

pytestmark = pytest.mark.django_db
ARTICLE = """---
title: How do I return a model?
summary: Ask in your library.
category: refunds
order: 10
---
Within {{refund_days}} days.
"""
SECTION = (
    "---\ntitle: Formats\nsummary: Which there are.\nchapter: models\norder: 10\n---\nEleven: all of them.\n"
)


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A folder with one article and one section, in place of the project's."""
    for name in ("help", "docs"):
        (tmp_path / name).mkdir()
    (tmp_path / "help" / "returns.md").write_text(ARTICLE)
    (tmp_path / "docs" / "formats.md").write_text(SECTION)
    monkeypatch.setattr(library, "CONTENT", tmp_path)
    return tmp_path


def paths(report) -> tuple[list, list, list]:
    return report.created, report.updated, report.left


def test_what_is_missing_is_made_and_shown_and_the_second_time_nothing_happens(files):
    assert paths(load()) == (["help/returns", "docs/formats"], [], [])
    article, section = HelpArticle.objects.get(), DocSection.objects.get()
    assert (article.title, article.category.slug, article.order) == (
        "How do I return a model?",
        "refunds",
        10,
    )
    assert (section.content, section.chapter) == ("Eleven: all of them.\n", "models")
    assert article.is_published
    assert section.is_published
    assert paths(load()) == ([], [], [])
    article.refresh_from_db()
    assert HelpArticle.objects.get().updated_at == article.updated_at


def test_a_file_that_changed_is_read_again_and_stays_a_draft_where_somebody_made_it_one(files):
    load()
    publishing.take_back(text=HelpArticle.objects.get(), by=UserFactory(staff=True))
    (files / "help" / "returns.md").write_text(ARTICLE.replace("Within", "In at most"))
    assert paths(load()) == ([], ["help/returns"], [])
    article = HelpArticle.objects.get()
    assert article.content.startswith("In at most")
    assert not article.is_published


@pytest.mark.parametrize("field", ["title", "summary", "content", "order", "category"])
def test_what_somebody_changed_stays_until_it_is_asked_for(files, field):
    load()
    article = HelpArticle.objects.get()
    value = {"order": 99, "category": HelpCategory.objects.create(name="Other", slug="other")}.get(
        field, "Ours."
    )
    setattr(article, field, value)
    article.save()
    (files / "help" / "returns.md").write_text(ARTICLE.replace("Within", "In at most"))
    assert paths(load()) == ([], [], ["help/returns"])
    article.refresh_from_db()
    assert getattr(article, field) == value
    assert paths(load(overwrite=True)) == ([], ["help/returns"], [])
    article.refresh_from_db()
    assert article.content.startswith("In at most")
    assert article.category.slug == "refunds"
    assert paths(load()) == ([], [], [])


def test_what_somebody_deleted_does_not_come_back_by_itself(files):
    load()
    publishing.delete(text=HelpArticle.objects.get(), by=UserFactory(staff=True))
    assert paths(load()) == ([], [], ["help/returns"])
    assert not HelpArticle.objects.exists()
    assert paths(load(overwrite=True)) == (["help/returns"], [], [])


def test_what_somebody_wrote_at_the_same_address_is_theirs(files):
    category = HelpCategory.objects.create(name="Refunds and problems", slug="ours")
    HelpArticle.objects.create(
        category=category, title="Ours", slug="returns", summary="Ours.", content="Ours."
    )
    assert paths(load()) == (["docs/formats"], [], ["help/returns"])
    shutil.move(files / "help" / "returns.md", files / "help" / "others.md")
    assert paths(load())[0] == ["help/others"]
    # The category of this name is there, whatever its address.
    assert HelpCategory.objects.get() == category


def test_the_command_says_what_it_did(files):
    said = io.StringIO()
    call_command("load_help", stdout=said)
    HelpArticle.objects.update(title="Ours")
    call_command("load_help", stdout=said)
    assert "help and docs: 2 new, 0 renewed, 0 left" in said.getvalue()
    assert "somebody has changed or deleted it: help/returns" in said.getvalue()


def test_a_file_without_its_values_is_refused_by_name(files):
    (files / "help" / "broken.md").write_text("No values.\n")
    with pytest.raises(ValueError, match=r"broken\.md"):
        load()
    assert not HelpArticle.objects.exists()
