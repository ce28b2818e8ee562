"""Puts limits on this process and then becomes the tool: ``python -I -S launcher LIMITS.json TOOL ARGS…``.

Run by its folder's name by sandbox.py. The limits are set here, after the fork and in a process of its own, because a
worker with threads must not run Python between fork and exec.
"""

import ctypes
import json
import os
import resource
import signal
import sys

from confinement import confine

PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38


def main() -> None:
    limits = json.loads(sys.argv[1])
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    # The worker may have died before the line above took effect.
    if os.getppid() != limits["parent"]:
        sys.exit(1)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits["output_bytes"],) * 2)
    if limits["address_space"]:
        resource.setrlimit(resource.RLIMIT_AS, (limits["address_space"],) * 2)
    os.nice(limits["nice"])
    confine(readable=limits["readable"], listed=limits["listed"], writable=limits["writable"])
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606 - replacing this process is the point


if __name__ == "__main__":
    main()
