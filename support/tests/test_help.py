"""The pages of help: the list, the search, an answer; what is a draft is nowhere."""

import json
import re

import pytest
from django.urls import reverse

from accounts.tests.factories import UserFactory
from support.board import PAGE_SIZE, SHOWN
from support.tests.factories import DocSectionFactory, HelpArticleFactory, HelpCategoryFactory

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    return response.content.decode()


def get(client, address: str, **query) -> str:
    response = client.get(address, query)
    assert response.status_code == 200
    return text_of(response)


@pytest.fixture
def editor():
    return UserFactory(staff=True, permissions=["support.view_helparticle", "support.view_docsection"])


# Drafts


def test_a_draft_is_nowhere_for_whoever_does_not_work_on_the_help(client, editor):
    draft = HelpArticleFactory(title="How do I return a secret?")
    HelpArticleFactory(published=True, category=draft.category, title="How do I return a model?")
    vote = reverse("support:help_vote", args=[draft.slug])
    for person in (None, UserFactory(), UserFactory(moderator=True)):
        if person:
            client.force_login(person)
        assert client.get(draft.get_absolute_url()).status_code == 404
        assert client.post(vote, {"helpful": "yes"}).status_code == 404
    seen = [
        *(get(client, "/help/"), get(client, "/help/", q="secret"), get(client, "/help/", q="return")),
        *(get(client, draft.category.get_absolute_url()), get(client, "/help/suggestions/", q="secret")),
        *(get(client, "/sitemaps/help-0.xml"), get(client, "/search/", q="secret")),
    ]
    assert not any("a secret?" in page.replace("<mark>", "").replace("</mark>", "") for page in seen)
    client.force_login(editor)
    page = text_of(client.get(draft.get_absolute_url()))
    assert "Nobody but who works on the help" in page
    assert "application/ld+json" not in page
    # It is seen, but not voted on.
    assert client.post(vote, {"helpful": "yes"}).status_code == 404


# The list


def test_questions_stand_by_category_in_the_order_that_editors_chose(client):
    later, first, empty = (HelpCategoryFactory(order=order) for order in (20, 10, 5))
    for number, order in enumerate((30, 10, 20)):
        HelpArticleFactory(published=True, category=later, order=order, title=f"Question {number}")
    HelpArticleFactory(published=True, category=first, title="The very first")
    page = get(client, "/help/")
    shown = re.findall(r">(Question \d|The very first)<", page)
    assert shown == ["The very first", "Question 1", "Question 2", "Question 0"]
    assert empty.name not in page


def test_a_category_shows_some_questions_and_leads_to_all(client):
    category = HelpCategoryFactory()
    for _ in range(SHOWN + 3):
        HelpArticleFactory(published=True, category=category)
    assert "3 more" in get(client, "/help/")
    page = get(client, category.get_absolute_url())
    assert page.count("return a model, case") == SHOWN + 3
    assert "Within" not in page


def test_help_without_texts_says_so_and_leads_on(client):
    assert "Nothing written yet" in get(client, "/help/")
    assert "No questions here yet" in get(client, HelpCategoryFactory().get_absolute_url())


@pytest.mark.parametrize("query", ["category=nothing", "category=%00", "page=99", "q=%00", "category=a/b"])
def test_what_the_address_asks_for_in_vain_is_left_out(client, query):
    HelpArticleFactory(published=True)
    response = client.get(f"/help/?{query}")
    assert response.status_code == 200
    assert "How do I return a model" in text_of(response)


@pytest.mark.parametrize("many", [1, 24, 100])
def test_the_pages_ask_as_much_of_the_database_however_much_is_written(
    client, django_assert_num_queries, many
):
    categories = HelpCategoryFactory.create_batch(4)
    for number in range(many):
        HelpArticleFactory(published=True, category=categories[number % 4])
        DocSectionFactory(published=True)
    article = HelpArticleFactory(published=True, category=categories[0])
    HelpArticleFactory(published=True, category=categories[0])
    section = DocSectionFactory(published=True)
    for address, queries in (
        ("/help/", 2),
        (categories[0].get_absolute_url(), 3),
        ("/help/?q=return", 3),
        ("/help/suggestions/?q=return", 1),
        (article.get_absolute_url(), 2),
        ("/docs/", 1),
        (section.get_absolute_url(), 2),
    ):
        client.get(address)
        with django_assert_num_queries(queries):
            client.get(address)


