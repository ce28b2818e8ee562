"""Rows: bounties, applications, work and comments."""

from datetime import timedelta

from django.utils import timezone

from commerce.tests.permissions.buying import DELETE
from commerce.tests.permissions.cells import (
    ADMIN,
    BUYER,
    MODERATOR,
    SELLER,
    SUPPORT,
    Row,
    everybody,
    only,
    signed_in,
)
from commerce.tests.test_bounty_pages import form

# Those who moderate bounties or decide about them see every one.
SEE_ALL = (SUPPORT, MODERATOR, ADMIN)
BILLING = {"name": "Ana Ruiz", "email": "ana@example.com", "country": "ES", "method": "card", "terms": "on"}


def _brief(world, client) -> dict:
    return form()


def _later(world, client) -> dict:
    return {"deadline": (timezone.now() + timedelta(days=20)).date().isoformat()}


def _spare(world, client) -> dict:
    return {"model": world.values["spare"]}


def _seen(world, client) -> dict:
    return {"seen": world.values["seen"]}


BROWSING = [
    Row("commerce:bounties", everybody(), is_public=True),
    Row("commerce:bounty", everybody(), about="open_bounty", is_public=True),
    Row("commerce:bounty", only(BUYER, *SEE_ALL, visitor=404), about="hidden_bounty"),
    Row("commerce:my_bounties", signed_in()),
    Row("commerce:my_bounty_applications", signed_in()),
]

POSTING = [
    Row("commerce:new_bounty", signed_in()),
    Row("commerce:new_bounty", signed_in(302), "post", data=_brief),
    Row("commerce:edit_bounty", only(BUYER), about="hidden_bounty"),
    Row("commerce:edit_bounty", only(BUYER, outcome=302), "post", about="hidden_bounty", data=_brief),
    Row("commerce:bounty_picture", only(BUYER, outcome=302), "delete", about="hidden_picture"),
    Row("commerce:bounty_picture", only(BUYER, outcome=302), "post", about="hidden_picture", data=DELETE),
    Row("commerce:bounty_picture", only(BUYER, outcome=405), "post", about="hidden_picture"),
    Row("commerce:pay_bounty", only(BUYER), about="hidden_bounty"),
    Row("commerce:pay_bounty", only(BUYER, outcome=302), "post", about="hidden_bounty", data=BILLING),
    Row("commerce:bounty_deadline", only(BUYER), about="open_bounty"),
    Row("commerce:bounty_deadline", only(BUYER, outcome=302), "post", about="open_bounty", data=_later),
    Row("commerce:cancel_bounty", only(BUYER), about="open_bounty"),
    Row("commerce:cancel_bounty", only(BUYER, outcome=302), "post", about="hidden_bounty"),
]

WORKING = [
    # Its poster is told that it is their own.
    Row(
        "commerce:bounty_application",
        signed_in(302, buyer=422),
        "post",
        about="open_bounty",
        data={"message": "In brass, in a week."},
    ),
    # Those who see it although it is hidden are told that it takes no work; for others there is none.
    Row(
        "commerce:bounty_application",
        only(BUYER, *SEE_ALL, outcome=422),
        "post",
        about="hidden_bounty",
        data={"message": "In brass, in a week."},
    ),
    Row("commerce:bounty_application", only(SELLER, outcome=302), "delete", about="open_bounty"),
    Row("commerce:decline_bounty_application", only(BUYER, outcome=302), "post", about="application"),
    # For those who have applied.
    Row("commerce:bounty_submissions", only(SELLER), about="open_bounty"),
    Row("commerce:bounty_submissions", only(SELLER, outcome=302), "post", about="open_bounty", data=_spare),
    Row("commerce:bounty_submission", only(BUYER, SELLER, *SEE_ALL), about="submission"),
    # Who may look at work does not take it back.
    Row(
        "commerce:bounty_submission",
        only(BUYER, *SEE_ALL, outcome=403, seller=302),
        "delete",
        about="submission",
    ),
    Row(
        "commerce:bounty_submission",
        only(BUYER, SELLER, *SEE_ALL, outcome=405),
        "post",
        about="submission",
    ),
    Row("commerce:bounty_submission_preview", only(BUYER, SELLER, *SEE_ALL), about="submission"),
    # Staff decides in the console, where it is recorded; its maker does not decide at all.
    Row("commerce:award_bounty", only(SELLER, *SEE_ALL, outcome=403, buyer=200), about="submission"),
    Row(
        "commerce:award_bounty",
        only(SELLER, *SEE_ALL, outcome=403, buyer=302),
        "post",
        about="submission",
        data=_seen,
    ),
]

TALKING = [
    Row("commerce:bounty_comments", everybody(), about="open_bounty", is_public=True),
    Row("commerce:bounty_comments", only(BUYER, *SEE_ALL, visitor=404), about="hidden_bounty"),
    Row("commerce:bounty_comments", signed_in(302), "post", about="open_bounty", data={"body": "By when?"}),
    Row(
        "commerce:bounty_comments",
        only(BUYER, *SEE_ALL, outcome=422),
        "post",
        about="hidden_bounty",
        data={"body": "By when?"},
    ),
    Row("commerce:bounty_comment", everybody(), about="comment", is_public=True),
    Row("commerce:bounty_comment", only(BUYER, *SEE_ALL, visitor=404), about="hidden_comment"),
    Row(
        "commerce:bounty_comment", signed_in(403, buyer=302), "post", about="comment", data={"body": "Steel?"}
    ),
    Row("commerce:bounty_comment", signed_in(403, buyer=302), "delete", about="comment"),
    Row("commerce:bounty_comment", only(*SEE_ALL, outcome=403, buyer=302), "delete", about="hidden_comment"),
    Row("commerce:edit_bounty_comment", signed_in(403, buyer=200), about="comment"),
    Row("commerce:like_bounty_comment", signed_in(302), "post", about="comment"),
    Row("commerce:like_bounty_comment", only(BUYER, *SEE_ALL, outcome=302), "post", about="hidden_comment"),
    Row("commerce:like_bounty_comment", signed_in(302), "delete", about="comment", movers=()),
]

ROWS = [*BROWSING, *POSTING, *WORKING, *TALKING]
