"""The smallest files that are videos, byte by byte, and such as only say so."""

import struct

from django.core.files.base import ContentFile


def box(name: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I4s", len(body) + 8, name) + body


def mp4(
    *, brand: bytes = b"isom", seconds: int = 95, handler: bytes = b"vide", moov: bytes | None = None
) -> bytes:
    """Headers alone, as a player reads them first."""
    header = box(b"mvhd", struct.pack(">B3xIIII", 0, 0, 0, 1000, seconds * 1000), bytes(80))
    track = box(b"trak", box(b"mdia", box(b"hdlr", struct.pack(">8x4s", handler), bytes(13))))
    movie = box(b"moov", header, track) if moov is None else moov
    return box(b"ftyp", brand, bytes(4), brand) + box(b"mdat", bytes(64)) + movie


def element(name: int, *content: bytes) -> bytes:
    body = b"".join(content)
    return name.to_bytes((name.bit_length() + 7) // 8) + (len(body) | 1 << 56).to_bytes(8) + body


def webm(*, kind: bytes = b"webm", codec: bytes = b"V_VP9", seconds: float = 61.4, track: int = 1) -> bytes:
    header = element(0x1A45DFA3, element(0x4282, kind))
    info = element(0x1549A966, element(0x4489, struct.pack(">d", seconds * 1000)))
    entry = element(0xAE, element(0x83, bytes([track])), element(0x86, codec))
    return header + element(0x18538067, info, element(0x1654AE6B, entry), element(0x1F43B675, bytes(32)))


def upload(content: bytes, name: str = "lesson.mp4") -> ContentFile:
    return ContentFile(content, name)


CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:02.000\nSelect the screw.\n"
