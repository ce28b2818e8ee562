"""The uploader in a real browser, over connections that break, through a reload and a server that is killed."""

import hashlib
import json
import re
import struct
import time
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import expect

from accounts.models import User
from accounts.tests.factories import UserFactory
from marketplace.models import Model3D, ModelFile, Upload
from marketplace.tests.factories import Model3DFactory, picture_bytes
from marketplace.tests.glb import grid_glb, pack_glb
from tests.proxy import CuttingProxy

MIB = 1024**2
PATIENCE_MS = 120_000
OBJ = """mtllib chair.mtl
v 0 0 0
v 1 0 0
v 0 1 0
vt 0 0
vt 1 0
vt 0 1
vn 0 0 1
usemtl wood
f 1/1/1 2/2/1 3/3/1
"""
MTL = "newmtl wood\nKd 0.8 0.5 0.2\nmap_Kd wood.png\n"


@pytest.fixture
def creator(live_site) -> User:
    return UserFactory(creator=True)


def signed_in(open_page, user: User, base_url: str, **options):
    """A page of the creator, at the site or at a proxy in front of it."""
    client = Client()
    client.force_login(user)
    page = open_page(base_url=base_url, **options)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": base_url}
    page.context.add_cookies([cookie])
    page.on("dialog", lambda dialog: dialog.accept())
    return page


