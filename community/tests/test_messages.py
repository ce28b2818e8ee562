"""Messages: who may write to whom, what is counted, what is told, and what the database keeps."""

import io
import threading
import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from PIL import Image

from accounts import personal_data, reporting
from accounts.actions import relations
from accounts.models import Notification
from accounts.tests.factories import UserFactory
from community.actions import messages as actions
from community.actions.messages import Letter
from community.messaging import rules
from community.messaging.attachments import prepared
from community.messaging.counting import unread_conversations
from community.messaging.exceptions import MessageRefused
from community.messaging.inbox import Inbox
from community.messaging.keeping import erase, export
from community.models import Conversation, DirectMessage, MessageAttachment, Participant
from community.tests.messaging import side, two_who_talk, written
from core.models import OutgoingMail
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return two_who_talk()


def picture(name="chair.png") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (300, 200), (200, 90, 40)).save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue())


def sent(conversation, sender, body="Hello", **letter):
    return actions.send(conversation=conversation, sender=sender, letter=Letter(body=body, **letter))


# Refused


def test_nobody_writes_to_themselves():
    ana = UserFactory()
    with pytest.raises(MessageRefused, match="yourself"):
        written(ana, ana)
    assert not Conversation.objects.exists()


def test_who_was_blocked_writes_neither_a_first_message_nor_another_one(people):
    ana, ben, conversation = people
    relations.block(blocker=ben, blocked=ana)
    with pytest.raises(MessageRefused, match="cannot write to this person"):
        sent(conversation, ana)
    with pytest.raises(MessageRefused, match="You have blocked"):
        sent(conversation, ben)
    carla = UserFactory()
    relations.block(blocker=carla, blocked=ana)
    with pytest.raises(MessageRefused, match="cannot write"):
        written(ana, carla)
    assert conversation.messages.count() == 2


def test_nobody_writes_to_an_account_that_is_suspended_or_gone(people):
    ana, ben, conversation = people
    ben.is_active = False
    ben.save()
    with pytest.raises(MessageRefused, match="no longer there"):
        sent(conversation, ana)


def test_a_message_says_something(people):
    ana, _, conversation = people
    with pytest.raises(MessageRefused, match="Write something"):
        sent(conversation, ana, "")
    with pytest.raises(IntegrityError, match="message_says_something"), transaction.atomic():
        DirectMessage.objects.create(conversation=conversation, number=9, sender=ana)


def test_a_stranger_sends_one_message_until_it_is_answered_whether_it_waits_or_was_declined():
    ana, ben = UserFactory(), UserFactory()
    conversation = written(ana, ben, "May I ask something?").conversation
    assert side(conversation, ben).is_request
    with pytest.raises(MessageRefused, match="waits for an answer") as waiting:
        sent(conversation, ana, "Hello?")
    actions.decline(conversation=conversation, by=ben)
    with pytest.raises(MessageRefused) as declined:
        written(ana, ben, "Hello??")
    # Nobody learns from the words that they were declined.
    assert str(declined.value) == str(waiting.value)
    sent(conversation, ben, "After all: yes.")
    assert side(conversation, ben).is_open
    sent(conversation, ana, "Thank you.")


def test_so_many_strangers_a_day_are_written_to(monkeypatch):
    monkeypatch.setattr("community.actions.messages.writing.STRANGERS_A_DAY", 2)
    ana = UserFactory()
    friend = UserFactory()
    relations.follow(follower=friend, followed=ana)
    for _ in range(2):
        written(ana, UserFactory())
    with pytest.raises(MessageRefused, match="2 new people"):
        written(ana, UserFactory())
    written(ana, friend)


def test_only_ones_own_words_are_changed_and_only_for_five_minutes(people):
    ana, ben, conversation = people
    message = sent(conversation, ana, "Teh chair")
    with pytest.raises(MessageRefused, match="not yours"):
        actions.edit(message=message, by=ben, body="The chair")
    with pytest.raises(MessageRefused, match="not yours"):
        actions.delete(message=message, by=ben)
    DirectMessage.objects.filter(pk=message.pk).update(created_at=timezone.now() - timedelta(minutes=5))
    with pytest.raises(MessageRefused, match="five minutes"):
        actions.edit(message=message, by=ana, body="The chair")
    message.refresh_from_db()
    assert message.body == "Teh chair"
    assert message.edited_at is None


