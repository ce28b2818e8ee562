"""Communities in the console."""

import pytest
from django.urls import reverse

from accounts.tests.factories import UserFactory
from community.tests.factories import CommunityFactory, PostCommentFactory

pytestmark = pytest.mark.django_db

PERMISSIONS = ["community.view_community", "community.moderate_community"]


def decide(client, community, name, **data):
    address = reverse(f"admin:community_community_{name}", args=[community.pk])
    return client.post(address, {"_form_submitted": "on", **data})


def test_somebody_without_the_permission_decides_nothing(client):
    community = CommunityFactory(pending=True)
    client.force_login(UserFactory(staff=True, permissions=["community.view_community"]))
    decide(client, community, "approve")
    community.refresh_from_db()
    assert community.state == "pending"


def test_the_queue_is_worked_off_from_its_pages(client):
    community = CommunityFactory(pending=True)
    client.force_login(UserFactory(staff=True, permissions=PERMISSIONS))
    listed = client.get(reverse("admin:community_community_changelist"), {"state__exact": "pending"})
    assert community.name in listed.content.decode()
    shown = client.get(reverse("admin:community_community_change", args=[community.pk]))
    assert "Approve" in shown.content.decode()
    decide(client, community, "decline", note="")
    community.refresh_from_db()
    assert community.state == "pending"
    decide(client, community, "decline", note="Say who it is for.")
    community.refresh_from_db()
    assert community.state == "suspended"
    for name, state in (("restore", "active"), ("suspend", "suspended")):
        decide(client, community, name, note="Spam.")
        community.refresh_from_db()
        assert community.state == state


def test_comments_are_taken_down_by_who_moderates_communities(client):
    comment = PostCommentFactory(body="Buy my watches.")
    reads = UserFactory(staff=True, permissions=["community.view_postcomment"])
    moderates = UserFactory(staff=True, permissions=[*PERMISSIONS, "community.view_postcomment"])
    address = reverse("admin:community_postcomment_take_down", args=[comment.pk])
    for person, is_down in ((reads, False), (moderates, True)):
        client.force_login(person)
        assert "Buy my watches." in client.get(reverse("admin:community_postcomment_changelist")).text
        client.post(address, {"_form_submitted": "on", "reason": "Advertising."})
        comment.refresh_from_db()
        assert comment.is_removed is is_down
