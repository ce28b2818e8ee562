"""Picture the pages that help and docs show, from a running site with the demo, into support/content/pictures.

    python -m bench.help_pictures [--url http://localhost:8000] [--only filters,viewer]

Each is at most 60 KB: the quality goes down until it fits.
"""

import argparse
import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from bench.screenshots import addresses, settle, signed_in_context
from tests import chromium

TARGET = Path(__file__).resolve().parent.parent / "support" / "content" / "pictures"
SIZE, WIDTH = (1200, 760), 1080
MOST_BYTES = 60 * 1024
QUALITIES = (82, 74, 66, 58, 50, 42)


@dataclass(frozen=True)
class Shot:
    """Who looks at which page; `press` and `top` are selectors: what is pressed first, what is moved to the top."""

    role: str | None
    address: str
    press: str = ""
    top: str = ""


SHOTS = {
    "filters": Shot(None, "/marketplace/?with=textured&for=mobile&triangles=1"),
    "measures": Shot(None, "{model}", top="text=Measured from the file"),
    "viewer": Shot(None, "{viewer}", press="label:has(input[value=wireframe])"),
    "upload": Shot("creator", "/upload/"),
    "results": Shot("creator", "{edit}"),
    "financials": Shot("creator", "/dashboard/financials/"),
}


def take(page: Page, url: str, shot: Shot, found: dict[str, str]) -> bytes:
    page.goto(url + shot.address.format(**found))
    settle(page)
    if shot.press:
        page.locator(shot.press).first.click(timeout=60_000)
        settle(page)
    if shot.top:
        page.locator(shot.top).first.evaluate(
            "node => window.scrollTo(0, node.getBoundingClientRect().top + window.scrollY - 96)"
        )
        settle(page)
    return page.screenshot()


def small_webp(picture: bytes) -> bytes:
    """The picture at `WIDTH`, in the best quality that fits.

    Raises:
        SystemExit: it fits in none.
    """
    with Image.open(io.BytesIO(picture)) as image:
        reduced = image.convert("RGB")
        reduced = reduced.resize((WIDTH, round(image.height * WIDTH / image.width)), Image.Resampling.LANCZOS)
    for quality in QUALITIES:
        out = io.BytesIO()
        reduced.save(out, "WEBP", quality=quality, method=6)
        if out.tell() <= MOST_BYTES:
            return out.getvalue()
    raise SystemExit("A picture does not fit into 60 KB in any quality.")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--url", default="http://localhost:8000")
    parser.add_argument("--only", default="", help="names, separated by commas: " + ", ".join(SHOTS))
    options = parser.parse_args()
    executable = chromium.executable()
    if not executable:
        parser.error("Chromium is not installed.")
    only = options.only.split(",") if options.only else list(SHOTS)
    TARGET.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=chromium.FLAGS)
        with signed_in_context(browser, options.url, None, SIZE, "light") as context:
            found = addresses(context.new_page(), options.url)
        for name in only:
            with signed_in_context(browser, options.url, SHOTS[name].role, SIZE, "light") as context:
                picture = take(context.new_page(), options.url, SHOTS[name], found)
            (TARGET / f"{name}.webp").write_bytes(small_webp(picture))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
