"""The id that follows a request, and the lines it stands on."""

import io
import json
import logging

import pytest

from core.logs import JsonFormatter, TraceFilter
from core.tracing import HEADER, current_id, traced

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines():
    """What a logger of its own has written, as objects."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    handler.addFilter(TraceFilter())
    loggers = [logging.getLogger("test.lines"), logging.getLogger("site.requests")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    for logger, level in zip(loggers, levels, strict=True):
        logger.removeHandler(handler)
        logger.setLevel(level)


def test_an_id_that_a_stranger_sends_is_not_taken(client):
    answer = client.get("/about/", headers={HEADER: "chosen-by-a-stranger"})
    assert answer[HEADER] != "chosen-by-a-stranger"
    assert len(answer[HEADER]) == 32


@pytest.mark.parametrize("given", ["short", "a" * 65, 'two"quotes', "new\nline-and-more", ""])
def test_not_even_a_proxy_can_give_an_id_that_breaks_a_line(client, settings, given):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert client.get("/about/", headers={HEADER: given})[HEADER] != given


def test_a_trusted_proxys_id_goes_on(client, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert client.get("/about/", headers={HEADER: "f00dfeed-0001"})[HEADER] == "f00dfeed-0001"


def test_each_request_is_one_line_without_what_people_typed(client, lines):
    answer = client.get("/marketplace/?q=my+secret+wish")
    line = lines()[-1]
    assert (
        line.items()
        >= {
            "level": "INFO",
            "logger": "site.requests",
            "message": "GET /marketplace/ 200",
            "request_id": answer[HEADER],
            "view": "marketplace:grid",
        }.items()
    )
    assert "secret" not in json.dumps(lines())


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("/unsubscribe/who-knows-this-gets-in/", "/unsubscribe/…/"),
        ("/downloads/who-knows-this-gets-in/", "/downloads/…/"),
        ("/decisions/enter/who-knows-this-gets-in/", "/decisions/enter/…/"),
        ("/accounts/password/reset/key/3-who-knows-this-gets-in/", "/accounts/password/reset/key/3-…/"),
    ],
)
def test_keys_in_addresses_are_not_written_down(client, lines, path, written):
    client.get(path)
    assert written in lines()[-1]["message"]
    assert "who-knows" not in json.dumps(lines())


def test_nothing_is_traced_outside_of_a_request():
    assert current_id() == ""
    with traced("one"):
        with traced("two"):
            assert current_id() == "two"
        assert current_id() == "one"
    assert current_id() == ""


def test_an_error_is_one_line_with_its_traceback_and_without_the_request(lines, rf):
    request = rf.get("/reset/?token=hush")
    try:
        raise ValueError("no\nsuch thing")
    except ValueError:
        logging.getLogger("test.lines").exception(
            "Broke: %s", "here", extra={"request": request, "status_code": 500}
        )
    (line,) = lines()
    assert line["message"] == "Broke: here"
    assert line["status_code"] == 500
    assert "ValueError: no\nsuch thing" in line["exc_info"]
    assert "hush" not in json.dumps(line)
    assert "request_id" not in line
