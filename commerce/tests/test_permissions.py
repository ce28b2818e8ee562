"""Every address of commerce, asked for in every way by nine people: who gets what, and what it changes.

Things belong to the buyer and to the seller. The table is in `commerce/tests/permissions/`.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import URLPattern, get_resolver, reverse

from commerce.tests.permissions import bounties, buying, console, selling
from commerce.tests.permissions.asking import Writes, ask, client_of, outcome_of, refusals_of, text_of
from commerce.tests.permissions.cells import ADMIN, BUYER, ROLES, SELLER, STAFF, VISITOR, Row
from commerce.tests.permissions.world import World, made_world
from tests.standing import standing_rows

pytestmark = pytest.mark.django_db

SITE = [*buying.ROWS, *selling.ROWS, *bounties.ROWS]
CONSOLE = console.ROWS
METHODS = ("get", "post", "put", "patch", "delete")
SUCCEEDS = (200, 302)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """Made once: every test works in a savepoint above it, and every request in one above that."""
    with standing_rows(django_db_blocker, made_world) as world:
        world.clients = {role: client_of(world.people[role]) for role in ROLES if role != VISITOR}
        yield world


@pytest.fixture(scope="module", autouse=True)
def _plain_refusals() -> Iterator[None]:
    """The pages that say 403 and 404 have tests of their own; a thousand of them would be half of the time here."""
    with pytest.MonkeyPatch.context() as patch:
        for status in (403, 404):
            patch.setattr(f"config.urls.handler{status}", partial(refuse, status))
        yield


def refuse(status: int, _request, exception=None) -> HttpResponse:
    return HttpResponse(status=status)


def rows_by_name(rows: list[Row]) -> dict[str, list[Row]]:
    found = defaultdict(list)
    for row in rows:
        found[row.name].append(row)
    return found


SITE_BY_NAME, CONSOLE_BY_NAME = rows_by_name(SITE), rows_by_name(CONSOLE)


def addresses() -> set[tuple[str, str]]:
    """Name and route of everything under commerce's namespace, and of its part of the console."""

    def walk(resolver, namespaces, route):
        for entry in resolver.url_patterns:
            here = route + str(entry.pattern)
            if isinstance(entry, URLPattern):
                yield ":".join([*namespaces, entry.name]) if entry.name else here, here
            else:
                yield from walk(entry, [*namespaces, *filter(None, [entry.namespace])], here)

    return {
        (name, route)
        for name, route in walk(get_resolver(), [], "")
        if name.startswith(("commerce:", "analytics")) or route.startswith("admin/commerce/")
    }


def test_every_address_of_commerce_is_in_the_table():
    assert {name for name, _ in addresses()} == {row.name for row in [*SITE, *CONSOLE]} - {"admin:app_list"}


def test_no_name_stands_for_two_addresses():
    names = [name for name, _ in addresses()]
    assert len(names) == len(set(names))


def test_every_row_says_what_each_of_the_nine_gets():
    for row in [*SITE, *CONSOLE]:
        assert set(row.outcomes) == set(ROLES), row.name


def test_what_somebody_may_look_at_is_never_said_not_to_be_there():
    """At the same address: nothing more is known by a 404, and a 403 says what is the matter."""
    for rows in SITE_BY_NAME.values():
        seen = {
            (row.about, role)
            for row in rows
            if row.method == "get"
            for role in ROLES
            if row.outcomes[role] == 200
        }
        for row in rows:
            hidden = [role for role in ROLES if row.outcomes[role] == 404 and (row.about, role) in seen]
            assert not hidden, (row.name, row.method, hidden)


@pytest.mark.parametrize("name", SITE_BY_NAME)
def test_everybody_gets_what_is_theirs_and_nothing_else(name, world):
    for row in SITE_BY_NAME[name]:
        wrong = [*asked_by_all(row, world)]
        assert not wrong, (row.method, row.about, wrong)


@pytest.mark.parametrize("name", SITE_BY_NAME)
def test_ways_of_asking_that_have_no_row_are_refused(name, world):
    """So every way that an address answers is in the table."""
    rows = SITE_BY_NAME[name]
    address = address_of(rows[0], world)
    for method in set(METHODS) - {row.method for row in rows}:
        for role in (VISITOR, BUYER, SELLER, ADMIN):
            with taken_back():
                answer = ask(browser(world, role), method, address, {})
            assert answer.status_code == 405, (method, role, answer.status_code)


@pytest.mark.full
@pytest.mark.parametrize("name", CONSOLE_BY_NAME)
def test_the_console_shows_and_does_what_each_role_is_for(name, world):
    for row in CONSOLE_BY_NAME[name]:
        wrong = [*asked_by_all(row, world)]
        assert not wrong, (row.method, row.about, wrong)


def asked_by_all(row: Row, world: World) -> Iterator[str]:
    """What is wrong, role by role: the answer, what it changed, what it gives away, who may keep it."""
    address = address_of(row, world)
    for role in ROLES:
        client = browser(world, role)
        with taken_back():
            data = row.data(world, client) if callable(row.data) else row.data
            writes = Writes()
            with connection.execute_wrapper(writes):
                answer = ask(client, row.method, address, data)
                text = text_of(answer)
            refusals = refusals_of(world.people[role]) if is_noted(row, answer) else []
        outcome, expected = outcome_of(answer), row.outcomes[role]
        if outcome != expected:
            yield f"{role}: {outcome} instead of {expected}"
        elif is_noted(row, answer):
            if refusals != [{"method": row.method.upper(), "path": address}]:
                yield f"{role}: is refused, and the audit log says {refusals}"
            if not writes.are_one_audit_entry():
                yield f"{role}: is refused, and changes {dict(writes.tables)}"
        elif bool(writes.count) != row.moves(role) and not (row.may_move and expected in SUCCEEDS):
            yield f"{role}: {'changes something' if writes.count else 'changes nothing'}"
        if answer.status_code == 200:
            yield from (f"{role}: reads {word}" for word in given_away(row, role, text, world))
            if not row.is_public and not is_kept_private(row, answer):
                yield f"{role}: may be kept by caches"


def is_noted(row: Row, answer) -> bool:
    """Whether this is a refusal of the console: one entry of the audit log tells of it, and nothing else changes."""
    return row.name in CONSOLE_BY_NAME and answer.status_code == 403


def given_away(row: Row, role: str, text: str, world: World) -> list[str]:
    """Words of other people; in the console, which has its permissions for that, only those that are nobody's."""
    if row.is_key:
        return []
    in_console = row.name in CONSOLE_BY_NAME and role in STAFF
    return [
        word
        for word, readers in world.secrets.items()
        if word in text and role not in readers and not (in_console and readers)
    ]


def is_kept_private(row: Row, answer) -> bool:
    said = answer.get("Cache-Control", "")
    return row.method != "get" or "no-store" in said or "private" in said


def address_of(row: Row, world: World) -> str:
    things = dict(world.things[row.about]) if row.about else {}
    query = things.pop("?", "")
    if row.name.startswith("admin/"):
        return console.bare_address(row.name, things)
    return reverse(row.name, kwargs=things) + query


def browser(world: World, role: str):
    return client_of(None) if role == VISITOR else world.clients[role]


@contextmanager
def taken_back() -> Iterator[None]:
    """A savepoint to which everything returns."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)
