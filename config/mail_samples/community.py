"""Mails of communities and of conversations."""

from types import SimpleNamespace

from config.mail_samples.people import BEN, SITE
from core.mail_previews import Sample

MESSAGE = {
    "actor": BEN,
    "text": "Hello Ana, would you make the chair in a version without arms?",
    "url": "/dashboard/messages/made-up/",
}
NEWS = {
    "headline": "Ben Okafor answered your post",
    "line": "“Wood that looks like wood”: I bake the grain at twice the size and scale it down.",
    "url": f"{SITE}/community/1/posts/1/",
    "community": SimpleNamespace(name="Furniture makers"),
}

SAMPLES = [
    Sample("community/message", lambda: MESSAGE | {"is_request": False}, "of somebody known", can_end=True),
    Sample("community/message", lambda: MESSAGE | {"is_request": True}, "of a stranger", can_end=True),
    Sample("community/news", lambda: NEWS, can_end=True),
]
