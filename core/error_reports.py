"""Errors told to a Sentry: what broke and where, and nothing about whom.

Begun by the settings, so it reads none of them.
"""

import re

import sentry_sdk

from core.tracing import current_id

# PostgreSQL's own words after these quote the row: somebody's address, say.
_QUOTES_A_ROW = re.compile(r"\n(?:DETAIL|CONTEXT):.*", re.DOTALL)
_ADDRESS = re.compile(r"[^\s@<>\"(),;:=]+@[A-Za-z0-9.-]+")
# Signatures, tokens and keys are long; a UUID is none.
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![A-Za-z0-9_+=-])"
_SECRET = re.compile(rf"(?<![A-Za-z0-9_+=-])(?!{_UUID})[A-Za-z0-9_+=-]{{32,}}")


def begin(dsn: str, *, environment: str) -> None:
    """Send errors from now on. No variables, no bodies, no headers, no cookies, no trail of what was logged before."""
    sentry_sdk.init(
        dsn=dsn,
        environment=environment,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        before_send=without_people,
    )


def without_people(event: dict, hint: dict) -> dict:
    """What is left of a report: the error, its place in the code, the address without its query, the request's id."""
    for name in ("user", "breadcrumbs", "extra", "modules"):
        event.pop(name, None)
    event["tags"] = {"request_id": current_id()}
    request = event.pop("request", None)
    if request:
        event["request"] = {
            "method": request.get("method", ""),
            "url": masked(request.get("url", "").partition("?")[0]),
        }
    for error in event.get("exception", {}).get("values", []):
        error["value"] = masked(error.get("value") or "")
    entry = event.get("logentry")
    if entry:
        event["logentry"] = {"message": masked(entry.get("formatted") or entry.get("message") or "")}
    return event


def masked(text: str) -> str:
    """`text` without addresses of mail, without what looks like a secret, and without rows that the database quotes."""
    return _SECRET.sub("[…]", _ADDRESS.sub("[address]", _QUOTES_A_ROW.sub("", text)))