def test_who_was_blocked_does_not_reach_the_other_by_changing_what_they_wrote(people):
    ana, ben, conversation = people
    message = sent(conversation, ana)
    relations.block(blocker=ben, blocked=ana)
    with pytest.raises(MessageRefused):
        actions.edit(message=message, by=ana, body="Read this.")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.txt", b"", "empty"),
        ("run.exe", b"MZ", "kind"),
        ("page.html", b"<script>alert(1)</script>", "kind"),
        ("drawing.svg", b"<svg onload='alert(1)'/>", "kind"),
        ("no-suffix", b"x", "kind"),
        ("photo.png", b"<svg onload='alert(1)'/>", "unreadable"),
        ("photo.jpg", b"GIF89a" + b"<script>alert(1)</script>", "unreadable"),
    ],
)
def test_what_is_no_picture_and_no_file_of_our_trade_does_not_come_along(name, content, code):
    with pytest.raises(ValidationError) as error:
        prepared(SimpleUploadedFile(name, content))
    assert error.value.code == code


@pytest.mark.parametrize(
    ("table", "fields", "name"),
    [
        (Participant, {"standing": "friend"}, "participant_standing_known"),
        (DirectMessage, {"number": 0}, "message_number_counts_from_one"),
        (DirectMessage, {"deleted_at": timezone.now()}, "message_deleted_is_empty"),
        (DirectMessage, {"attachment_count": 6}, "message_attachments_bounded"),
    ],
)
def test_the_database_refuses_what_no_action_does(people, table, fields, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        table.objects.filter(pk=table.objects.first().pk).update(**fields)


def test_two_people_have_one_conversation(people):
    ana, ben, _ = people
    low, high = sorted((ana, ben), key=lambda person: person.pk)
    with pytest.raises(IntegrityError, match="conversation_once"), transaction.atomic():
        Conversation.objects.create(low=low, high=high)
    with pytest.raises(IntegrityError, match="conversation_of_two_in_order"), transaction.atomic():
        Conversation.objects.create(low=high, high=low)


# Written and counted


def test_messages_are_numbered_and_whoever_writes_has_read(people):
    ana, ben, conversation = people
    sent(conversation, ana, "One")
    sent(conversation, ana, "Two")
    assert list(conversation.messages.order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4]
    assert (side(conversation, ben).unread, side(conversation, ana).unread) == (2, 0)
    assert side(conversation, ana).last_read_number == 4
    assert unread_conversations(ben.pk) == 1
    sent(conversation, ben, "Three")
    assert (side(conversation, ben).unread, side(conversation, ana).unread) == (0, 1)


def test_the_same_form_sent_twice_is_one_message(people):
    ana, _, conversation = people
    key = uuid.uuid4()
    first = sent(conversation, ana, "Once", key=key)
    assert sent(conversation, ana, "Once", key=key) == first
    assert conversation.messages.filter(body="Once").count() == 1


def test_whom_the_other_follows_is_no_stranger():
    ana, ben = UserFactory(), UserFactory()
    relations.follow(follower=ben, followed=ana)
    assert side(written(ana, ben).conversation, ben).is_open
    assert rules.is_stranger(ben, ana)


def test_reading_goes_forward_only_and_never_beyond_what_is_there(people):
    ana, ben, conversation = people
    for text in ("One", "Two", "Three"):
        sent(conversation, ana, text)
    actions.mark_read(conversation=conversation, by=ben, number=4)
    assert side(conversation, ben).unread == 1
    actions.mark_read(conversation=conversation, by=ben, number=2)
    assert side(conversation, ben).last_read_number == 4
    actions.mark_read(conversation=conversation, by=ben, number=10**9)
    assert (side(conversation, ben).last_read_number, side(conversation, ben).unread) == (5, 0)


def test_a_deleted_message_leaves_its_place_and_is_not_counted(people, django_capture_on_commit_callbacks):
    ana, ben, conversation = people
    message = sent(conversation, ana, "Away with it", attachments=[prepared(picture())])
    stored = message.attachments.get().file.name
    with django_capture_on_commit_callbacks(execute=True):
        actions.delete(message=message, by=ana)
        actions.delete(message=message, by=ana)
    message.refresh_from_db()
    assert (message.body, message.attachments.count(), message.is_standing) == ("", 0, False)
    assert not storages["private"].exists(stored)
    assert side(conversation, ben).unread == 0
    assert not Notification.objects.filter(user=ben, kind="message").unread().exists()


def test_changed_words_say_so(people):
    ana, _, conversation = people
    message = sent(conversation, ana, "Teh chair")
    before = message.version
    changed = actions.edit(message=message, by=ana, body="The chair")
    assert (changed.body, changed.edited_at is not None) == ("The chair", True)
    assert changed.version != before


def test_a_picture_is_made_anew_and_a_file_stays_as_it_is(people):
    ana, _, conversation = people
    given = [
        prepared(picture("../../holiday \u202e.png")),
        prepared(SimpleUploadedFile("chair.blend", b"BLENDER")),
    ]
    message = sent(conversation, ana, "", attachments=given)
    first, second = message.files
    assert (first.kind, first.width, first.height) == ("picture", 300, 200)
    assert first.name == "holiday .webp"
    assert first.file.read(4) == b"RIFF"
    assert (second.kind, second.name, second.file.read()) == ("file", "chair.blend", b"BLENDER")


def test_nothing_stays_in_the_storage_where_a_message_was_refused(people):
    ana, _, conversation = people
    key = uuid.uuid4()
    sent(conversation, ana, "One", key=key)
    before = MessageAttachment.objects.count()
    again = sent(conversation, ana, "One", key=key, attachments=[prepared(picture())])
    assert again.attachments.count() == 0
    assert MessageAttachment.objects.count() == before


@pytest.mark.full
@pytest.mark.django_db(transaction=True)
def test_many_messages_at_once_have_each_a_number_of_their_own():
    ana, ben, conversation = two_who_talk()
    errors = []

    def write(person, text):
        try:
            sent(conversation, person, text)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=write, args=(person, f"{person.username} {count}"))
        for count in range(5)
        for person in (ana, ben)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    numbers = sorted(conversation.messages.values_list("number", flat=True))
    assert numbers == list(range(1, 13))
    unread = {person.pk: side(conversation, person).unread for person in (ana, ben)}
    for person in (ana, ben):
        mine = side(conversation, person)
        later = conversation.messages.exclude(sender=person).filter(number__gt=mine.last_read_number)
        assert unread[person.pk] == later.count()


