"""Fixtures for all tests: real services, real processes, a real browser. Nothing here stands in for anything."""

import gc
import os
import shutil
import time
import urllib.parse
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import redis
from django.conf import settings
from django.db import OperationalError, connection
from django.db.backends.base.operations import BaseDatabaseOperations
from django.test import TransactionTestCase
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from psycopg.errors import DeadlockDetected

from tests import chromium, databases, emptying, environment, html_checker, nginx
from tests.complaints import Complaints
from tests.processes import Stack

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

NO_CHROMIUM = "Chromium is not installed"
NO_SAMPLES = "SAMPLES_DIR does not name a folder of sample models"
NO_STRACE = "strace is not installed"
LIVE_FIXTURES = {"live_site", "celery_files_worker"}
DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}
FLUSH_ATTEMPTS = 10
# Of the Redis databases in config.settings.services, the one that holds Celery's queues and its workers' bindings.
BROKER = 1

# How long something takes is no matter of tests: other processes may have the processor.
hypothesis_settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("untimed")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep what needs running processes together by module, and at the end; first what needs no database, while the
    database is being migrated.
    """
    for item in items:
        if {"page", "open_page", "browser"} & set(item.fixturenames):
            item.add_marker(pytest.mark.browser)
        if LIVE_FIXTURES & set(item.fixturenames) or item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group(f"live {item.path.stem}"))
    items.sort(key=lambda item: (bool(LIVE_FIXTURES & set(item.fixturenames)), _asks_the_database(item)))


def _asks_the_database(item: pytest.Item) -> bool:
    return bool(item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(item.fixturenames))


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Files made for a test are not its name: some hold the hour, and two workers would know it by two names."""
    return argname if isinstance(val, bytes) else None


def pytest_collection_finish() -> None:
    """What was imported stays: the collector need not look at it again after every so many objects."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """Stop the test services, where this process started them, before the prompt comes back."""
    environment.embedded.stop()


def pytest_terminal_summary(terminalreporter) -> None:
    """Say plainly what a run left out, so that a green line is not mistaken for a full run."""
    reasons = [str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])]
    for reason, remedy in (
        (NO_CHROMIUM, "install the Debian package chromium (`make test` does so as root)"),
        (NO_SAMPLES, "set SAMPLES_DIR to a folder of sample files"),
        (NO_STRACE, "install the Debian package strace (`make test` does so as root)"),
        (html_checker.MISSING, "install Java (Debian: default-jre-headless), then `make checker`"),
        (nginx.MISSING, "install the Debian package nginx-light (`make test-all` does so as root)"),
    ):
        count = sum(reason in text for text in reasons)
        if count:
            terminalreporter.write_line(
                f"NOT RUN: {count} tests, {reason}: {remedy}.", yellow=True, bold=True
            )


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix) -> None:
    """Make this worker's database a copy of the migrated one."""
    settings.DATABASES["default"]["TEST"]["TEMPLATE"] = databases.migrated()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> None:
    with django_db_blocker.unblock():
        emptying.remember()


@pytest.fixture(scope="session", autouse=True)
def _media_folders() -> Iterator[None]:
    """Empty media folders for this worker, gone afterwards."""
    folder = environment.media_dir()
    shutil.rmtree(folder, ignore_errors=True)
    Path(settings.MEDIA_ROOT).mkdir(parents=True)
    Path(settings.PRIVATE_MEDIA_ROOT).mkdir(parents=True)
    yield
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def _flushes_win() -> Iterator[None]:
    """Empty the database again where a worker still wrote, and PostgreSQL chose the flush as the one to give way."""
    flush_once = BaseDatabaseOperations.execute_sql_flush

    def flush(operations: BaseDatabaseOperations, sql_list: list[str]) -> None:
        for attempt in range(1, FLUSH_ATTEMPTS + 1):
            try:
                flush_once(operations, sql_list)
                break
            except OperationalError as error:
                if attempt == FLUSH_ATTEMPTS or not isinstance(error.__cause__, DeadlockDetected):
                    raise
                time.sleep(0.1 * attempt)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", flush)
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: emptying.empty())
        yield


@pytest.fixture(scope="session")
def redis_databases() -> Iterator[list[redis.Redis]]:
    """Connections to all Redis databases of this worker, by number."""
    address = urllib.parse.urlsplit(settings.CACHES["default"]["LOCATION"])
    first = int(os.environ["REDIS_DB_OFFSET"])
    numbers = range(first, first + environment.REDIS_DATABASES)
    clients = [redis.Redis(unix_socket_path=address.path, db=number) for number in numbers]
    yield clients
    for client in clients:
        client.flushdb()
        client.close()


