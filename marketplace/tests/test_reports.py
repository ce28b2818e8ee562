"""Report buttons: each leads to the form, and the form writes one row with what was reported."""

import pytest
from django.urls import reverse

from accounts.models import Report, UserProfile
from accounts.tests.factories import UserFactory
from marketplace.tests.factories import CollectionFactory, CommentFactory, Model3DFactory

pytestmark = pytest.mark.django_db

KINDS = ("model", "comment", "collection", "person")


def thing_of(kind: str):
    """What is reported, its owner, the page with the button, the id in the address, and words that the row keeps."""
    if kind == "model":
        model = Model3DFactory(listed=True, title="Stolen chair")
        return model, model.creator, model.get_absolute_url(), str(model.pk), "Stolen chair"
    if kind == "comment":
        comment = CommentFactory(body="Buy pills")
        return comment, comment.author, comment.model.get_absolute_url(), str(comment.pk), "Buy pills"
    if kind == "collection":
        collection = CollectionFactory(name="Hateful shelf")
        return (
            collection,
            collection.owner,
            collection.get_absolute_url(),
            str(collection.pk),
            "Hateful shelf",
        )
    person = UserFactory(bio="I sell what others made.")
    UserProfile.objects.create(user=person)
    return person, person, person.get_absolute_url(), person.username, "I sell what others made."


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_is_offered_to_report_their_own_and_nothing_comes_of_it(client, kind):
    _, owner, page, number, _ = thing_of(kind)
    address = reverse("accounts:report", args=[kind, number])
    client.force_login(owner)
    assert f'href="{address}"' not in client.get(page).content.decode()
    client.post(address, {"reason": "spam"})
    assert not Report.objects.exists()


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_there_cannot_be_reported(client, kind):
    client.force_login(UserFactory())
    for number in ("999999", "nobody", "9" * 40, "a%00b"):
        assert client.post(f"/report/{kind}/{number}/", {"reason": "spam"}).status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_the_button_on_the_page_leads_to_a_row_with_what_was_seen(client, kind):
    thing, owner, page, number, words = thing_of(kind)
    reporter = UserFactory()
    client.force_login(reporter)
    address = reverse("accounts:report", args=[kind, number])
    assert f'href="{address}"' in client.get(page).content.decode()
    assert client.get(address).status_code == 200
    for _ in range(2):
        client.post(address, {"reason": "spam", "note": "Look at it."})
    row = Report.objects.get()
    assert (row.reporter, row.owner) == (reporter, owner)
    assert row.content_type.get_object_for_this_type(pk=row.object_id) == thing
    assert (row.reason, row.note) == ("spam", "Look at it.")
    assert words in row.snapshot
    assert row.link.startswith("/")
