from pathlib import Path

import pytest
from django.urls import reverse

from config import status

pytestmark = pytest.mark.django_db


def works(report: status.Report) -> dict[str, bool]:
    return {check.label: check.works for check in report.checks}


def test_queues_that_no_worker_serves_are_reported():
    report = status.measure()
    assert not report.all_work
    assert works(report)["File processing"] is False
    assert [check.detail for check in report.checks if check.label == "Mail"] == ["stopped, 0 waiting"]


def test_jobs_that_wait_are_counted():
    with status.app.connection_for_write() as broker:
        status.app.send_task("core.tasks.send_mail", (0,), queue="mail", connection=broker)
    assert [check.detail for check in status.measure().checks if check.label == "Mail"] == [
        "stopped, 1 waiting"
    ]


@pytest.mark.django_db(databases=[])
def test_a_database_out_of_reach_is_reported_without_a_reason():
    check = status.measure().checks[0]
    assert not check.works
    assert check.detail == "no answer"


def test_storage_on_a_disk_that_is_not_there_is_reported(settings):
    settings.S3_ENABLED = True
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "core.storages.PublicS3Storage",
            "OPTIONS": {
                "bucket_name": "none",
                "endpoint_url": "http://127.0.0.1:9",
                "access_key": "a",
                "secret_key": "b",
            },
        },
    }
    assert works(status.measure())["Storage"] is False


def test_what_works_is_said_with_its_measure():
    checks = {check.label: check for check in status.measure().checks}
    assert checks["Pages and purchases"].works
    assert checks["Pages and purchases"].detail.endswith(" ms")
    assert checks["Storage"].detail.endswith(" % free")


def test_free_space_is_that_of_the_disk_a_folder_will_be_on(tmp_path):
    assert status._free_percent(tmp_path / "not" / "yet") == status._free_percent(Path(tmp_path))


def test_asking_often_does_not_measure_often():
    assert status.current_report().checked_at == status.current_report().checked_at


def test_the_page_is_never_kept_by_a_browser(client):
    response = client.get(reverse("status"))
    assert "no-store" in response["Cache-Control"]
    assert "Something is not working" in response.content.decode()


@pytest.fixture
def whole_stack(live_site):
    """With the worker of campaigns, which most tests do without."""
    live_site.ensure("bulk")
    yield live_site
    live_site.stop("bulk")


@pytest.mark.full
def test_a_running_site_says_that_everything_works(whole_stack, client):
    assert status.measure().all_work
