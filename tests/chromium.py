"""How Chromium is started, for the tests and for what bench/ measures and pictures."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    # Chromium's own sandbox does not start as root.
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
    *("--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update"),
    # 3D in software, so that a canvas can be looked at on a machine without a graphics card.
    *("--disable-sync", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"),
]


def executable() -> str | None:
    """Path of the installed Chromium, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)
