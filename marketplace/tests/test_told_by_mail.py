"""What is told by mail as well, how the mail says to end it, and that it then ends."""

from collections.abc import Callable
from functools import partial

import pytest
from django.conf import settings
from django.test import Client

from accounts.actions import relations
from accounts.models import User
from accounts.notifications import notify
from accounts.preferences import channels_of
from accounts.tests.factories import UserFactory
from core.mail import send
from core.mail_delivery import deliver
from core.models import OutgoingMail
from core.tests.smtp import SmtpServer
from marketplace.actions import comments, review
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def smtp(settings):
    server = SmtpServer()
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    yield server
    server.stop()


def followed() -> User:
    person = UserFactory()
    relations.follow(follower=UserFactory(), followed=person)
    return person


def commented(body: str) -> User:
    """Returns whom the comment is told by mail: who is mentioned, else the creator."""
    model, mentioned = Model3DFactory(listed=True), UserFactory(username="ana")
    comments.post(model=model, author=UserFactory(), body=body)
    return mentioned if "@ana" in body else model.creator


def decided(decide: Callable) -> User:
    model = Model3DFactory(pending=True)
    decide(model=model, by=UserFactory(moderator=True))
    return model.creator


EVENTS = {
    "accounts/new_follower": followed,
    "marketplace/comment": partial(commented, "Fine."),
    "marketplace/mention": partial(commented, "Look, @ana"),
    "marketplace/model_approved": partial(decided, review.approve),
    "marketplace/model_rejected": partial(
        decided, partial(review.reject, reason="quality", note="It has holes.")
    ),
}


@pytest.mark.parametrize("kind", EVENTS)
def test_each_kind_is_mailed_and_ends_by_one_press_without_a_cookie(smtp, kind):
    person = EVENTS[kind]()
    mail = OutgoingMail.objects.get(kind=kind, recipient=person)
    deliver(mail.pk)
    headers = smtp.mails[0]
    # So long a header is folded.
    assert headers["List-Unsubscribe"].strip() == f"<{mail.unsubscribe_url}>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = mail.unsubscribe_url.removeprefix(settings.SITE_URL.rstrip("/"))
    Client(enforce_csrf_checks=True).post(address, {"List-Unsubscribe": "One-Click"})
    told = person.notifications.get()
    assert channels_of(person, told.kind) == (True, False)
    write = partial(send, kind="accounts/welcome", to=person)
    assert notify(user=person, kind=told.kind, title="again", mail=write) is not None
    assert not OutgoingMail.objects.filter(kind="accounts/welcome").exists()
