"""Words that want to be markup, sent in every field of communities, messages, blog, courses and tickets, and read."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import UserFactory
from blog.actions import testimonials
from blog.models import BlogComment, BlogPost, BlogTag, Course, Lesson, Testimonial
from blog.tests.factories import BlogPostFactory, CourseFactory
from community.actions import comments
from community.models import Community, CommunityPost, JoinRequest, PostComment
from community.tests.factories import CommunityFactory, PostCommentFactory, PostFactory, member_of
from community.tests.messaging import two_who_talk
from community.tests.posting import posted
from core.tests.hostile_words import HOSTILE, what_runs
from marketplace.tests.factories import Model3DFactory
from support.actions import tickets
from support.actions.safety.claims import open_claim
from support.models import CopyrightClaim, ModerationDecision, SupportTicket
from support.tests.safety.making import claimed, decided, moderator
from support.tests.tickets import an_agent, answered, asked

pytestmark = [pytest.mark.django_db, pytest.mark.full]

# Stands in every text, so that a page is known to show it.
MARK = "zebra"
NOTIFICATIONS = "/notifications/"
CONSOLE_STYLE = re.compile(r"<style id=.unfold-theme-colors.>.*?</style>", re.DOTALL)


@dataclass
class World:
    """Ana runs a community, has written in it and on the blog, talks with Ben, who is a member, and asks support."""

    ana: User
    ben: User
    talk: str
    community: Community = field(init=False)
    post: CommunityPost = field(init=False)
    article: BlogPost = field(init=False)
    course: Course = field(init=False)
    decision: ModerationDecision = field(init=False)
    claim: CopyrightClaim = field(init=False)
    ticket: SupportTicket = field(init=False)
    agent: User = field(init=False)

    def __post_init__(self):
        policy = Community.Policy.APPROVAL
        self.community = CommunityFactory(owner=self.ana, policy=policy, description="For all.")
        member_of(self.community, user=self.ben)
        self.post = PostFactory(community=self.community)
        self.article = BlogPostFactory(published=True, author=self.ana)
        self.course = CourseFactory(published=True, instructor=self.ana)
        self.ticket, self.agent = asked(self.ana), an_agent()

    def send(self, address: str, data: dict, *, by: User | None = None) -> HttpResponse:
        return client_of(by or self.ana).post(address, data)

    def of_community(self, name: str, *rest) -> str:
        return reverse(f"community:{name}", args=[self.community.pk, *rest])

    @property
    def front(self) -> list[str]:
        return [self.of_community("community"), self.of_community("edit_community"), "/community/"]

    def edit_community(self, **changed) -> HttpResponse:
        row = self.community
        kept = {"name": row.name, "description": row.description, "category": row.category}
        looks = {"icon": row.icon, "banner": row.banner, "policy": row.policy, "rules": "Be kind."}
        return self.send(self.of_community("edit_community"), kept | looks | changed)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def ask_to_join(world: World, text: str) -> HttpResponse:
    JoinRequest.objects.all().delete()
    return world.send(world.of_community("membership"), {"message": text}, by=UserFactory())


def ban(world: World, text: str) -> HttpResponse:
    return world.send(world.of_community("bans"), {"person": UserFactory().username, "reason": text})


def write_post(world: World, text: str) -> HttpResponse:
    body = f"{text}\n\n@{world.ana.username}"
    return world.send(world.of_community("posts"), {"body": body}, by=world.ben)


def pages_of_last_post(world: World) -> list[str]:
    post = CommunityPost.objects.latest("pk")
    return [post.get_absolute_url(), world.of_community("community"), NOTIFICATIONS]


def edit_post(world: World, text: str) -> HttpResponse:
    return world.send(world.of_community("edit_post", world.post.pk), {"body": text})


def describe_picture(world: World, text: str) -> HttpResponse:
    post = CommunityPost.objects.filter(images__isnull=False).first() or posted(world.community, pictures=1)
    sent = {"body": post.body, f"alt_{post.images.get().pk}": text}
    return world.send(world.of_community("edit_post", post.pk), sent)


def take_post_down(world: World, text: str) -> HttpResponse:
    post = PostFactory(community=world.community, author=world.ben)
    return world.send(world.of_community("post_removal", post.pk), {"reason": text})


def comment_on_post(world: World, text: str) -> HttpResponse:
    # Ana is told of it, with the words.
    body = f"{text}\n\n@{world.ana.username}"
    return world.send(world.of_community("comments", world.post.pk), {"body": body}, by=world.ben)


def take_comment_down(world: World, text: str) -> HttpResponse:
    comment = PostCommentFactory(post=world.post, author=world.ana)
    return world.send(comment.get_removal_url(), {"reason": text})


def removal_of_last(world: World) -> list[str]:
    return [PostComment.objects.latest("pk").get_removal_url(), NOTIFICATIONS]


def written_in(thing: Callable[[World], Model], *fields: str) -> Callable[[World, str], None]:
    """What is written in the console."""

    def write(world: World, text: str) -> None:
        row = thing(world)
        for name in fields:
            setattr(row, name, text)
        row.save()

    return write


def article_of(world: World) -> BlogPost:
    return world.article


def course_of(world: World) -> Course:
    return world.course


def lesson_of(world: World) -> Lesson:
    return world.course.lessons.get()


def tag_article(world: World, text: str) -> None:
    number = BlogTag.objects.count()
    world.article.tags.set([BlogTag.objects.create(name=f"{text}{number}"[-40:], slug=f"tag-{number}")])


def comment_on_article(world: World, text: str) -> HttpResponse:
    return world.send(reverse("blog:comments", args=[world.article.slug]), {"body": text}, by=world.ben)


def change_comment(world: World, text: str) -> HttpResponse:
    comment = BlogComment.objects.get_or_create(post=world.article, author=world.ana)[0]
    return world.send(comment.get_own_url(), {"body": text})


def say_of_the_site(world: World, text: str, company: str = "") -> HttpResponse:
    words = f"Every model that I bought had the measures that its page named. {text}"
    answer = world.send("/testimonials/mine/", {"text": words, "rating": "5", "company": company})
    said = Testimonial.objects.first()
    if said is not None and said.is_waiting:
        testimonials.approve(testimonial=said, by=UserFactory())
    return answer


def rename(world: World, text: str) -> None:
    User.objects.filter(pk=world.ben.pk).update(full_name=text)
    if not PostComment.objects.exists():
        comments.comment_on(post=world.post, author=world.ben, body="Hello.")
        world.send(world.talk, {"body": "Hello."}, by=world.ben)


def send_file(world: World, text: str) -> HttpResponse:
    file = SimpleUploadedFile(f"{text.replace('/', ' ')}.txt", b"x")
    return world.send(world.talk, {"body": "", "attachments": [file]}, by=world.ben)


def decide(world: World, text: str) -> None:
    world.decision = decided(
        Model3DFactory(listed=True, creator=world.ana, title=text[:100]), world.ana, note=text
    )


def appeal(world: World, text: str) -> HttpResponse:
    decide(world, "Advertising.")
    return world.send(reverse("support:appeal", args=[world.decision.public_id]), {"text": text})


def claim(world: World, text: str) -> None:
    model = Model3DFactory(listed=True, creator=world.ana)
    world.claim = claimed(model, work=text, explanation=text, name=text[:100])
    open_claim(claim=world.claim, by=moderator())


def ask_support(world: World, text: str) -> HttpResponse:
    world.ana.support_tickets.exclude(pk=world.ticket.pk).delete()
    sent = {"category": "payment", "priority": "low", "subject": text, "body": text, "offered": "1"}
    return world.send("/support/new/", sent)


def newest_ticket(world: World) -> list[str]:
    return ["/support/", f"/support/?q={MARK}", SupportTicket.objects.latest("pk").get_absolute_url()]


def write_to_support(world: World, text: str) -> HttpResponse:
    return world.send(world.ticket.get_absolute_url(), {"body": text})


def answer_ticket(world: World, text: str) -> HttpResponse:
    address = reverse("admin:support_supportticket_answer", args=[world.ticket.pk])
    return world.send(address, {"body": text}, by=world.agent)


def rate_answer(world: World, text: str) -> HttpResponse:
    answered(world.ticket, world.agent, resolves=True)
    address = reverse("support:ticket_rating", args=[world.ticket.public_id])
    return world.send(address, {"rating": "3", "text": text})


def pages_of_ticket(world: World) -> list[str]:
    return [world.ticket.get_absolute_url(), "/support/?show=all"]


def rename_agent(world: World, text: str) -> None:
    User.objects.filter(pk=world.agent.pk).update(full_name=text)
    world.agent.refresh_from_db()
    if world.ticket.messages.count() == 1:
        answered(world.ticket, world.agent)


def seen_at_the_desk(write: Callable[[World, str], HttpResponse | None]) -> Callable:
    """The agent looks at the newest ticket at the desk: what ran there is in the answer that comes back."""

    def written(world: World, text: str) -> HttpResponse:
        write(world, text)
        return desk_page(world)

    return written


def desk_page(world: World) -> HttpResponse:
    """Without the one tag that every page of the console has, and no other page."""
    page = client_of(world.agent).get(SupportTicket.objects.latest("pk").get_desk_url())
    assert page.status_code == 200
    return HttpResponse(CONSOLE_STYLE.sub("", page.text))


def note_on_ticket(world: World, text: str) -> None:
    tickets.annotate(ticket=world.ticket, by=world.agent, body=text)


@dataclass(frozen=True)
class Field:
    """`write` sends a text, `pages` are those that show it; what is longer than `longest` is cut off."""

    write: Callable[[World, str], HttpResponse | None]
    pages: Callable[[World], list[str]]
    longest: int = 500


FIELDS = {
    "community name": Field(
        lambda world, text: world.edit_community(name=text), lambda world: world.front, longest=60
    ),
    "community description": Field(
        lambda world, text: world.edit_community(description=text), lambda world: world.front
    ),
    "community rules": Field(
        lambda world, text: world.edit_community(rules=text), lambda world: world.front[:2], longest=300
    ),
    "join request": Field(ask_to_join, lambda world: [world.of_community("requests"), NOTIFICATIONS]),
    "ban": Field(ban, lambda world: [world.of_community("bans")]),
    "post": Field(write_post, pages_of_last_post),
    "post that is changed": Field(
        edit_post,
        lambda world: [world.post.get_absolute_url(), world.of_community("post_history", world.post.pk)],
    ),
    "picture of a post": Field(describe_picture, pages_of_last_post, longest=200),
    "post taken down": Field(take_post_down, lambda world: pages_of_last_post(world)[:1]),
    "comment on a post": Field(
        comment_on_post,
        lambda world: [world.of_community("comments", world.post.pk), NOTIFICATIONS],
    ),
    "comment taken down": Field(take_comment_down, removal_of_last),
    "message": Field(
        lambda world, text: world.send(world.talk, {"body": text}, by=world.ben),
        lambda world: [world.talk, "/dashboard/messages/", f"/dashboard/messages/?q={MARK}"],
    ),
    "name of a file": Field(send_file, lambda world: [world.talk], longest=80),
    "article": Field(
        written_in(article_of, "content"), lambda world: [world.article.get_absolute_url(), "/blog/"]
    ),
    "title and excerpt of an article": Field(
        written_in(article_of, "title", "excerpt"),
        lambda world: [
            world.article.get_absolute_url(),
            "/blog/",
            reverse("blog:author", args=[world.ana.username]),
            reverse("blog:comments", args=[world.article.slug]),
        ],
        longest=120,
    ),
    "tag": Field(tag_article, lambda world: [world.article.get_absolute_url(), "/blog/"], longest=38),
    "comment on an article": Field(comment_on_article, lambda world: [world.article.get_absolute_url()]),
    "comment that is changed": Field(
        change_comment,
        lambda world: [world.article.get_absolute_url(), BlogComment.objects.get().get_edit_url()],
    ),
    "course": Field(
        written_in(course_of, "title", "summary", "description"),
        lambda world: [world.course.get_absolute_url(), "/courses/", lesson_of(world).get_absolute_url()],
        longest=120,
    ),
    "lesson": Field(
        written_in(lesson_of, "title", "text"),
        lambda world: [world.course.get_absolute_url(), lesson_of(world).get_absolute_url()],
        longest=120,
    ),
    "testimonial": Field(say_of_the_site, lambda world: ["/testimonials/", "/testimonials/mine/"]),
    "whose testimonial": Field(
        lambda world, text: say_of_the_site(world, "", company=text),
        lambda world: ["/testimonials/"],
        longest=80,
    ),
    "decision": Field(
        decide, lambda world: [world.decision.get_absolute_url(), "/decisions/", NOTIFICATIONS]
    ),
    "appeal": Field(appeal, lambda world: [world.decision.get_absolute_url()]),
    "claim": Field(claim, lambda world: ["/decisions/", world.claim.get_absolute_url(), NOTIFICATIONS]),
    "question to support": Field(seen_at_the_desk(ask_support), newest_ticket, longest=150),
    "message to support": Field(seen_at_the_desk(write_to_support), pages_of_ticket),
    "answer of support": Field(answer_ticket, lambda world: [*pages_of_ticket(world), NOTIFICATIONS]),
    "rating of an answer": Field(seen_at_the_desk(rate_answer), lambda world: pages_of_ticket(world)[:1]),
    "name of an agent": Field(
        seen_at_the_desk(rename_agent), lambda world: pages_of_ticket(world)[:1], longest=100
    ),
    "name of a person": Field(
        rename,
        lambda world: [
            world.of_community("comments", world.post.pk),
            world.of_community("members"),
            world.of_community("community"),
            world.talk,
            "/dashboard/messages/",
            NOTIFICATIONS,
        ],
        longest=100,
    ),
}
SEARCHES = ["/community/", "/blog/", "/dashboard/messages/", "/search/", "/support/"]


@pytest.fixture
def world():
    ana, ben, conversation = two_who_talk()
    return World(ana, ben, conversation.get_absolute_url())


def marked(text: str, longest: int) -> str:
    """With the mark, in a paragraph of its own where lines are kept."""
    end = f"\n\n{MARK}" if longest >= 500 else f" {MARK}"
    return f"{text[: longest - len(end)]}{end}"


@pytest.mark.parametrize("name", FIELDS)
def test_no_words_become_markup_wherever_they_are_written_and_shown(world, name):
    tried, reader = FIELDS[name], client_of(world.ana)
    found, shown = [], 0
    for text in HOSTILE:
        # What limits how fast one person writes is tested elsewhere.
        cache.clear()
        answer = tried.write(world, marked(text, tried.longest))
        pages = [] if answer is None else [answer]
        pages += [reader.get(address) for address in tried.pages(world)]
        assert {page.status_code for page in pages} <= {200, 302, 422}
        found += [(text, tag) for page in pages for tag in what_runs(page.text)]
        shown += any(MARK in page.text for page in pages[-len(tried.pages(world)) :])
    assert found == []
    # Some are refused, or cleaned away whole: most are shown, as words.
    assert shown > len(HOSTILE) / 2


def test_no_note_becomes_markup_at_the_desk(world):
    found = []
    for text in HOSTILE:
        note_on_ticket(world, marked(text, 500))
        page = desk_page(world)
        assert MARK in page.text
        found += [(text, tag) for tag in what_runs(page.text)]
    assert found == []


@pytest.mark.parametrize("address", SEARCHES)
def test_what_is_looked_for_is_shown_as_words(world, address):
    reader = client_of(world.ana)
    for text in HOSTILE:
        page = reader.get(address, {"q": marked(text, 90)})
        assert page.status_code == 200 and MARK in page.text
        assert what_runs(page.text) == []
