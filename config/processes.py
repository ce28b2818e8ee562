"""Starting and ending child processes so that none is left behind."""

import ctypes
import signal
from collections.abc import Callable, Iterable
from contextlib import suppress

import psutil

PR_SET_PDEATHSIG = 1
# Loaded before any fork: nothing is imported between fork and exec.
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(with_signal: signal.Signals) -> Callable[[], None]:
    """A `preexec_fn` that has the kernel signal the child when the thread that started it ends.

    Start children from the main thread only. Signals that the parent ignores are restored, since an ignored signal
    stays ignored across exec.
    """

    def arrange() -> None:
        for restored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(restored, signal.SIG_DFL)
        _libc.prctl(PR_SET_PDEATHSIG, with_signal)

    return arrange


def end(processes: Iterable[psutil.Process], with_signal: signal.Signals, seconds: float) -> None:
    """Signal processes and wait for their end; kill those that are still there after `seconds`."""
    processes = list(processes)
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(with_signal)
    _, stubborn = psutil.wait_procs(processes, timeout=seconds)
    for process in stubborn:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(stubborn, timeout=seconds)