@pytest.mark.django_db(transaction=True)
def test_two_who_write_to_each_other_first_in_the_same_moment_have_one_conversation():
    ana, ben = UserFactory(), UserFactory()
    errors = []

    def write(sender, recipient):
        try:
            written(sender, recipient)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=pair) for pair in ((ana, ben), (ben, ana))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    conversation = Conversation.objects.get()
    assert conversation.last_number == 2
    # Both wrote: it is nobody's request any more.
    assert set(conversation.participants.values_list("standing", flat=True)) == {"open"}


# Told


def test_what_is_unread_is_told_in_one_row_and_mailed_once(people):
    ana, ben, conversation = people
    Participant.objects.update(last_read_at=timezone.now() - timedelta(hours=1))
    OutgoingMail.objects.all().delete()
    Notification.objects.all().delete()
    for text in ("One", "Two"):
        sent(conversation, ana, text)
        Participant.objects.update(last_read_at=timezone.now() - timedelta(hours=1))
    row = Notification.objects.get(user=ben)
    assert (row.sentence, row.message) == ("Ana Ruiz wrote to you", "Two")
    assert row.link == conversation.get_absolute_url()
    mail = OutgoingMail.objects.get(recipient=ben)
    assert conversation.get_absolute_url() in mail.text
    actions.mark_read(conversation=conversation, by=ben, number=4)
    row.refresh_from_db()
    assert row.is_read


def test_who_talks_gets_no_mail_of_each_answer(people):
    ana, ben, conversation = people
    OutgoingMail.objects.all().delete()
    sent(conversation, ben, "I am here.")
    sent(conversation, ana, "So am I.")
    assert not OutgoingMail.objects.exists()


