"""Communities over their socket: who may look on, what they are told, and that nothing is told twice or left out."""

import itertools
import json

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from accounts import sockets
from accounts.sockets import SIGN_IN_FIRST
from accounts.tests.factories import UserFactory
from accounts.tests.sockets import Socket, run
from community import consumers
from community.actions import founding, joining, posts, team
from community.consumers import NOT_FOR_YOU, CommunityConsumer
from community.models import Community, CommunityEvent, PostReaction, Role
from community.tests.factories import CommunityFactory, member_of
from community.tests.posting import edited, posted
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db(transaction=True)


class Onlooker(Socket):
    """An open page of a community."""

    consumer = CommunityConsumer

    def __init__(
        self, user, community_pk: int, after: int | str | None = None, session_key: str | None = None
    ):
        super().__init__(
            user,
            session_key,
            path=f"/ws/community/{community_pk}/",
            query_string=b"" if after is None else f"after={after}".encode(),
            url_route={"args": (), "kwargs": {"pk": community_pk}},
        )

    async def updates(self) -> dict:
        """The next frame that tells of something that happened; `here` and `typing` alone are passed over."""
        for _ in range(20):
            frame = await self.receive()
            if frame["updates"] or frame.get("is_too_much"):
                return frame
        raise AssertionError("Nothing happened.")

    async def with_key(self, key: str) -> dict:
        for _ in range(20):
            frame = await self.receive()
            if key in frame:
                return frame
        raise AssertionError(f"No frame had {key}.")

    async def close_code(self) -> int:
        for _ in range(20):
            message = await self.receive_output(5)
            if message["type"] == "websocket.close":
                return message["code"]
        raise AssertionError("It was not closed.")


@pytest.fixture
def community():
    return CommunityFactory()


async def looking(*onlookers) -> None:
    """Connected, and told how many are there, which each is at once."""
    for onlooker in onlookers:
        await onlooker.connect()
        await onlooker.with_key("here")


async def gone(*onlookers) -> None:
    for onlooker in onlookers:
        await onlooker.disconnect()


# Refused


def refused(user, community_pk: int, code: int, **options) -> None:
    async def scenario():
        socket = Onlooker(user, community_pk, **options)
        await socket.connect()
        assert await socket.close_code() == code

    run(scenario)


def test_a_visitor_is_told_to_sign_in_first(community):
    refused(AnonymousUser(), community.pk, SIGN_IN_FIRST)
    refused(UserFactory(is_active=False), community.pk, SIGN_IN_FIRST)


def test_nobody_looks_on_where_they_may_not_read_or_are_banned(community):
    closed, waiting = CommunityFactory(private=True), CommunityFactory(pending=True)
    person = UserFactory()
    closed.invites.create(user=person, invited_by=closed.owner)
    for pk in (closed.pk, waiting.pk, 999_999, 2**80):
        refused(person, pk, NOT_FOR_YOU)
    team.ban(community=community, user=person, reason="Spam.", by=community.owner)
    refused(person, community.pk, NOT_FOR_YOU)


@pytest.mark.parametrize("private", [True, False])
def test_the_open_socket_of_somebody_who_is_banned_is_closed_at_once(private):
    community = CommunityFactory(private=private)
    person = member_of(community).user

    async def scenario():
        theirs, others = Onlooker(person, community.pk), Onlooker(community.owner, community.pk)
        await looking(theirs, others)
        ban = sync_to_async(team.ban)
        await ban(community=community, user=person, reason="Spam.", by=community.owner)
        assert await theirs.close_code() == NOT_FOR_YOU
        await sync_to_async(posted)(community, None, "Among us")
        frame = await others.updates()
        assert frame["upto"] >= 1
        await gone(others)

    run(scenario)


def test_who_leaves_a_private_community_hears_nothing_more_and_who_becomes_outside_neither():
    closed, opened = CommunityFactory(private=True), CommunityFactory()
    leaver, visitor = member_of(closed).user, UserFactory()
    fields = ("name", "description", "category", "icon", "banner", "rules")
    same = {name: getattr(opened, name) for name in fields}

    async def scenario():
        theirs, others = Onlooker(leaver, closed.pk), Onlooker(visitor, opened.pk)
        await looking(theirs, others)
        await sync_to_async(joining.leave)(community=closed, user=leaver)
        assert await theirs.close_code() == NOT_FOR_YOU
        change = sync_to_async(founding.change)
        await change(community=opened, by=opened.owner, policy=Community.Policy.PRIVATE, **same)
        assert await others.close_code() == NOT_FOR_YOU

    run(scenario)


