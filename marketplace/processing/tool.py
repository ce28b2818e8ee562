"""The frame of a Python tool process: a request file in, an answer file out, words for running out of memory."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

from .sandbox_codes import EXIT_OUT_OF_MEMORY


class FileRejected(Exception):
    """The file's own fault; carries the code and values of the sentence (see rejections.py)."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


def peak_memory() -> int:
    """Peak resident memory of this process in bytes."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0


def serve(work: Callable[[dict], dict]) -> None:
    """Runs ``work`` on the request named on the command line and writes its answer where the request says."""
    request = json.loads(Path(sys.argv[1]).read_text())
    try:
        answer = work(request)
    except FileRejected as refused:
        answer = {"rejected": {"code": refused.code, **refused.values}}
    except MemoryError:
        sys.exit(EXIT_OUT_OF_MEMORY)
    answer["peak_memory"] = peak_memory()
    Path(request["result"]).write_text(json.dumps(answer))
