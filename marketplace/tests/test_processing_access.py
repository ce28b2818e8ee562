"""Nothing outside of the upload is opened, and no network is asked: the kernel's own record of a run says so."""

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from marketplace.processing.node_runtime import node_executable
from marketplace.processing.sandbox import DEVICES, PROJECT_ROOT, SYSTEM_PATHS, _programs
from marketplace.processing.steps import cache_dir
from marketplace.processing.types import Step
from marketplace.tests.hostile.outside import POINTING, make_elsewhere

STRACE = shutil.which("strace")
NO_STRACE = "strace is not installed"
CALLS = "open,openat,openat2,creat,socket,connect,bind,sendto,sendmsg,symlink,symlinkat,link,linkat"
LINE = re.compile(r"^(?P<pid>\d+) +(?P<call>\w+)\((?P<arguments>.*)\) += (?P<result>-?\d+)")
PATH = re.compile(r'"((?:[^"\\]|\\.)*)"')
FOLDER = re.compile(r"^(?:AT_FDCWD|\d+)<([^>]*)>")

pytestmark = pytest.mark.skipif(STRACE is None, reason=NO_STRACE)


@dataclass(frozen=True)
class Call:
    """One system call of a tool: the file that it is about, resolved, and whether it succeeded."""

    name: str
    path: Path | None
    arguments: str
    succeeded: bool


def record(source: Path, member: str, folder: Path, *, last: Step) -> list[Call]:
    """What the tools of all steps up to ``last`` asked the kernel for."""
    log = folder / "strace.log"
    workdir = folder / "work"
    workdir.mkdir()
    pipeline = [sys.executable, "-m", "marketplace.tests.hostile.whole_pipeline"]
    subprocess.run(
        [STRACE, "-f", "-y", "-qq", "--seccomp-bpf", "-s", "4096", "-e", f"trace={CALLS}", "-o", str(log)]
        + [*pipeline, str(source), member, str(workdir), last.value],
        cwd=PROJECT_ROOT,
        check=True,
        timeout=300,
    )
    lines = _joined(log.read_text(errors="replace").splitlines())
    worker = lines[0].split()[0]
    found = [LINE.match(line) for line in lines if not line.startswith(f"{worker} ")]
    return [_call(match) for match in found if match]


def _joined(lines: list[str]) -> list[str]:
    """Calls that another thread interrupted, put together again."""
    waiting: dict[str, str] = {}
    whole = []
    for line in lines:
        pid, _blank, rest = line.partition(" ")
        if rest.endswith("<unfinished ...>"):
            waiting[pid] = rest.removesuffix("<unfinished ...>").rstrip()
        elif " resumed>" in rest and pid in waiting:
            whole.append(f"{pid} {waiting.pop(pid).strip()}{rest.partition(' resumed>')[2]}")
        else:
            whole.append(line)
    return whole


def _call(match: re.Match) -> Call:
    arguments = match["arguments"]
    named = PATH.search(arguments)
    path = None
    if named and match["call"].startswith(("open", "creat")):
        base = FOLDER.match(arguments)
        # What a link leads to counts, not what it is called.
        path = Path(base[1] if base else "/", named[1]).resolve()
    return Call(match["call"], path, arguments, int(match["result"]) >= 0)


def assert_only_its_own(calls: list[Call], source: Path, folder: Path, elsewhere: Path) -> None:
    assert any(call.path == source and call.succeeded for call in calls), "the record is not of the tools"
    granted = [
        Path(path).resolve()
        for path in (*SYSTEM_PATHS, *DEVICES, *_programs(sys.executable), *_programs(node_executable()))
    ]
    granted += [source, folder / "work", cache_dir().resolve()]
    listed = {PROJECT_ROOT, PROJECT_ROOT / "marketplace"}
    for call in calls:
        assert "outsider" not in call.arguments, call
        assert str(elsewhere) not in call.arguments, call
        assert call.name not in ("connect", "bind", "sendto", "sendmsg"), call
        assert call.name != "socket" or not call.succeeded or "AF_UNIX" in call.arguments, call
        if call.path and call.succeeded and call.path not in listed:
            # The kernel's files about the process itself go by its number.
            is_own = any(call.path.is_relative_to(root) for root in granted) or call.path.is_relative_to(
                "/proc"
            )
            assert is_own, call


def check(name: str, make, member: str, folder: Path, way: str, *, last: Step) -> None:
    elsewhere = make_elsewhere(folder / "elsewhere")
    uploads = folder / "uploads"
    uploads.mkdir()
    named = {"absolute": str(elsewhere), "climbing": "../elsewhere", "address": f"file://{elsewhere}"}[way]
    source = uploads / name
    source.write_bytes(make(named))

    assert_only_its_own(record(source, member, folder, last=last), source, folder, elsewhere)


def test_a_model_whose_textures_lie_elsewhere_opens_nothing_but_the_upload(tmp_path):
    name, make, member = POINTING[1]
    check(name, make, member, tmp_path, "absolute", last=Step.CONVERT)


@pytest.mark.full
@pytest.mark.parametrize("way", ["absolute", "climbing", "address"])
@pytest.mark.parametrize(("name", "make", "member"), POINTING, ids=[row[0] for row in POINTING])
def test_no_format_leads_a_tool_out_of_the_upload(name, make, member, way, tmp_path):
    check(name, make, member, tmp_path, way, last=Step.GLTF)


@pytest.mark.full
def test_all_steps_open_nothing_but_the_upload(tmp_path):
    name, make, member = POINTING[1]
    check(name, make, member, tmp_path, "climbing", last=Step.GEOMETRY)