def padded_glb(path: Path, size: int) -> Path:
    """A valid GLB of about `size` bytes: a small grid in a large buffer."""
    content = grid_glb(8)
    length = struct.unpack_from("<I", content, 12)[0]
    document = json.loads(content[20 : 20 + length])
    binary = content[28 + length :]
    document["buffers"][0]["byteLength"] = size
    # Not random, so that it is quick, and not constant, so that a shift would be noticed.
    filling = b"".join(number.to_bytes(4, "little") for number in range(MIB // 4))
    body = bytearray(binary)
    while len(body) < size:
        body += filling[: size - len(body)]
    path.write_bytes(pack_glb(document, bytes(body)))
    return path


def sha256_of(stream) -> str:
    return hashlib.file_digest(stream, "sha256").hexdigest()


def slow_down(page, bytes_a_second: int) -> None:
    """-1 lets it run as fast as it can."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    limits = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_a_second}
    session.send("Network.emulateNetworkConditions", limits)


def wait_until(condition, what: str) -> None:
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


@pytest.mark.full
def test_a_model_with_its_textures_survives_a_cut_and_a_reload_and_is_processed(
    open_page, live_site, creator, complaints, tmp_path
):
    complaints.expect("net::ERR")
    # The end of what was cut off may still be on its way to the disk.
    complaints.expect("409")
    big = padded_glb(tmp_path / "chair.glb", 6 * MIB)
    (tmp_path / "chair.obj").write_text(OBJ)
    (tmp_path / "chair.mtl").write_text(MTL)
    (tmp_path / "wood.png").write_bytes(picture_bytes(256, 256))
    (tmp_path / "manual.txt").write_text("How to sit.")
    (tmp_path / "setup.exe").write_bytes(b"MZ")
    files = [
        str(tmp_path / name) for name in ("chair.glb", "chair.obj", "chair.mtl", "wood.png", "manual.txt")
    ]
    with CuttingProxy(live_site.port, cuts=[2 * MIB]) as proxy:
        page = signed_in(open_page, creator, proxy.url)
        page.goto("/upload/")
        page.set_input_files("input[name=file]", [*files, str(tmp_path / "setup.exe")])
        rows = page.locator(".uploader-file")
        expect(rows).to_have_count(6)
        for words in ("GLB model", "OBJ model", "material of the OBJ", "texture", "document"):
            expect(page.locator(".uploader-file-note", has_text=words).first).to_be_visible()
        expect(rows.last).to_contain_text("Cannot be used: This kind of file is not taken")
        expect(page.locator("[data-uploader-outcome]")).to_have_text("Becomes one model: chair (GLB, OBJ).")
        expect(page.locator("[data-uploader-room]")).to_contain_text("this takes 6.0 MB")

        slow_down(page, MIB)
        page.get_by_role("button", name="Upload 5 files").click()
        wait_until(lambda: proxy.made == 1, "the connection was never cut")
        wait_until(
            lambda: Upload.objects.filter(state="complete").count() == 4, "the small files never arrived"
        )
        page.get_by_role("button", name="Pause chair.glb").click()
        expect(page.locator(".uploader-total")).to_contain_text("Paused")
        slow_down(page, -1)
        page.reload()
        unfinished = page.locator("[data-unfinished]")
        expect(unfinished).to_contain_text(
            re.compile(r"\d+ % of 6\.0\s*MB arrived: choose the file again to go on")
        )
        received = Upload.objects.get(name="chair.glb").received
        assert 0 < received < 6 * MIB

        before = proxy.sent
        page.set_input_files("input[name=file]", files)
        expect(page.locator("[data-uploader-outcome]")).to_contain_text("it goes on where it was")
        expect(unfinished).to_be_hidden()
        page.locator("[data-uploader-submit]").click()
        page.wait_for_url("**/dashboard/inventory/*/", timeout=PATIENCE_MS)
        assert proxy.sent - before < 6 * MIB - received + MIB
        page.goto(f"{live_site.url}/dashboard/inventory/")
        page.get_by_role("link", name="Chair").click()

    model = Model3D.objects.get()
    glb, obj = model.files.get(format="glb"), model.files.get(format="obj")
    with glb.original.open() as stored, big.open("rb") as sent:
        assert sha256_of(stored) == sha256_of(sent)
    assert (obj.main_member, obj.original_name) == ("chair.obj", "chair.obj")
    assert [document.name for document in model.documents.all()] == ["manual.txt"]
    assert not Upload.objects.exists()
    page.get_by_role("heading", name="Measured from the file").wait_for(timeout=PATIENCE_MS)
    expect(page.locator("#file-glb")).to_contain_text("Ready", timeout=PATIENCE_MS)
    expect(page.locator("#file-obj")).to_contain_text("Ready", timeout=PATIENCE_MS)
    assert set(model.files.values_list("state", flat=True)) == {ModelFile.State.READY}


@pytest.mark.full
def test_what_the_server_refuses_is_told_beside_the_file_and_nothing_is_lost(
    open_page, live_site, creator, tmp_path, complaints
):
    complaints.expect("422")
    (tmp_path / "chair.glb").write_bytes(grid_glb(4))
    (tmp_path / "notes.txt").write_bytes(b"\xff\xfe no text \x00")
    page = signed_in(open_page, creator, live_site.url)
    page.goto("/upload/")
    page.set_input_files("input[name=file]", [str(tmp_path / "chair.glb"), str(tmp_path / "notes.txt")])
    page.get_by_role("button", name="Upload 2 files").click()

    bad = page.locator(".uploader-file", has_text="notes.txt")
    expect(bad).to_contain_text("This is not plain text in UTF-8.", timeout=PATIENCE_MS)
    assert Upload.objects.filter(state="complete").count() == 2
    assert not Model3D.objects.exists()
    bad.get_by_role("button", name="Remove notes.txt").click()
    page.locator("[data-uploader-submit]").click()
    page.wait_for_url("**/dashboard/inventory/*/", timeout=PATIENCE_MS)
    assert Model3D.objects.get().documents.count() == 0


@pytest.mark.full
def test_a_folder_becomes_several_drafts_each_with_its_own(open_page, live_site, creator, tmp_path):
    for name in ("chair", "table"):
        folder = tmp_path / "set" / name
        folder.mkdir(parents=True)
        (folder / f"{name}.obj").write_text(OBJ.replace("chair.mtl", f"{name}.mtl"))
        (folder / f"{name}.mtl").write_text(MTL)
        (folder / "wood.png").write_bytes(picture_bytes(64, 64))
    page = signed_in(open_page, creator, live_site.url)
    page.goto("/upload/")
    page.set_input_files("[data-uploader-folder-input]", str(tmp_path / "set"))
    expect(page.locator("[data-uploader-outcome]")).to_have_text(
        "Becomes 2 models: chair (OBJ), table (OBJ)."
    )
    page.get_by_role("button", name="Upload 6 files").click()
    page.wait_for_url("**/dashboard/inventory/", timeout=PATIENCE_MS)
    expect(page.get_by_text("2 drafts were begun.")).to_be_visible()
    assert set(Model3D.objects.values_list("title", flat=True)) == {"Chair", "Table"}
    assert {file.main_member for file in ModelFile.objects.all()} == {"chair.obj", "table.obj"}


def drop(page, paths: list[Path]) -> None:
    """Drop files or folders on the zone, as the desktop would."""
    box = page.locator("[data-drop-zone]").bounding_box()
    session = page.context.new_cdp_session(page)
    event = {
        "x": box["x"] + box["width"] / 2,
        "y": box["y"] + 20,
        "data": {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1},
    }
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, **event})


@pytest.mark.full
def test_a_dropped_folder_is_walked_through_and_what_the_system_left_in_it_is_passed_over(
    open_page, live_site, creator, tmp_path
):
    inner = tmp_path / "chair" / "textures"
    inner.mkdir(parents=True)
    (tmp_path / "chair" / "chair.obj").write_text(OBJ)
    (tmp_path / "chair" / ".DS_Store").write_bytes(b"x")
    (inner / "wood.png").write_bytes(picture_bytes(64, 64))
    (tmp_path / "manual.txt").write_text("How to sit.")
    page = signed_in(open_page, creator, live_site.url)
    page.goto("/upload/")
    drop(page, [tmp_path / "chair", tmp_path / "manual.txt"])
    names = page.locator(".uploader-file-name")
    expect(names).to_have_text(["chair/chair.obj", "chair/textures/wood.png", "manual.txt"])


@pytest.mark.full
def test_the_keyboard_alone_chooses_removes_and_uploads(open_page, live_site, creator, tmp_path):
    (tmp_path / "chair.glb").write_bytes(grid_glb(4))
    (tmp_path / "table.glb").write_bytes(grid_glb(4))
    page = signed_in(open_page, creator, live_site.url)
    # Before the page is there, so that the browser asks us rather than opening its own chooser.
    page.on("filechooser", lambda _: None)
    page.goto("/upload/")
    page.locator("input[name=file]").focus()
    expect(page.locator("input[name=file]")).to_be_focused()
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files([str(tmp_path / "chair.glb"), str(tmp_path / "table.glb")])
    expect(page.locator("[role=status][data-uploader-status]")).to_have_text("2 files chosen.")
    page.get_by_role("button", name="Remove table.glb").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Remove chair.glb"
    page.locator("[data-uploader-submit]").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/dashboard/inventory/*/", timeout=PATIENCE_MS)
    assert Model3D.objects.get().title == "Chair"


@pytest.mark.full
def test_without_scripts_the_same_form_takes_several_files(
    open_page, live_site, creator, complaints, tmp_path
):
    complaints.expect("422")
    (tmp_path / "chair.obj").write_text(OBJ)
    (tmp_path / "chair.mtl").write_text(MTL)
    (tmp_path / "odd.xyz").write_text("?")
    page = signed_in(open_page, creator, live_site.url, java_script_enabled=False)
    page.goto("/upload/")
    page.set_input_files("input[name=file]", [str(tmp_path / "chair.obj"), str(tmp_path / "odd.xyz")])
    page.get_by_role("button", name="Upload").click()
    expect(page.locator(".uploader-error")).to_contain_text("odd.xyz: This kind of file is not taken.")
    page.set_input_files("input[name=file]", [str(tmp_path / "chair.obj"), str(tmp_path / "chair.mtl")])
    page.get_by_role("button", name="Upload").click()
    page.wait_for_url("**/dashboard/inventory/*/")
    assert ModelFile.objects.get().main_member == "chair.obj"


@pytest.mark.full
def test_further_formats_are_added_and_replaced_on_the_model_s_own_page(
    open_page, live_site, creator, tmp_path
):
    model = Model3DFactory(creator=creator, with_file=True, title="Chair")
    (tmp_path / "chair.glb").write_bytes(grid_glb(4))
    (tmp_path / "chair.stl").write_bytes(
        b"\0" * 80 + struct.pack("<I", 1) + struct.pack("<12fH", *range(12), 0)
    )
    page = signed_in(open_page, creator, live_site.url)
    page.goto(model.get_edit_url())
    page.set_input_files(
        "#add-files input[name=file]", [str(tmp_path / "chair.glb"), str(tmp_path / "chair.stl")]
    )
    expect(page.locator("#add-files")).to_contain_text("GLB model, replaces version 1")
    page.get_by_role("button", name="Upload 2 files").click()
    expect(page.locator("#file-stl")).to_be_visible(timeout=PATIENCE_MS)
    assert set(model.files.values_list("format", "version")) == {("glb", 2), ("stl", 1)}


@pytest.mark.full
def test_300_megabytes_survive_three_cuts_and_a_killed_server(
    open_page, live_site, creator, tmp_path, complaints
):
    complaints.expect("net::ERR")
    complaints.expect("Failed to load resource")
    # What htmx was asking for at the moment when the server dies.
    complaints.expect("htmx:")
    big = padded_glb(tmp_path / "large.glb", 300 * MIB)
    with CuttingProxy(live_site.port, cuts=[60 * MIB, 130 * MIB, 250 * MIB]) as proxy:
        page = signed_in(open_page, creator, proxy.url)
        page.goto("/upload/")
        page.set_input_files("input[name=file]", str(big))
        page.locator("[data-uploader-submit]").click()
        wait_until(lambda: proxy.sent > 180 * MIB, "the upload does not go on")
        live_site.kill("web")
        live_site.ensure("web")
        page.wait_for_url("**/dashboard/inventory/*/", timeout=4 * PATIENCE_MS)
        assert proxy.made == 3
    with ModelFile.objects.get().original.open() as stored, big.open("rb") as sent:
        assert sha256_of(stored) == sha256_of(sent)
