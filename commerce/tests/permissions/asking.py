"""Asking for an address in somebody's place, and noticing what that changed."""

import re
import time
from collections import Counter
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client
from django.urls import reverse

from commerce.tests.permissions.cells import BECOME_CREATOR, CONSOLE_SIGN_IN, SIGN_IN, Outcome
from core.models import AuditEntry

# Written by every request of somebody who is signed in, and by carts of visitors.
_SESSIONS = {"django_session", "usersessions_usersession"}
# Not what only locks: FOR UPDATE has no table in quotes behind it.
_WRITE = re.compile(r'\b(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')
_LONG = 86_400


def client_of(user) -> Client:
    """A browser in which `user` has said again who they are a moment ago, however long the tests take."""
    client = Client()
    if user is not None:
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        session = client.session
        session["account_authentication_methods_user"] = str(user.pk)
        session["account_authentication_methods"] = [
            {"method": "password", "at": time.time() + _LONG, "reauthenticated": True}
        ]
        session.save()
    return client


def ask(client: Client, method: str, address: str, data: dict):
    """What the test client sends; a body that is no form says its type and headers beside it."""
    if "raw" in data:
        return client.generic(
            method.upper(),
            address,
            data["raw"],
            content_type="application/json",
            headers=data.get("headers", {}),
        )
    return getattr(client, method)(address, data)


def outcome_of(response) -> Outcome:
    if response.status_code != 302:
        return response.status_code
    path = urlsplit(response.url).path
    leads = {
        reverse("account_login"): SIGN_IN,
        reverse("admin:login"): CONSOLE_SIGN_IN,
        reverse("accounts:creator"): BECOME_CREATOR,
        reverse("account_reauthenticate"): "say again who you are",
    }
    return leads.get(path, 302)


def text_of(response) -> str:
    body = response.getvalue() if response.streaming else response.content
    return body.decode(errors="replace")


class Writes:
    """Counts rows that are inserted, changed or deleted, by table: see `connection.execute_wrapper`."""

    def __init__(self) -> None:
        self.tables: Counter[str] = Counter()

    @property
    def count(self) -> int:
        return self.tables.total()

    def are_one_audit_entry(self) -> bool:
        return self.count == self.tables[AuditEntry._meta.db_table] == 1

    def __call__(self, execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        found = _WRITE.search(sql)
        if found and found[1] not in _SESSIONS:
            self.tables[found[1]] += max(context["cursor"].rowcount, 0)
        return result


def refusals_of(user) -> list[dict]:
    """What the audit log says of the console's refusals to `user`."""
    return list(
        AuditEntry.objects.filter(actor=user, action="console.refused").values_list("data", flat=True)
    )
