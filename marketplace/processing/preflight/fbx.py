"""FBX: a tree of records with their ends written at their starts (binary), or text in braces (ascii)."""

import mmap
import re
import struct

from ..tool import FileRejected
from .pictures import check_picture, picture_size
from .text import Lines
from .upload import Upload

BINARY_MAGIC = b"Kaydara FBX Binary  \x00"
HEADER_BYTES = 27
# Versions in which the offsets of a record grew to 64 bits, and the first that keeps its content in objects.
WIDE_VERSION = 7500
OLDEST_BINARY = 6100
NEWEST = 8000
MAX_RECORDS = 3_000_000
MAX_DEPTH = 64
PICTURE_HEAD_BYTES = 1024 * 1024
SCALARS = {b"C": 1, b"B": 1, b"Y": 2, b"I": 4, b"F": 4, b"D": 8, b"L": 8}
ARRAYS = {b"c": 1, b"b": 1, b"i": 4, b"f": 4, b"d": 8, b"l": 8}
# The best that Deflate can do; an array that claims more is lying.
DEFLATE_RATIO = 1040
TEXT_ARRAY = re.compile(rb"\*(\d+)[ \t]*\{")


def check_fbx(upload: Upload) -> None:
    """Raises FileRejected for records beyond the file, nesting without end, and arrays larger than they can be."""
    if not upload.head.startswith(BINARY_MAGIC):
        _check_text(upload)
        return
    with upload.path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        _Records(upload, data).check()


def _check_text(upload: Upload) -> None:
    if b"FBX" not in upload.head:
        raise FileRejected("wrong_format", extension=".fbx", format=upload.label, kind="")
    depth = opened = 0
    has_objects = False
    for block in Lines(upload).blocks():
        has_objects = has_objects or b"Objects" in block
        for length in TEXT_ARRAY.finditer(block):
            if len(length.group(1)) > 12 or int(length.group(1)) > upload.size:
                raise upload.claims(int(length.group(1)[:18]), "numbers")
        # Braces within quotes are rare enough not to matter for a limit on depth.
        opened += block.count(b"{")
        depth += block.count(b"{") - block.count(b"}")
        if depth > MAX_DEPTH or opened > MAX_RECORDS:
            raise FileRejected("nodes_too_deep", limit=MAX_DEPTH)
    if depth > 0:
        raise upload.cut_off()
    if not has_objects:
        raise FileRejected("nothing_to_show")


class _Records:
    """Walks the records of a binary file by their headers; contents are skipped, not read."""

    def __init__(self, upload: Upload, data: mmap.mmap) -> None:
        self.upload = upload
        self.data = data
        self.records = 0
        self.unpacked = 0
        self.pixels = 0
        self.names: set[bytes] = set()
        if upload.size < HEADER_BYTES:
            raise upload.cut_off()
        version = struct.unpack_from("<I", data, HEADER_BYTES - 4)[0]
        if not OLDEST_BINARY <= version < NEWEST:
            raise FileRejected("fbx_version", version=f"{version / 1000:.1f}")
        self.header = struct.Struct("<QQQB" if version >= WIDE_VERSION else "<IIIB")

    def check(self) -> None:
        self._list(HEADER_BYTES, len(self.data), 0)
        if b"Objects" not in self.names:
            raise FileRejected("nothing_to_show")

    def _list(self, position: int, end: int, depth: int) -> None:
        """The records from ``position`` up to an empty one or to ``end``."""
        if depth > MAX_DEPTH:
            raise FileRejected("nodes_too_deep", limit=MAX_DEPTH)
        while position < end:
            position, is_last = self._record(position, end, depth)
            if is_last:
                break
        # Behind the outermost list lies a footer.
        if depth and position != end:
            raise self.upload.damaged("its parts do not fit together")

    def _record(self, start: int, limit: int, depth: int) -> tuple[int, bool]:
        """(where the next record starts, whether this one ends its list)."""
        if start + self.header.size > limit:
            raise self.upload.cut_off()
        end, count, property_bytes, name_bytes = self.header.unpack_from(self.data, start)
        properties = start + self.header.size + name_bytes
        if end == 0:
            return properties, True
        self.records += 1
        if self.records > MAX_RECORDS:
            raise FileRejected("too_many_parts", format=self.upload.label, limit=MAX_RECORDS)
        if end > len(self.data):
            raise self.upload.cut_off()
        inner = properties + property_bytes
        if end > limit or inner > end:
            raise self.upload.damaged("its parts do not fit together")
        name = self.data[start + self.header.size : properties]
        self._properties(name, count, properties, inner)
        if depth == 0:
            self.names.add(name)
        if inner < end:
            self._list(inner, end, depth + 1)
        return end, False

    def _properties(self, name: bytes, count: int, position: int, end: int) -> None:
        for _number in range(min(count, end - position)):
            kind = self.data[position : position + 1]
            position += 1
            if kind in SCALARS:
                position += SCALARS[kind]
            elif kind in (b"S", b"R"):
                length = self._numbers("<I", position, end)[0]
                if kind == b"R" and name == b"Content":
                    self._check_picture(
                        self.data[position + 4 : position + 4 + min(length, PICTURE_HEAD_BYTES)]
                    )
                position += 4 + length
            elif kind in ARRAYS:
                position += 12 + self._array(ARRAYS[kind], position, end)
            else:
                raise self.upload.damaged("it holds a value of an unknown kind")
            if position > end:
                raise self.upload.damaged("its parts do not fit together")
        if position != end:
            raise self.upload.damaged("its parts do not fit together")

    def _numbers(self, layout: str, position: int, end: int) -> tuple[int, ...]:
        if position + struct.calcsize(layout) > end:
            raise self.upload.damaged("its parts do not fit together")
        return struct.unpack_from(layout, self.data, position)

    def _array(self, item_bytes: int, position: int, end: int) -> int:
        """Bytes that the array takes in the file; what it unfolds to is counted."""
        length, encoding, stored = self._numbers("<III", position, end)
        unfolded = length * item_bytes
        self.unpacked += unfolded
        most = stored * DEFLATE_RATIO if encoding else stored
        if encoding > 1 or unfolded > most or self.unpacked > self.upload.limits["max_unpacked_bytes"]:
            raise self.upload.claims(length, "numbers")
        return stored if encoding else unfolded

    def _check_picture(self, head: bytes) -> None:
        # What is no picture is left out by the conversion, which says so.
        if picture_size(head):
            self.pixels = check_picture(head, self.upload.limits, self.pixels)
