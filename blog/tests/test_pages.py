"""The pages of the blog: the list, a post, its author, its feeds."""

import json
import re
import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import UserFactory
from blog.board import PAGE_SIZE
from blog.models import BlogPost, BlogTag
from blog.tests.factories import BlogCommentFactory, BlogPostFactory
from marketplace.models import Model3D
from marketplace.statistics import flush_views
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
BROWSER = {"HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}


def text_of(response) -> str:
    return response.content.decode()


def titles(page: str) -> list[str]:
    return re.findall(r'class="post-title"><a [^>]+>([^<]+)</a>', page)


@pytest.fixture
def three(db):
    """The oldest first."""
    now = timezone.now()
    return [
        BlogPostFactory(
            published=True, title=title, category=category, published_at=now - timedelta(days=days)
        )
        for title, category, days in (
            ("Baking normals", "tutorials", 3),
            ("The fair in Cologne", "news", 2),
            ("Faster previews", "updates", 1),
        )
    ]


# The list


def test_drafts_and_scheduled_posts_are_nowhere(client):
    draft = BlogPostFactory(title="Not yet")
    later = BlogPostFactory(title="Later", status="scheduled", published_at=timezone.now() + timedelta(1))
    assert "Nothing written yet" in text_of(client.get("/blog/"))
    for post in (draft, later):
        assert client.get(post.get_absolute_url()).status_code == 404
        assert post.title not in text_of(client.get("/blog/feed/"))
        assert post.title not in text_of(client.get("/sitemap.xml"))


def test_the_newest_opens_the_blog_unless_one_is_featured(client, three):
    assert titles(text_of(client.get("/blog/"))) == [
        "Faster previews",
        "The fair in Cologne",
        "Baking normals",
    ]
    BlogPost.objects.filter(pk=three[0].pk).update(is_featured=True)
    assert titles(text_of(client.get("/blog/"))) == [
        "Baking normals",
        "Faster previews",
        "The fair in Cologne",
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("category=news", ["The fair in Cologne"]),
        ("q=baking", ["Baking normals"]),
        ("q=bake", ["Baking normals"]),
        ("q=nothing", []),
        ("tag=uv", ["Baking normals"]),
        ("tag=nothing", ["Faster previews", "The fair in Cologne", "Baking normals"]),
        ("category=nothing&page=99", ["Faster previews", "The fair in Cologne", "Baking normals"]),
        ("q=%00", ["Faster previews", "The fair in Cologne", "Baking normals"]),
        ("category=news&q=baking", []),
    ],
)
def test_the_address_narrows_the_list(client, three, query, found):
    BlogPost.objects.exclude(pk=three[0].pk).update(content="Words of another kind.")
    three[0].tags.add(BlogTag.objects.create(name="uv", slug="uv"))
    shown = titles(text_of(client.get(f"/blog/?{query}")))
    assert shown == found


def test_pages_follow_each_other_and_none_is_shown_twice(client):
    for _ in range(PAGE_SIZE + 3):
        BlogPostFactory(published=True)
    shown = [title for page in (1, 2) for title in titles(text_of(client.get(f"/blog/?page={page}")))]
    assert len(shown) == len(set(shown)) == PAGE_SIZE + 3


@pytest.mark.parametrize("many", [1, 24, 100])
def test_the_list_asks_as_much_of_the_database_however_long_it_is(client, django_assert_num_queries, many):
    for _ in range(many):
        BlogPostFactory(published=True, excerpt="")
    client.get("/blog/")
    with django_assert_num_queries(4 if many > 1 else 3):
        client.get("/blog/")


# One post


def test_a_post_is_read_with_its_sections_its_code_and_its_data(client, settings):
    settings.SITE_URL = "https://lathe.example"
    content = "## One\n\nText.\n\n## Two\n\n```python\nprint(1)\n```\n\n### Three\n\nEnd."
    post = BlogPostFactory(published=True, content=content, title="Baking & such")
    page = text_of(client.get(post.get_absolute_url()))
    assert all(f'href="#section-{name}"' in page for name in ("one", "two", "three"))
    anchors = set(re.findall(r'href="#([^"]+)"', page))
    assert anchors <= set(re.findall(r'\bid="([^"]+)"', page))
    assert '<span class="nb">print</span>' in page
    assert len(re.findall(r"<h1[ >]", page)) == 1
    data = json.loads(re.search(r'<script type="application/ld\+json">(.+?)</script>', page)[1])
    article, crumbs = data["@graph"]
    assert (article["@type"], article["headline"]) == ("BlogPosting", "Baking & such")
    assert article["url"] == f"https://lathe.example{post.get_absolute_url()}"
    assert [crumb["name"] for crumb in crumbs["itemListElement"]] == ["Blog", "Tutorials", "Baking & such"]