def test_a_muted_conversation_is_told_of_nowhere(people):
    ana, ben, conversation = people
    Notification.objects.all().delete()
    actions.mute(conversation=conversation, by=ben)
    sent(conversation, ana)
    assert not Notification.objects.filter(user=ben).exists()
    assert unread_conversations(ben.pk) == 0
    assert side(conversation, ben).unread == 1
    actions.unmute(conversation=conversation, by=ben)
    assert Participant.objects.of_person(ben).open().heard().unread().count() == 1


def test_a_request_is_told_as_one_and_does_not_stand_in_the_header():
    ana, ben = UserFactory(full_name="Ana Ruiz"), UserFactory()
    written(ana, ben, "May I?")
    assert Notification.objects.get(user=ben).sentence == "Ana Ruiz wants to write to you"
    assert unread_conversations(ben.pk) == 0
    assert Inbox(ben).counts == {"unread": 0, "requests": 1}


# Found


def test_a_search_finds_words_of_both_but_never_of_other_peoples_conversations(people):
    ana, ben, conversation = people
    sent(conversation, ana, "The **Wàlnut** finish, please")
    sent(conversation, ben, "Walnut it is")
    written(UserFactory(), UserFactory(), "Walnut, but not yours")
    found = Inbox(ana, query="walnut").found
    assert [hit.message.body for hit in found] == ["Walnut it is", "The **Wàlnut** finish, please"]
    assert "<mark>Walnut</mark>" in found[0].excerpt
    assert Inbox(ana, query="ben oduya").people[0].other == ben
    assert Inbox(UserFactory(), query="walnut").found == []


@pytest.mark.parametrize("query", ["", "\0", "' OR 1=1", "!!!", "a" * 500, "<script>", "&|:*", "🙂"])
def test_a_search_for_anything_is_an_answer(people, query):
    inbox = Inbox(people[0], query=query)
    assert inbox.found == []
    assert inbox.people == []


# Reported, copied, forgotten


def test_a_message_is_reported_with_what_stood_before_it_by_those_who_saw_it(people):
    ana, ben, conversation = people
    message = sent(conversation, ana, "Send me your password.")
    thing = reporting.find("message", message.report_id, user=ben)
    assert thing.owner == ana
    assert "Before, ben" in thing.snapshot
    assert "Reported, ana" in thing.snapshot
    assert reporting.find("message", message.report_id, user=UserFactory()) is None
    for wrong in ("", "x", "-", f"{conversation.public_id}-", f"{conversation.public_id}-99", "1-1"):
        assert reporting.find("message", wrong, user=ben) is None


def test_a_copy_has_what_the_person_wrote_and_not_what_they_were_sent(people):
    ana, _, conversation = people
    sent(conversation, ana, "Mine", attachments=[prepared(picture())])
    copied = export(ana)
    tables = {name: list(rows) for name, rows in copied.tables}
    assert [row["body"] for row in tables["messages"]] == ["Is the chair rigged?", "Mine"]
    assert tables["conversations"][0]["person"] == "ben"
    assert len(list(copied.files)) == 1
    assert "messages" in {keeper.name for keeper in personal_data.keepers()}


def test_who_goes_leaves_their_letters_but_no_name_and_no_request(people, django_capture_on_commit_callbacks):
    ana, ben, conversation = people
    sent(conversation, ben, "Thanks @Ana, and ana@example.com too")
    request = written(ana, UserFactory(), "", attachments=[prepared(picture())])
    stored = request.attachments.get().file.name
    with django_capture_on_commit_callbacks(execute=True):
        erase(ana)
        erase(ana)
    assert not Conversation.objects.filter(pk=request.conversation_id).exists()
    assert not storages["private"].exists(stored)
    assert conversation.messages.get(number=1).body == "Is the chair rigged?"
    assert "Thanks @deleted-account" in conversation.messages.get(number=3).body
    ana.anonymise()
    erase(ben)
    assert not Conversation.objects.exists()


def test_a_model_comes_along_and_its_title_stays_when_it_goes(people):
    ana, _, conversation = people
    model = Model3DFactory(listed=True, title="Walnut chest")
    message = sent(conversation, ana, "", model=model)
    DirectMessage.objects.filter(pk=message.pk).update(model=None)
    message.refresh_from_db()
    assert (message.model, message.model_title) == (None, "Walnut chest")
