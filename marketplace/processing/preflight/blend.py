"""Blender's own files: a header, and blocks that each say how long they are, up to an end mark."""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from ..signatures import GZIP, ZSTANDARD
from ..tool import FileRejected
from .upload import Upload, read_exactly

MAGIC = b"BLENDER"
MAX_BLOCKS = 2_000_000
PIECE_BYTES = 256 * 1024
END_BLOCKS = (b"ENDB", b"DNA1")


def check_blend(upload: Upload) -> None:
    """Raises FileRejected for compression that cannot be read, versions too new, and blocks beyond the file's end."""
    if upload.head.startswith(ZSTANDARD):
        raise FileRejected("blend_compressed")
    with _content(upload) as stream:
        header = read_exactly(stream, 12, upload)
        if not header.startswith(MAGIC):
            raise upload.damaged("it does not start as a Blender file")
        if header[7:8] not in b"_-" or header[8:9] not in b"vV" or not header[9:12].isdigit():
            raise FileRejected("blend_too_new")
        order = "<" if header[8:9] == b"v" else ">"
        block = struct.Struct(f"{order}4sI{'I' if header[7:8] == b'_' else 'Q'}II")
        for _number in range(MAX_BLOCKS):
            code, length, *_rest = block.unpack(read_exactly(stream, block.size, upload))
            if code == b"ENDB":
                return
            if not code[:2].isalnum():
                raise upload.damaged("its blocks do not fit together")
            _skip(stream, length, upload)
    raise FileRejected("too_many_parts", format=upload.label, limit=MAX_BLOCKS)


def _skip(stream: BinaryIO, length: int, upload: Upload) -> None:
    if stream.seekable():
        if stream.tell() + length > upload.size:
            raise upload.cut_off()
        stream.seek(length, 1)
        return
    while length:
        piece = read_exactly(stream, min(length, PIECE_BYTES), upload)
        length -= len(piece)


@contextmanager
def _content(upload: Upload) -> Iterator[BinaryIO]:
    with upload.path.open("rb") as stream:
        yield _Gunzip(stream, upload) if upload.head.startswith(GZIP) else stream


class _Gunzip:
    """The content of a gzip file, read forwards and no further than the limits allow."""

    def __init__(self, stream: BinaryIO, upload: Upload) -> None:
        self.stream = stream
        self.upload = upload
        self.unpacker = zlib.decompressobj(wbits=31)
        self.ready = b""
        self.total = 0

    def seekable(self) -> bool:
        return False

    def read(self, length: int) -> bytes:
        while len(self.ready) < length and not self.unpacker.eof:
            packed = self.unpacker.unconsumed_tail or self.stream.read(PIECE_BYTES)
            if not packed:
                break
            try:
                piece = self.unpacker.decompress(packed, PIECE_BYTES)
            except zlib.error:
                raise self.upload.damaged("its compression is broken") from None
            self.total += len(piece)
            if self.total > self.upload.limits["max_unpacked_bytes"]:
                raise FileRejected("unpacks_too_large", format=self.upload.label, size=self.total)
            self.ready += piece
        piece, self.ready = self.ready[:length], self.ready[length:]
        return piece
