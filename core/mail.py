"""The outbox's front door: whoever wants to write to somebody calls `send`, inside the transaction it belongs to."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import transaction
from django.template import Context
from django.template.loader import select_template
from django.utils import translation

from core.mail_html import with_inline_styles
from core.models import OutgoingMail
from core.tasks import queue_mail

_unsubscribe_url: ContextVar[str] = ContextVar("unsubscribe_url", default="")


@contextmanager
def unsubscribable(url: str) -> Iterator[None]:
    """Mails written inside the block can be ended by one press, at `url`; in their foot and in their headers."""
    token = _unsubscribe_url.set(url)
    try:
        yield
    finally:
        _unsubscribe_url.reset(token)


_LONGEST_SUBJECT = OutgoingMail._meta.get_field("subject").max_length


def send(
    *, kind: str, to, context: dict | None = None, dedupe_key: str | None = None, language: str = ""
) -> OutgoingMail:
    """Render a mail and put it into the outbox; it leaves when the caller's transaction commits, and never before.

    Args:
        kind: `<folder>/<name>`: the templates are `<folder>/email/<name>.subject.txt`, `.txt` and `.html`.
        to: a person (their current address is used and known to the templates as `recipient`) or a bare address.
        context: what the templates need besides SITE_NAME, SITE_URL, CONTACT_EMAIL, CURRENCY and `recipient`.
        dedupe_key: names the event; a second mail with the same key is not written, the first is returned.
        language: which translation it is written in, the site's language unless given (see `render`).

    Raises:
        TemplateDoesNotExist: one of the three templates is missing.
        ValueError: the person has no address.
    """
    recipient = None if isinstance(to, str) else to
    address = to if recipient is None else recipient.email
    if not address:
        raise ValueError(f"{to!r} has no e-mail address.")
    if dedupe_key is not None:
        known = OutgoingMail.objects.filter(dedupe_key=dedupe_key).first()
        if known is not None:
            return known
    fields = {
        "kind": kind,
        "to_address": address,
        "recipient": recipient,
        "unsubscribe_url": _unsubscribe_url.get(),
        **render(
            kind,
            {
                **(context or {}),
                "recipient": recipient,
                "to_address": address,
                "unsubscribe_url": _unsubscribe_url.get(),
            },
            language=language,
        ),
    }
    if dedupe_key is None:
        mail, created = OutgoingMail.objects.create(**fields), True
    else:
        mail, created = OutgoingMail.objects.get_or_create(dedupe_key=dedupe_key, defaults=fields)
    if created:
        # Should the broker be away, the mail is not lost: beat queues what is due.
        transaction.on_commit(lambda: queue_mail(mail), robust=True)
    return mail


def render(kind: str, context: dict, *, language: str = "") -> dict[str, str]:
    """Subject, text and HTML of a mail; text parts are not HTML-escaped, and a subject is always one line.

    A translated mail is a set of templates of its own, `<folder>/email/<language>/<name>.…`, since letters are not
    translated sentence by sentence; where there is none, the mail is in English. The frame around it, dates and numbers
    follow the language too.
    """
    language = language or settings.LANGUAGE_CODE
    with translation.override(language):
        values = {
            "SITE_NAME": settings.SITE_NAME,
            "SITE_URL": settings.SITE_URL.rstrip("/"),
            "CONTACT_EMAIL": settings.CONTACT_EMAIL,
            "CURRENCY": settings.CURRENCY,
            "MAIL_IMPRINT": imprint(),
            "LANGUAGE_CODE": language,
            **context,
        }
        subject = " ".join(_plain(_template(kind, "subject.txt", language), values).split())
        values["subject"] = subject
        return {
            "subject": subject[:_LONGEST_SUBJECT],
            "text": _plain(_template(kind, "txt", language), values).strip() + "\n",
            "html": with_inline_styles(_template(kind, "html", language).render(values).strip()),
        }


def imprint() -> str:
    """Who writes, on one line, as the law of many countries wants it below every letter; empty without an address."""
    lines = [line.strip() for line in settings.COMPANY_ADDRESS.split(";") if line.strip()]
    return ", ".join([settings.COMPANY_NAME, *lines]) if lines else ""


def _template(kind: str, part: str, language: str):
    """In this language, in the one that it is a variety of (`pt-br` of `pt`), or as it was written first."""
    folder, _, name = kind.partition("/")
    varieties = [f"{variety}/" for variety in dict.fromkeys([language, language.partition("-")[0]])]
    return select_template([f"{folder}/email/{variety}{name}.{part}" for variety in [*varieties, ""]])


def _plain(template, values: dict) -> str:
    return template.template.render(Context(values, autoescape=False))
