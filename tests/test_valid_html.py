"""Every page is valid by the Nu HTML checker, which needs Java and the npm package vnu-jar."""

from pathlib import Path

import pytest
from django.test import Client

from tests import html_checker
from tests.whole_site import MEMBER, VISITOR, made_whole_site

pytestmark = [pytest.mark.full, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def _checker() -> None:
    if html_checker.command() is None:
        pytest.skip(html_checker.MISSING)


def write_pages(client: Client, addresses: list[str], folder: Path, kind: str) -> dict[str, str]:
    """The pages as files; their addresses by the names of the files."""
    names = {}
    for number, address in enumerate(addresses):
        answer = client.get(address, follow=True)
        assert answer.status_code == 200, address
        names[f"{kind}-{number:03}.html"] = address
        (folder / f"{kind}-{number:03}.html").write_bytes(answer.content)
    return names


def test_no_page_breaks_the_rules_of_html(_checker, tmp_path, client):
    site = made_whole_site()
    names = write_pages(client, site.addresses(VISITOR), tmp_path, "public")
    client.force_login(site.people[MEMBER])
    names |= write_pages(client, site.addresses(MEMBER), tmp_path, "own")
    assert [(names[name], *what) for name, *what in html_checker.errors_in(tmp_path)] == []
