"""Picture every page of a running site: desktop and phone, light and dark, into `var/screenshots`.

    python -m bench.screenshots [--url http://localhost:8000] [--only home,model] [--readme]

`--readme` writes the pictures of README.md into docs/pictures instead. Reports what the browser's console said:
an error or a violated content security policy makes the exit code 1.
"""

import argparse
import csv
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bench.pictured import PAGES
from tests import chromium

BASE_DIR = Path(__file__).resolve().parent.parent
SIZES = {"desktop": (1440, 1000), "phone": (390, 844)}
THEMES = ("light", "dark")

README_PAGES = ("home", "grid", "model")


def accounts() -> dict[str, dict[str, str]]:
    """The demo accounts by role, as `make run` wrote them."""
    with (Path(os.environ.get("VAR_DIR") or BASE_DIR / "var") / "demo-accounts.tsv").open() as lines:
        return {row["role"]: row for row in csv.DictReader(lines, delimiter="\t")}


def sign_in(page: Page, url: str, account: dict[str, str]) -> None:
    page.goto(f"{url}/accounts/login/")
    page.fill("input[name=login]", account["email"])
    page.fill("input[name=password]", account["password"])
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state("load")
    if "/login" in page.url:
        raise SystemExit(f"The demo account {account['email']} cannot sign in.")


def addresses(page: Page, url: str) -> dict[str, str]:
    """Addresses that depend on what is on the site."""
    page.goto(f"{url}/marketplace/?sort=newest")
    first = page.locator("a[href^='/model/']").first.get_attribute("href") or "/marketplace/"
    page.goto(f"{url}/profile/creator/")
    own = page.locator("a[href^='/model/']").first.get_attribute("href", timeout=5000) or first
    number = own.strip("/").split("/")[-1]
    return {
        "model": first,
        "own": own,
        "viewer": first.replace("/model/", "/view/"),
        "edit": f"/dashboard/inventory/{number}/",
    }


def visit(page: Page, url: str, address: str) -> bool:
    """Open an address, or the one that another page leads to; False where it leads nowhere."""
    place, _, pattern = address.partition(" -> ")
    page.goto(url + place)
    if not pattern:
        return True
    # In the console the rows count, and not what stands above them.
    links = page.locator("#result_list a[href]")
    if not links.count():
        links = page.locator("main a[href]")
    for link in links.evaluate_all("links => links.map(link => link.getAttribute('href'))"):
        if fnmatch(link, pattern):
            page.goto(url + link)
            return True
    return False


def settle(page: Page) -> None:
    """Wait for fonts, pictures in view and the 3D canvas."""
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(700)


@contextmanager
def signed_in_context(
    browser: Browser, url: str, role: str | None, size: tuple[int, int], theme: str
) -> Iterator[BrowserContext]:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme=theme,
        has_touch=size[0] < 600,
        is_mobile=size[0] < 600,
    )
    if role:
        page = context.new_page()
        sign_in(page, url, accounts()[role])
        page.close()
    yield context
    context.close()


def watch(page: Page, name: str, complaints: list[str]) -> None:
    """Collect what the console says; the status of the page itself is no complaint."""

    def on_console(message) -> None:
        if message.type == "error" and "the server responded with a status of 404" not in message.text:
            complaints.append(f"{name}: {message.text}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: complaints.append(f"{name}: {error}"))


def take_all(browser: Browser, options: argparse.Namespace) -> list[str]:
    """Take the chosen pictures; returns what the console complained about."""
    only = options.only.split(",") if options.only else list(PAGES)
    target = Path(os.environ.get("VAR_DIR") or BASE_DIR / "var") / "screenshots"
    target.mkdir(parents=True, exist_ok=True)
    complaints: list[str] = []
    with signed_in_context(browser, options.url, None, SIZES["desktop"], "light") as context:
        found = addresses(context.new_page(), options.url)
    roles = dict.fromkeys(PAGES[name][0] for name in only)
    for size in options.sizes.split(","):
        for theme in options.themes.split(","):
            for role in roles:
                with signed_in_context(browser, options.url, role, SIZES[size], theme) as context:
                    for name in only:
                        if PAGES[name][0] != role:
                            continue
                        page = context.new_page()
                        watch(page, f"{name} ({size}, {theme})", complaints)
                        if not visit(page, options.url, PAGES[name][1].format(**found)):
                            complaints.append(f"{name}: there is nothing to picture")
                            page.close()
                            continue
                        settle(page)
                        page.screenshot(path=target / f"{name}-{size}-{theme}.png", full_page=options.full)
                        page.close()
    return complaints


def take_readme(browser: Browser, url: str) -> None:
    """The pictures of README.md: small, and the same pages each time."""
    target = BASE_DIR / "docs" / "pictures"
    target.mkdir(parents=True, exist_ok=True)
    with signed_in_context(browser, url, None, SIZES["desktop"], "light") as context:
        found = addresses(context.new_page(), url)
    for name, theme in zip(README_PAGES, ("light", "dark", "light"), strict=True):
        with signed_in_context(browser, url, None, SIZES["desktop"], theme) as context:
            page = context.new_page()
            page.goto(url + PAGES[name][1].format(**found))
            settle(page)
            path = target / f"{name}.png"
            page.screenshot(path=path)
            with Image.open(path) as image:
                image.convert("RGB").resize((1080, 750), Image.Resampling.LANCZOS).save(
                    path.with_suffix(".webp"), quality=82, method=6
                )
            path.unlink()


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--url", default="http://localhost:8000")
    parser.add_argument("--only", default="", help="names, separated by commas: " + ", ".join(PAGES))
    parser.add_argument("--sizes", default="desktop,phone")
    parser.add_argument("--themes", default="light,dark")
    parser.add_argument("--full", action="store_true", help="the whole page, not the first screen")
    parser.add_argument("--readme", action="store_true", help="only the pictures of README.md")
    options = parser.parse_args()
    executable = chromium.executable()
    if not executable:
        parser.error("Chromium is not installed.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=chromium.FLAGS)
        if options.readme:
            take_readme(browser, options.url)
            return 0
        complaints = take_all(browser, options)
    sys.stdout.write("\n".join([*complaints, f"{len(complaints)} complaints in the console"]) + "\n")
    return 1 if complaints else 0


if __name__ == "__main__":
    raise SystemExit(main())
