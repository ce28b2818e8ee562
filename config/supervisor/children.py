"""Which processes make up the site, and how each is started."""

import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from config import embedded


@dataclass
class Child:
    """One process of the site."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    # Added to the priority: work that may wait leaves the processor to pages.
    nice: int = 0
    # Whether it ends by itself when its work is done; then the file is written, with these words in it.
    once: bool = False
    marker: Path | None = None
    marks: str = ""
    process: subprocess.Popen | None = None
    started: float = 0.0
    failures: int = 0
    start_at: float = 0.0
    unfinished: bytes = b""


def manage(*arguments: str) -> list[str]:
    """The command line of a management command."""
    return [sys.executable, str(embedded.BASE_DIR / "manage.py"), *arguments]


def site_children(host: str, port: int) -> list[Child]:
    """The site's processes: pages, sockets, light jobs, mails in bulk, file jobs, and the clock."""
    cores = len(os.sched_getaffinity(0))
    module = [sys.executable, "-m"]
    celery = [*module, "celery", "--quiet", "--app", "config"]
    worker = [*celery, "worker", "--loglevel", "INFO", "--prefetch-multiplier", "1"]
    # There is nobody to gossip with: one machine, three workers with queues of their own.
    worker += ["--without-gossip", "--without-mingle"]
    # Celery warns of root at length; here the jobs are the same person's as everything else.
    quiet = {"PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges"}
    web_workers = os.environ.get("WEB_WORKERS") or "2"
    file_workers = os.environ.get("FILE_WORKERS") or str(cores)
    # More threads than cores: most wait for a slow upload or download. Granian would warn of it at every start.
    web = ["granian", "--interface", "wsgi", "--workers", web_workers, "--blocking-threads", "16"]
    web += ["--respawn-failed-workers", "--no-ws", "--log-level", "error"]
    schedule = embedded.var_dir() / "beat-schedule"
    return [
        Child("web", [*module, *web, "--host", host, "--port", str(port), "config.wsgi:application"]),
        Child(
            "sockets",
            [
                *(*module, "uvicorn", "--host", host, "--port", str(port + 1), "--ws", "websockets-sansio"),
                *("--no-access-log", "--log-level", "warning", "config.asgi:application"),
            ],
        ),
        Child(
            "worker", [*worker, "-Q", "default,mail", "--concurrency", "2", "--hostname", "light@%h"], quiet
        ),
        # Campaigns and notifications, however many, beside the mails that somebody waits for.
        Child("bulk", [*worker, "-Q", "bulk", "--concurrency", "1", "--hostname", "bulk@%h"], quiet, nice=5),
        Child(
            "files",
            [*worker, "-Q", "files", "--concurrency", file_workers, "--hostname", "files@%h"],
            # A stop hands unfinished file jobs back to the queue instead of waiting minutes for them.
            environment={"REMAP_SIGTERM": "SIGQUIT", **quiet},
            nice=10,
        ),
        Child(
            "beat", [*celery, "beat", "--loglevel", "WARNING", "--schedule", str(schedule), "--pidfile", ""]
        ),
    ]


def metrics_dir() -> Path:
    """Where the processes count for /metrics (`METRICS_DIR`)."""
    return Path(os.environ.get("METRICS_DIR") or embedded.var_dir() / "metrics")


def demo_marker() -> Path:
    """The file that says the demo content is complete."""
    return embedded.var_dir() / "demo-loaded"


def demo_children() -> list[Child]:
    """The loading of demo content, on the first run of a development site."""
    wanted = os.environ.get("DEMO", "1") != "0" and os.environ.get("ENVIRONMENT") != "production"
    if not wanted or demo_marker().exists():
        return []
    return [Child("demo", manage("demo"), nice=5, once=True, marker=demo_marker())]


def help_children() -> list[Child]:
    """The loading of help and docs, where their files are others than those that were loaded last."""
    marker, version = embedded.var_dir() / "help-loaded", help_version()
    if marker.exists() and marker.read_text() == version:
        return []
    return [Child("help", manage("load_help"), nice=5, once=True, marker=marker, marks=version)]


def help_version() -> str:
    """A digest of the files of help and docs."""
    digest = hashlib.sha256()
    for path in sorted((embedded.BASE_DIR / "support" / "content").rglob("*.md")):
        digest.update(f"{path.parent.name}/{path.name}\n".encode() + path.read_bytes())
    return digest.hexdigest()
