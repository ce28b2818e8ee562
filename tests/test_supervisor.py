"""`make run` as a whole: one real site, started, wounded and stopped."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from config import embedded
from tests.processes import free_port_pair

pytestmark = pytest.mark.xdist_group("live test_supervisor")

SECONDS = 150
# What keeps test processes apart, and this site has of its own.
NOT_INHERITED = {"TEST_SLOT", "REDIS_DB_OFFSET"}


class Site:
    """A supervisor in a folder of its own, and what it printed."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port_pair()
        self.folder = folder
        self.log = folder.parent / f"site-{self.port}.log"
        inherited = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
        self.environment = inherited | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "VAR_DIR": str(folder),
            "MEDIA_ROOT": str(folder / "media"),
            "PRIVATE_MEDIA_ROOT": str(folder / "private"),
            "WORK_DIR": str(folder / "work"),
            "DATABASE_URL": "",
            "REDIS_URL": "",
            "EMBEDDED_THROWAWAY": "1",
            "PORT": str(self.port),
            "DEMO": "0",
            "WEB_WORKERS": "1",
            "FILE_WORKERS": "1",
        }

    def start(self) -> "Site":
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                self.command, cwd=embedded.BASE_DIR, env=self.environment, stdout=log, stderr=log
            )
        return self

    command = (sys.executable, "-m", "config.supervisor")

    def run_to_end(self, **changes: str) -> subprocess.CompletedProcess:
        """Start another supervisor that is expected not to stay."""
        environment = {**self.environment, **changes}
        return subprocess.run(
            self.command,
            cwd=embedded.BASE_DIR,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS,
        )

    def printed(self, text: str) -> int:
        return self.log.read_text(errors="replace").count(text)

    def wait(self, condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + SECONDS
        while not condition():
            is_alive = self.process.poll() is None or self.process.returncode == -signal.SIGKILL
            assert is_alive and time.monotonic() < deadline, self.log.read_text(errors="replace")[-4000:]
            time.sleep(0.1)

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def processes(self) -> list[psutil.Process]:
        """Everything that runs for this folder, whoever its parent is by now."""
        mine = []
        for process in psutil.process_iter():
            try:
                variables = process.environ()
                line = " ".join(process.cmdline())
            except psutil.Error:
                continue
            if variables.get("VAR_DIR") == str(self.folder) or str(embedded.postgres_home()) in line:
                mine.append(process)
        return [process for process in mine if process.pid != os.getpid()]

    def child(self, part: str) -> psutil.Process:
        """The supervisor's direct child whose command line contains `part`."""
        children = psutil.Process(self.process.pid).children()
        return next(child for child in children if part in " ".join(child.cmdline()))


@pytest.fixture
def site(tmp_path: Path, monkeypatch) -> Iterator[Site]:
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    running = Site(tmp_path / "var")
    yield running
    for process in running.processes():
        process.kill()
    shutil.rmtree(embedded.postgres_home(), ignore_errors=True)


def test_a_taken_port_is_one_clear_line_and_starts_nothing(site):
    with socket.socket() as occupant:
        occupant.bind(("127.0.0.1", site.port + 1))
        occupant.listen()
        result = site.run_to_end()
    assert result.returncode == 1
    assert f"Port {site.port + 1}" in result.stderr
    assert result.stderr.count("\n") == 1
    assert site.processes() == []


@pytest.mark.parametrize("port", ["0", "eighty", "65535", "-1"])
def test_a_port_that_is_none_is_refused(site, port):
    result = site.run_to_end(PORT=port)
    assert result.returncode == 1
    assert "PORT must be a number" in result.stderr


@pytest.mark.full
def test_a_site_runs_heals_and_stops_without_a_trace(site):
    site.start()
    site.wait(lambda: site.printed("ready: "))
    assert site.answers()

    second = site.run_to_end(PORT=str(free_port_pair()))
    assert second.returncode == 1
    assert f"already runs from this folder (process {site.process.pid})" in second.stderr

    beside = [sys.executable, "manage.py", "shell", "-c", "print('beside')"]
    told = subprocess.run(
        beside, cwd=embedded.BASE_DIR, env=site.environment, capture_output=True, text=True, check=True
    )
    assert "beside" in told.stdout

    killed = site.child("-Q files")
    family = [killed, *killed.children(recursive=True)]
    killed.kill()
    site.wait(lambda: site.printed("files ended with signal SIGKILL; starting it again in 1 s"))
    assert not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in family)
    site.wait(lambda: site.printed("files@") >= 2)
    site.child("granian").kill()
    site.wait(lambda: site.printed("web ended with signal SIGKILL"))
    site.wait(site.answers)

    site.process.send_signal(signal.SIGINT)
    assert site.process.wait(SECONDS) == 0
    assert site.processes() == []


@pytest.mark.full
def test_a_killed_supervisor_takes_everything_with_it(site):
    site.start()
    site.wait(lambda: site.printed("ready: "))
    site.process.kill()
    site.process.wait()
    site.wait(lambda: not site.processes())
