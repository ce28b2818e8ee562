"""What is kept: the database, and the storage."""

import uuid
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts.models import User
from config.doctor.finding import Finding, bad, good, warning
from config.roles import ROLES

LEAST_POSTGRES = 16
EXTENSIONS = ["pg_trgm", "unaccent", "vector"]
PROBE = b"Whether what is written can be read again."


def database_findings() -> list[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        version = int(cursor.fetchone()[0]) // 10_000
        cursor.execute("SELECT extname FROM pg_extension")
        installed = {row[0] for row in cursor.fetchall()}
        cursor.execute("SELECT current_setting('max_connections')::int, count(*) FROM pg_stat_activity")
        most, used = cursor.fetchone()
    found = []
    if version < LEAST_POSTGRES:
        found.append(bad("database", f"PostgreSQL {version}", f"{LEAST_POSTGRES} or newer is needed."))
    missing = [name for name in EXTENSIONS if name not in installed]
    if missing:
        remedy = "`manage.py migrate` makes them where its user may; else CREATE EXTENSION as a superuser."
        found.append(bad("database", f"without {', '.join(missing)}", remedy))
    if used > most * 0.8:
        remedy = "Fewer processes, or a pooler in front (PgBouncer), or a larger max_connections."
        found.append(warning("database", f"{used} of {most} connections are in use", remedy))
    return found or [good("database", f"PostgreSQL {version}, {used} of {most} connections")]


def migration_findings() -> list[Finding]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    unknown = [
        f"{app}.{name}"
        for app, name in executor.loader.applied_migrations
        if app in executor.loader.migrated_apps and (app, name) not in executor.loader.disk_migrations
    ]
    found = []
    if plan:
        names = ", ".join(str(migration) for migration, _ in plan[:5])
        found.append(bad("migrations", f"{len(plan)} are not applied: {names}", "`manage.py migrate`"))
    if unknown:
        remedy = "A newer version of the site has used this database: install that one again."
        found.append(warning("migrations", f"not known here: {', '.join(sorted(unknown)[:5])}", remedy))
    return found or [good("migrations", "all are applied")]


def people_findings() -> list[Finding]:
    """Somebody can get in and help, and in production nobody whose password is known."""
    found = []
    if settings.PRODUCTION and User.objects.filter(is_demo=True).exists():
        found.append(bad("people", "there are demo accounts, whose passwords are known", "Delete them."))
    if not User.objects.filter(is_superuser=True, is_active=True).exists():
        found.append(warning("people", "nobody is administrator", "`manage.py createsuperuser`"))
    return found or [good("people", f"an administrator, {len(ROLES)} roles")]


def storage_findings() -> list[Finding]:
    """A file is written, read and deleted again, in both storages."""
    found = [_tried(name) for name in ("default", "private")]
    if not settings.S3_ENABLED and settings.PRODUCTION and not settings.PRIVATE_X_ACCEL_PREFIX:
        remedy = "Set PRIVATE_X_ACCEL_PREFIX, and let nginx do it (deploy/nginx)."
        found.append(warning("storage", "private files are sent by the web processes", remedy))
    return found


def _tried(alias: str) -> Finding:
    storage, label = storages[alias], "public" if alias == "default" else "private"
    name = storage.save(f"doctor/{uuid.uuid4().hex}", ContentFile(PROBE))
    try:
        with storage.open(name) as file:
            is_same = file.read() == PROBE
    finally:
        storage.delete(name)
        if not settings.S3_ENABLED:
            Path(storage.path(name)).parent.rmdir()
    if not is_same:
        return bad(
            "storage", f"{label}: other bytes came back", "Is something in between that changes files?"
        )
    return good("storage", f"{label}: written, read and deleted")
