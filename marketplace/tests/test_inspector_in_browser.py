"""The inspector in a real browser: what each way of showing a model draws, on a model of which every colour is known.

Pixels are read from the canvas itself, right after it was drawn. That nothing breaks the content policy, `complaints`
watches.
"""

import io
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.base import ContentFile
from PIL import Image
from playwright.sync_api import expect

from marketplace.models import Model3D
from marketplace.tests.factories import Model3DFactory
from marketplace.tests.known_model import (
    FLAG_TIP,
    METALLIC,
    OCCLUSION,
    QUARTERS,
    RED,
    ROUGHNESS,
    SIZE,
    YELLOW,
    known_glb,
)

AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
LIVE_MS = 60_000
# three.js keeps a triangle (it blurs shadows with it) and a texture (a table of reflections) as long as the context.
OF_THREE = 1
REMEMBER = "addEventListener('viewer:live', event => { window.live = event.detail })"
# The colours [red, green, blue, opacity] at points of the model, as the canvas has them.
COLOURS_AT = """points => {
  const { stage } = window.live;
  stage.draw();
  const gl = stage.renderer.getContext();
  return points.map(point => {
    const place = stage.size.clone().set(...point).project(stage.camera);
    const [x, y] = [(place.x + 1) / 2 * gl.drawingBufferWidth, (place.y + 1) / 2 * gl.drawingBufferHeight];
    const pixel = new Uint8Array(4);
    gl.readPixels(x, y, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
    return [...pixel];
  });
}"""
# A sum over all pixels, by which two pictures can be told apart.
PICTURE = """() => {
  const { stage } = window.live;
  stage.draw();
  const gl = stage.renderer.getContext();
  const pixels = new Uint8Array(gl.drawingBufferWidth * gl.drawingBufferHeight * 4);
  gl.readPixels(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
  return pixels.reduce((sum, value, place) => (sum + value * (place % 251 + 1)) % 4294967291, 0);
}"""


@pytest.fixture
def model(live_site) -> Model3D:
    made = Model3DFactory(listed=True, title="Known cube")
    made.current_file.preview.save("preview.glb", ContentFile(known_glb()))
    inspection = made.current_file.inspection
    inspection.bounds_min, inspection.bounds_max = [0, 0, 0], list(SIZE)
    inspection.save()
    return made


@pytest.fixture
def inspector(open_page, model):
    """The inspector's page, live, seen from the front, its clip stopped at the start."""
    page = open_page(viewport={"width": 1040, "height": 560}, reduced_motion="reduce")
    page.add_init_script(REMEMBER)
    page.goto(f"/view/{model.pk}/")
    page.wait_for_selector(".is-live", timeout=LIVE_MS)
    page.get_by_role("button", name="Front").click()
    return page


def colours(page, *points) -> list[list[int]]:
    return page.evaluate(COLOURS_AT, [list(point) for point in points])


def colour(page, point) -> list[int]:
    return colours(page, point)[0]


def is_near(found, wanted, tolerance=4) -> bool:
    return all(abs(a - b) <= tolerance for a, b in zip(found, wanted, strict=False))


def show(page, mode: str) -> None:
    page.get_by_role("radio", name=mode, exact=True).check(force=True)


@pytest.mark.full
def test_each_way_of_showing_the_surface_shows_what_it_says(inspector):
    page = inspector
    quarters = list(QUARTERS.values())
    red, _green, _blue, yellow = colours(page, *quarters)
    assert red[0] > 2 * max(red[1:3])
    assert min(yellow[:2]) > 1.5 * yellow[2]

    show(page, "Matcap")
    clay = colours(page, *quarters)
    assert all(is_near(one, clay[0], 30) and abs(one[0] - one[2]) < 60 for one in clay)

    show(page, "Wireframe")
    inside, *edge = colours(page, QUARTERS[RED], *((-0.5 + step / 500, 0.5, 0.5) for step in range(-2, 3)))
    assert inside[3] == 0
    assert any(pixel[3] for pixel in edge)

    show(page, "Normals")
    assert all(is_near(one, (128, 128, 255), 6) for one in colours(page, *quarters))

    show(page, "UV")
    cells = colours(page, *((x, y, 0.5) for x in (-0.45, 0.07, 0.32) for y in (0.05, 0.57)))
    assert len(set(map(tuple, cells))) > 4
    expect(page.get_by_role("img", name="UV layout")).to_be_visible()

    show(page, "Textures")
    assert all(map(is_near, colours(page, *quarters), QUARTERS))
    for channel, value in (("Metallic", METALLIC), ("Roughness", ROUGHNESS), ("Occlusion", OCCLUSION)):
        show(page, channel)
        assert is_near(colour(page, QUARTERS[RED]), [value] * 3), channel
    show(page, "Normal map")
    assert is_near(colour(page, QUARTERS[RED]), (128, 128, 255))
    show(page, "Emissive")
    blue = colour(page, QUARTERS[RED])
    assert blue[0] == blue[1] == 0 < blue[2]
    show(page, "Alpha")
    cube, flag = colours(page, QUARTERS[RED], FLAG_TIP)
    assert is_near(cube, (255, 255, 255))
    assert is_near(flag, (128, 128, 128))

    show(page, "Shaded")
    assert is_near(colour(page, QUARTERS[RED]), red)


