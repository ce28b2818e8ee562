"""Tickets over their socket: who may listen, what they are told, and that nothing is told twice or left out."""

import asyncio
import json
import uuid

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import AnonymousUser

from accounts import sockets
from accounts.sockets import SIGN_IN_FIRST
from accounts.tests.factories import UserFactory
from accounts.tests.sockets import Socket, run
from support.actions import tickets as actions
from support.consumers import NOT_FOR_YOU, DeskConsumer, TicketConsumer
from support.models import SupportMessage, SupportTicket
from support.tests.tickets import an_agent, answered, asked, wrote
from support.ticketing import presence
from support.ticketing.chat import presence_line
from support.ticketing.updates import MOST

pytestmark = pytest.mark.django_db(transaction=True)


class Page(Socket):
    """An open page of a ticket."""

    consumer = TicketConsumer

    def __init__(self, user, ticket_id, after: int | str | None = None):
        super().__init__(
            user,
            path=f"/ws/support/{ticket_id}/",
            query_string=b"" if after is None else f"after={after}".encode(),
            url_route={"args": (), "kwargs": {"ticket_id": ticket_id}},
        )

    async def heard(self, kind: str, wanted=lambda frame: True) -> dict:
        """The next frame of this kind; others before it are passed over."""
        for _ in range(20):
            frame = await self.receive()
            if frame["type"] == kind and wanted(frame):
                return frame
        raise AssertionError(f"Nothing of kind {kind} came.")

    async def rows(self) -> dict:
        return await self.heard("updates", lambda frame: frame["rows"])

    async def until_rows(self):
        """All frames up to the next one with rows."""
        for _ in range(20):
            frame = await self.receive()
            yield frame
            if frame.get("rows"):
                return
        raise AssertionError("No rows came.")

    async def close_code(self) -> int:
        for _ in range(20):
            message = await self.receive_output(5)
            if message["type"] == "websocket.close":
                return message["code"]
        raise AssertionError("It was not closed.")


class Desk(Page):
    consumer = DeskConsumer

    def __init__(self, user):
        super().__init__(user, uuid.uuid4())

    async def listens(self) -> None:
        """Wait until it does: it is accepted before, and is at the desk after."""
        for _ in range(200):
            if await sync_to_async(presence.is_desk_open)():
                return
            await asyncio.sleep(0.05)
        raise AssertionError("It does not listen.")


async def gone(*pages) -> None:
    for page in pages:
        await page.disconnect()


async def connected(*pages) -> None:
    for page in pages:
        await page.connect()
        await page.heard("updates")


# Refused


def refused(page: Page, code: int) -> None:
    async def scenario():
        await page.connect()
        assert await page.close_code() == code

    run(scenario)


def test_nobody_else_listens_to_a_ticket_or_to_the_desk():
    ticket, stranger = asked(), UserFactory()
    moderator = UserFactory(moderator=True)
    for user in (AnonymousUser(), UserFactory(is_active=False)):
        refused(Page(user, ticket.public_id), SIGN_IN_FIRST)
        refused(Desk(user), SIGN_IN_FIRST)
    for user in (stranger, moderator):
        refused(Page(user, ticket.public_id), NOT_FOR_YOU)
        refused(Desk(user), NOT_FOR_YOU)
    refused(Desk(ticket.owner), NOT_FOR_YOU)
    refused(Page(stranger, uuid.uuid4()), NOT_FOR_YOU)


def test_an_agent_who_is_none_any_more_hears_nothing_of_what_follows():
    ticket, agent = asked(), an_agent()

    async def scenario():
        page = Page(agent, ticket.public_id)
        await connected(page)
        await sync_to_async(agent.groups.clear)()
        await sync_to_async(wrote)(ticket, "A secret")
        assert await page.close_code() == NOT_FOR_YOU

    run(scenario)


# Told


def test_both_sides_hear_each_other_once_in_order_and_each_as_their_own_side_sees_it():
    ticket, agent = asked(), an_agent()

    async def scenario():
        hers, his = Page(ticket.owner, ticket.public_id), Page(agent, ticket.public_id)
        await connected(hers, his)
        await sync_to_async(answered)(ticket, agent, "Look **now**.")
        told, own = await hers.rows(), await his.rows()
        assert [row["number"] for row in told["rows"]] == [row["number"] for row in own["rows"]] == [2, 3]
        assert "is-own" not in told["rows"][1]["html"]
        assert "is-own" in own["rows"][1]["html"]
        assert "<strong>now</strong>" in told["rows"][1]["html"]
        assert "Sam Osei</b> is answering" in told["rows"][0]["html"]
        await sync_to_async(actions.mark_read)(ticket=ticket, by=ticket.owner, number=3)
        assert (await his.heard("updates", lambda frame: frame["seen"] == 3))["rows"] == []
        await sync_to_async(wrote)(ticket, "Thank you")
        assert [row["number"] for row in (await his.rows())["rows"]] == [4]
        await gone(hers, his)

    run(scenario)


