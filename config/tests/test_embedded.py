"""The embedded PostgreSQL and Redis: real servers, in a folder of the test's own."""

import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from config import embedded

pytestmark = pytest.mark.xdist_group("processes")

USE = textwrap.dedent("""
    import sys
    import psycopg, redis
    from config import embedded
    embedded.ensure_running()
    with psycopg.connect(embedded.database_url()) as connection:
        print(connection.execute("SELECT pg_postmaster_start_time()").fetchone()[0], flush=True)
    redis.Redis.from_url(embedded.redis_url(5)).ping()
    sys.stdin.read()
    embedded.stop()
""")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch) -> Iterator[Path]:
    """An own VAR_DIR; what a failed test left running there is ended.

    Pytest's folder is closed to other users, so that root's PostgreSQL has to live elsewhere.
    """
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    yield tmp_path / "var"
    for process in servers(tmp_path / "var"):
        process.kill()
    shutil.rmtree(embedded.postgres_home(), ignore_errors=True)


def environment(folder: Path, **changes: str) -> dict[str, str]:
    cleared = {"DATABASE_URL": "", "REDIS_URL": "", "VAR_DIR": str(folder), "EMBEDDED_THROWAWAY": "1"}
    return {**os.environ, **cleared, **changes}


def user(folder: Path, **changes: str) -> subprocess.Popen:
    """A process that uses the services until its standard input closes."""
    return subprocess.Popen(
        [sys.executable, "-c", USE],
        cwd=embedded.BASE_DIR,
        env=environment(folder, **changes),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def servers(folder: Path) -> list[psutil.Process]:
    """Keeper, PostgreSQL and Redis of a folder, found by their environment and command line."""
    found = []
    for process in psutil.process_iter(["cmdline", "name"]):
        line = " ".join(process.info["cmdline"] or [])
        try:
            mine = process.environ().get("VAR_DIR") == str(folder) and "embedded.keeper" in line
        except psutil.Error:
            continue
        if mine or str(folder) in line or str(embedded.postgres_home()) in line:
            found.append(process)
    return [process for process in found if process.pid != os.getpid()]


def wait_until_down(folder: Path, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while servers(folder):
        assert time.monotonic() < deadline, servers(folder)
        time.sleep(0.1)


def test_addresses_are_known_while_nothing_runs(folder):
    assert embedded.database_url().startswith("postgresql://postgres@/lathe?host=/")
    assert embedded.redis_url(3).endswith("redis.sock?db=3")
    assert not folder.exists()


def test_a_deep_folder_still_gets_a_socket_that_the_system_accepts(folder, monkeypatch):
    deep = folder / ("deep" * 20) / ("deeper" * 15)
    monkeypatch.setenv("VAR_DIR", str(deep))
    addresses = [embedded.socket_dir("postgres"), embedded.socket_dir("redis")]
    assert all(len(str(address / ".s.PGSQL.5432.lock")) <= 107 for address in addresses)
    with user(deep) as process:
        assert process.stdout.readline().strip()
        process.stdin.close()
    assert process.returncode == 0
    for address in [*addresses, embedded.postgres_home()]:
        shutil.rmtree(address, ignore_errors=True)


def test_a_socket_folder_prepared_by_somebody_else_is_refused(folder, monkeypatch):
    if os.geteuid() != 0:
        pytest.skip("only root can make a folder that belongs to somebody else")
    deep = folder / ("deep" * 20) / ("deeper" * 15)
    monkeypatch.setenv("VAR_DIR", str(deep))
    trap = embedded.socket_dir("redis")
    trap.mkdir()
    os.chown(trap, 65534, 65534)
    with user(deep) as process:
        _, errors = process.communicate()
    assert "belongs to another user" in errors
    for address in (trap, embedded.socket_dir("postgres"), embedded.postgres_home()):
        shutil.rmtree(address, ignore_errors=True)


def test_root_is_not_opened_to_other_users_for_the_database(folder):
    if os.geteuid() != 0:
        pytest.skip("a plain user runs the database as itself")
    closed = folder.parent.stat().st_mode
    with user(folder) as process:
        assert process.stdout.readline().strip()
        process.stdin.close()
    assert process.returncode == 0
    assert embedded.postgres_home().is_relative_to(embedded.RELOCATED)
    assert folder.parent.stat().st_mode == closed


def test_nothing_starts_where_both_addresses_are_set(folder):
    script = "from config import embedded; embedded.ensure_running(); embedded.stop()"
    outside = environment(folder, DATABASE_URL="postgresql://db/x", REDIS_URL="redis://queue")
    subprocess.run([sys.executable, "-c", script], cwd=embedded.BASE_DIR, env=outside, check=True)
    assert not folder.exists()


def test_two_users_share_the_servers_and_the_last_one_stops_them(folder):
    with user(folder) as first, user(folder) as second:
        started = first.stdout.readline()
        assert second.stdout.readline() == started
        first.stdin.close()
        assert first.wait() == 0
        assert servers(folder)
        with user(folder) as third:
            assert third.stdout.readline() == started
            third.stdin.close()
        second.stdin.close()
    assert servers(folder) == []


@pytest.mark.full
def test_killed_users_leave_nothing_running(folder):
    with user(folder) as process:
        assert process.stdout.readline().strip()
        process.kill()
    wait_until_down(folder)


@pytest.mark.full
def test_servers_recover_from_a_killed_keeper_and_killed_servers(folder):
    with user(folder) as process:
        assert process.stdout.readline().strip()
        everything = servers(folder)
        # As in a power cut, nobody has the time to see the others go.
        for server in everything:
            server.send_signal(signal.SIGSTOP)
        for server in everything:
            server.kill()
        process.kill()
    wait_until_down(folder)
    # A process id that now belongs to any other program must not keep the server from starting.
    pid_file = next(embedded.postgres_home().glob("data/postmaster.pid"))
    lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    with user(folder) as process:
        assert process.stdout.readline().strip()
        process.stdin.close()
    assert process.returncode == 0


@pytest.mark.full
def test_a_killed_server_is_started_again_while_it_is_used(folder):
    with user(folder) as process:
        assert process.stdout.readline().strip()
        redis_server = next(server for server in servers(folder) if server.info["name"] == "redis-server")
        redis_server.kill()
        redis_server.wait()
        deadline = time.monotonic() + 30
        while not any(server.info["name"] == "redis-server" for server in servers(folder)):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        process.stdin.close()
    assert process.returncode == 0


@pytest.mark.full
def test_queued_jobs_survive_a_restart(folder):
    script = textwrap.dedent("""
        import sys, redis
        from config import embedded
        embedded.ensure_running()
        queue = redis.Redis.from_url(embedded.redis_url(1))
        print(queue.lrange("jobs", 0, -1))
        queue.rpush("jobs", "job")
        embedded.stop()
    """)
    runs = [
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=embedded.BASE_DIR,
            env=environment(folder, EMBEDDED_THROWAWAY=""),
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for _ in range(2)
    ]
    assert [run.strip() for run in runs] == ["[]", "[b'job']"]
