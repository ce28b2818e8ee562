"""Backup and restore, by PostgreSQL's own programs and over real storages."""

import hashlib
import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.conf import settings as site_settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg import sql

from config import backups, embedded
from config.backups import layout, taking
from config.backups.exceptions import BackupError
from core.models import OutgoingMail
from marketplace.tests.factories import Model3DFactory

TABLES = """
SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname
"""


# What belongs to the tables: indexes, triggers, constraints, functions.
RULES = ["pg_index", "pg_trigger", "pg_constraint", "pg_proc"]


def counted(cursor) -> dict[str, int]:
    """How many rows each table has, and how many rules there are."""
    counts = {}
    for name in RULES:
        counts[name] = cursor.execute(
            sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))
        ).fetchone()[0]
    for (name,) in cursor.execute(TABLES).fetchall():
        counts[name] = cursor.execute(
            sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))
        ).fetchone()[0]
    return counts


@pytest.fixture
def own_storage(settings, tmp_path):
    """Empty storages of this test's own; the fields of models keep theirs."""

    def use(public: Path, private: Path) -> None:
        settings.MEDIA_ROOT, settings.PRIVATE_MEDIA_ROOT = public, private
        # Forgets the storages that were made of the former settings.
        settings.STORAGES = {**settings.STORAGES}

    use(tmp_path / "public", tmp_path / "private")
    return use


@pytest.fixture
def stored(own_storage):
    for number in range(3):
        storages["default"].save(f"renders/{number}/poster.webp", ContentFile(b"poster %d" % number))
        storages["private"].save(f"originals/{number}/chair.glb", ContentFile(os.urandom(3_000_000)))
    storages["private"].save("documents/ä ö.pdf", ContentFile(b""))


@pytest.fixture
def without_dump(monkeypatch):
    """What is tested is about files: the database's programs are not run, and the dump is a few bytes."""
    monkeypatch.setattr(taking.postgres, "dump", lambda target: target.write_bytes(b"dump"))


def run(command: str, *arguments) -> str:
    out = StringIO()
    call_command(command, *map(str, arguments), stdout=out)
    return out.getvalue()


def files_of(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file()
    }


def damaged(folder: Path, how: str) -> None:
    manifest = json.loads((folder / layout.MANIFEST).read_text())
    match how:
        case "a changed file":
            (folder / "files/private/originals/1/chair.glb").write_bytes(b"other")
        case "a missing file":
            (folder / "files/public/renders/0/poster.webp").unlink()
        case "a changed list":
            with (folder / layout.SUMS).open("a") as lines:
                lines.write(f"{'0' * 64}  files/private/../../etc/passwd\n")
        case "no manifest":
            (folder / layout.MANIFEST).unlink()
        case "a broken manifest":
            (folder / layout.MANIFEST).write_text("{")
        case "a newer version":
            manifest["migrations"].append("commerce.9999_from_the_future")
            (folder / layout.MANIFEST).write_text(json.dumps(manifest))
        case "another format":
            (folder / layout.MANIFEST).write_text(json.dumps(manifest | {"format": 2}))


@pytest.mark.django_db
@pytest.mark.usefixtures("stored", "without_dump")
@pytest.mark.parametrize(
    ("how", "complaint"),
    [
        ("a changed file", "originals/1/chair.glb is not as it was"),
        ("a missing file", "poster.webp is missing"),
        ("a changed list", "was changed after the backup"),
        ("no manifest", "unfinished"),
        ("a broken manifest", "cannot be read"),
        ("a newer version", "newer version"),
        ("another format", "another version"),
    ],
)
def test_a_backup_that_is_not_whole_is_refused_before_anything_is_touched(
    tmp_path, own_storage, how, complaint
):
    run("backup", tmp_path / "backup")
    damaged(tmp_path / "backup", how)
    own_storage(tmp_path / "new-public", tmp_path / "new-private")
    with pytest.raises(CommandError, match=complaint):
        run("restore", tmp_path / "backup")
    assert not (tmp_path / "new-private").exists()
    if how != "a newer version":
        with pytest.raises(CommandError, match=complaint):
            run("backup", "--verify", tmp_path / "backup")


