"""Making things go wrong for real: processes that are killed, connections that break, providers that answer late."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

from django.conf import settings
from django.db import connection, transaction

WAIT_SECONDS = 120
_START = """
import django, sys
django.setup()
{code}
"""


def process(code: str, **variables: str) -> subprocess.Popen:
    """Our own code in a process of its own, on the test's database; its connections call themselves doomed."""
    database = connection.settings_dict
    environment = {
        **os.environ,
        **variables,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": f"postgresql://{database['USER']}@/{database['NAME']}?host={database['OPTIONS']['host']}",
        "PGAPPNAME": "doomed",
    }
    return subprocess.Popen(
        [sys.executable, "-c", _START.format(code=code)], env=environment, cwd=settings.BASE_DIR
    )


def wait_until(happened: Callable[[], bool], what: str, child: subprocess.Popen | None = None) -> None:
    end = time.monotonic() + WAIT_SECONDS
    while not happened():
        assert child is None or child.poll() is None, f"the process ended before {what}"
        assert time.monotonic() < end, f"never: {what}"
        time.sleep(0.05)


def is_blocked() -> bool:
    """Whether the doomed process waits for a lock."""
    with connection.cursor() as cursor:
        # What a transaction has once seen of other sessions it would see until its end.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'doomed' AND wait_event_type = 'Lock'"
            " AND datname = current_database()"
        )
        return cursor.fetchone()[0] > 0


def is_gone() -> bool:
    """Whether the database has noticed that nobody is there."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'doomed' AND datname = current_database()"
        )
        return cursor.fetchone()[0] == 0


def kill(child: subprocess.Popen) -> None:
    """Without a word, and wait until the database has forgotten it."""
    child.send_signal(signal.SIGKILL)
    child.wait(timeout=30)
    wait_until(is_gone, "the database forgets it")


def kill_while_it_waits_for(rows, code: str) -> None:
    """Run `code` in a process of its own until it wants to change one of `rows`, and kill it there."""
    with transaction.atomic():
        # Others may go on to refer to the rows.
        list(rows.select_for_update(no_key=True))
        child = process(code)
        try:
            wait_until(is_blocked, "it waits for the lock", child)
        except BaseException:
            child.kill()
            raise
        child.send_signal(signal.SIGKILL)
        child.wait(timeout=30)
    wait_until(is_gone, "the database forgets it")


def cut_all_connections() -> int:
    """What a restart of the database does to everybody else: their connections are gone, and what they had not yet
    committed with them.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        return cursor.fetchone()[0]


class SlowProvider:
    """A server that speaks enough of Stripe's protocol to be charged at, and takes its time to answer.

    It remembers what it was asked for by idempotency key, as Stripe does: the work is done before the answer.
    """

    def __init__(self) -> None:
        self.delay = 0.0
        self.is_down = False
        self.intents: dict[str, dict] = {}
        self.asked = 0
        self._by_key: dict[str, dict] = {}
        self._lock = threading.Lock()
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *arguments) -> None:
                """Nobody reads it."""

            def do_GET(self) -> None:
                self._answer(provider.intents.get(self.path.partition("?")[0].rsplit("/", 1)[-1]))

            def do_POST(self) -> None:
                body = parse_qs(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())
                self._answer(provider.take(self.path, self.headers.get("Idempotency-Key", ""), body))

            def _answer(self, found: dict | None) -> None:
                time.sleep(provider.delay)
                status = 503 if provider.is_down else 200 if found else 404
                sent = json.dumps(found if status == 200 else {"error": {"message": "No."}}).encode()
                try:
                    self.send_response(status)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(sent)))
                    self.end_headers()
                    self.wfile.write(sent)
                except OSError:
                    """Whoever asked has given up."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def take(self, path: str, key: str, body: dict) -> dict | None:
        with self._lock:
            self.asked += 1
            if self.is_down:
                return None
            if key and key in self._by_key:
                return self._by_key[key]
            if path.endswith("/cancel"):
                intent = self.intents[path.split("/")[-2]]
                if intent["status"] != "succeeded":
                    intent["status"] = "canceled"
                return intent
            number = f"pi_{len(self.intents) + 1}"
            intent = {
                "id": number,
                "object": "payment_intent",
                "amount": int(body["amount"][0]),
                "amount_received": 0,
                "currency": body["currency"][0],
                "status": "requires_payment_method",
                "client_secret": f"{number}_secret",
                "metadata": {"payment": body["metadata[payment]"][0]},
            }
            self.intents[number] = self._by_key[key] = intent
            return intent

    def pay(self, number: str) -> None:
        """The buyer's card goes through."""
        self.intents[number] |= {"status": "succeeded", "amount_received": self.intents[number]["amount"]}

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
