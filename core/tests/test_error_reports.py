"""What a Sentry hears: the error, and nothing about whom. A real one's address is taken by a server of this test."""

import gzip
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import brotli
import pytest
import sentry_sdk
from django.core.wsgi import get_wsgi_application

from core.error_reports import begin, masked
from core.tracing import traced


@pytest.fixture
def sentry():
    """Takes envelopes; `.events` are the errors in them. What Sentry's client was before comes back afterwards."""
    events = []

    class Ingest(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            opened = {"gzip": gzip.decompress, "br": brotli.decompress}
            body = opened[self.headers["Content-Encoding"]](body)
            lines = body.split(b"\n")
            events.extend(
                json.loads(lines[number + 1])
                for number, line in enumerate(lines)
                if b'"type":"event"' in line.replace(b" ", b"")
            )
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *arguments):
            """Nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Ingest)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    server.events = events
    client = sentry_sdk.get_client()
    begin(f"http://key@127.0.0.1:{server.server_port}/1", environment="test")
    yield server
    sentry_sdk.get_client().close()
    sentry_sdk.get_global_scope().set_client(client)
    server.shutdown()
    server.server_close()


def test_a_report_names_the_place_and_nobody(sentry):
    # Put together here, since the lines of the code around an error are part of a report.
    somebody, password = "ana@" + "example.org", "correct horse " + "battery"
    sentry_sdk.set_user({"id": 7, "email": somebody, "ip_address": "203.0.113." + "9"})
    with traced("feedf00d"):
        try:
            raise RuntimeError(f"no mail for {somebody}\nDETAIL:  Key (email)=({somebody}), {password}")
        except RuntimeError:
            sentry_sdk.capture_exception()
    sentry_sdk.flush(10)
    (event,) = sentry.events
    text = json.dumps(event)
    assert event["exception"]["values"][0]["value"] == "no mail for [address]"
    assert event["tags"]["request_id"] == "feedf00d"
    assert "test_a_report_names_the_place_and_nobody" in text
    for secret in (somebody, password, "203.0.113.9", '"vars"', '"user"'):
        assert secret not in text


def test_a_page_that_breaks_sends_its_address_without_the_query(sentry, rf, transactional_db, monkeypatch):
    def broken(*arguments):
        raise RuntimeError("broken")

    monkeypatch.setattr("core.context_processors.theme_of", broken)
    # Put together here, as above.
    token, session = "hu" + "sh", "session-of-" + "somebody"
    headers = {"Authorization": f"Bearer {token}", "Cookie": f"sessionid={session}"}
    answered = []
    answer = get_wsgi_application()(
        rf.get(f"/about/?token={token}", headers=headers).environ, lambda *given: answered.append(given)
    )
    answer.close()
    sentry_sdk.flush(10)
    status, sent = answered[0][:2]
    assert status.startswith("500")
    (event,) = sentry.events
    assert event["exception"]["values"][-1]["value"] == "broken"
    assert event["request"] == {"method": "GET", "url": "http://testserver/about/"}
    assert event["tags"]["request_id"] == dict(sent)["X-Request-ID"]
    assert token not in json.dumps(event)
    assert session not in json.dumps(event)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("gone", "gone"),
        ("mail to <o'neill+x@mail.example.org> failed", "mail to <[address]> failed"),
        ("at /reset/3-" + "aB3_" * 12 + "/ here", "at /reset/[…]/ here"),
        ("order 0b5c1c3e-7a4e-4a57-9a51-6f2f4d1f2a10", "order 0b5c1c3e-7a4e-4a57-9a51-6f2f4d1f2a10"),
    ],
)
def test_words_are_kept_and_people_are_not(text, left):
    assert masked(text) == left