@pytest.mark.django_db
@pytest.mark.usefixtures("stored", "without_dump")
def test_a_database_that_is_used_is_refused(tmp_path):
    run("backup", tmp_path / "backup")
    with pytest.raises(CommandError, match="is not empty"):
        run("restore", tmp_path / "backup")


@pytest.mark.django_db
@pytest.mark.usefixtures("stored", "without_dump")
def test_a_storage_with_anything_else_in_it_is_refused(tmp_path, own_storage, monkeypatch):
    run("backup", tmp_path / "backup")
    monkeypatch.setattr("config.backups.restoring.postgres.is_empty", lambda: True)
    own_storage(tmp_path / "new-public", tmp_path / "new-private")
    storages["default"].save("avatars/somebody.webp", ContentFile(b"here before"))
    with pytest.raises(CommandError, match=r"avatars/somebody\.webp"):
        run("restore", tmp_path / "backup")
    assert files_of(tmp_path / "new-public").keys() == {"avatars/somebody.webp"}


@pytest.mark.django_db
@pytest.mark.usefixtures("stored", "without_dump")
def test_a_folder_with_something_else_in_it_is_refused(tmp_path):
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "mine.txt").write_text("mine")
    with pytest.raises(CommandError, match="not empty"):
        run("backup", tmp_path / "notes")
    run("backup", tmp_path / "backup")
    with pytest.raises(CommandError, match="finished backup"):
        run("backup", tmp_path / "backup")


@pytest.mark.django_db
@pytest.mark.usefixtures("stored", "without_dump")
def test_who_is_interrupted_goes_on_where_it_was(tmp_path, monkeypatch):
    copied, copy = [], taking._copy

    def dies_after_four(alias, name, target):
        if len(copied) == 4:
            raise KeyboardInterrupt
        copied.append(name)
        return copy(alias, name, target)

    monkeypatch.setattr(taking, "_copy", dies_after_four)
    with pytest.raises(KeyboardInterrupt):
        backups.take(tmp_path / "backup")
    with pytest.raises(BackupError, match="unfinished"):
        backups.verify(tmp_path / "backup")
    storages["default"].delete("renders/0/poster.webp")
    monkeypatch.setattr(taking, "_copy", copy)
    taken = backups.take(tmp_path / "backup")
    assert (taken.files, taken.copied) == (6, 3)
    # What the site deleted meanwhile is gone from the backup as well.
    assert not (tmp_path / "backup" / "files/public/renders/0/poster.webp").exists()
    assert backups.verify(tmp_path / "backup").files == 6


@pytest.mark.django_db
@pytest.mark.usefixtures("stored", "without_dump")
def test_the_next_nights_backup_links_what_did_not_change(tmp_path):
    backups.take(tmp_path / "first")
    storages["private"].save("originals/9/new.glb", ContentFile(b"new"))
    storages["private"].save("incoming/1.part", ContentFile(b"arriving"))
    second = backups.take(tmp_path / "second", previous=tmp_path / "first")
    assert (second.linked, second.copied) == (7, 2)
    name = "files/private/originals/1/chair.glb"
    assert (tmp_path / "first" / name).stat().st_ino == (tmp_path / "second" / name).stat().st_ino
    backups.verify(tmp_path / "second")


