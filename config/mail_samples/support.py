"""Mails of the people behind the site."""

from types import SimpleNamespace

from config.mail_samples.people import BEN, SITE
from core.mail_previews import Sample
from core.markdown import render_markdown

WORDS = (
    "Hello Ana,\n\nmodels can be **seen in your room** now: open one on your phone and press “View in your space”.\n\n"
    "- No app is needed.\n- Sizes are those that were measured.\n\n[See how it works](https://example.com/help/ar/)"
)


def _campaign() -> dict:
    return {
        "recipient": None,
        "heading": "Your models in your own room",
        "preheader": "Without an app, at the size they have.",
        "body_text": WORDS,
        "body_html": render_markdown(WORDS),
    }


def _decision() -> dict:
    letter = SimpleNamespace(
        headline="“Walnut lounge chair” was hidden",
        line="A moderator has looked at it after several reports.",
        facts=[("Why", "Copyright"), ("What the moderator says", "The mesh is that of another model here.")],
        sentences=["You can object until 18 May 2026; somebody else hears it."],
        label="Look at the decision",
    )
    return {"letter": letter, "url": f"{SITE}/decisions/made-up/"}


def _ticket(happened: str, text: str = "") -> dict:
    ticket = SimpleNamespace(number="2F9A60C1", subject="A wrong receipt")
    said = {"hours": 24, "agent": BEN, "text": text}
    return {"ticket": ticket, "happened": happened, "url": "/support/tickets/made-up/", **said}


SAMPLES = [
    Sample("support/campaign", _campaign, can_end=True),
    Sample("support/decision", _decision, "to its owner"),
    Sample(
        "support/decision",
        lambda: _decision() | {"recipient": None, "name": "Cleo Marsh"},
        "to who has no account",
    ),
    Sample("support/ticket_update", lambda: _ticket("opened"), "opened"),
    Sample("support/ticket_update", lambda: _ticket("answered", "The receipt is right now."), "answered"),
    Sample("support/ticket_update", lambda: _ticket("resolved"), "resolved"),
]
