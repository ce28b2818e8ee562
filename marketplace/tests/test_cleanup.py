"""What nothing refers to goes; whatever a row names, or is younger than a day, stays."""

import io
import os
import shutil
import time
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import call_command
from django.utils import timezone

from accounts.models import DataExport, UserProfile
from accounts.tests.factories import UserFactory
from marketplace import orphans
from marketplace.models import ModelDocument, ModelFile, PreviewImage
from marketplace.tests.factories import Model3DFactory, picture_bytes
from marketplace.workspace import work_root

pytestmark = pytest.mark.django_db

ALL = [
    "renders",
    "previews",
    "avatars",
    "banners",
    "blog",
    "courses",
    "originals",
    "derivatives",
    "documents",
    "exports",
    "paperwork",
    "community",
    "support",
]


@pytest.fixture(autouse=True)
def _nothing_of_other_tests():
    for root in (settings.MEDIA_ROOT, settings.PRIVATE_MEDIA_ROOT):
        for entry in Path(root).iterdir():
            if entry.is_dir():
                shutil.rmtree(entry)
            else:
                entry.unlink()


@pytest.fixture
def _everything_is_old(monkeypatch):
    """The change time of a file cannot be set: so the age that is asked for is."""
    monkeypatch.setattr(orphans, "LEAST_AGE", timedelta(seconds=-1))


def run(*arguments) -> str:
    out = io.StringIO()
    call_command("cleanup", *arguments, stdout=out)
    return out.getvalue()


def stored() -> set[str]:
    roots = (Path(settings.MEDIA_ROOT), Path(settings.PRIVATE_MEDIA_ROOT))
    return {str(path.relative_to(root)) for root in roots for path in root.rglob("*") if path.is_file()}


def full_site() -> None:
    """Something of every kind that is stored."""
    model = Model3DFactory(with_file=True)
    ModelFile.objects.get().converted.save("converted.glb", ContentFile(b"glTF"))
    ModelDocument.objects.create(
        model=model, kind="txt", name="a.txt", file=ContentFile(b"text", "a.txt"), size=4
    )
    PreviewImage.objects.create(model=model, image=ContentFile(picture_bytes(8, 8), "a.webp"))
    person = UserFactory(avatar=ContentFile(picture_bytes(8, 8), "avatar.webp"))
    UserProfile.objects.create(user=person, banner=ContentFile(picture_bytes(8, 8), "banner.webp"))
    DataExport.objects.create(user=person, file=ContentFile(b"PK", "my-data.zip"))


def orphan_everywhere() -> set[str]:
    names = set()
    for alias, folders in orphans.FOLDERS.items():
        for folder in folders:
            names.add(storages[alias].save(f"{folder}/{uuid.uuid4().hex}/lost.bin", ContentFile(b"12345")))
    return names


@pytest.mark.usefixtures("_everything_is_old")
def test_a_dry_run_removes_nothing():
    full_site()
    lost = orphan_everywhere()
    before = stored()
    out = run("--dry-run")
    assert stored() == before >= lost
    for folder in ALL:
        assert f"{folder}/: 1 files of " in out
        assert out.count("5\xa0bytes, would be removed; 0 empty folders would be removed.") == len(ALL)


@pytest.mark.usefixtures("_everything_is_old")
def test_what_a_row_names_stays_and_what_none_names_goes():
    full_site()
    named = stored()
    lost = orphan_everywhere()
    foreign = storages["private"].save("backups/keep.bin", ContentFile(b"1"))
    run()
    assert stored() == named | {foreign}
    assert all(not (Path(settings.MEDIA_ROOT) / name).parent.exists() for name in lost)
    out = run()
    assert "renders/: 0 files" in out


def test_what_is_younger_than_a_day_stays():
    lost = orphan_everywhere()
    run()
    assert stored() == lost


def test_a_file_moved_in_lately_stays_however_old_its_content_is():
    (name,) = (name for name in orphan_everywhere() if name.startswith("originals/"))
    path = Path(settings.PRIVATE_MEDIA_ROOT) / name
    os.utime(path, (time.time() - 1e6, time.time() - 1e6))
    run()
    assert path.exists()


@pytest.mark.usefixtures("_everything_is_old")
def test_many_files_are_told_apart_in_batches(monkeypatch):
    monkeypatch.setattr(orphans, "BATCH", 2)
    full_site()
    named = stored()
    for _ in range(3):
        orphan_everywhere()
    found = list(orphans.remove_orphans())
    assert {item.folder: item.files for item in found} == dict.fromkeys(ALL, 3)
    assert stored() == named


@pytest.mark.usefixtures("_everything_is_old")
def test_where_most_has_no_row_nothing_is_removed_without_force(monkeypatch):
    """As with a database that is an old copy, or another site's."""
    monkeypatch.setattr(orphans, "DOUBTFUL_FILES", 2)
    full_site()
    named = stored()
    for _ in range(3):
        orphan_everywhere()
    before = stored()
    assert "originals/: 3 files of 4, 15\xa0bytes, LEFT ALONE" in run()
    assert stored() == before
    run("--force")
    assert stored() == named


def test_a_scratch_folder_of_a_dead_worker_goes_but_not_in_a_dry_run():
    folder = work_root() / str(uuid.uuid4())
    folder.mkdir(parents=True)
    (folder / "lock").touch()
    assert "Scratch folders: 1 would" in run("--dry-run")
    assert folder.exists()
    run()
    assert not folder.exists()


def test_object_storage_is_walked_too(object_storage, monkeypatch):
    def keys() -> set[str]:
        listings = [object_storage.list_objects_v2(Bucket=bucket) for bucket in ("public", "private")]
        return {item["Key"] for listing in listings for item in listing.get("Contents", [])}

    full_site()
    named = keys()
    lost = orphan_everywhere()
    run()
    assert keys() == named | lost, "what is younger than a day stays"
    later = timezone.now() + timedelta(days=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    run()
    assert keys() == named
