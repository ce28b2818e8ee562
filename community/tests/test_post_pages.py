"""The pages of posts: the feed, one post, its edges."""

import io
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.models import User
from accounts.tests.factories import UserFactory
from community.actions import posts, team
from community.models import CommunityPost, PostReaction, Role
from community.tests.factories import CommunityFactory, PostFactory, member_of
from community.tests.posting import edited, picture_file, posted
from marketplace.models import Model3D
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db

NASTY = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "![x](https://example.com/x.png)",
    '"><svg onload=alert(1)>',
]


@pytest.fixture
def community():
    return CommunityFactory()


@pytest.fixture
def member(client, community):
    person = member_of(community).user
    client.force_login(person)
    return person


def address(name, community, *arguments) -> str:
    return reverse(f"community:{name}", args=[community.pk, *arguments])


def text_of(answer) -> str:
    return answer.content.decode()


def front(client, community, **query):
    return client.get(community.get_absolute_url(), query)


def send(client, community, **data):
    return client.post(address("posts", community), {"body": "", "model": "", **data})


# Refused


@pytest.mark.parametrize(
    ("data", "field", "said"),
    [
        ({"body": "  "}, "body", "Write something"),
        ({"body": "x" * 100_000}, "body", "at most 20,000"),
        ({"body": "a\0b"}, "body", "Null characters"),
        ({"body": "Look", "model": "the oak chair"}, "model", "address of a model"),
        ({"body": "Look", "model": "/model/999999999999999999/"}, "model", "no such model"),
        ({"body": "Look", "model": "/model/" + "9" * 40}, "model", "address of a model"),
    ],
)
def test_what_cannot_be_posted_is_told_beside_its_field_and_nothing_is_lost(
    client, community, member, data, field, said
):
    answer = send(client, community, **data)
    assert answer.status_code == 422
    form = answer.context["form"]
    assert said in str(form.errors[field])
    assert form["body"].value() == data["body"]
    assert not CommunityPost.objects.exists()


def test_a_draft_or_private_model_cannot_be_shown(client, community, member):
    own = Model3DFactory(with_file=True, creator=member)
    answer = send(client, community, body="Look", model=own.get_absolute_url())
    assert "not everybody may open it" in str(answer.context["form"].errors["model"])


