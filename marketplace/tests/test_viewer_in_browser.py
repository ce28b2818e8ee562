"""The 3D view in a real browser, drawn by software. That nothing breaks the content policy, `complaints` watches."""

import io
from decimal import Decimal

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import expect

from marketplace.models import Model3D
from marketplace.tests.factories import Model3DFactory

LIVE_MS = 90_000


@pytest.fixture
def model(live_site) -> Model3D:
    return Model3DFactory(listed=True, title="Grid of squares")


def picture(page, selector) -> Image.Image:
    page.wait_for_timeout(500)
    return Image.open(io.BytesIO(page.locator(selector).screenshot(timeout=LIVE_MS))).convert("RGB")


def drawn_share(page, selector) -> float:
    """How much of the stage differs from the empty stage: what the canvas has drawn on it."""
    shown = picture(page, selector)
    page.locator("model-viewer").evaluate("viewer => viewer.hidden = true")
    empty = picture(page, selector)
    page.locator("model-viewer").evaluate("viewer => viewer.hidden = false")
    difference = (
        ImageChops.difference(shown, empty).convert("L").point(lambda value: 255 if value > 12 else 0)
    )
    return difference.histogram()[255] / (difference.width * difference.height)


def test_the_model_page_loads_its_3d_code_on_demand_and_draws_the_model(page, model):
    fetched = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto(f"/model/{model.pk}/")
    page.wait_for_load_state("networkidle")
    assert not any("model-viewer" in url or url.endswith(".glb") for url in fetched)
    page.get_by_role("button", name="View in 3D").click()
    page.wait_for_selector(".is-live", timeout=LIVE_MS)
    assert sum(url.endswith(".glb") for url in fetched) == 1
    assert drawn_share(page, ".model-stage .viewer") > 0.02
    page.get_by_role("button", name="Turn").click(timeout=LIVE_MS)
    assert page.locator("model-viewer").get_attribute("auto-rotate") is not None
    page.get_by_role("button", name="Turn").click(timeout=LIVE_MS)
    assert page.locator("model-viewer").get_attribute("auto-rotate") is None


@pytest.mark.full
def test_the_gallery_works_without_scripts(open_page, model):
    page = open_page(java_script_enabled=False)
    page.goto(f"/model/{model.pk}/")
    assert page.get_by_role("button", name="View in 3D").count() == 0
    page.locator(".thumbs a").nth(1).click()
    assert page.url.endswith("#view-3")
    page.locator("#view-3").wait_for(state="visible")


@pytest.mark.full
def test_filters_and_the_next_page_come_without_leaving_the_page(page, live_site):
    first = Model3DFactory(listed=True, title="The first", price=Decimal(3))
    Model3D.objects.bulk_create(
        Model3D(
            creator=first.creator,
            category=first.category,
            title=f"Copy {number}",
            price=Decimal(9),
            status="approved",
            submitted_at=first.submitted_at,
            published_at=first.published_at,
            current_file=first.current_file,
        )
        for number in range(30)
    )
    page.goto("/marketplace/")
    cards = page.locator("[data-model-card]")
    expect(cards).not_to_have_count(0)
    page.get_by_role("link", name="Load more").scroll_into_view_if_needed()
    expect(cards).to_have_count(31)
    page.get_by_label("To", exact=True).fill("5")
    page.keyboard.press("Enter")
    expect(cards).to_have_count(1)
    assert "price_max=5" in page.url
    page.go_back()
    expect(page.locator(".chip-on")).to_have_count(0)
    expect(cards.nth(23)).to_be_attached()