# The search


def test_words_are_found_in_any_form_with_the_figures_that_hold_and_the_docs_beside(client, settings):
    settings.REFUND_DAYS = 21
    HelpArticleFactory(
        published=True, title="How do I get money back?", content="Asked **within** {{refund_days}} days."
    )
    DocSectionFactory(published=True, title="Days and nights", content="How long asking takes.")
    page = get(client, "/help/", q="asking days")
    assert "How do I get money back?" in page
    assert "within 21 <mark>days</mark>" in page
    assert "In the docs" in page
    assert "nights" in page
    assert '<meta name="robots" content="noindex, follow">' in page


def test_what_is_nearly_a_title_comes_close_and_nothing_leads_to_a_person(client):
    HelpArticleFactory(published=True, title="How do refunds work?")
    assert "these come close" in get(client, "/help/", q="refnds")
    page = get(client, "/help/", q="<script>alert(1)</script>")
    assert "Nothing found" in page
    assert "<script>alert" not in page
    assert reverse("contact") in page


def test_results_are_paged(client):
    for _ in range(PAGE_SIZE + 2):
        HelpArticleFactory(published=True)
    first, second = (get(client, "/help/", q="return", page=page) for page in (1, 2))
    assert (first.count("find-excerpt"), second.count("find-excerpt")) == (PAGE_SIZE, 2)
    assert "page=2" in first


def test_suggestions_lead_to_answers_and_to_the_whole_search(client):
    article = HelpArticleFactory(published=True, title="How do I return a model?")
    page = get(client, "/help/suggestions/", q="retur")
    assert f'data-url="{article.get_absolute_url()}"' in page
    assert "/help/?q=retur" in page
    assert f'data-url="{article.get_absolute_url()}"' in get(client, "/help/suggestions/", q="retrun model")
    assert not get(client, "/help/suggestions/").strip()
    assert client.post("/help/suggestions/").status_code == 405


# One answer


def test_an_answer_has_its_sections_its_figures_and_its_data(client, settings):
    settings.REFUND_DAYS, settings.SITE_URL = 21, "https://lathe.example"
    article = HelpArticleFactory(
        published=True,
        title="Money & models?",
        summary="Within {{refund_days}} days.",
        content="## One\n\n{{refund_days}} days, not {{unknown}}.\n\n## Two\n\n```python\nprint(1)\n```\n\n"
        "### Three\n\n<b>x</b>",
    )
    page = get(client, article.get_absolute_url())
    assert "Within 21 days." in page
    assert "21 days, not {{unknown}}." in page
    assert "<b>x</b>" not in page
    assert '<span class="nb">print</span>' in page
    assert set(re.findall(r'href="#(section-[^"]+)"', page)) == {
        "section-one",
        "section-two",
        "section-three",
    }
    assert len(re.findall(r"<h1[ >]", page)) == 1
    data = json.loads(re.search(r'<script type="application/ld\+json">(.+?)</script>', page)[1])
    faq, crumbs = data["@graph"]
    question = faq["mainEntity"][0]
    assert (faq["@type"], question["@type"], question["name"]) == ("FAQPage", "Question", "Money & models?")
    assert question["acceptedAnswer"]["@type"] == "Answer"
    assert "21 days" in question["acceptedAnswer"]["text"]
    assert faq["url"] == "https://lathe.example" + article.get_absolute_url()
    assert [crumb["name"] for crumb in crumbs["itemListElement"]] == [
        "Help",
        article.category.name,
        "Money & models?",
    ]


def test_a_figure_that_changes_is_read_at_once(client, settings):
    article = HelpArticleFactory(published=True)
    assert "Within 14 days" in get(client, article.get_absolute_url())
    settings.REFUND_DAYS = 30
    assert "Within 30 days" in get(client, article.get_absolute_url())


def test_the_questions_that_follow_are_related(client):
    category = HelpCategoryFactory()
    articles = [
        HelpArticleFactory(published=True, category=category, order=order, title=f"Question {order}")
        for order in (1, 2, 3)
    ]
    HelpArticleFactory(category=category, title="Question 4")
    page = get(client, articles[1].get_absolute_url())
    related = page[page.index("Related questions") :]
    assert re.findall(r">(Question \d)<", related) == ["Question 3", "Question 1"]