def test_a_socket_ends_with_its_session(client, community):
    person = UserFactory()
    client.force_login(person)
    key = client.session.session_key

    async def scenario():
        socket = Onlooker(person, community.pk, session_key=key)
        await looking(socket)
        await sync_to_async(client.post)(reverse("account_logout"))
        assert await socket.close_code() == SIGN_IN_FIRST

    run(scenario)


def test_a_session_that_has_lapsed_is_found_out(client, community, monkeypatch):
    monkeypatch.setattr(sockets, "RECHECK_SECONDS", 0.2)
    refused(UserFactory(), community.pk, SIGN_IN_FIRST, session_key="nosuchsession")


def test_what_was_rolled_back_or_refused_is_not_told(community):
    outsider = UserFactory()

    def refuse():
        with pytest.raises(Exception, match="Only members"):
            posted(community, outsider)

    async def scenario():
        socket = Onlooker(outsider, community.pk)
        await looking(socket)
        await sync_to_async(refuse)()
        assert await socket.receive_nothing()
        await gone(socket)

    run(scenario)


def test_whatever_a_page_says_the_socket_goes_on(community, monkeypatch):
    monkeypatch.setattr(sockets, "SAYING_SECONDS", 0)
    texts = [
        "",
        "{",
        "[]",
        "null",
        '{"type": null}',
        '{"type": "typing", "post": "x"}',
        '{"type": "typing", "post": -1}',
        '{"type": "typing", "post": true}',
        '{"type": "community.event", "number": 9}',
        "[" * 1_900,
        "x" * 100_000,
    ]

    async def scenario():
        socket = Onlooker(community.owner, community.pk)
        await looking(socket)
        for text in texts:
            await socket.send(text=text)
        await sync_to_async(posted)(community)
        assert [update["kind"] for update in (await socket.updates())["updates"]] == ["posted"]
        await gone(socket)

    run(scenario)


# Told


def test_posts_edits_reactions_and_what_goes_are_told_in_order(community):
    member = member_of(community).user
    model = Model3DFactory(listed=True, title="Walnut chest")

    async def scenario():
        socket = Onlooker(member, community.pk)
        await looking(socket)
        post = await sync_to_async(posted)(community, None, "Teh chair", model=model)
        frame = await socket.updates()
        assert (frame["after"], frame["upto"]) == (0, 1)
        update = frame["updates"][0]
        assert (update["kind"], update["post"], update["number"]) == ("posted", post.pk, 1)
        assert "Teh chair" in update["html"]
        assert "Walnut chest" in update["html"]
        assert "csrfmiddlewaretoken" not in update["html"]
        assert "Edit" not in update["html"]
        await sync_to_async(edited)(post, "The chair")
        assert "The chair" in (await socket.updates())["updates"][0]["html"]
        react = sync_to_async(posts.react)
        await react(post=post, by=community.owner, kind=PostReaction.Kind.FIRE)
        assert (await socket.updates())["updates"][0]["counts"]["fire"] == 1
        await sync_to_async(posts.take_down)(post=post, by=community.owner, reason="No.")
        assert (await socket.updates())["updates"] == [{"number": 4, "kind": "post_gone", "post": post.pk}]
        newcomer = await sync_to_async(UserFactory)()
        await sync_to_async(joining.join)(community=community, user=newcomer)
        assert (await socket.updates())["updates"] == [{"number": 5, "kind": "members", "members": 3}]
        await gone(socket)

    run(scenario)


def test_each_sees_only_what_they_may_do(community):
    visitor, moderator = UserFactory(), member_of(community, Role.MODERATOR).user

    async def scenario():
        theirs, others = Onlooker(moderator, community.pk), Onlooker(visitor, community.pk)
        await looking(theirs, others)
        await sync_to_async(posted)(community)
        by_moderator = (await theirs.updates())["updates"][0]["html"]
        by_visitor = (await others.updates())["updates"][0]["html"]
        assert "Take down" in by_moderator
        assert 'talk-reactions" method' in by_moderator
        assert "Take down" not in by_visitor
        assert 'talk-reactions" method' not in by_visitor
        await gone(theirs, others)

    run(scenario)


