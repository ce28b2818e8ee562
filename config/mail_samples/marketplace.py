"""Mails about models."""

from types import SimpleNamespace

from config.mail_samples.people import BEN, MODEL
from core.mail_previews import Sample

SAID = {
    "actor": BEN,
    "title": MODEL.title,
    "text": "Which bevel did you use on the arms? They catch the light so well.",
    "url": "/model/1/#comment-7",
}
REVIEW = SimpleNamespace(
    get_reason_display="The geometry has errors",
    note="The left arm is not closed: 214 open edges.\n\nThe page of your model shows where.",
)
REJECTED = {"model": MODEL, "review": REVIEW}
FOUND = {
    "models": "5 new models",
    "name": "Oak chairs under $20",
    "titles": ["Oak kitchen chair", "Carved oak armchair", "Child’s chair in oak"],
    "others": 2,
    "url": "/dashboard/searches/1/",
}

SAMPLES = [
    Sample(
        "marketplace/model_approved",
        lambda: {"model": MODEL, "where": "It is on the marketplace now."},
        can_end=True,
    ),
    Sample("marketplace/model_rejected", lambda: REJECTED, can_end=True),
    Sample("marketplace/version_approved", lambda: {"model": MODEL}, can_end=True),
    Sample("marketplace/version_rejected", lambda: REJECTED, can_end=True),
    Sample("marketplace/comment", lambda: SAID, can_end=True),
    Sample("marketplace/answer", lambda: SAID, can_end=True),
    Sample("marketplace/mention", lambda: SAID, can_end=True),
    Sample("marketplace/saved_search", lambda: FOUND, can_end=True),
]
