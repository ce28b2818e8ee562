"""Takes from this process, for good, what a tool does not need: other people's files, and the network.

Landlock (Linux 5.13 and newer, see landlock(7)) leaves the paths that are granted, seccomp (seccomp(2)) no sockets.
Both work without privileges and pass on to all that this process becomes or starts. Where the kernel has them not,
limits alone must do: ``available`` says what is there. Imports the standard library alone, for the launcher runs bare.
"""

import ctypes
import os
import platform
import stat
import struct
from collections.abc import Iterable
from functools import cache

PR_SET_SECCOMP = 22
PR_GET_SECCOMP = 21
SECCOMP_MODE_FILTER = 2
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
RULESET_VERSION = 1
RULE_PATH_BENEATH = 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
REMOVE_AND_MAKE = sum(1 << bit for bit in range(4, 13))
REFER, TRUNCATE = 1 << 13, 1 << 14
# Of a rule for a single file the kernel takes these alone.
OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE
# Rights by the version of the interface that brought them.
FILE_RIGHTS = {1: EXECUTE | WRITE_FILE | READ_FILE | READ_DIR | REMOVE_AND_MAKE, 2: REFER, 3: TRUNCATE}
TCP_BIND_AND_CONNECT = {4: 0b11}
# Abstract sockets and signals stay within the sandbox.
SCOPES = {6: 0b11}

# System calls by their number on x86-64: sockets, other processes' memory, kernel interfaces, other views of the disk.
REFUSED_CALLS = {
    41: "socket",
    42: "connect",
    49: "bind",
    50: "listen",
    101: "ptrace",
    155: "pivot_root",
    161: "chroot",
    165: "mount",
    166: "umount2",
    175: "init_module",
    246: "kexec_load",
    248: "add_key",
    249: "request_key",
    250: "keyctl",
    272: "unshare",
    298: "perf_event_open",
    304: "open_by_handle_at",
    308: "setns",
    310: "process_vm_readv",
    311: "process_vm_writev",
    313: "finit_module",
    321: "bpf",
    323: "userfaultfd",
    425: "io_uring_setup",
    428: "open_tree",
    429: "move_mount",
    430: "fsopen",
}
AUDIT_ARCH_X86_64 = 0xC000003E
# Calls of the x32 interface carry this bit, and would pass by the numbers above.
X32_BIT = 0x40000000
LOAD_WORD, JUMP_IF_EQUAL, JUMP_IF_AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
ALLOW = 0x7FFF0000
REFUSE = 0x00050000 | 13  # with EACCES


@cache
def _libc() -> ctypes.CDLL:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    return libc


@cache
def landlock_version() -> int:
    """Version of Landlock's interface; 0 where the kernel has none."""
    return max(0, _libc().syscall(CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint(RULESET_VERSION)))


@cache
def has_seccomp() -> bool:
    """Whether calls of the system can be filtered, by a list that is made for this kind of machine."""
    return platform.machine() == "x86_64" and _libc().prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0


def available() -> str:
    """What confines tools on this machine, in words for a log: ``landlock 7, seccomp``; ``none``."""
    version = landlock_version()
    parts = [f"landlock {version}"] if version else []
    return ", ".join([*parts, *(["seccomp"] if has_seccomp() else [])]) or "none"


def confine(*, readable: Iterable[str], listed: Iterable[str], writable: Iterable[str]) -> None:
    """Leaves this process ``readable`` files and folders, the names in ``listed`` folders, ``writable`` folders.

    Raises OSError where the kernel has the means but refuses them: a tool must not run with less than was promised.
    Needs PR_SET_NO_NEW_PRIVS to be set.
    """
    if landlock_version():
        _restrict_files(readable, listed, writable)
    if has_seccomp():
        _refuse_calls()


def _known(rights: dict[int, int]) -> int:
    return sum(bits for version, bits in rights.items() if version <= landlock_version())


def _check(result: int, what: str) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")
    return result


def _restrict_files(readable: Iterable[str], listed: Iterable[str], writable: Iterable[str]) -> None:
    rights = _known(FILE_RIGHTS)
    attributes = struct.pack("QQQ", rights, _known(TCP_BIND_AND_CONNECT), _known(SCOPES))
    # Older kernels know a shorter structure, and refuse a longer one only if its rest is not zero.
    ruleset = _check(
        _libc().syscall(CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint(0)),
        "landlock_create_ruleset",
    )
    for paths, allowed in (
        (readable, EXECUTE | READ_FILE | READ_DIR),
        (listed, READ_DIR),
        (writable, rights & ~EXECUTE),
    ):
        for path in paths:
            _grant(ruleset, path, allowed & rights)
    _check(_libc().syscall(RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint(0)), "landlock_restrict_self")
    os.close(ruleset)


def _grant(ruleset: int, path: str, allowed: int) -> None:
    """Grants what is ``allowed`` below ``path``; nothing where that is not there or cannot be reached."""
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
        allowed &= OF_FILES
    rule = struct.pack("=Qi", allowed, descriptor)
    result = _libc().syscall(
        ADD_RULE, ctypes.c_int(ruleset), ctypes.c_uint(RULE_PATH_BENEATH), rule, ctypes.c_uint(0)
    )
    os.close(descriptor)
    _check(result, f"landlock_add_rule {path}")


def _refuse_calls() -> None:
    numbers = sorted(REFUSED_CALLS)
    refuse_at = 4 + len(numbers) + 1
    lines = [
        (LOAD_WORD, 0, 0, 4),
        (JUMP_IF_EQUAL, 0, refuse_at - 2, AUDIT_ARCH_X86_64),
        (LOAD_WORD, 0, 0, 0),
        (JUMP_IF_AT_LEAST, refuse_at - 4, 0, X32_BIT),
    ]
    lines += [
        (JUMP_IF_EQUAL, refuse_at - position - 1, 0, number) for position, number in enumerate(numbers, 4)
    ]
    lines += [(RETURN, 0, 0, ALLOW), (RETURN, 0, 0, REFUSE)]
    code = b"".join(struct.pack("HBBI", *line) for line in lines)
    buffer = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("HxxxxxxP", len(lines), ctypes.addressof(buffer))
    result = _libc().prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.c_char_p(program), 0, 0)
    _check(result, "seccomp")