@pytest.mark.full
def test_what_lies_over_the_model_is_drawn_over_it(inspector):
    page = inspector
    plain = page.evaluate(PICTURE)
    for name in ("Wires over the surface", "Skeleton", "Bounding box"):
        page.get_by_label(name).check()
        assert page.evaluate(PICTURE) != plain, name
        if name == "Bounding box":
            expect(page.locator(".viewer-length")).to_have_text(["2.5 m", "1 m", "1 m"])
            page.get_by_label("Unit").select_option("cm")
            expect(page.locator(".viewer-length").first).to_have_text("250 cm")
        page.get_by_label(name).uncheck()
        assert page.evaluate(PICTURE) == plain, name
    page.get_by_label("Wires over the surface").check()
    red = colour(page, QUARTERS[RED])
    assert red[0] > 2 * max(red[1:3])


@pytest.mark.full
def test_a_part_is_chosen_in_the_list_or_on_the_model_and_looked_at(inspector):
    page = inspector
    parts = page.locator("[data-parts] button")
    expect(parts).to_have_count(2)
    expect(parts.first).to_contain_text("12 triangles · 24 vertices")
    before = colour(page, QUARTERS[YELLOW])
    parts.first.click()
    assert not is_near(colour(page, QUARTERS[YELLOW]), before, 10)
    page.keyboard.press("Escape")
    assert is_near(colour(page, QUARTERS[YELLOW]), before)
    canvas = page.locator(".viewer-canvas").bounding_box()
    place = page.evaluate(
        "point => { const at = live.stage.size.clone().set(...point).project(live.stage.camera); return [at.x, at.y] }",
        list(QUARTERS[RED]),
    )
    page.mouse.click(
        canvas["x"] + (place[0] + 1) / 2 * canvas["width"],
        canvas["y"] + (1 - place[1]) / 2 * canvas["height"],
    )
    expect(parts.first).to_have_attribute("aria-pressed", "true")
    distance = "live.stage.camera.position.distanceTo(live.stage.controls.target)"
    far = page.evaluate(distance)
    page.keyboard.press("z")
    assert page.evaluate(distance) < far * 0.75


@pytest.mark.full
def test_clips_variants_and_light_change_what_is_seen(inspector):
    page = inspector
    straight = page.evaluate(PICTURE)
    assert not page.evaluate("live.inspector.playback.playing"), "less motion is wanted"
    page.get_by_label("Place in the clip").fill("1000")
    expect(page.locator("[data-clip-clock]")).to_have_text("2.0 s of 2.0 s")
    assert colour(page, (1.7, 0.9, 0))[3] < 255
    assert page.evaluate(PICTURE) != straight
    page.get_by_label("Place in the clip").fill("0")
    assert page.evaluate(PICTURE) == straight
    page.keyboard.press("Escape")
    page.locator(".viewer-canvas").focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Play the animation").first).to_have_attribute(
        "aria-pressed", "true"
    )
    page.keyboard.press("Space")
    page.get_by_label("Place in the clip").fill("0")

    page.get_by_label("Variant", exact=True).select_option("Variant 2")
    page.wait_for_timeout(300)
    cyan = colour(page, QUARTERS[RED])
    assert cyan[0] < 60 < min(cyan[1:3])
    page.get_by_label("Variant", exact=True).select_option("As it came")
    page.wait_for_timeout(300)
    assert page.evaluate(PICTURE) == straight

    for label, value in (("Surroundings", "sunset"), ("Surroundings", "night"), ("Surroundings", "contrast")):
        page.get_by_label(label).select_option(value)
        assert page.evaluate(PICTURE) != straight, value
    page.get_by_label("Surroundings").select_option("studio")
    assert page.evaluate(PICTURE) == straight
    for label, value in (("Exposure", "2"), ("Direction", "120")):
        page.get_by_label(label).fill(value)
        assert page.evaluate(PICTURE) != straight, label


