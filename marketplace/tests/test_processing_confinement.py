"""A tool sees its own file and folder and no one else's, and no network: the kernel says so, not the tool."""

import sys
from pathlib import Path

import pytest

from marketplace.processing.launcher import confinement
from marketplace.processing.sandbox import PROJECT_ROOT, run_tool
from marketplace.processing.types import Limits, Step, ToolFailed

needs_landlock = pytest.mark.skipif(
    not confinement.landlock_version(), reason="the kernel has no Landlock: files cannot be confined here"
)
needs_seccomp = pytest.mark.skipif(
    not confinement.has_seccomp(), reason="no seccomp for this machine: system calls cannot be refused here"
)


def run_python(code: str, scratch: Path, **grants) -> str:
    scratch.mkdir(exist_ok=True)
    limits = Limits(wall_seconds=30, memory_bytes=512 * 1024 * 1024)
    command = [sys.executable, "-c", code]
    return run_tool(
        command, step=Step.CONVERT, scratch=scratch, limits=limits, limit_address_space=False, **grants
    ).output


@needs_landlock
@pytest.mark.parametrize(
    "attempt",
    [
        "open('/etc/passwd')",
        "open('/etc/hostname')",
        f"open({str(PROJECT_ROOT / 'manage.py')!r})",
        "import os; os.listdir('/root')",
        "import os; os.listdir('/tmp')",
        "open('../stolen.txt')",
        "open('../new.txt', 'w')",
        "import os; os.symlink('/etc/passwd', 'link'); open('link')",
        f"import os; os.mkdir({str(PROJECT_ROOT / 'marketplace' / 'new')!r})",
        "import os; open(f'/proc/{os.getppid()}/environ', 'rb').read()",
    ],
)
def test_a_tool_cannot_touch_what_is_not_its_own(attempt, tmp_path):
    (tmp_path / "stolen.txt").write_text("someone's product")

    with pytest.raises(ToolFailed) as caught:
        run_python(attempt, tmp_path / "scratch")

    assert "PermissionError" in caught.value.detail
    assert sorted(path.name for path in tmp_path.iterdir()) == ["scratch", "stolen.txt"]


@needs_seccomp
@pytest.mark.parametrize(
    "attempt",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9), timeout=2)",
        "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
        "import socket; socket.socket(socket.AF_UNIX)",
    ],
)
def test_a_tool_has_no_sockets(attempt, tmp_path):
    with pytest.raises(ToolFailed) as caught:
        run_python(attempt, tmp_path / "scratch")

    assert "PermissionError" in caught.value.detail


@needs_landlock
def test_what_a_tool_starts_is_confined_like_itself(tmp_path):
    with pytest.raises(ToolFailed) as caught:
        run_python(
            "import subprocess; subprocess.run(['/bin/cat', '/etc/passwd'], check=True)", tmp_path / "scratch"
        )

    assert "Permission denied" in caught.value.detail


def test_a_tool_reads_what_it_is_given_and_writes_its_own_folder(tmp_path):
    given = tmp_path / "given.txt"
    given.write_text("hello")
    kept = tmp_path / "cache"
    kept.mkdir()
    code = (
        f"text = open({str(given)!r}).read(); open('copy', 'w').write(text);"
        f"open({str(kept / 'kept')!r}, 'w').write(text); print(text)"
    )

    output = run_python(code, tmp_path / "scratch", readable=[given], writable=[kept])

    assert output == "hello\n"
    assert (tmp_path / "scratch" / "copy").read_text() == (kept / "kept").read_text() == "hello"
