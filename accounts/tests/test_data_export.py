"""The copy of one's data: who gets it, when, and what becomes of it. (What is in it: tests/test_personal_data.py.)"""

import io
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts import personal_data
from accounts.actions import exports
from accounts.models import DataExport
from accounts.personal_data import Exported, Keeper
from accounts.tasks import put_export_together, tend_exports
from accounts.tests.factories import PASSWORD, UserFactory
from core.models import OutgoingMail

pytestmark = pytest.mark.django_db

State = DataExport.State


@pytest.fixture
def user(client):
    user = UserFactory(username="ana")
    client.force_login(user)
    return user


def confirm(client):
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def ready_export(user) -> DataExport:
    export = exports.request_export(user=user)
    put_export_together(export.pk)
    export.refresh_from_db()
    return export


def page_of(client) -> str:
    return client.get(reverse("accounts:settings_data")).content.decode()


@pytest.fixture
def broken_keeper():
    """A part of the site that cannot read its rows at the moment."""

    def fail(user):
        raise RuntimeError("out of order")

    keeper = Keeper("broken", holds={}, export=fail, erase=lambda user: None, veto=lambda user: [])
    personal_data.register(keeper)
    yield
    personal_data._keepers.pop("broken")


# Refused


def test_without_saying_again_who_they_are_nobody_asks_for_a_copy(client, user):
    answer = client.post(reverse("accounts:settings_data"))
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert not DataExport.objects.exists()


def test_without_saying_again_who_they_are_nobody_downloads(client, user):
    export = ready_export(user)
    answer = client.get(reverse("accounts:data_export", args=[export.public_id]))
    assert answer["Location"].startswith(reverse("account_reauthenticate"))


def test_somebody_elses_copy_is_not_there(client, user):
    confirm(client)
    export = ready_export(UserFactory())
    assert client.get(reverse("accounts:data_export", args=[export.public_id])).status_code == 404


def test_a_copy_that_has_expired_or_is_not_ready_leads_back_to_the_page(client, user):
    confirm(client)
    waiting = exports.request_export(user=user)
    answer = client.get(reverse("accounts:data_export", args=[waiting.public_id]))
    assert answer["Location"] == reverse("accounts:settings_data")
    put_export_together(waiting.pk)
    DataExport.objects.update(expires_at=timezone.now())
    answer = client.get(reverse("accounts:data_export", args=[waiting.public_id]))
    assert answer["Location"] == reverse("accounts:settings_data")


def test_copies_are_made_only_so_often(client, user):
    confirm(client)
    for _ in range(5):
        client.post(reverse("accounts:settings_data"))
    assert client.post(reverse("accounts:settings_data")).status_code == 429


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_make_one_copy():
    user = UserFactory()

    def press(_):
        try:
            return exports.request_export(user=user).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        made = set(pool.map(press, range(8)))
    assert made == {DataExport.objects.get().pk}


# Made


def test_who_confirms_it_is_them_gets_the_copy_they_asked_for_and_a_mail(client, user):
    client.post(reverse("accounts:settings_data"))
    # What was asked before the confirmation is done after it.
    confirm_page = client.get(reverse("account_reauthenticate"), {"next": reverse("accounts:settings_data")})
    assert confirm_page.status_code == 200
    client.post(
        reverse("account_reauthenticate"), {"password": PASSWORD, "next": reverse("accounts:settings_data")}
    )
    export = DataExport.objects.get(user=user)
    assert "Waiting" in page_of(client)
    put_export_together(export.pk)
    mail = OutgoingMail.objects.get(kind="accounts/data_export")
    assert reverse("accounts:settings_data") in mail.text
    assert str(export.public_id) not in mail.text
    address = reverse("accounts:data_export", args=[export.public_id])
    assert address in page_of(client)
    answer = client.get(address)
    assert "attachment" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert "accounts/account.json" in archive.namelist()
    export.refresh_from_db()
    assert export.size == int(answer["Content-Length"])


def test_a_job_that_is_delivered_twice_makes_one_copy_and_one_mail(user):
    export = ready_export(user)
    name = export.file.name
    put_export_together(export.pk)
    export.refresh_from_db()
    assert export.file.name == name
    assert OutgoingMail.objects.filter(kind="accounts/data_export").count() == 1


def test_a_new_copy_takes_the_place_of_the_one_before(user):
    first = ready_export(user)
    second = ready_export(user)
    assert list(user.data_exports.all()) == [second]
    assert not first.file.storage.exists(first.file.name)


def test_a_failure_is_seen_told_and_can_be_started_again(client, user, broken_keeper):
    confirm(client)
    export = ready_export(user)
    assert export.has_failed
    assert "could not be made" in page_of(client)
    assert "could not be made" in user.notifications.get().title
    personal_data._keepers["broken"] = Keeper(
        "broken",
        holds={},
        export=lambda user: Exported(tables=[("things", iter([{"id": 1}]))]),
        erase=lambda user: None,
        veto=lambda user: [],
    )
    client.post(reverse("accounts:settings_data"))
    again = user.data_exports.get()
    put_export_together(again.pk)
    again.refresh_from_db()
    assert again.is_downloadable


def test_what_a_dead_worker_left_is_queued_again_and_given_up_in_the_end(user):
    export = exports.request_export(user=user)
    assert export.start()
    long_ago = timezone.now() - DataExport.SILENCE - timedelta(minutes=1)
    DataExport.objects.update(updated_at=long_ago)
    tend_exports()
    export.refresh_from_db()
    assert export.state == State.QUEUED
    DataExport.objects.update(
        state=State.WORKING, updated_at=long_ago, created_at=timezone.now() - DataExport.GIVE_UP_AFTER * 2
    )
    tend_exports()
    export.refresh_from_db()
    assert export.has_failed


def test_a_living_worker_is_left_alone(user):
    export = exports.request_export(user=user)
    export.start()
    DataExport.objects.update(updated_at=timezone.now() - DataExport.SILENCE * 2)
    export.keep_alive()
    tend_exports()
    export.refresh_from_db()
    assert export.state == State.WORKING


def test_what_has_expired_is_thrown_away_with_its_file(user):
    export = ready_export(user)
    tend_exports()
    assert DataExport.objects.exists()
    DataExport.objects.update(expires_at=timezone.now())
    tend_exports()
    assert not DataExport.objects.exists()
    assert not export.file.storage.exists(export.file.name)


def test_the_page_without_and_with_copies_costs_the_same_queries(client, user, django_assert_max_num_queries):
    for _ in range(2):
        page_of(client)
        with django_assert_max_num_queries(6):
            page_of(client)
        ready_export(user)


@pytest.mark.full
def test_a_real_worker_makes_it_and_goes_on_with_what_a_killed_one_left(celery_files_worker):
    user = UserFactory()
    export = exports.request_export(user=user)
    assert ready_in_time(export)
    # As if the worker had been killed in the middle of the next one.
    celery_files_worker.kill("files")
    export = exports.request_export(user=user)
    DataExport.objects.filter(pk=export.pk).update(
        state=State.WORKING, updated_at=timezone.now() - DataExport.SILENCE * 2
    )
    celery_files_worker.ensure("files")
    tend_exports()
    assert ready_in_time(export)
    assert OutgoingMail.objects.filter(kind="accounts/data_export", recipient=user).count() == 2


def ready_in_time(export: DataExport) -> bool:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        export.refresh_from_db()
        if not export.is_unfinished:
            return export.is_downloadable and export.file.storage.exists(export.file.name)
        time.sleep(0.1)
    return False
