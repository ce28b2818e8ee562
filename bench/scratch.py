"""A site of its own for a benchmark: an empty database that is gone afterwards."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def site_in(folder: Path) -> Iterator[None]:
    """Embedded PostgreSQL and Redis in `folder`, and Django set up over them, with DEBUG off."""
    # The database runs as a system user of its own where this runs as root.
    folder.chmod(0o755)
    os.environ.update(
        VAR_DIR=str(folder),
        STATIC_ROOT=f"{folder}/static",
        DATABASE_URL="",
        REDIS_URL="",
        ENVIRONMENT="development",
        DEBUG="0",
        LOG_LEVEL="ERROR",
        DJANGO_SETTINGS_MODULE="config.settings",
    )
    from config import embedded

    embedded.ensure_running()
    import django

    django.setup()
    try:
        yield
    finally:
        django.db.connections.close_all()
        embedded.stop()


@contextmanager
def scratch_site() -> Iterator[None]:
    """A site in a folder that is gone afterwards, over a migrated database."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, site_in(Path(folder)):
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        yield
