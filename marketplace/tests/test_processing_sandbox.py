"""A tool cannot outlive, outgrow or outspend what it is given, and nothing of it stays."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from marketplace.processing.sandbox import PROJECT_ROOT, run_tool, scratch_folder
from marketplace.processing.types import Limits, ProcessingError, Step, ToolFailed

MIB = 1024 * 1024


def run_python(code: str, scratch: Path, *, seconds: float = 30, memory: int = 512 * MIB, **options):
    return run_tool(
        [sys.executable, "-c", code],
        step=Step.GLTF,
        scratch=scratch,
        limits=Limits(wall_seconds=seconds, memory_bytes=memory, output_bytes=MIB),
        limit_address_space=options.get("limit_address_space", False),
    )


def wait_until(condition, seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return condition()


def is_running(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_a_tool_that_takes_too_long_is_killed_with_its_children(tmp_path):
    code = (
        "import subprocess, sys, time, pathlib;"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
        "pathlib.Path('child').write_text(str(child.pid)); time.sleep(60)"
    )

    with pytest.raises(ToolFailed) as caught:
        run_python(code, tmp_path, seconds=3)

    assert caught.value.code == "tool_timeout"
    assert caught.value.retryable
    assert "longer than 3 seconds" in caught.value.message
    child = int((tmp_path / "child").read_text())
    assert wait_until(lambda: not is_running(child))


def test_a_tool_that_takes_too_much_memory_is_stopped(tmp_path):
    code = "import time; block = bytearray(b'x') * (300 * 1024 * 1024); time.sleep(60)"

    with pytest.raises(ToolFailed) as caught:
        run_python(code, tmp_path, memory=150 * MIB)

    assert caught.value.code == "tool_memory"
    assert "0.1 GiB" in caught.value.message


def test_the_memory_of_all_processes_of_a_tool_counts(tmp_path):
    child = "import time; block = bytearray(b'x') * (90 * 1024 * 1024); time.sleep(60)"
    code = (
        f"import subprocess, sys; c = {child!r};"
        "[p.wait() for p in [subprocess.Popen([sys.executable, '-c', c]) for _ in range(3)]]"
    )

    with pytest.raises(ToolFailed) as caught:
        run_python(code, tmp_path, memory=200 * MIB)

    assert caught.value.code == "tool_memory"


def test_address_space_is_limited_where_asked(tmp_path):
    code = "bytearray(2 * 1024 ** 3)"

    with pytest.raises(ToolFailed) as caught:
        run_python(code, tmp_path, limit_address_space=True)

    assert caught.value.code == "tool_crashed"
    assert "MemoryError" in caught.value.detail


def test_a_crash_is_a_failure_that_says_so_and_keeps_the_tools_words_for_the_log(tmp_path):
    with pytest.raises(ToolFailed) as caught:
        run_python("import sys; print('inner words'); sys.exit(3)", tmp_path)

    assert caught.value.code == "tool_crashed"
    assert "inner words" in caught.value.detail
    assert "inner words" not in caught.value.message


def test_a_file_larger_than_allowed_cannot_be_written(tmp_path):
    with pytest.raises(ToolFailed):
        run_python("open('big', 'wb').write(bytes(3 * 1024 * 1024))", tmp_path)

    assert (tmp_path / "big").stat().st_size <= MIB


def test_endless_output_is_drained_and_forgotten(tmp_path):
    run = run_python("import sys; [sys.stdout.write('x' * 100000) for _ in range(200)]", tmp_path)

    assert len(run.output) <= 64 * 1024


def test_the_tool_sees_no_environment_of_ours(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "do-not-tell")

    run = run_python("import json, os; print(json.dumps(dict(os.environ)))", tmp_path)

    environment = json.loads(run.output)
    assert "SECRET_KEY" not in environment
    assert environment["HOME"] == str(tmp_path)


def test_the_tool_leads_its_own_session_and_makes_no_core_dumps(tmp_path):
    code = "import os, resource; print(os.getsid(0) == os.getpid(), resource.getrlimit(resource.RLIMIT_CORE))"

    assert run_python(code, tmp_path).output.strip() == "True (0, 0)"


def test_time_and_peak_memory_are_measured(tmp_path):
    run = run_python("import time; block = bytearray(b'x') * 80_000_000; time.sleep(0.5)", tmp_path)

    assert run.peak_memory > 80_000_000
    assert run.seconds > 0.5


def test_a_killed_worker_leaves_no_tool_running(tmp_path):
    worker = (
        "import sys; from pathlib import Path;"
        "from marketplace.processing.sandbox import run_tool;"
        "from marketplace.processing.types import Limits, Step;"
        'code = \'import os, time; open("pid", "w").write(str(os.getpid())); time.sleep(120)\';'
        f"run_tool([sys.executable, '-c', code], step=Step.GLTF, scratch=Path({str(tmp_path)!r}),"
        "limits=Limits(wall_seconds=100, memory_bytes=10**9), limit_address_space=False)"
    )
    process = subprocess.Popen([sys.executable, "-c", worker], cwd=PROJECT_ROOT)
    pid_file = tmp_path / "pid"
    assert wait_until(lambda: pid_file.exists() and pid_file.read_text())
    tool = int(pid_file.read_text())
    assert is_running(tool)

    os.kill(process.pid, signal.SIGKILL)
    process.wait()

    assert wait_until(lambda: not is_running(tool))


def test_a_scratch_folder_goes_away_with_what_is_in_it_even_on_failure(tmp_path):
    def fill() -> None:
        with scratch_folder(tmp_path) as folder:
            (folder / "rest").write_text("x")
            raise ToolFailed("tool_crashed", "It broke.", step=Step.POSTER)

    with pytest.raises(ProcessingError):
        fill()

    assert list(tmp_path.iterdir()) == []