def bomb() -> bytes:
    """A PNG of a few bytes that claims more pixels than anybody has memory for."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(b"\0" * 1_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + pixels + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.png", b""),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("drawing.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("page.jpg", b"<script>alert(1)</script>"),
        ("bomb.png", bomb()),
        ("torn.png", picture_file().read()[:80]),
    ],
)
def test_hostile_pictures_are_refused(client, community, member, name, data):
    answer = send(client, community, body="Look", pictures=[SimpleUploadedFile(name, data)])
    assert answer.status_code == 422
    assert name in str(answer.context["form"].errors["pictures"])
    assert "Choose your pictures again" in text_of(answer)


def test_a_picture_that_is_also_a_page_is_stored_as_bare_pixels(client, community, member):
    out = io.BytesIO()
    Image.new("RGB", (40, 30)).save(out, "JPEG", comment=b"<script>alert(1)</script>")
    both = out.getvalue() + b"<script>alert(2)</script>"
    send(client, community, body="Look", pictures=[SimpleUploadedFile("both.jpg", both)])
    image = CommunityPost.objects.get().images.get()
    stored = image.image.read()
    assert stored[8:12] == b"WEBP"
    assert b"script" not in stored
    assert (image.width, image.height) == (40, 30)


def test_seven_pictures_are_one_too_many(client, community, member):
    answer = send(client, community, body="Look", pictures=[picture_file() for _ in range(7)])
    assert "at most 6 pictures" in str(answer.context["form"].errors["pictures"])


@pytest.mark.parametrize("name", ["edit_post", "post_removal"])
def test_pages_to_change_a_post_are_for_whose_it_is_to_do(client, community, member, name):
    post = posted(community)
    assert client.get(address(name, community, post.pk)).status_code == 403
    assert client.post(address(name, community, post.pk), {"body": "Mine."}).status_code == 403


def test_who_is_not_in_it_gets_no_form_and_their_post_and_reaction_are_refused(client, community):
    post = posted(community)
    client.force_login(UserFactory())
    page = text_of(front(client, community))
    assert "data-talk-composer" not in page
    assert 'button class="talk-reaction' not in page
    assert "Only members" in text_of(send(client, community, body="Hello"))
    assert client.post(address("react", community, post.pk), {"kind": "like"}).status_code == 403
    assert client.post(address("pin_post", community, post.pk)).status_code == 403


def test_nothing_of_a_private_community_reaches_anybody_outside(client):
    closed = CommunityFactory(private=True)
    post = posted(closed, body="Between us", pictures=1)
    edited(post, "Between us, again")
    places = [
        closed.get_absolute_url(),
        post.get_absolute_url(),
        address("post_history", closed, post.pk),
        address("post_picture", closed, post.pk, post.images.get().public_id),
        address("updates", closed) + "?after=0",
    ]
    person = UserFactory()
    for who in (person, closed.owner):
        client.force_login(who)
        expected = 200 if who == closed.owner else 404
        assert [client.get(place).status_code for place in places] == [expected] * 5
    closed.invites.create(user=person, invited_by=closed.owner)
    client.force_login(person)
    assert [client.get(place).status_code for place in places] == [200, 403, 403, 403, 403]
    assert "Between us" not in text_of(client.get(places[0]))


def test_a_post_is_not_found_by_the_address_of_another_community(client, community, member):
    post = posted(community)
    other = CommunityFactory(owner=community.owner)
    assert client.get(address("post", other, post.pk)).status_code == 404
    assert client.get(address("post", community, 2**70)).status_code == 404


def test_a_fifth_kind_of_reaction_is_none(client, community, member):
    post = posted(community)
    answer = client.post(address("react", community, post.pk), {"kind": "meh"})
    assert answer.status_code == 422
    assert not PostReaction.objects.exists()


@pytest.mark.parametrize("text", ["", "x", "2024-01-01", "2024-13-01T00:00:00Z", "2024-01-01T00:00:00"])
def test_reading_up_to_no_moment_is_refused(client, community, member, text):
    assert client.post(address("read_community", community), {"until": text}).status_code == 422


# The feed


@pytest.mark.parametrize("nasty", NASTY)
def test_no_text_becomes_markup(client, community, nasty):
    author = member_of(community, user=UserFactory(full_name=nasty)).user
    post = posted(community, author, nasty, pictures=1)
    edited(post, f"{nasty} edited", descriptions={post.images.get().pk: nasty})
    client.force_login(author)
    places = [
        community.get_absolute_url(),
        post.get_absolute_url(),
        address("post_history", community, post.pk),
        address("edit_post", community, post.pk),
        community.get_absolute_url() + "?q=" + nasty,
    ]
    for place in places:
        page = text_of(client.get(place))
        for bad in ("<script>alert", "<img src=x", "<svg onload", 'href="javascript:', '<img src="https'):
            assert bad not in page, place


def test_a_post_by_a_plain_form(client, community, member):
    model = Model3DFactory(listed=True, title="Walnut chest")
    data = {"model": f"https://example.com{model.get_absolute_url()}?from=x", "pictures": [picture_file()]}
    answer = send(client, community, body="# Hello\n\nLook at **this**.", **data)
    assert answer.url == community.get_absolute_url()
    page = text_of(front(client, community))
    assert "<strong>this</strong>" in page
    assert "Walnut chest" in page
    assert CommunityPost.objects.get().images.count() == 1


def test_a_model_that_is_gone_is_said_to_be_gone_also_to_whose_it_was(client, community, member):
    model = Model3DFactory(listed=True, title="Walnut chest", creator=member)
    posted(community, member, "My chest", model=model)
    assert "Walnut chest" in text_of(front(client, community))
    Model3D.objects.filter(pk=model.pk).update(is_published=False)
    page = text_of(front(client, community))
    assert "Walnut chest" not in page
    assert "not on the marketplace any more" in page
    CommunityPost.objects.update(model=None)
    assert "not on the marketplace any more" in text_of(front(client, community))


@pytest.mark.parametrize(
    ("wish", "titled", "pictured"),
    [("hide", False, False), ("blur", True, False), ("show", True, True)],
)
def test_a_mature_model_is_shown_as_the_viewer_wants_it(client, community, member, wish, titled, pictured):
    model = Model3DFactory(listed=True, title="Walnut chest", is_mature=True)
    posted(community, body="Look", model=model)
    User.objects.filter(pk=member.pk).update(mature_content=wish)
    page = text_of(front(client, community))
    assert ("Walnut chest" in page) == titled
    assert (model.poster_url in page) == pictured


def test_pinned_posts_come_first_and_only_once(client, community, member):
    first, second = posted(community, body="First one"), posted(community, body="Second one")
    posts.pin(post=first, by=community.owner)
    feed = front(client, community).context["feed"]
    assert [item.post for item in feed.pinned] == [first]
    assert [item.post for item in feed.items] == [second]


def test_top_unanswered_and_found(client, community, member):
    quiet = PostFactory(community=community, body="A question about normals")
    loved = PostFactory(community=community, body="Finished tower", likes=3)
    talked = PostFactory(community=community, body="Which engine?", comments_count=2)
    PostFactory(body="Another community, also with normals")

    def listed(**query):
        return [item.post for item in front(client, community, **query).context["feed"].items]

    assert listed() == [talked, loved, quiet]
    assert listed(show="top") == [talked, loved, quiet]
    CommunityPost.objects.filter(pk=quiet.pk).update(fires=9)
    assert listed(show="top") == [quiet, talked, loved]
    assert listed(show="unanswered") == [loved, quiet]
    assert listed(q="normal") == [quiet]
    assert listed(q="nothing of it") == []
    assert listed(show="nonsense", before="nonsense") == [talked, loved, quiet]


@pytest.mark.parametrize("show", ["recent", "top", "unanswered"])
def test_every_post_is_on_one_page_of_the_feed(client, community, member, show):
    for number in range(45):
        PostFactory(community=community, likes=number % 3)
    seen, older = [], ""
    while True:
        feed = front(client, community, show=show, before=older).context["feed"]
        seen += [item.post.pk for item in feed.items]
        older = feed.page.older
        if not older:
            break
    assert len(seen) == len(set(seen)) == 45


def test_what_is_new_is_marked_once(client, community, member):
    posted(community, body="While you were away")
    assert 'badge-accent">New</span>' in text_of(front(client, community))
    assert 'badge-accent">New</span>' not in text_of(front(client, community))


def test_the_feed_costs_the_same_however_long_it_is(client, community, django_assert_max_num_queries):
    viewers = [None, member_of(community).user, member_of(community, Role.MODERATOR).user]
    model = Model3DFactory(listed=True)

    def add(count):
        for person in UserFactory.create_batch(count):
            member_of(community, user=person)
            post = posted(community, person, f"@{person.username} made this", pictures=1, model=model)
            posts.react(post=post, by=person, kind=PostReaction.Kind.WOW)

    def queries() -> list[int]:
        asked = []
        for viewer in viewers:
            client.logout()
            if viewer is not None:
                client.force_login(viewer)
            front(client, community)
            with django_assert_max_num_queries(30) as counted:
                front(client, community)
            asked.append(len(counted))
        return asked

    add(1)
    few = queries()
    add(7)
    assert queries() == few


# One post


def test_the_page_of_a_post_says_what_it_is_to_search_engines(client, community):
    post = posted(community, body="Bevels that hold up close")
    page = text_of(client.get(post.get_absolute_url()))
    assert "DiscussionForumPosting" in page
    assert "noindex" not in page
    assert "<title>Bevels that hold up close" in page


def test_a_reaction_with_and_without_scripts(client, community, member):
    post = posted(community)
    place = address("react", community, post.pk)
    assert client.post(place, {"kind": "love"}).url.startswith(post.get_absolute_url())
    answer = client.post(place, {"kind": "fire"}, headers={"HX-Request": "true"})
    assert 'name="_method" value="delete" aria-pressed="true" title="Fire"' in text_of(answer)
    client.post(place, {"_method": "delete"})
    assert not PostReaction.objects.exists()


def test_editing_keeps_what_it_said_for_all_to_read(client, community, member):
    post = posted(community, member, "Teh chair", pictures=1)
    image = post.images.get()
    data = {"body": "The chair", "model": "", f"alt_{image.pk}": "A chair from the side"}
    assert client.post(address("edit_post", community, post.pk), data).url == post.get_absolute_url()
    client.logout()
    page = text_of(client.get(address("post_history", community, post.pk)))
    assert "Teh chair" in page
    assert "The chair" in page
    assert 'alt="A chair from the side"' in text_of(client.get(post.get_absolute_url()))


def test_editing_keeps_a_model_that_is_gone(client, community, member):
    model = Model3DFactory(listed=True)
    post = posted(community, member, "My chest", model=model)
    Model3D.objects.filter(pk=model.pk).update(is_published=False)
    data = {"body": "My old chest", "model": model.get_absolute_url()}
    assert client.post(address("edit_post", community, post.pk), data).status_code == 302
    post.refresh_from_db()
    assert post.model == model


def test_deleting_by_its_author(client, community, member):
    post = posted(community, member, "Away with it")
    assert "Delete the post" in text_of(client.get(address("edit_post", community, post.pk)))
    answer = client.post(post.get_absolute_url(), {"_method": "delete"}, follow=True)
    assert "Your post was deleted" in text_of(answer)
    assert client.get(post.get_absolute_url()).status_code == 404


def test_taking_down_needs_a_reason_and_its_author_sees_it(client, community, member):
    post = posted(community, member, "Buy cheap watches")
    moderator = member_of(community, Role.MODERATOR).user
    client.force_login(moderator)
    place = address("post_removal", community, post.pk)
    assert client.post(place, {"reason": " "}).status_code == 422
    client.post(place, {"reason": "An advertisement."})
    client.force_login(UserFactory())
    assert client.get(post.get_absolute_url()).status_code == 404
    client.force_login(member)
    assert "An advertisement." in text_of(client.get(post.get_absolute_url()))
    client.force_login(moderator)
    assert "An advertisement." in text_of(client.get(place))
    client.post(place, {"_method": "delete"})
    client.logout()
    assert client.get(post.get_absolute_url()).status_code == 200


def test_sharing_counts_each_person_once(client, community, member):
    post = posted(community)
    for _ in range(2):
        client.post(address("share_post", community, post.pk))
    post.refresh_from_db()
    assert post.shares == 1


def test_pictures_of_a_post_that_was_taken_down_are_away_too(client, community, member):
    post = posted(community, pictures=1)
    place = address("post_picture", community, post.pk, post.images.get().public_id)
    answer = client.get(place)
    assert answer["Content-Type"] == "image/webp"
    assert answer["Cache-Control"].startswith("private")
    posts.take_down(post=post, by=community.owner, reason="No.")
    assert client.get(place).status_code == 404


# What was missed, by HTTP


def missed(client, community, after) -> dict:
    return client.get(address("updates", community), {"after": after}).json()


def test_a_banned_person_is_told_nothing_though_the_community_is_open(client, community, member):
    team.ban(community=community, user=member, reason="Spam.", by=community.owner)
    assert client.get(address("updates", community), {"after": 0}).status_code == 403


def test_what_was_missed_comes_once_of_each_thing_as_it_is_now(client, community, member):
    post = posted(community, body="Teh chair")
    edited(post, "The chair")
    posts.react(post=post, by=member, kind=PostReaction.Kind.WOW)
    gone = posted(community, body="Gone again")
    posts.delete(post=gone, by=community.owner)
    answer = missed(client, community, 0)
    assert (answer["after"], answer["upto"]) == (0, 5)
    kinds = [(update["kind"], update["post"], update["number"]) for update in answer["updates"]]
    assert kinds == [("posted", post.pk, 2), ("reacted", post.pk, 3), ("post_gone", gone.pk, 5)]
    assert "The chair" in answer["updates"][0]["html"]
    # As this person sees it: their own reaction is marked.
    assert 'aria-pressed="true" title="Wow"' in answer["updates"][0]["html"]
    assert answer["updates"][1]["counts"] == {"like": 0, "love": 0, "wow": 1, "fire": 0}
    assert missed(client, community, 5)["updates"] == []
    assert missed(client, community, 4)["updates"][0]["number"] == 5
    for nonsense in ("", "x", "-1", "9" * 40, "999999"):
        assert missed(client, community, nonsense)["updates"] == []


def test_too_much_and_what_was_forgotten_is_not_told_one_by_one(client, community, member):
    for number in range(102):
        community.events.create(number=number + 1, kind="members")
    type(community).objects.update(last_event=102)
    assert missed(client, community, 0)["is_too_much"]
    assert "is_too_much" not in missed(client, community, 50)
    community.events.filter(number__lt=60).delete()
    assert missed(client, community, 50)["is_too_much"]


def test_pages_are_read_up_to_what_they_show(client, community, member):
    membership = community.memberships.get(user=member)
    now = timezone.now()
    answer = client.post(address("read_community", community), {"until": now.isoformat()})
    assert answer.status_code == 204
    membership.refresh_from_db()
    assert membership.last_read_at == now
