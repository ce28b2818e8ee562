"""The docs: in their order, with navigation, and nothing of drafts."""

import json
import re

import pytest

from accounts.tests.factories import UserFactory
from support.models import DocSection
from support.tests.factories import DocSectionFactory

pytestmark = pytest.mark.django_db
Chapter = DocSection.Chapter


def text_of(response) -> str:
    return response.content.decode()


@pytest.fixture
def three():
    """The last one first."""
    return [
        DocSectionFactory(published=True, chapter=chapter, order=order, title=title)
        for chapter, order, title in (
            (Chapter.OPERATING, 1, "Running it"),
            (Chapter.MODELS, 20, "Previews"),
            (Chapter.MODELS, 10, "Formats"),
        )
    ]


def test_a_draft_is_nowhere_for_whoever_does_not_work_on_the_docs(client, three):
    draft = DocSectionFactory(title="Secret plans", chapter=Chapter.MODELS, order=15)
    pages = [client.get("/docs/"), client.get(three[1].get_absolute_url()), client.get("/help/?q=secret")]
    assert not any("Secret plans" in text_of(page) for page in [*pages, client.get("/sitemaps/docs-0.xml")])
    assert client.get(draft.get_absolute_url()).status_code == 404
    client.force_login(UserFactory(staff=True, permissions=["support.view_helparticle"]))
    assert client.get(draft.get_absolute_url()).status_code == 404
    client.force_login(UserFactory(staff=True, permissions=["support.view_docsection"]))
    assert "Nobody but who works on the docs" in text_of(client.get(draft.get_absolute_url()))
    assert "Secret plans" in text_of(client.get("/docs/"))


def test_docs_without_texts_lead_to_the_help(client):
    assert "Nothing written yet" in text_of(client.get("/docs/"))
    assert client.get("/docs/nothing/").status_code == 404


def test_sections_follow_each_other_chapter_by_chapter(client, three):
    running, previews, formats = three
    page = text_of(client.get("/docs/"))
    assert re.findall(r"<h3><a [^>]+>([^<]+)</a>", page) == ["Formats", "Previews", "Running it"]
    assert re.findall(r'<h2 id="chapter-\d">([^<]+)</h2>', page) == ["Models and files", "Operating a site"]
    for section, before, after in (
        (formats, None, previews),
        (previews, formats, running),
        (running, previews, None),
    ):
        page = text_of(client.get(section.get_absolute_url()))
        links = dict(re.findall(r'href="([^"]+)" rel="(prev|next)"', page))
        wanted = {before: "prev", after: "next"}
        assert links == {row.get_absolute_url(): rel for row, rel in wanted.items() if row}
        assert f'href="{section.get_absolute_url()}" aria-current="page"' in page


def test_a_section_has_its_contents_and_its_data(client, three, settings):
    settings.SITE_URL = "https://lathe.example"
    page = text_of(client.get(three[2].get_absolute_url()))
    assert set(re.findall(r'href="#(section-[^"]+)"', page)) == {
        "section-triangles",
        "section-textures",
        "section-size",
    }
    assert len(re.findall(r"<h1[ >]", page)) == 1
    data = json.loads(re.search(r'<script type="application/ld\+json">(.+?)</script>', page)[1])
    article, crumbs = data["@graph"]
    assert (article["@type"], article["headline"]) == ("TechArticle", "Formats")
    assert [crumb["name"] for crumb in crumbs["itemListElement"]] == ["Docs", "Formats"]