def test_a_model_in_the_text_is_shown_there_and_one_that_is_gone_is_not_named(client):
    shown, hidden = Model3DFactory(listed=True, title="Oak chair"), Model3DFactory(title="Secret lamp")
    post = BlogPostFactory(
        published=True,
        content=f"Look:\n\nhttps://lathe.example/model/{shown.pk}/\n\n/model/{hidden.pk}/\n\n/model/999999999/",
    )
    page = text_of(client.get(post.get_absolute_url()))
    assert page.count("<figure") == 1
    assert "Oak chair" in page
    assert "Secret lamp" not in page
    assert page.count("is not on the site any more") == 2
    Model3D.objects.filter(pk=shown.pk).update(title="Ash chair")
    assert "Ash chair" in text_of(client.get(post.get_absolute_url()))


def test_what_the_author_mends_is_read_at_once(client):
    post = BlogPostFactory(published=True, content="Before.")
    client.get(post.get_absolute_url())
    post.content = "After."
    post.save()
    assert "After." in text_of(client.get(post.get_absolute_url()))


def test_posts_on_the_same_subject_come_next(client, three):
    uv = BlogTag.objects.create(name="uv", slug="uv")
    for post in (three[0], three[2]):
        post.tags.add(uv)
    other = BlogPostFactory(published=True, title="Of the same category", category="tutorials")
    shown = titles(text_of(client.get(three[0].get_absolute_url())))
    assert shown == ["Faster previews", other.title]


@pytest.mark.parametrize("many", [1, 12])
def test_a_post_asks_as_much_of_the_database_however_much_is_said_below_it(
    client, django_assert_num_queries, many
):
    post = BlogPostFactory(published=True)
    for _ in range(many):
        BlogCommentFactory(post=post)
    client.get(post.get_absolute_url())
    with django_assert_num_queries(6):
        client.get(post.get_absolute_url())


def test_a_visitor_counts_once_an_hour_and_bots_and_the_author_never(client):
    post = BlogPostFactory(published=True)
    for _ in range(3):
        client.get(post.get_absolute_url(), **BROWSER)
    client.get(post.get_absolute_url(), HTTP_USER_AGENT="Googlebot/2.1")
    client.force_login(post.author)
    client.get(post.get_absolute_url(), **BROWSER)
    assert flush_views() == 1
    post.refresh_from_db()
    assert post.views == 1


def test_passing_on_counts_once_an_hour(client):
    post = BlogPostFactory(published=True)
    share = reverse("blog:share", args=[post.slug])
    assert client.get(share).status_code == 405
    assert client.post(share).url == f"{post.get_absolute_url()}#share"
    assert "1" in text_of(client.post(share, HTTP_HX_REQUEST="true"))
    post.refresh_from_db()
    assert post.shares == 1


def test_a_like_comes_back_as_a_button(client):
    post = BlogPostFactory(published=True)
    like = reverse("blog:like", args=[post.slug])
    assert client.post(like).status_code == 302
    client.force_login(UserFactory())
    assert 'aria-pressed="true"' in text_of(client.post(like, HTTP_HX_REQUEST="true"))
    assert client.post(like, {"_method": "delete"}).url == post.get_absolute_url()
    post.refresh_from_db()
    assert post.likes == 0


# The author


def test_an_author_who_has_published_nothing_or_is_gone_has_no_page(client):
    draft, published = BlogPostFactory(), BlogPostFactory(published=True)
    assert client.get(reverse("blog:author", args=[draft.author.username])).status_code == 404
    published.author.is_active = False
    published.author.save()
    assert client.get(reverse("blog:author", args=[published.author.username])).status_code == 404
    assert client.get(published.get_absolute_url()).status_code == 200


def test_an_authors_page_has_their_posts(client):
    post, other = BlogPostFactory(published=True), BlogPostFactory(published=True)
    address = reverse("blog:author", args=[post.author.username])
    assert client.get(address.replace("person", "PERSON")).url == address
    assert titles(text_of(client.get(address))) == [post.title]
    assert other.title not in text_of(client.get(address))


# Feeds


def test_a_feed_of_no_category_is_not_there(client):
    assert client.get("/blog/feed/gossip/").status_code == 404


def test_feeds_name_what_is_published_and_say_when_nothing_is_new(client, three, settings):
    settings.SITE_URL = "https://lathe.example"
    answer = client.get("/blog/feed/")
    feed = ET.fromstring(answer.content)
    assert [entry.find(f"{ATOM}title").text for entry in feed.findall(f"{ATOM}entry")] == [
        post.title for post in reversed(three)
    ]
    assert feed.find(f"{ATOM}entry/{ATOM}link").get("href").startswith("https://lathe.example/blog/")
    assert client.get("/blog/feed/", HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 304
    of_news = ET.fromstring(client.get("/blog/feed/news/").content)
    assert len(of_news.findall(f"{ATOM}entry")) == 1


def test_what_xml_has_no_sign_for_does_not_break_the_feed(client):
    BlogPostFactory(published=True, title="A\x0bB & <C>", excerpt="\x08")
    assert "A" in ET.fromstring(client.get("/blog/feed/").content).find(f"{ATOM}entry/{ATOM}title").text


def test_the_tags_of_published_posts_are_offered(client, three):
    cache.clear()
    for name, post in (("uv", three[0]), ("secret", BlogPostFactory())):
        post.tags.add(BlogTag.objects.create(name=name, slug=name))
    page = text_of(client.get("/blog/"))
    assert "/blog/?tag=uv" in page
    assert "secret" not in page
