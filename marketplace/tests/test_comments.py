"""Comments on models: who may write, who is told, what is counted, what is shown."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Notification, Report, UserBlock
from accounts.tests.factories import UserFactory
from core.models import OutgoingMail
from marketplace.actions import comments
from marketplace.exceptions import CommentRefused
from marketplace.models import Model3D, ModelComment
from marketplace.tests.factories import CommentFactory, Model3DFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def model():
    return Model3DFactory(listed=True, title="Oak chair")


@pytest.fixture
def person(client):
    person = UserFactory(full_name="Ana Silva")
    client.force_login(person)
    return person


def address(model):
    return reverse("marketplace:comments", args=[model.pk])


# Refused


def test_a_visitor_cannot_write(client, model):
    assert client.post(address(model), {"body": "Hello"}).url.startswith(reverse("account_login"))
    assert not ModelComment.objects.exists()


def test_whom_the_creator_has_blocked_cannot_comment_and_is_told_so(client, model, person):
    UserBlock.objects.create(blocker=model.creator, blocked=person)
    answer = client.post(address(model), {"body": "Hello"})
    assert answer.status_code == 422
    assert "You cannot comment on this creator’s models." in answer.content.decode()
    assert not ModelComment.objects.exists()


def test_a_draft_takes_no_comments():
    with pytest.raises(CommentRefused):
        comments.post(model=Model3DFactory(with_file=True), author=UserFactory(), body="Hello")


def test_nobody_answers_a_comment_that_was_deleted_or_is_of_another_model(client, model, person):
    other = CommentFactory()
    assert client.post(address(model), {"body": "Hello", "parent": other.pk}).status_code == 404
    gone = CommentFactory(model=model)
    CommentFactory(model=model, parent=gone, root=gone, depth=1)
    comments.delete(comment=gone)
    assert client.post(address(model), {"body": "Hello", "parent": gone.pk}).status_code == 422


def test_nobody_changes_or_deletes_what_somebody_else_wrote(client, model, person):
    comment = CommentFactory(model=model)
    place = reverse("marketplace:comment", args=[model.pk, comment.pk])
    for data in ({"body": "Mine now"}, {"_method": "delete"}):
        assert client.post(place, data).status_code == 403
    assert ModelComment.objects.get().body == comment.body


@pytest.mark.parametrize(
    ("body", "sentence"),
    [("", "Write something first."), ("x" * 10_001, "at most 10000 characters; yours has 10001")],
)
def test_too_little_and_too_much_is_said_beside_the_field_and_nothing_is_lost(
    client, model, person, body, sentence
):
    answer = client.post(address(model), {"body": body})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert body[:200] in answer.content.decode()


def test_an_answer_that_was_refused_comes_back_as_an_answer(client, model, person):
    first = CommentFactory(model=model)
    page = client.post(address(model), {"body": "", "parent": first.pk}).content.decode()
    form = page.split('id="new-comment"')[0].rsplit("<form", 1)[1]
    assert f'name="parent" value="{first.pk}"' in form
    assert "Your answer" in form


def test_who_writes_all_the_time_has_to_wait(client, model, person):
    answers = [client.post(address(model), {"body": f"Word {number}"}).status_code for number in range(31)]
    assert answers == [302] * 30 + [429]


# Written


def test_a_comment_is_counted_shown_and_told_to_the_creator(client, model, person):
    answer = client.post(address(model), {"body": "What **fine** wood.\r\nReally."})
    comment = ModelComment.objects.get()
    assert answer.url == comment.get_absolute_url()
    assert comment.body == "What **fine** wood.\nReally."
    assert Model3D.objects.get(pk=model.pk).comments_count == 1
    page = client.get(model.get_absolute_url()).content.decode()
    assert "What <strong>fine</strong> wood." in page
    told = model.creator.notifications.get()
    assert (told.kind, told.sentence) == (Notification.Kind.COMMENT, "Ana Silva commented on “Oak chair”")
    mail = OutgoingMail.objects.get(kind="marketplace/comment")
    assert mail.to_address == model.creator.email
    assert "What fine wood." in mail.text


def test_hostile_markup_is_shown_as_text_and_links_pass_nothing_on(client, model, person):
    client.post(address(model), {"body": "<script>alert(1)</script> [x](https://spam.example.com)"})
    page = client.get(address(model)).content.decode()
    assert "<script>alert(1)" not in page
    assert 'rel="nofollow ugc noopener"' in page


def test_an_answer_is_told_to_whom_it_answers_and_a_mention_to_who_is_mentioned(model):
    first = comments.post(model=model, author=UserFactory(), body="Which wood?")
    bob = UserFactory(username="bob")
    comments.post(model=model, author=model.creator, body="Oak. Right, @Bob and @nobody?", parent=first)
    assert [row.kind for row in first.author.notifications.all()] == [Notification.Kind.ANSWER]
    assert [row.kind for row in bob.notifications.all()] == [Notification.Kind.MENTION]


def test_answers_go_no_deeper_than_three(model):
    comment = comments.post(model=model, author=UserFactory(), body="0")
    for number in range(1, 6):
        comment = comments.post(model=model, author=UserFactory(), body=str(number), parent=comment)
    assert max(ModelComment.objects.values_list("depth", flat=True)) == 3


def test_the_address_of_an_answer_leads_to_the_page_of_its_thread_on_which_it_stands(client, model):
    first = CommentFactory(model=model)
    answers = CommentFactory.create_batch(120, model=model, parent=first, root=first, depth=1)
    for answer in (answers[0], answers[49], answers[50], answers[119]):
        place, _, anchor = answer.get_absolute_url().partition("#")
        assert f'id="{anchor}"' in client.get(place).content.decode()
    thread = reverse("marketplace:comment", args=[model.pk, first.pk])
    last = f'id="comment-{answers[119].pk}"'
    for nothing in ("999999", "x", "-1", "9" * 30, str(first.pk)):
        page = client.get(thread, {"answer": nothing}).content.decode()
        assert f'id="comment-{answers[0].pk}"' in page and last not in page
    assert last in client.get(thread, {"answer": answers[0].pk, "page": "3"}).content.decode()


def test_a_mention_becomes_a_link_only_where_there_is_such_a_person(client, model):
    UserFactory(username="Bob")
    CommentFactory(model=model, body="@bob and @nobody")
    page = client.get(address(model)).content.decode()
    assert '<a href="/profile/Bob/" rel="nofollow ugc noopener">@bob</a> and @nobody' in page


def test_a_very_long_comment_is_cut_off_until_its_reader_wants_all_of_it(client, model):
    short, long = CommentFactory(model=model), CommentFactory(model=model, body="word " * 2000)
    page = client.get(address(model)).content.decode()
    assert f'id="all-of-{long.pk}"' in page
    assert f'id="all-of-{short.pk}"' not in page


# Changed


def test_other_words_are_marked_as_edited(client, model, person):
    comment = CommentFactory(model=model, author=person)
    place = reverse("marketplace:comment", args=[model.pk, comment.pk])
    assert client.post(place, {"body": "Better words"}).status_code == 302
    comment.refresh_from_db()
    assert comment.body == "Better words"
    assert comment.edited_at is not None


def test_a_deleted_comment_keeps_its_place_while_it_is_answered_and_then_goes(model):
    first = comments.post(model=model, author=UserFactory(), body="Secret words")
    answer = comments.post(model=model, author=UserFactory(), body="Answer", parent=first)
    comments.delete(comment=first)
    kept = ModelComment.objects.get(pk=first.pk)
    assert (kept.body, kept.is_standing) == ("", False)
    assert Model3D.objects.get(pk=model.pk).comments_count == 1
    comments.delete(comment=answer)
    assert not ModelComment.objects.exists()
    assert Model3D.objects.get(pk=model.pk).comments_count == 0


def test_a_comment_is_liked_once_and_the_like_taken_back(client, model, person):
    comment = CommentFactory(model=model)
    place = reverse("marketplace:like_comment", args=[model.pk, comment.pk])
    for _ in range(2):
        client.post(place)
    assert ModelComment.objects.get().likes == 1
    client.post(place, {"_method": "delete"})
    assert ModelComment.objects.get().likes == 0


def test_a_comment_is_reported_once_with_its_words(client, model, person):
    comment = CommentFactory(model=model, body="Buy pills")
    place = reverse("accounts:report", args=["comment", comment.pk])
    assert client.post(place, {}).status_code == 422
    for _ in range(2):
        client.post(place, {"reason": "spam", "note": "It is."})
    report = Report.objects.get()
    assert (report.snapshot, report.reporter, report.owner) == ("Buy pills", person, comment.author)
    assert "You have reported this." in client.get(place).content.decode()


def test_nobody_reports_their_own(client, person):
    comment = CommentFactory(author=person)
    client.post(reverse("accounts:report", args=["comment", comment.pk]), {"reason": "spam"})
    assert not Report.objects.exists()


def test_the_page_asks_the_same_number_of_queries_however_many_comments_there_are(client, model, person):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(address(model)).status_code == 200
        return len(asked)

    def talk():
        for _ in range(3):
            first = CommentFactory(model=model, body="@bob?")
            CommentFactory.create_batch(7, model=model, parent=first, root=first, depth=1)

    talk()
    queries()
    few = queries()
    talk()
    assert queries() == few
    assert few <= 12
