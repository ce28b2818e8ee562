"""Mails of the people behind the site."""

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


SAMPLES = [Sample("support/campaign", _campaign, can_end=True)]
