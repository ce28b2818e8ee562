"""The kill switch: what it stops, who may throw it, and that nothing is lost by it."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.tests.factories import UserFactory
from core.models import AuditEntry
from marketplace.actions import processing, switching
from marketplace.leases import Lease
from marketplace.models import FormatSwitch, ModelFile
from marketplace.tests.factories import Model3DFactory, ModelFileFactory

pytestmark = pytest.mark.django_db

SWITCHING = ["marketplace.add_formatswitch", "marketplace.change_formatswitch"]


def run(*arguments) -> str:
    out = io.StringIO()
    call_command("formats", *arguments, stdout=out)
    return out.getvalue()


def queued_ids(redis_databases) -> int:
    """Jobs on the queue of the files."""
    return redis_databases[1].llen("files")


def test_a_format_without_a_row_is_on():
    assert FormatSwitch.objects.refusal("fbx") == ""
    assert FormatSwitch.objects.refusals() == {}


def test_a_format_that_is_off_says_why():
    switching.switch_off(file_format="fbx", reason="The converter is being mended.")
    sentence = "FBX files are not taken at the moment. The converter is being mended."
    assert FormatSwitch.objects.refusal("fbx") == sentence
    assert FormatSwitch.objects.refusals() == {"fbx": sentence}
    assert FormatSwitch.objects.refusal("obj") == ""


def test_nobody_claims_a_file_whose_format_is_off():
    off, on = ModelFileFactory(format="fbx"), ModelFileFactory(format="glb")
    switching.switch_off(file_format="fbx", reason="")
    assert Lease.take(off.pk) is None
    assert Lease.take(on.pk) is not None
    off.refresh_from_db()
    assert (off.state, off.attempts) == (ModelFile.State.QUEUED, 0)


def test_stalled_files_of_a_format_that_is_off_stay_where_they_are(redis_databases):
    ModelFileFactory(format="fbx")
    switching.switch_off(file_format="fbx", reason="")
    assert processing.requeue_stalled() == 0
    assert queued_ids(redis_databases) == 0


def test_switching_on_queues_what_has_waited_with_all_its_attempts(
    redis_databases, django_capture_on_commit_callbacks
):
    file = ModelFileFactory(format="fbx", attempts=2)
    switching.switch_off(file_format="fbx", reason="A reason")
    with django_capture_on_commit_callbacks(execute=True):
        assert switching.switch_on(file_format="fbx") == 1
    file.refresh_from_db()
    assert file.attempts == 0
    assert queued_ids(redis_databases) == 1
    assert FormatSwitch.objects.get().reason == ""


def test_switching_twice_changes_and_records_nothing_more():
    for _ in range(2):
        switching.switch_off(file_format="fbx", reason="Broken")
    for _ in range(2):
        switching.switch_on(file_format="fbx")
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == [
        "format.off",
        "format.on",
    ]


def test_a_file_in_the_works_is_put_back_before_its_next_step():
    file = ModelFileFactory(format="glb")
    switching.switch_off(file_format="glb", reason="")
    lease = Lease(file.pk, ModelFile.objects.values_list("public_id", flat=True).get())
    ModelFile.objects.update(state=ModelFile.State.PROCESSING, lease_token=lease.token)
    processing._run(lease, None)
    file.refresh_from_db()
    assert (file.state, file.lease_token) == (ModelFile.State.QUEUED, None)


def test_the_creator_reads_why_the_file_waits(client):
    model = Model3DFactory()
    ModelFileFactory(model=model, format="fbx", original_name="chair.fbx")
    switching.switch_off(file_format="fbx", reason="Back on Monday.")
    client.force_login(model.creator)
    page = client.get(reverse("marketplace:edit", args=[model.pk])).content.decode()
    assert "FBX files are not taken at the moment. Back on Monday." in page


def test_the_command_refuses_what_it_does_not_know():
    with pytest.raises(CommandError):
        run("--off", "doc")
    with pytest.raises(CommandError, match="goes with --off"):
        run("--reason", "why")
    with pytest.raises(CommandError, match="300"):
        run("--off", "fbx", "--reason", "x" * 301)
    assert not FormatSwitch.objects.exists()


def test_the_command_switches_and_lists():
    assert "FBX files are not taken at the moment. Why." in run("--off", "FBX", "--reason", "Why.")
    ModelFileFactory(format="fbx")
    line = next(line for line in run().splitlines() if line.startswith("fbx"))
    assert "off since" in line
    assert "unfinished: 1" in line
    assert line.endswith("Why.")
    assert "queued now: 1" in run("--on", "FBX")
    assert "off" not in run()
    assert AuditEntry.objects.filter(action="format.off", actor=None).exists()


def test_people_without_the_permission_do_not_see_the_switches(client):
    client.force_login(UserFactory(moderator=True))
    assert client.get(reverse("admin:marketplace_formatswitch_changelist")).status_code == 403


def test_who_has_the_permission_switches_a_format_in_the_console(client):
    moderator = UserFactory(
        staff=True,
        permissions=["marketplace.view_formatswitch", *SWITCHING],
    )
    client.force_login(moderator)
    add = reverse("admin:marketplace_formatswitch_add")
    assert client.post(add, {"format": "fbx", "reason": "Broken"}).status_code == 302
    switch = FormatSwitch.objects.get()
    assert (switch.is_enabled, switch.reason) == (False, "Broken")
    change = reverse("admin:marketplace_formatswitch_change", args=[switch.pk])
    assert client.post(change, {"is_enabled": "on", "reason": "Broken"}).status_code == 302
    switch.refresh_from_db()
    assert (switch.is_enabled, switch.reason) == (True, "")
    assert list(AuditEntry.objects.order_by("pk").values_list("actor", "action")) == [
        (moderator.pk, "format.off"),
        (moderator.pk, "format.on"),
    ]
    delete = reverse("admin:marketplace_formatswitch_delete", args=[switch.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403
