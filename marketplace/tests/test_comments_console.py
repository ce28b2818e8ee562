"""Comments in the console: moderators take them down with a reason and put them back, whatever they are about."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from accounts.models import Activity, Notification
from accounts.tests.factories import UserFactory
from core.models import AuditEntry
from marketplace.actions import comments
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db

WORDS = "Buy cheap watches elsewhere."


def deed(name: str, comment) -> str:
    return reverse(f"admin:marketplace_modelcomment_{name}", args=[comment.pk])


def in_role(name: str):
    person = UserFactory(staff=True)
    person.groups.add(Group.objects.get(name=name))
    return person


@pytest.fixture
def comment():
    return comments.post(model=Model3DFactory(listed=True), author=UserFactory(), body=WORDS)


def test_support_and_visitors_take_down_nothing(client, comment):
    listed = reverse("admin:marketplace_modelcomment_changelist")
    assert client.get(listed).status_code == 302
    client.force_login(in_role("Support agents"))
    assert client.get(listed).status_code == 403
    sent = {"reason": "x", "_form_submitted": "on"}
    assert client.post(deed("take_down", comment), sent).status_code == 403
    comment.refresh_from_db()
    assert comment.is_standing


def test_a_moderator_takes_it_down_and_puts_it_back(client, comment):
    client.force_login(in_role("Moderators"))
    listed = client.get(reverse("admin:marketplace_modelcomment_changelist"), {"q": "watches"})
    assert WORDS in listed.text
    assert "Take down" in client.get(deed("change", comment)).text
    client.post(deed("take_down", comment), {"reason": "", "_form_submitted": "on"})
    comment.refresh_from_db()
    assert comment.is_standing
    client.post(deed("take_down", comment), {"reason": "Advertising.", "_form_submitted": "on"})
    comment.refresh_from_db()
    assert comment.is_removed
    assert not Activity.objects.filter(actor=comment.author).exists()
    told = Notification.objects.get(user=comment.author)
    assert (told.kind, told.message) == ("account", "Advertising.")
    page = client.get(comment.model.get_absolute_url()).text
    assert WORDS not in page and "taken down by the moderators" in page
    client.post(deed("put_back", comment), {"_form_submitted": "on"})
    assert WORDS in client.get(comment.model.get_absolute_url()).text
    actions = AuditEntry.objects.filter(action__startswith="comment.").order_by("pk")
    assert [entry.action for entry in actions] == ["comment.take_down", "comment.put_back"]