@pytest.fixture(autouse=True)
def _empty_redis(redis_databases: list[redis.Redis], stack_of_session: list[Stack]) -> None:
    """No test sees the cache, rate limits, counters or queued jobs of another."""
    workers_run = any(
        stack.is_running(name) for stack in stack_of_session for name in ("worker", "bulk", "files")
    )
    for number, client in enumerate(redis_databases):
        # Running workers keep the names of their queues in the broker's database.
        if not (number == BROKER and workers_run):
            client.flushdb()


@pytest.fixture(scope="session")
def stack_of_session() -> list[Stack]:
    """The processes started so far in this session: none, or one stack."""
    return []


@pytest.fixture(scope="session")
def stack(django_db_setup, django_db_blocker, stack_of_session: list[Stack]) -> Iterator[Stack]:
    """The site's processes on this worker's test database; nothing runs until a test asks for it."""
    database = connection.settings_dict
    started = Stack(f"postgresql://{database['USER']}@/{database['NAME']}?host={database['OPTIONS']['host']}")
    stack_of_session.append(started)
    yield started
    started.stop()
    stack_of_session.clear()


@pytest.fixture
def live_site(transactional_db, stack: Stack) -> Stack:
    """The whole site, running: `live_site.url` is its address. Rows that the test writes are visible to it."""
    stack.ensure("web", "sockets", "worker", "files")
    return stack


@pytest.fixture
def celery_files_worker(transactional_db, stack: Stack) -> Iterator[Stack]:
    """A real Celery worker for the `files` queue alone, freshly started, for a test that may kill it.

    `celery_files_worker.kill("files")` and `.ensure("files")` are its crash and its restart.
    """
    stack.stop("worker", "files")
    stack.ensure("files")
    yield stack
    stack.stop("files")


@pytest.fixture
def object_storage(settings) -> Iterator:
    """The storages on a real S3 server: a client of it, with the buckets `public` and `private`."""
    # Imported here because a run without it does without the server's slow start too.
    from tests.object_storage import object_storage_of

    with object_storage_of(settings) as s3:
        yield s3


@pytest.fixture(scope="session")
def samples_dir() -> Path:
    """Folder of real sample models (`SAMPLES_DIR`); the test is skipped, with a reason, where there is none."""
    folder = Path(os.environ.get("SAMPLES_DIR") or "/nonexistent")
    if not folder.is_dir():
        pytest.skip(NO_SAMPLES)
    return folder


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """Chromium with 3D in software; the test is skipped where it is not installed."""
    executable = chromium.executable()
    if executable is None:
        pytest.skip(NO_CHROMIUM)
    # Imported here because a run without the browser does without Playwright's start-up too.
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread, in which Django would refuse the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=executable, args=chromium.FLAGS)
        yield running
        running.close()


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """The browser's complaints; the test fails at its end if there are any that it did not expect."""
    collected = Complaints()
    yield collected
    assert collected.unexpected() == []


@pytest.fixture
def open_page(
    browser: "Browser", live_site: Stack, complaints: Complaints, request: pytest.FixtureRequest
) -> "Iterator[Callable[..., Page]]":
    """Open a page for another person: an own context with own cookies. Options are Playwright's for a context."""
    contexts = []

    def open_context(**options) -> "Page":
        context = browser.new_context(
            **{
                "base_url": live_site.url,
                "viewport": {"width": 1440, "height": 900},
                "locale": "en-GB",
                **options,
            }
        )
        complaints.watch(context)
        contexts.append(context)
        return context.new_page()

    yield open_context
    if getattr(request.node, "failed", False):
        _picture(contexts, request.node.name)
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page) -> "Page":
    """A page of the live site in a new browser context, desktop size."""
    return open_page()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Iterator:
    """Let fixtures know that their test failed, so that they can keep evidence."""
    report = yield
    if report.when == "call":
        item.failed = report.failed
    return report


def _picture(contexts: "list[BrowserContext]", name: str) -> None:
    folder = Path(settings.VAR_DIR) / "failures"
    folder.mkdir(exist_ok=True)
    pages = [page for context in contexts for page in context.pages]
    for number, page in enumerate(pages):
        page.screenshot(path=folder / f"{name}-{number}.png".replace("/", "_"))
