"""Mails to ourselves."""

from types import SimpleNamespace

from core.mail_previews import Sample

CONTACT = {
    "recipient": None,
    "topic_label": "A purchase or refund",
    "name": "Cleo Marsh",
    "email": "cleo@example.com",
    "reference": "ORD-2026-000117",
    "message": "The download stops after a few seconds.\n\nI use Firefox on a Mac.",
    "user": SimpleNamespace(is_authenticated=True, username="cleo"),
}

SAMPLES = [Sample("pages/contact", lambda: CONTACT)]
