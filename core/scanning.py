"""The malware scanner: ClamAV's `clamd`, asked over its socket with INSTREAM. Without CLAMD nothing is scanned.

What is found is never let in; while the scanner does not answer, what should be scanned waits, or is asked for again.
"""

import logging
import re
import socket
import struct
from collections.abc import Iterator
from contextlib import closing
from typing import BinaryIO

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError

logger = logging.getLogger(__name__)

BLOCK_BYTES = 64 * 1024
_LONGEST_ANSWER = 4096
_FOUND = re.compile(r"stream: (.+) FOUND")
_AWAY_KEY = "core:scanner-away"
# How long pages say that the scanner is away after it was last asked in vain.
AWAY_SECONDS = 300
AWAY = "The malware scanner does not answer at the moment."


class ScannerAway(Exception):
    """The scanner cannot be reached, or does not say whether there is something in it."""


def is_scanning() -> bool:
    return bool(settings.CLAMD)


def is_away() -> bool:
    """Whether the scanner was last asked in vain, a short while ago."""
    return is_scanning() and bool(cache.get(_AWAY_KEY))


def ping(*, seconds: float) -> str:
    """What the scanner answers to PING, which is PONG.

    Raises:
        OSError: it cannot be reached, or says nothing for `seconds`.
    """
    with closing(_connection(seconds)) as connection:
        connection.sendall(b"zPING\0")
        return _answer(connection)


def malware_in(content: BinaryIO) -> str:
    """The name of what the scanner knows in `content`, read to its end from where it stands; empty where it is clean.

    Raises:
        ScannerAway
    """
    if not is_scanning():
        return ""
    try:
        answer = _ask(content)
    except OSError as error:
        answer = f"{type(error).__name__}: {error}"
    if answer == "stream: OK":
        cache.delete(_AWAY_KEY)
        return ""
    if found := _FOUND.fullmatch(answer):
        cache.delete(_AWAY_KEY)
        return found[1][:200]
    cache.set(_AWAY_KEY, True, AWAY_SECONDS)
    logger.error("The malware scanner at %s gave no verdict: %s", settings.CLAMD, answer or "it hung up")
    raise ScannerAway(answer)


def refuse_malware(content, *, name: str) -> None:
    """For what is taken in while somebody waits: clean, or an error beside the field. The content is wound back.

    Raises:
        ValidationError: something was found, or the scanner does not answer.
    """
    content.seek(0)
    try:
        found = malware_in(content)
    except ScannerAway as error:
        raise ValidationError(f"{AWAY} Try again in a few minutes.", code="scanner_away") from error
    finally:
        content.seek(0)
    if found:
        logger.warning("An upload called %r was refused: %s", name, found)
        raise ValidationError(
            f"“{name}” carries harmful software ({found}). It was not taken.", code="malware"
        )


def _ask(content: BinaryIO) -> str:
    with closing(_connection(settings.CLAMD_SECONDS)) as connection:
        connection.sendall(b"zINSTREAM\0")
        try:
            for block in _blocks(content):
                connection.sendall(struct.pack("!L", len(block)) + block)
            connection.sendall(struct.pack("!L", 0))
        except BrokenPipeError:
            # It has had enough, and says why.
            pass
        return _answer(connection)


def _answer(connection: socket.socket) -> str:
    answer = b""
    while b"\0" not in answer and len(answer) < _LONGEST_ANSWER:
        part = connection.recv(_LONGEST_ANSWER)
        if not part:
            break
        answer += part
    return answer.split(b"\0")[0].decode(errors="replace").strip()


def _blocks(content: BinaryIO) -> Iterator[bytes]:
    while block := content.read(BLOCK_BYTES):
        yield block


def _connection(seconds: float) -> socket.socket:
    """`host:port`, or `unix:` and a path."""
    address = settings.CLAMD
    if address.startswith("unix:"):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(seconds)
        try:
            connection.connect(address.removeprefix("unix:"))
        except OSError:
            connection.close()
            raise
        return connection
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=seconds)