@pytest.mark.full
def test_the_camera_obeys_keys_and_the_picture_is_saved_at_twice_the_size(inspector):
    page = inspector
    home = page.evaluate(PICTURE)
    page.locator(".viewer-canvas").focus()
    for key in ("ArrowLeft", "ArrowUp", "+", "Shift+ArrowRight"):
        before = page.evaluate(PICTURE)
        page.keyboard.press(key)
        assert page.evaluate(PICTURE) != before, key
    page.get_by_role("button", name="Front").click()
    assert page.evaluate(PICTURE) == home
    page.keyboard.press("2")
    expect(page.get_by_role("radio", name="Matcap")).to_be_checked()
    page.get_by_label("Background").select_option("checker")
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save a picture").click()
    assert saving.value.suggested_filename == "known-cube.png"
    with Image.open(saving.value.path()) as saved:
        assert saved.size == (2 * page.evaluate("live.stage.width"), 2 * page.evaluate("live.stage.height"))
        assert saved.convert("RGBA").getpixel((3, 3))[3] == 0
    page.get_by_role("button", name="Keys and gestures").click()
    expect(page.get_by_role("dialog", name="Keys and gestures")).to_be_visible()
    page.get_by_label("Listen to single keys").uncheck()
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("3")
    expect(page.get_by_role("radio", name="Matcap")).to_be_checked()


@pytest.mark.full
@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
def test_the_inspector_keeps_the_accessibility_rules(open_page, model, scheme, width):
    page = open_page(color_scheme=scheme, viewport={"width": width, "height": 900}, reduced_motion="reduce")
    page.goto(f"/view/{model.pk}/")
    page.wait_for_selector(".is-live", timeout=LIVE_MS)
    broken = Axe().run(page, options=AXE).response["violations"]
    page.keyboard.press("?")
    broken += Axe().run(page, options=AXE).response["violations"]
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Share").click()
    broken += Axe().run(page, options=AXE).response["violations"]
    page.goto(f"/view/{model.pk}/?embed=1")
    broken += Axe().run(page, options=AXE).response["violations"]
    assert [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in broken] == []


@pytest.mark.full
def test_nothing_is_drawn_while_nothing_changes(inspector):
    page = inspector
    page.wait_for_timeout(600)
    page.evaluate(
        "() => { window.drawn = 0; live.stage.frame.addEventListener('viewer:drawn', () => window.drawn++) }"
    )
    page.wait_for_timeout(800)
    assert page.evaluate("window.drawn") == 0
    page.keyboard.press("t")
    page.wait_for_timeout(800)
    assert page.evaluate("window.drawn") > 2


@pytest.mark.full
def test_closing_frees_the_graphics_card_whatever_was_looked_at(inspector):
    page = inspector
    for mode in ("Matcap", "Normals", "UV", "Textures", "Shaded"):
        show(page, mode)
        page.evaluate(PICTURE)
    for name in ("Wires over the surface", "Skeleton", "Bounding box"):
        page.get_by_label(name).check()
    page.get_by_label("Variant", exact=True).select_option("Variant 2")
    page.get_by_label("Surroundings").select_option("night")
    page.wait_for_timeout(300)
    assert page.evaluate("live.stage.renderer.info.memory.textures") > 3
    left = page.evaluate("live.inspector.close()")
    assert max(left.values()) <= OF_THREE
    assert page.evaluate("live.stage.renderer.getContext().isContextLost()")
    assert page.locator(".viewer-canvas").count() == 0


@pytest.mark.full
def test_a_lost_graphics_card_is_taken_up_again(inspector, complaints):
    page = inspector
    before = page.evaluate(PICTURE)
    page.evaluate(
        "window.loss = live.stage.renderer.getContext().getExtension('WEBGL_lose_context'); loss.loseContext()"
    )
    page.wait_for_timeout(300)
    page.evaluate("loss.restoreContext()")
    page.wait_for_timeout(1000)
    assert page.evaluate(PICTURE) == before
    page.evaluate("loss.loseContext()")
    expect(page.get_by_role("alert")).to_contain_text("gave the 3D view up", timeout=10_000)
    page.get_by_role("button", name="Try again").click()
    page.wait_for_selector(".is-live", timeout=LIVE_MS)


