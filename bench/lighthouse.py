"""Lighthouse over the pages that strangers see first, of a running site with the demo.

    python -m bench.lighthouse [--url http://localhost:8000] [--form desktop|mobile|both] [--runs 3] [--only home,help]

Prints the median of each score of each page. Exit code 1 where one is below `LEAST`. Lighthouse is installed into
`var/bench/lighthouse` with npm on first use, and needs Chromium. The reports stay there, to be read.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import urllib.request
from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import sync_playwright

from bench.screenshots import BASE_DIR
from tests import chromium

VERSION = "12.8.2"
FOLDER = Path(os.environ.get("VAR_DIR") or BASE_DIR / "var") / "bench" / "lighthouse"
LEAST = {"performance": 90, "accessibility": 100, "best-practices": 100, "seo": 100}
# Pages by name; of those with an arrow, the first link of that form.
PAGES = {
    "home": "/",
    "marketplace": "/marketplace/",
    "model": "/marketplace/ -> /model/",
    "profile": "/profile/creator/",
    "blog post": "/blog/ -> /blog/",
    "help": "/help/",
    "pricing": "/pricing/",
}
PATIENCE_S = 180
# Chromium fails to record now and then.
TRIES = 3
# The Node that `make` has chosen comes first.
ENVIRONMENT = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}


def installed() -> Path:
    """Lighthouse's program, installed where it is not there."""
    program = FOLDER / "node_modules" / "lighthouse" / "cli" / "index.js"
    if not program.is_file():
        FOLDER.mkdir(parents=True, exist_ok=True)
        quiet = ["--ignore-scripts", "--no-fund", "--no-audit", "--loglevel=error", "--no-save"]
        subprocess.run(
            ["npm", "install", *quiet, "--prefix", str(FOLDER), f"lighthouse@{VERSION}"],
            check=True,
            env=ENVIRONMENT,
        )
    return program


def addresses(url: str, names: Iterable[str]) -> dict[str, str]:
    """Of these pages of `PAGES`, where they are on this site."""
    found = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.executable(), args=chromium.FLAGS)
        page = browser.new_page()
        for name in names:
            start, _, form = PAGES[name].partition(" -> ")
            found[name] = url + start
            if form:
                page.goto(url + start)
                links = page.locator(f"main article a[href^='{form}'], main .card a[href^='{form}']")
                found[name] = url + links.first.get_attribute("href")
        browser.close()
    return found


def scores_of(address: str, form: str, report: Path) -> dict[str, float]:
    """One run; also the names of the audits that cost points, under `lost`."""
    command = ["node", str(installed()), address, "--quiet", "--output=json", f"--output-path={report}"]
    command += [
        f"--only-categories={','.join(LEAST)}",
        f"--chrome-flags=--headless=new {' '.join(chromium.FLAGS)}",
    ]
    if form == "desktop":
        command.append("--preset=desktop")
    environment = {**ENVIRONMENT, "CHROME_PATH": chromium.executable() or ""}
    for number in range(1, TRIES + 1):
        done = subprocess.run(command, check=number == TRIES, env=environment, timeout=PATIENCE_S)
        if done.returncode == 0:
            break
    said = json.loads(report.read_text())
    scores = {name: 100 * (said["categories"][name]["score"] or 0) for name in LEAST}
    scores["lost"] = [
        audit["id"]
        for name in list(LEAST)[1:]
        for audit in said["categories"][name]["auditRefs"]
        if audit["weight"] and said["audits"][audit["id"]]["score"] not in (None, 1)
    ]
    return scores


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--url", default="http://localhost:8000")
    parser.add_argument("--form", choices=["desktop", "mobile", "both"], default="both")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", default="", help="names of pages, with commas between them")
    options = parser.parse_args()
    if chromium.executable() is None or shutil.which("npm", path=ENVIRONMENT["PATH"]) is None:
        raise SystemExit("Chromium and npm are needed.")
    urllib.request.urlopen(f"{options.url}/healthz", timeout=10).close()
    installed()
    chosen = options.only.split(",") if options.only else list(PAGES)
    places = addresses(options.url, chosen)
    is_good = True
    for form in ["desktop", "mobile"] if options.form == "both" else [options.form]:
        for name in chosen:
            report = FOLDER / f"{form}-{name.replace(' ', '-')}.json"
            runs = [scores_of(places[name], form, report) for _ in range(options.runs)]
            medians = {kind: statistics.median(run[kind] for run in runs) for kind in LEAST}
            is_good &= all(medians[kind] >= least for kind, least in LEAST.items())
            lost = ", ".join(sorted({audit for run in runs for audit in run["lost"]}))
            print(f"{form:8} {name:12}", *(f"{medians[kind]:4.0f}" for kind in LEAST), lost, flush=True)
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
