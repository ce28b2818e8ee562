"""The outer frame of a zip archive: where it starts and ends, and how large its directory is."""

import struct
from collections.abc import Mapping
from typing import BinaryIO

from ..tool import FileRejected

LOCAL_HEADER = struct.Struct("<4s5H3L2H")
END_RECORD = struct.Struct("<4s4H2LH")
LOCAL_MAGIC = b"PK\x03\x04"
END_MAGIC = b"PK\x05\x06"
LARGE_RECORD = struct.Struct("<4sQ2H2L4Q")
LARGE_RECORD_MAGIC = b"PK\x06\x06"
LARGE_LOCATOR_MAGIC = b"PK\x06\x07"
LARGE_LOCATOR_BYTES = 20
MAX_COMMENT_BYTES = 65_535
# Of the directory: more than this an entry is not a list of files but a flood.
MAX_DIRECTORY_BYTES_PER_ENTRY = 1024


def check_frame(stream: BinaryIO, size: int, limits: Mapping[str, int]) -> None:
    """The file begins with an entry and ends with a directory that is small enough to be read; raises FileRejected."""
    stream.seek(0)
    head = stream.read(4)
    if head == END_MAGIC:
        raise FileRejected("archive_empty")
    if head != LOCAL_MAGIC:
        raise FileRejected("not_an_archive")
    before = LARGE_LOCATOR_BYTES + LARGE_RECORD.size
    stream.seek(max(0, size - before - END_RECORD.size - MAX_COMMENT_BYTES))
    tail = stream.read()
    position = tail.rfind(END_MAGIC)
    if position < 0 or len(tail) - position < END_RECORD.size:
        raise FileRejected("archive_cut_off")
    record = END_RECORD.unpack_from(tail, position)
    if position + END_RECORD.size + record[7] != len(tail):
        raise FileRejected("archive_with_more")
    count, directory_bytes = record[4], record[5]
    if tail[max(0, position - LARGE_LOCATOR_BYTES) : position].startswith(LARGE_LOCATOR_MAGIC):
        # The record of large archives lies before its locator, and is what zipfile goes by.
        start = position - LARGE_LOCATOR_BYTES - LARGE_RECORD.size
        if start < 0 or not tail.startswith(LARGE_RECORD_MAGIC, start):
            raise FileRejected("archive_damaged")
        large = LARGE_RECORD.unpack_from(tail, start)
        count, directory_bytes = max(count, large[7]), max(directory_bytes, large[8])
    allowed = limits["max_archive_entries"]
    if count > allowed or directory_bytes > allowed * MAX_DIRECTORY_BYTES_PER_ENTRY:
        raise FileRejected("archive_too_many_files", limit=allowed)