@pytest.mark.full
def test_a_failed_load_is_said_and_tried_again_with_a_fresh_address(open_page, model, complaints):
    complaints.expect("Failed to load resource")
    page = open_page()
    page.add_init_script(REMEMBER)
    page.route("**/model.glb", lambda route: route.abort())
    page.goto(f"/view/{model.pk}/")
    expect(page.get_by_role("alert")).to_contain_text("connection was lost", timeout=LIVE_MS)
    page.unroute("**/model.glb")
    # The address that the page carries has run out; the page itself knows a good one.
    page.evaluate("document.querySelector('[data-inspector]').dataset.src = '/preview/expired/model.glb'")
    page.get_by_role("button", name="Try again").click()
    page.wait_for_selector(".is-live", timeout=LIVE_MS)
    Model3D.objects.update(is_published=False)
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    page.evaluate("document.querySelector('[data-inspector]').dataset.src = '/preview/expired/model.glb'")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(page.get_by_role("alert")).to_contain_text("not shown here any more", timeout=LIVE_MS)


@pytest.mark.full
def test_leaving_the_page_stops_the_load_and_coming_back_starts_it_anew(open_page, model):
    page = open_page()
    page.add_init_script(REMEMBER)
    held = []
    page.route("**/model.glb", lambda route: held.append(route))
    page.goto(f"/view/{model.pk}/", wait_until="commit")
    page.wait_for_selector("[data-state=loading]")
    with page.expect_event(
        "requestfailed", lambda request: request.url.endswith("model.glb"), timeout=LIVE_MS
    ):
        page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    expect(page.locator("[data-state=poster]")).to_be_attached()
    page.unroute("**/model.glb")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    page.wait_for_selector(".is-live", timeout=LIVE_MS)
    left = page.evaluate(
        "() => { const { info } = live.stage.renderer; dispatchEvent(new PageTransitionEvent('pagehide'));"
        " return info.memory }"
    )
    assert max(left["geometries"], left["textures"]) <= OF_THREE


@pytest.mark.full
def test_without_webgl_the_poster_stays_and_the_page_says_why(open_page, model, complaints):
    complaints.expect("WebGL")
    page = open_page()
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    page.goto(f"/view/{model.pk}/")
    expect(page.get_by_role("alert")).to_contain_text("cannot draw 3D", timeout=LIVE_MS)
    expect(page.get_by_role("img", name="Known cube")).to_be_visible()
    expect(page.get_by_role("button", name="Try again")).to_be_hidden()


@pytest.mark.full
def test_without_scripts_the_page_shows_the_picture_and_the_way_to_share(open_page, model):
    page = open_page(java_script_enabled=False)
    page.goto(f"/view/{model.pk}/")
    expect(page.get_by_role("img", name="Known cube")).to_be_visible()
    expect(page.locator("[data-viewer-start]")).to_be_hidden()
    page.get_by_role("link", name="Share").click()
    code = page.get_by_label("Code to embed it")
    expect(code).to_be_visible()
    assert f"/view/{model.pk}/?embed=1" in code.input_value()


@pytest.fixture
def blog() -> Iterator[ThreadingHTTPServer]:
    """Another site on this machine; `page` is the HTML that it answers."""

    class Blog(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(self.server.page.encode())

        def log_message(self, *_words):
            """Nobody reads a test's access log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Blog)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.full
def test_other_peoples_pages_show_the_embedded_view(open_page, model, live_site, blog):
    page = open_page(viewport={"width": 800, "height": 700})
    page.add_init_script(REMEMBER)
    address = f"{live_site.url}/view/{model.pk}/?embed=1&turntable=1"
    blog.page = f'<link rel="icon" href="data:,"><iframe src="{address}" width="640" height="480"></iframe>'
    fetched = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto(f"http://127.0.0.1:{blog.server_port}/")
    frame = page.frame_locator("iframe")
    start = frame.get_by_role("button", name="View in 3D")
    expect(start).to_be_visible()
    assert [url for url in fetched if "/plain-" in url or url.endswith(".glb")] == []
    start.click()
    expect(frame.locator(".is-live")).to_be_attached(timeout=LIVE_MS)
    expect(frame.get_by_role("button", name="Turn by itself")).to_have_attribute("aria-pressed", "true")
    frame.get_by_role("button", name="Turn by itself").click()
    expect(frame.get_by_role("button", name="Turn by itself")).to_have_attribute("aria-pressed", "false")
    link = frame.get_by_role("link", name="Known cube")
    expect(link).to_have_attribute("target", "_blank")
    shown = Image.open(io.BytesIO(page.locator("iframe").screenshot())).convert("RGB")
    assert len(shown.getcolors(1_000_000)) > 200
    assert page.context.cookies() == []