def test_whoever_becomes_a_moderator_learns_that_they_may_do_more(community):
    member = member_of(community)

    async def scenario():
        socket = Onlooker(member.user, community.pk)
        await looking(socket)
        await sync_to_async(team.give_role)(member=member, role=Role.MODERATOR, by=community.owner)
        assert (await socket.with_key("standing"))["standing"]
        await sync_to_async(posted)(community)
        assert "Take down" in (await socket.updates())["updates"][0]["html"]
        await gone(socket)

    run(scenario)


def test_what_was_missed_comes_first_and_once(community):
    member = member_of(community).user
    for number in range(3):
        posted(community, body=f"Post {number}")

    async def scenario():
        socket = Onlooker(member, community.pk, after=1)
        await socket.connect()
        frame = await socket.updates()
        assert (frame["after"], frame["upto"]) == (1, 3)
        assert [update["number"] for update in frame["updates"]] == [2, 3]
        await gone(socket)
        for after in ("", "x", "999", "-1"):
            again = Onlooker(member, community.pk, after=after)
            await looking(again)
            assert await again.receive_nothing()
            await gone(again)

    run(scenario)


def test_whoever_missed_too_much_loads_the_page_again(community):
    for number in range(150):
        CommunityEvent.objects.create(community=community, number=number + 1, kind="members")
    Community.objects.update(last_event=150)

    async def scenario():
        socket = Onlooker(community.owner, community.pk, after=0)
        await socket.connect()
        frame = await socket.updates()
        assert (frame["is_too_much"], frame["upto"], frame["updates"]) == (True, 150, [])
        await gone(socket)

    run(scenario)


def test_many_things_at_once_are_few_frames_without_a_hole(community):
    member, fan = member_of(community).user, member_of(community).user
    post = posted(community)

    def happen():
        for number in range(20):
            posts.react(post=post, by=fan, kind=list(PostReaction.Kind)[number % 4])

    async def scenario():
        socket = Onlooker(member, community.pk)
        await looking(socket)
        await sync_to_async(happen)()
        frames = [await socket.updates()]
        while frames[-1]["upto"] < 21:
            frames.append(await socket.updates())
        assert len(frames) < 20
        for before, after in itertools.pairwise(frames):
            assert after["after"] == before["upto"]
        # Of one post's reactions a frame tells once.
        assert all(len(frame["updates"]) == 1 for frame in frames)
        await gone(socket)

    run(scenario)


def test_a_word_that_was_lost_on_the_way_is_found_out(community, monkeypatch):
    monkeypatch.setattr(consumers, "HERE_SECONDS", 0.2)
    monkeypatch.setattr("community.kept_updates.LAST_EVENT_SECONDS", 0.1)
    monkeypatch.setattr("community.events._send", lambda *_: None)

    async def scenario():
        socket = Onlooker(community.owner, community.pk)
        await looking(socket)
        await sync_to_async(posted)(community)
        assert (await socket.updates())["upto"] == 1
        await gone(socket)

    run(scenario)


# Who is there


def test_people_are_counted_once_however_many_pages_they_have(community):
    ana, ben = member_of(community).user, member_of(community).user

    async def scenario():
        first, second, his = (Onlooker(user, community.pk) for user in (ana, ana, ben))
        await looking(first, second)
        await his.connect()
        assert (await his.with_key("here"))["here"] == 2
        assert (await first.with_key("here"))["here"] == 2
        await gone(first, second, his)

    run(scenario)


def test_typing_reaches_the_others_and_only_members_type(community, monkeypatch):
    monkeypatch.setattr(sockets, "SAYING_SECONDS", 0)
    ana, visitor = member_of(community, user=UserFactory(full_name="Ana Ruiz")).user, UserFactory()

    async def scenario():
        hers, others = Onlooker(ana, community.pk), Onlooker(visitor, community.pk)
        await looking(hers, others)
        await others.send(text=json.dumps({"type": "typing", "post": None}))
        await hers.send(text=json.dumps({"type": "typing", "post": 7}))
        assert (await others.with_key("typing"))["typing"] == [{"name": "Ana Ruiz", "post": 7}]
        while not await hers.receive_nothing(timeout=0.5):
            assert "typing" not in await hers.receive()
        await gone(hers, others)

    run(scenario)