@pytest.mark.parametrize("after", [0, "", "x", "-1", "9" * 30])
def test_what_was_missed_comes_once_after_reconnecting(after):
    ticket, agent = asked(), an_agent()
    answered(ticket, agent)

    async def scenario():
        page = Page(ticket.owner, ticket.public_id, after)
        await page.connect()
        first = await page.heard("updates")
        # Whoever names no number has the newest page.
        assert [row["number"] for row in first["rows"]] == ([1, 2, 3] if after == 0 else [])
        assert first["upto"] == 3
        await page.disconnect()
        await sync_to_async(answered)(ticket, agent, "Still there?")
        back = Page(ticket.owner, ticket.public_id, first["upto"])
        await back.connect()
        assert [row["number"] for row in (await back.rows())["rows"]] == [4]
        await gone(back)

    run(scenario)


def test_whoever_has_missed_too_much_loads_the_page_again():
    ticket = asked()
    said = {"ticket": ticket, "sender": ticket.owner, "sender_type": "customer", "body": "Hello?"}
    SupportMessage.objects.bulk_create(SupportMessage(number=number, **said) for number in range(2, MOST + 3))
    SupportTicket.objects.filter(pk=ticket.pk).update(last_number=MOST + 2)

    async def scenario():
        page = Page(ticket.owner, ticket.public_id, 0)
        await page.connect()
        frame = await page.heard("updates")
        assert (frame["is_too_much"], frame["rows"], frame["upto"]) == (True, [], MOST + 2)
        await gone(page)

    run(scenario)


def test_notes_are_told_to_the_desk_and_in_no_word_to_whoever_asked():
    ticket, agent, other = asked(), an_agent(), an_agent("Ana Reyes")

    async def scenario():
        hers, desk = Page(ticket.owner, ticket.public_id), Desk(other)
        await desk.connect()
        await desk.listens()
        # Afterwards, since they are told that somebody has come to the desk.
        await connected(hers)
        await sync_to_async(actions.annotate)(ticket=ticket, by=agent, body="Hm.")
        assert await desk.receive() == {"type": "annotated", "ticket": ticket.pk}
        await sync_to_async(wrote)(ticket)
        assert await desk.receive() == {"type": "moved"}
        told = [frame async for frame in hers.until_rows()]
        assert {frame["type"] for frame in told[:-1]} <= {"presence"}
        assert [row["number"] for row in told[-1]["rows"]] == [2]
        assert "Hm." not in json.dumps(told)
        await gone(hers, desk)

    run(scenario)


def test_who_is_there_and_who_types_is_told(monkeypatch):
    monkeypatch.setattr(sockets, "SAYING_SECONDS", 0)
    ticket, agent = asked(), an_agent()
    assert "Nobody is at the desk" in sentence(ticket)

    async def scenario():
        hers = Page(ticket.owner, ticket.public_id)
        await connected(hers)
        his = Page(agent, ticket.public_id)
        await connected(his)
        await hers.heard("presence", lambda frame: frame["sentence"] == "Sam Osei is here.")
        await his.heard(
            "presence", lambda frame: frame["sentence"] == f"{ticket.owner.display_name} is here."
        )
        await his.send(text=json.dumps({"type": "typing"}))
        assert (await hers.heard("typing"))["name"] == "Sam Osei"
        for text in ("{", "[]", '{"type": null}', '{"type": "ticket.moved"}', "x" * 9000):
            await hers.send(text=text)
        await hers.send(text=json.dumps({"type": "typing"}))
        assert (await his.heard("typing"))["name"] == ticket.owner.display_name
        await gone(his)
        await hers.heard("presence", lambda frame: "is here" not in frame["sentence"])
        await gone(hers)

    run(scenario)


def sentence(ticket) -> str:
    return presence_line(ticket, presence.watching(ticket.public_id), for_staff=False)
