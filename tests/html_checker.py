"""The Nu HTML checker: the npm package vnu-jar, run by the machine's Java."""

import json
import re
import shutil
import subprocess
from pathlib import Path

from django.conf import settings

# Attributes of htmx, and the one by which every browser takes folders: outside the standard, and meant.
MEANT = re.compile("Attribute “(hx-[a-z-]+|webkitdirectory)” not allowed")
MISSING = "the Nu HTML checker is not installed, or Java is not"


def command() -> list[str] | None:
    """What starts the checker, or None where it cannot be started."""
    java, jar = shutil.which("java"), Path(settings.BASE_DIR) / "node_modules/vnu-jar/build/dist/vnu.jar"
    return [java, "-jar", str(jar)] if java and jar.is_file() else None


def errors_in(folder: Path) -> list[tuple[str, str, str]]:
    """What breaks the rules in the HTML files of a folder: name of the file, what is wrong, and where."""
    arguments = ["--format", "json", "--exit-zero-always", "--skip-non-html", str(folder)]
    said = subprocess.run([*command(), *arguments], capture_output=True, check=True, text=True)
    return [
        (Path(one["url"]).name, one["message"], one.get("extract", "").strip())
        for one in json.loads(said.stderr)["messages"]
        if one["type"] == "error" and not MEANT.match(one["message"])
    ]
