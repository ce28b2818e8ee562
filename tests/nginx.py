"""Debian's nginx with the configuration of deploy/, in front of the site's real processes."""

import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from config import embedded

TEMPLATE = embedded.BASE_DIR / "deploy" / "nginx" / "lathe.conf.template"
PROGRAM = shutil.which("nginx") or ("/usr/sbin/nginx" if Path("/usr/sbin/nginx").exists() else None)
MISSING = "nginx is not installed"
START_SECONDS = 20
# What a machine's own nginx.conf has around the site's file.
AROUND = """
daemon off;
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 1024; }}
http {{
    {types}
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    sendfile on;
    # Those who measure keep theirs open.
    keepalive_requests 10000000;
    include {folder}/lathe.conf;
}}
"""
TYPES = "include /etc/nginx/mime.types;"


class Nginx:
    """Listens on a free port of the loopback. Use it as a context manager.

    Without `limits` one address may ask as often as it likes, for measuring.
    """

    def __init__(
        self,
        folder: Path,
        *,
        web: int,
        sockets: int,
        static: Path,
        public: Path,
        private: Path,
        limits: bool = True,
    ) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        values = {
            "LISTEN": f"127.0.0.1:{self.port}",
            "SERVER_NAME": "localhost",
            "WEB": f"127.0.0.1:{web}",
            "SOCKETS": f"127.0.0.1:{sockets}",
            "STATIC": str(static),
            "PUBLIC_MEDIA": str(public),
            "PRIVATE_MEDIA": str(private),
            "PAGES": str(TEMPLATE.parent),
        }
        filled = re.sub(r"\$\{([A-Z_]+)\}", lambda match: values[match[1]], TEMPLATE.read_text())
        if not limits:
            filled = re.sub(r"^\s*limit_(?:req|conn) .*$", "", filled, flags=re.MULTILINE)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "lathe.conf").write_text(filled)
        # As root, nginx's workers are another user, who may not read the tests' folders.
        user = "user root;" if Path("/proc/self").stat().st_uid == 0 else ""
        (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=user, types=TYPES))
        self.log = folder / "access.log"

    def __enter__(self) -> "Nginx":
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [PROGRAM, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.PIPE,
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._listens():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.process.kill()
                raise RuntimeError(f"nginx did not start: {self.process.stderr.read().decode()}")
            time.sleep(0.05)
        return self

    def __exit__(self, *_exception) -> None:
        self.process.terminate()
        self.process.wait(START_SECONDS)
        self.process.stderr.close()

    def _listens(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.url}/healthz", timeout=5).close()
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True
