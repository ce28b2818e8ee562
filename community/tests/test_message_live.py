"""Messages over the socket: who hears what, and that nothing is heard by anybody else."""

import json

import pytest
from asgiref.sync import sync_to_async

from accounts import sockets
from accounts.actions import relations
from accounts.tests.factories import UserFactory
from accounts.tests.sockets import Socket, run
from community.actions import messages as actions
from community.actions.messages import Letter
from community.messaging.exceptions import MessageRefused
from community.tests.messaging import two_who_talk, written

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people():
    return two_who_talk()


async def connected(*users) -> list[Socket]:
    sockets = [Socket(user) for user in users]
    for socket in sockets:
        await socket.connect()
        assert (await socket.receive())["type"] == "unread"
    return sockets


async def heard(socket, kind: str, most: int = 6) -> dict:
    """The next event of this kind; others before it are passed over."""
    for _ in range(most):
        event = await socket.receive()
        if event["type"] == kind:
            return event
    raise AssertionError(f"Nothing of kind {kind} came.")


async def gone(*sockets) -> None:
    for socket in sockets:
        await socket.disconnect()


def test_a_message_reaches_both_peoples_pages_and_nobody_elses(people):
    ana, ben, conversation = people
    eve = UserFactory()

    async def scenario():
        hers, his, others = await connected(ana, ben, eve)
        await sync_to_async(written)(ana, ben, "Live, **and** in bold")
        event = await heard(his, "message")
        assert event["number"] == 3
        assert event["conversation"] == str(conversation.public_id)
        assert "<strong>and</strong>" in event["html"]
        assert "is-own" not in event["html"]
        own = await heard(hers, "message")
        assert (own["number"], "html" in own) == (3, False)
        assert (await heard(his, "messages"))["unread"] == 1
        assert await others.receive_nothing()
        await gone(hers, his, others)

    run(scenario)


def test_nothing_is_told_of_what_was_rolled_back_or_refused(people):
    ana, ben, _conversation = people

    def refused():
        relations.block(blocker=ben, blocked=ana)
        with pytest.raises(MessageRefused):
            written(ana, ben)

    async def scenario():
        (his,) = await connected(ben)
        await sync_to_async(refused)()
        assert await his.receive_nothing()
        await gone(his)

    run(scenario)


def test_reading_and_changing_are_told(people):
    ana, ben, conversation = people
    message = written(ana, ben, "Teh chair")

    async def scenario():
        hers, his = await connected(ana, ben)
        await sync_to_async(actions.mark_read)(conversation=conversation, by=ben, number=3)
        assert (await heard(hers, "message.read"))["number"] == 3
        await sync_to_async(actions.edit)(message=message, by=ana, body="The chair")
        event = await heard(his, "message.changed")
        assert "The chair" in event["html"]
        await sync_to_async(actions.delete)(message=message, by=ana)
        event = await heard(his, "message.changed")
        assert "This message was deleted" in event["html"]
        await gone(hers, his)

    run(scenario)


def test_looking_at_a_request_tells_nobody():
    ana, ben = UserFactory(), UserFactory()
    conversation = written(ana, ben).conversation

    async def scenario():
        (hers,) = await connected(ana)
        await sync_to_async(actions.mark_read)(conversation=conversation, by=ben, number=1)
        assert await hers.receive_nothing()
        await sync_to_async(actions.accept)(conversation=conversation, by=ben)
        assert (await heard(hers, "message.read"))["number"] == 1
        await gone(hers)

    run(scenario)


def said(conversation) -> dict:
    return {"text": json.dumps({"type": "message.typing", "conversation": str(conversation.public_id)})}


def test_typing_reaches_the_other_one_only_where_they_talk(people, monkeypatch):
    monkeypatch.setattr(sockets, "SAYING_SECONDS", 0)
    ana, ben, conversation = people
    eve = UserFactory()
    request = written(eve, ben).conversation

    async def scenario():
        hers, his, others = await connected(ana, ben, eve)
        # Not hers to say, and not accepted.
        await others.send(**said(conversation))
        await others.send(**said(request))
        assert await his.receive_nothing()
        await hers.send(**said(conversation))
        assert await heard(his, "message.typing") == {
            "type": "message.typing",
            "conversation": str(conversation.public_id),
        }
        await sync_to_async(relations.block)(blocker=ben, blocked=ana)
        await hers.send(**said(conversation))
        assert await his.receive_nothing()
        await gone(hers, his, others)

    run(scenario)


def test_whatever_a_page_says_the_socket_goes_on(people, monkeypatch):
    monkeypatch.setattr(sockets, "SAYING_SECONDS", 0)
    ana = people[0]
    texts = [
        "",
        "{",
        "[]",
        "null",
        '"message.typing"',
        '{"type": null}',
        '{"type": ["message.typing"]}',
        '{"type": "notification.created"}',
        '{"type": "message.typing"}',
        '{"type": "message.typing", "conversation": 7}',
        '{"type": "message.typing", "conversation": "x"}',
        '{"type": "message.typing", "conversation": "b1b965be-8b05-4581-bb3d-413d80187ac3"}',
        '{"type": "message.typing", "conversation": "\\u0000"}',
        "[" * 1_900,
        "x" * 100_000,
    ]

    async def scenario():
        (hers,) = await connected(ana)
        for text in texts:
            await hers.send(text=text)
            await hers.send(bytes=b"\xff\xfe")
            await hers.send(text='{"type": "messages.count"}')
            assert (await heard(hers, "messages"))["unread"] == 0, text
        await gone(hers)

    run(scenario)


def test_a_page_that_talks_without_a_pause_is_not_heard(people):
    ana, ben, conversation = people

    async def scenario():
        hers, his = await connected(ana, ben)
        for _ in range(20):
            await hers.send(**said(conversation))
        await heard(his, "message.typing")
        assert await his.receive_nothing()
        await gone(hers, his)

    run(scenario)


def test_what_was_missed_is_there_by_number(people):
    ana, _ben, conversation = people
    letter = Letter(body="While nobody listened")
    for _ in range(3):
        actions.send(conversation=conversation, sender=ana, letter=letter)
    numbers = conversation.messages.filter(number__gt=2).order_by("number").values_list("number", flat=True)
    assert list(numbers) == [3, 4, 5]
