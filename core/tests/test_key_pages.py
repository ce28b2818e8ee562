"""Pages by key: every row once, in order, however many are of one moment; any address is a page."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.key_pages import key_page
from core.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def entries():
    """Twenty-three rows, some of them of one moment."""
    now = timezone.now()
    return AuditEntry.objects.bulk_create(
        AuditEntry(action=f"a{number}", created_at=now - timedelta(minutes=number // 4))
        for number in range(23)
    )


def newest_first(entries) -> list[int]:
    return [
        entry.pk for entry in sorted(entries, key=lambda entry: (entry.created_at, entry.pk), reverse=True)
    ]


@pytest.mark.parametrize(
    "token",
    ["", "x", "-", "1-", "-1", "1-2-3", "9" * 19 + "-1", "1-" + "9" * 19, "٣-١", "1.5-2", "\0-1", "-5--5"],
)
@pytest.mark.parametrize("name", ["before", "after"])
def test_an_address_that_names_no_row_is_a_page(entries, name, token):
    assert len(key_page(AuditEntry.objects.all(), {name: token}, size=5).rows) in (0, 5)


def test_nothing_is_an_empty_page():
    page = key_page(AuditEntry.objects.all(), {}, size=5)
    assert (page.rows, page.newer, page.older) == ([], "", "")


def test_every_row_is_on_one_page_there_and_back(entries):
    there, parameters = [], {}
    while True:
        page = key_page(AuditEntry.objects.all(), parameters, size=5)
        there += [row.pk for row in page.rows]
        if not page.older:
            break
        parameters = {"before": page.older}
    assert there == newest_first(entries)
    back = [row.pk for row in page.rows]
    while page.newer:
        page = key_page(AuditEntry.objects.all(), {"after": page.newer}, size=5)
        back = [row.pk for row in page.rows if row.pk not in back] + back
    assert back == newest_first(entries)
    assert page.newer == ""


def test_a_new_row_shifts_no_page(entries):
    first = key_page(AuditEntry.objects.all(), {}, size=5)
    AuditEntry.objects.create(action="new")
    assert [
        row.pk for row in key_page(AuditEntry.objects.all(), {"before": first.older}, size=5).rows
    ] == newest_first(entries)[5:10]
