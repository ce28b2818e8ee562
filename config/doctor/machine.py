"""What is so on this machine: settings, clock, disk, tools."""

import shutil
import time
from pathlib import Path

import redis
from django.conf import settings
from django.core import checks
from django.db import connection

from config.doctor.finding import Finding, bad, good, warning
from marketplace.processing.node_runtime import NodeMissing, node_executable
from marketplace.processing.render.availability import renderer_notice

# Signatures, sessions and holds are reckoned by the clock; more than this is seen by people.
MOST_SKEW_SECONDS = 5
LEAST_FREE_PERCENT, LOW_FREE_PERCENT = 3, 10
NODE_TOOLS = ["@gltf-transform/core", "gltf-validator", "assimpjs", "sharp"]


def settings_findings() -> list[Finding]:
    """Django's checks, and ours, as every command runs them; those for deployment only in production."""
    messages = checks.run_checks(include_deployment_checks=settings.PRODUCTION)
    found = [
        (bad if message.is_serious() else warning)(
            "settings", f"{message.id}: {message.msg}", message.hint or "See .env.example."
        )
        for message in messages
        if not message.is_silenced()
    ]
    if settings.PRODUCTION and not settings.METRICS_TOKEN:
        found.append(
            warning(
                "settings",
                "METRICS_TOKEN is not set: /metrics answers this machine only.",
                "Set it where Prometheus runs elsewhere; else leave it.",
            )
        )
    return found or [good("settings", f"{settings.ENVIRONMENT}, nothing to object to")]


def clock_findings() -> list[Finding]:
    """This machine's clock beside those of the database's and Redis' machines."""
    here = time.time()
    others = {}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
            others["the database"] = float(cursor.fetchone()[0]) - time.time()
        with redis.Redis.from_url(settings.COUNTERS_REDIS_URL, socket_timeout=5) as client:
            seconds, microseconds = client.time()
            others["Redis"] = seconds + microseconds / 1_000_000 - time.time()
    except Exception as error:  # they have a part of their own, which says more
        if not others:
            return [
                warning(
                    "clock", f"not compared: {type(error).__name__}", "Mend the database and Redis first."
                )
            ]
    wrong = {name: skew for name, skew in others.items() if abs(skew) > MOST_SKEW_SECONDS}
    if wrong:
        seen = ", ".join(f"{name} is {skew:+.0f} s from here" for name, skew in wrong.items())
        return [bad("clock", seen, "Have chrony or systemd-timesyncd keep the time on every machine.")]
    return [good("clock", f"{time.strftime('%Y-%m-%d %H:%M:%S', time.gmtime(here))} UTC, as on the servers")]


def disk_findings() -> list[Finding]:
    """Room left where something is written."""
    roots = {"VAR_DIR": settings.VAR_DIR, "WORK_DIR": settings.WORK_DIR}
    if not settings.S3_ENABLED:
        roots |= {"MEDIA_ROOT": settings.MEDIA_ROOT, "PRIVATE_MEDIA_ROOT": settings.PRIVATE_MEDIA_ROOT}
    found = []
    for name, root in roots.items():
        folder = Path(root)
        while not folder.exists():
            folder = folder.parent
        usage = shutil.disk_usage(folder)
        percent, seen = usage.free * 100 // usage.total, f"{name} ({root}): "
        seen += f"{usage.free / 1024**3:.1f} GB free, {percent} %"
        if percent < LEAST_FREE_PERCENT:
            found.append(bad("disk", seen, "Uploads fail: make room, or move it to a larger disk."))
        elif percent < LOW_FREE_PERCENT:
            found.append(warning("disk", seen, "`manage.py cleanup --dry-run` says what can go."))
        else:
            found.append(good("disk", seen))
    return found


def tool_findings() -> list[Finding]:
    """What a machine with a `files` worker needs."""
    found = []
    try:
        found.append(good("tools", f"Node.js at {node_executable()}"))
    except NodeMissing as error:
        found.append(bad("tools", str(error), "`make setup`"))
    modules = settings.BASE_DIR / "node_modules"
    missing = [name for name in NODE_TOOLS if not (modules / name).is_dir()]
    if missing:
        found.append(bad("tools", f"not installed: {', '.join(missing)}", "`make setup`"))
    notice = renderer_notice()
    if notice:
        found.append(warning("tools", notice, "Install libegl1 or libosmesa6 where the `files` worker runs."))
    else:
        found.append(good("tools", "posters are rendered (f3d)"))
    return found
