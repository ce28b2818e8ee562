"""Who appears in the mails."""

from datetime import UTC, datetime
from types import SimpleNamespace

BEN = SimpleNamespace(display_name="Ben Okafor", username="ben")
WHEN = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
MODEL = SimpleNamespace(
    title="Walnut lounge chair", get_absolute_url="/model/1/", get_edit_url="/dashboard/inventory/1/edit/"
)
SITE = "https://example.com"
