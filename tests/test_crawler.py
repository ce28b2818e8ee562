"""Everybody may follow every link they are shown, and every page of the list answers everybody as it should."""

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests.crawl import crawl
from tests.whole_site import (
    ADMIN,
    CONSOLE,
    FOR_VISITORS,
    KEYS,
    MEMBER,
    OWN,
    PAGES,
    ROLES,
    SIGNED_IN,
    STAFF,
    VISITOR,
    WholeSite,
    made_whole_site,
)

pytestmark = [pytest.mark.full, pytest.mark.django_db(transaction=True)]

# Pages of the console and the roles that work there; administrators do everywhere.
WORKS_AT = {
    53: set(STAFF),
    54: {"moderator", "support"},
    55: {"moderator", "support", "finance"},
    56: {"moderator"},
    57: {"support"},
    58: {"finance"},
    59: {"mail"},
}


@pytest.fixture
def site(transactional_db) -> WholeSite:
    return made_whole_site()


def browser(site: WholeSite, role: str) -> Client:
    client = Client()
    if site.people[role] is not None:
        client.force_login(site.people[role])
    return client


def expected(number: int, role: str) -> tuple[int, ...]:
    """The answers that are right: a page, a way on, or a refusal."""
    if number in CONSOLE:
        if role in (VISITOR, MEMBER):
            return (302, 403)
        return (200,) if role == ADMIN or role in WORKS_AT[number] else (403,)
    if role == VISITOR:
        return (302,) if number in SIGNED_IN else (200, 302)
    if number in FOR_VISITORS:
        return (302,)
    if number == 43 and role in {ADMIN, *WORKS_AT[57]}:
        # Who answers tickets is led to the desk.
        return (302,)
    if number in OWN and role != MEMBER:
        # Who is no creator is asked to become one, whatever the number.
        return (302,) if number == 33 else (404,)
    return (200, 302)


def test_every_page_of_the_list_answers_every_role_as_it_should(site):
    table, wrong = ["| page | address | " + " | ".join(ROLES) + " |", "|---" * (len(ROLES) + 2) + "|"], []
    for number in sorted(PAGES):
        answers = []
        for role in ROLES:
            status = browser(site, role).get(site.address(number)).status_code
            answers.append(f"{status}")
            if status not in expected(number, role):
                wrong.append((number, site.address(number), role, status))
        table.append(f"| {number} | `{PAGES[number]}` | " + " | ".join(answers) + " |")
    report = Path(settings.VAR_DIR) / "pages-by-role.md"
    report.write_text("\n".join(table) + "\n")
    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_no_link_is_dead_and_every_page_says_what_it_is(site, role):
    pages = set(PAGES) if role == VISITOR else set(PAGES) - KEYS
    starts = [site.address(number) for number in sorted(pages) if 200 in expected(number, role)]
    if role in STAFF:
        # What everybody sees was looked at as a member sees it.
        starts = [site.address(number) for number in sorted(CONSOLE) if 200 in expected(number, role)]
    complaints, looked_at = crawl(browser(site, role), starts)
    assert not complaints, "\n".join(
        f"{one.address} (from {one.linked_from}): {one.what}" for one in complaints
    )
    assert looked_at.total() >= len(starts)
