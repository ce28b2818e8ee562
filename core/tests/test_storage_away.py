"""A storage that does not answer, or is full, is said in a page."""

import errno

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def failing(monkeypatch):
    """The theme switch stands for any view: it fails as its storage does."""

    def fail_with(error: Exception) -> Client:
        def broken(*arguments):
            raise error

        monkeypatch.setattr("core.views.remember_theme", broken)
        return Client(raise_request_exception=False)

    return fail_with


def refused(status: int) -> ClientError:
    return ClientError({"ResponseMetadata": {"HTTPStatusCode": status}, "Error": {}}, "PutObject")


@pytest.mark.parametrize(
    "error",
    [
        ConnectTimeoutError(endpoint_url="http://storage.internal"),
        refused(503),
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EDQUOT, "Disk quota exceeded"),
    ],
    ids=["time-out", "unavailable", "full", "quota"],
)
def test_what_a_storage_cannot_do_is_a_page_to_try_again(failing, error):
    answer = failing(error).post("/theme/", {"theme": "dark"})
    assert answer.status_code == 503
    assert answer["Retry-After"] == "60"
    text = answer.content.decode()
    assert "Our file storage does not answer" in text
    assert answer["X-Request-ID"] in text
    assert "storage.internal" not in text


@pytest.mark.parametrize(
    "error", [refused(403), OSError(errno.EACCES, "Permission denied"), ValueError("ours")]
)
def test_a_mistake_of_ours_is_still_one(failing, error):
    assert failing(error).post("/theme/", {"theme": "dark"}).status_code == 500
