"""Comments on bounties that break the rules: taken down with a reason, put back, counted as they stand."""

import pytest
from django.urls import reverse

from accounts.models import Notification
from accounts.tests.factories import UserFactory
from commerce.actions.bounties.comments import delete, post, put_back, take_down
from commerce.models import BountyComment
from commerce.tests.bounty_factories import open_bounty
from commerce.tests.test_bounties_admin import SUBMITTED, deed, in_role
from core.models import AuditEntry
from marketplace.exceptions import CommentRefused

pytestmark = pytest.mark.django_db
WORDS = "Buy cheap watches elsewhere."


@pytest.fixture
def comment():
    return post(bounty=open_bounty(), author=UserFactory(), body=WORDS)


def test_support_may_take_no_comment_down_and_a_visitor_sees_no_console(comment, client):
    assert client.get(reverse("admin:commerce_bountycomment_changelist")).status_code == 302
    client.force_login(in_role("Support agents"))
    assert client.get(reverse("admin:commerce_bountycomment_changelist")).status_code == 403
    answer = client.post(deed("bountycomment", "take_down", comment), {"reason": "x", **SUBMITTED})
    assert answer.status_code == 403 and BountyComment.objects.get().is_standing


def test_nothing_is_taken_down_without_a_reason(comment, client):
    with pytest.raises(CommentRefused, match="Say why"):
        take_down(comment=comment, by=UserFactory(), reason=" ")
    client.force_login(in_role("Moderators"))
    client.post(deed("bountycomment", "take_down", comment), {"reason": "", **SUBMITTED})
    assert BountyComment.objects.get().is_standing


def test_a_moderator_takes_it_down_and_puts_it_back(comment, client):
    answer = post(bounty=comment.bounty, author=UserFactory(), body="I agree.", parent=comment)
    client.force_login(in_role("Moderators"))
    for page in ("changelist", "change"):
        args = [comment.pk] if page == "change" else []
        assert client.get(reverse(f"admin:commerce_bountycomment_{page}", args=args)).status_code == 200
    client.post(deed("bountycomment", "take_down", comment), {"reason": "Advertising.", **SUBMITTED})
    comment.refresh_from_db()
    assert comment.is_removed and comment.removal_reason == "Advertising."
    comment.bounty.refresh_from_db()
    assert comment.bounty.comments_count == 1
    page = client.get(comment.bounty.get_absolute_url()).text
    assert WORDS not in page and "taken down by the moderators" in page and answer.body in page
    client.post(deed("bountycomment", "put_back", comment), SUBMITTED)
    comment.bounty.refresh_from_db()
    assert comment.bounty.comments_count == 2
    assert WORDS in client.get(comment.bounty.get_absolute_url()).text
    actions = AuditEntry.objects.filter(action__startswith="bounty_comment.").order_by("pk")
    assert [entry.action for entry in actions] == ["bounty_comment.take_down", "bounty_comment.put_back"]


def test_its_author_reads_why(comment):
    take_down(comment=comment, by=UserFactory(), reason="Advertising.")
    told = Notification.objects.get(user=comment.author, kind=Notification.Kind.ACCOUNT)
    assert "taken down" in told.title and told.message == "Advertising."


def test_it_counts_once_whatever_is_done_twice_or_in_between(comment):
    agent = UserFactory()
    post(bounty=comment.bounty, author=UserFactory(), body="I agree.", parent=comment)
    assert take_down(comment=comment, by=agent, reason="Advertising.")
    assert not take_down(comment=comment, by=agent, reason="Advertising.")
    delete(comment=comment)
    assert put_back(comment=comment, by=agent)
    assert not put_back(comment=comment, by=agent)
    comment.bounty.refresh_from_db()
    assert comment.bounty.comments_count == 1 == BountyComment.objects.standing().count()


def test_one_that_was_taken_down_can_neither_be_reported_nor_answered(comment, client):
    take_down(comment=comment, by=UserFactory(), reason="Advertising.")
    person = UserFactory()
    client.force_login(person)
    assert client.get(reverse("accounts:report", args=["bounty-comment", comment.pk])).status_code == 404
    with pytest.raises(CommentRefused):
        post(bounty=comment.bounty, author=person, body="What?", parent=comment)
