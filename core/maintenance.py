"""Whether the site is closed for a while, and until when.

A file says so, since it must be known while the database is not there. At each request every process looks whether it
has changed, which costs a few microseconds.
"""

import json
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

# Seconds after which to come again where no end is known, and at least and at most where one is.
UNKNOWN, LEAST, MOST = 300, 30, 86_400
# Of the file: what is written there by hand is not to fill the page.
_LONGEST = 20_000
_LONGEST_MESSAGE = 500


@dataclass(frozen=True)
class Maintenance:
    """The site is closed: in whose words, and how long, as far as that is known."""

    message: str = ""
    until: datetime | None = None

    def retry_after(self) -> int:
        """Seconds after which programs should come again."""
        if self.until is None:
            return UNKNOWN
        return min(max(round((self.until - timezone.now()).total_seconds()), LEAST), MOST)


# What was read last, by the state of the file.
_read: tuple[tuple, Maintenance] | None = None


def current() -> Maintenance | None:
    """What is said while the site is closed; None while it is open."""
    global _read
    path = Path(settings.MAINTENANCE_FILE)
    try:
        status = path.stat()
    except OSError:
        return None
    state = (str(path), status.st_mtime_ns, status.st_ino)
    if _read is None or _read[0] != state:
        _read = (state, _parsed(path))
    return _read[1]


def begin(*, message: str = "", until: datetime | None = None) -> Maintenance:
    """Close the site, or change what is said of it."""
    path = Path(settings.MAINTENANCE_FILE)
    path.parent.mkdir(parents=True, exist_ok=True)
    said = {"message": message[:_LONGEST_MESSAGE], "until": until.isoformat() if until else None}
    # Whole or not at all: processes read it all the while.
    with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=".maintenance-", delete=False) as file:
        json.dump(said, file)
    Path(file.name).chmod(0o644)
    Path(file.name).replace(path)
    return current()


def end() -> bool:
    """Open the site; whether it was closed."""
    try:
        Path(settings.MAINTENANCE_FILE).unlink()
    except FileNotFoundError:
        return False
    return True


def _parsed(path: Path) -> Maintenance:
    """Whoever made the file wanted the site closed, whatever stands in it."""
    with suppress(OSError, ValueError, TypeError, AttributeError):
        said = json.loads(path.read_text()[:_LONGEST])
        until = datetime.fromisoformat(said["until"]) if said.get("until") else None
        if until is not None and timezone.is_naive(until):
            until = timezone.make_aware(until)
        return Maintenance(message=str(said.get("message") or "")[:_LONGEST_MESSAGE], until=until)
    return Maintenance()
