"""Two models side by side in a real browser: what turns one turns the other, by mouse and by keyboard, and what is
there where no 3D can be drawn.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from accounts.tests.factories import UserFactory
from marketplace.processing.types import Step
from marketplace.tests.factories import FingerprintFactory, Model3DFactory, shape_vector
from marketplace.tests.known_model import known_glb

AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
LIVE_MS = 60_000
REMEMBER = """
window.live = {};
addEventListener('viewer:live', event => { window.live[event.target.id] = event.detail.stage });
"""
# Where each camera stands around its model: degrees round it and down from above, and how far in sizes of the model.
PLACES = """() => Object.fromEntries(Object.entries(window.live).map(([name, { camera, controls, radius }]) => {
  const way = camera.position.clone().sub(controls.target);
  const distance = way.length();
  const degrees = angle => Math.round(angle * 1800 / Math.PI) / 10;
  const turned = [Math.atan2(way.x, way.z), Math.acos(way.y / distance)].map(degrees);
  return [name, [...turned, Math.round(distance / radius * 50) / 50]];
}))"""
LEFT, RIGHT = "pane-left", "pane-right"


def shaped(place: float, size: float, **fields):
    model = Model3DFactory(pending=True, **fields)
    FingerprintFactory(file=model.current_file, vector=shape_vector(place), scale=size)
    model.current_file.preview.save("preview.glb", ContentFile(known_glb()))
    model.current_file.inspection.details = {
        **model.current_file.inspection.details,
        Step.TURNTABLE: {"columns": 6, "rows": 4, "width": 480, "height": 360, "frames": 24},
    }
    model.current_file.inspection.save()
    return model


@pytest.fixture
def address(live_site) -> str:
    pair = shaped(0, 1.0, title="The new one"), shaped(0.01, 2.0, title="The first one")
    return reverse("admin:marketplace_model3d_compare", args=[model.pk for model in pair])


@pytest.fixture
def open_as_moderator(open_page, live_site):
    def opened(address: str, *, script: str = REMEMBER, **options):
        client = Client()
        client.force_login(UserFactory(moderator=True))
        page = open_page(**{"reduced_motion": "reduce", **options})
        key = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": key, "url": live_site.url}])
        page.add_init_script(script)
        page.goto(address)
        return page

    return opened


def live(page) -> None:
    for name in (LEFT, RIGHT):
        page.wait_for_selector(f"#{name}.is-live", timeout=LIVE_MS)


@pytest.mark.full
def test_what_turns_one_turns_the_other_until_they_are_set_apart(open_as_moderator, address):
    page = open_as_moderator(address)
    live(page)
    at_home = page.evaluate(PLACES)
    assert at_home[LEFT] == at_home[RIGHT]

    left = page.locator("#pane-left canvas")
    left.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("+")
    by_keys = page.evaluate(PLACES)
    assert by_keys[LEFT] == by_keys[RIGHT] != at_home[LEFT]

    box = page.locator("#pane-right canvas").bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 150)
    page.mouse.down()
    page.mouse.move(box["x"] + 290, box["y"] + 190, steps=4)
    page.mouse.up()
    page.wait_for_timeout(200)
    by_mouse = page.evaluate(PLACES)
    assert by_mouse[LEFT] == by_mouse[RIGHT] != by_keys[LEFT]

    left.focus()
    page.keyboard.press("l")
    expect(page.get_by_label("Turn together")).not_to_be_checked()
    page.keyboard.press("ArrowRight")
    apart = page.evaluate(PLACES)
    assert apart[RIGHT] == by_mouse[RIGHT]
    assert apart[LEFT] != by_mouse[LEFT]

    page.keyboard.press("r")
    assert page.evaluate(PLACES) == at_home


@pytest.mark.full
def test_both_are_shown_in_the_same_way_and_the_right_one_can_be_turned_over(open_as_moderator, address):
    page = open_as_moderator(address)
    live(page)
    shown = "() => Object.values(window.live).map(stage => stage.meshes[0].material.type)"
    wires = "() => Object.values(window.live).map(stage => stage.meshes[0].material.wireframe)"
    page.get_by_label("Matcap").check()
    assert page.evaluate(shown) == ["MeshMatcapMaterial"] * 2
    page.locator("#pane-right canvas").focus()
    page.keyboard.press("3")
    assert page.evaluate(wires) == [True, True]
    expect(page.get_by_label("Wireframe")).to_be_checked()

    heights = (
        "() => ['pane-left', 'pane-right'].map(name => Math.round(window.live[name].size.y * 100) / 100)"
    )
    before = page.evaluate(heights)
    page.get_by_role("button", name="Roll over").click()
    page.get_by_role("button", name="Mirror").click()
    after = page.evaluate(heights)
    assert after[0] == before[0]
    assert after[1] == 2.5
    expect(page.get_by_role("button", name="Mirror")).to_have_attribute("aria-pressed", "true")


@pytest.mark.full
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_the_page_is_accessible_and_no_wider_than_the_window(open_as_moderator, address, scheme, width):
    page = open_as_moderator(address, color_scheme=scheme, viewport={"width": width, "height": 900})
    live(page)
    found = Axe().run(page, context="#content-main", options=AXE).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.full
def test_where_no_3d_is_drawn_the_pictures_stand_beside_each_other_and_turn_together(
    open_as_moderator, address, complaints
):
    complaints.expect("WebGL")
    page = open_as_moderator(address, script="HTMLCanvasElement.prototype.getContext = () => null")
    for name in (LEFT, RIGHT):
        expect(page.locator(f"#{name}")).to_have_attribute("data-state", "failed", timeout=LIVE_MS)
        expect(page.locator(f"#{name} > img")).to_be_visible()
    sliders = page.get_by_role("slider")
    sliders.first.focus()
    page.keyboard.press("ArrowRight")
    assert [slider.input_value() for slider in sliders.all()] == ["1", "1"]
    assert [view.get_attribute("viewBox") for view in page.locator("[data-sprite] svg").all()] == [
        "480 0 480 360"
    ] * 2