@pytest.mark.django_db
@pytest.mark.usefixtures("without_dump")
def test_a_bucket_is_backed_up_like_a_folder_and_comes_back_into_one(
    tmp_path, object_storage, monkeypatch, settings
):
    object_storage.put_object(Bucket="private", Key="originals/1/chair.glb", Body=b"a chair" * 400_000)
    object_storage.put_object(Bucket="public", Key="renders/1/poster.webp", Body=b"a poster")
    assert backups.take(tmp_path / "backup").files == 2
    for bucket, key in (("private", "originals/1/chair.glb"), ("public", "renders/1/poster.webp")):
        object_storage.delete_object(Bucket=bucket, Key=key)
    monkeypatch.setattr("config.backups.restoring.postgres.is_empty", lambda: True)
    monkeypatch.setattr("config.backups.restoring.postgres.load", lambda source: None)
    monkeypatch.setattr("config.backups.restoring.connection.close", lambda: None)
    # Half of a file from a restore that was interrupted.
    object_storage.put_object(Bucket="private", Key="originals/1/chair.glb", Body=b"a ch")
    backups.restore(tmp_path / "backup")
    body = object_storage.get_object(Bucket="private", Key="originals/1/chair.glb")["Body"].read()
    assert body == b"a chair" * 400_000


@pytest.mark.full
@pytest.mark.django_db(transaction=True)
def test_a_site_restored_into_nothing_is_the_same_site(tmp_path, stored):
    for title in ("Oak chair", "Lamp"):
        Model3DFactory(listed=True, title=title)
    OutgoingMail.objects.create(kind="a/b", to_address="ana@example.org", subject="Hi", text="Hi")
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        rows = counted(cursor)
    assert rows["marketplace_model3d"] == 2
    before = {
        root: files_of(Path(root)) for root in (site_settings.MEDIA_ROOT, site_settings.PRIVATE_MEDIA_ROOT)
    }
    run("backup", tmp_path / "backup")
    checked = subprocess.run(
        ["sha256sum", "--check", "--quiet", "--strict", layout.SUMS], cwd=tmp_path / "backup", check=False
    )
    assert checked.returncode == 0

    name = f"restored_{os.getpid()}"
    server = f"postgresql://{embedded.POSTGRES_USER}@/{{}}?host={embedded.socket_dir('postgres')}"
    with psycopg.connect(server.format("postgres"), autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            environment = {
                **os.environ,
                "DATABASE_URL": server.format(name),
                "MEDIA_ROOT": str(tmp_path / "new" / "public"),
                "PRIVATE_MEDIA_ROOT": str(tmp_path / "new" / "private"),
                "DJANGO_SETTINGS_MODULE": "config.settings",
            }
            command = [sys.executable, "manage.py", "restore", str(tmp_path / "backup")]
            # Killed in the middle, it is simply started again.
            for _ in range(2):
                restored = subprocess.run(
                    command,
                    cwd=embedded.BASE_DIR,
                    env=environment,
                    capture_output=True,
                    text=True,
                    check=False,
                )
            assert "is not empty" in restored.stderr, (
                "the second must be refused, for the first has done it all"
            )
            with psycopg.connect(server.format(name)) as new:
                assert counted(new.cursor()) == rows
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
    after = [files_of(tmp_path / "new" / label) for label in ("public", "private")]
    assert after == list(before.values())


@pytest.mark.full
@pytest.mark.django_db(transaction=True)
def test_the_nightly_script_links_verifies_and_forgets_the_oldest(tmp_path, stored):
    database = connection.settings_dict
    environment = {
        **os.environ,
        "PYTHON": sys.executable,
        "KEEP": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": f"postgresql://{database['USER']}@/{database['NAME']}?host={database['OPTIONS']['host']}",
        "MEDIA_ROOT": str(site_settings.MEDIA_ROOT),
        "PRIVATE_MEDIA_ROOT": str(site_settings.PRIVATE_MEDIA_ROOT),
    }
    folder = tmp_path / "nights"
    older = folder / "2001-01-01T0230"
    backups.take(older)
    done = subprocess.run(
        [embedded.BASE_DIR / "deploy" / "backup", str(folder)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "7 linked" in done.stdout
    assert "As it was made" in done.stdout
    assert not older.exists()
    assert len(list(folder.iterdir())) == 1
