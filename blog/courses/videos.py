"""What a file that calls itself a video is: hostile until its own bytes have shown a container that browsers play.

Only headers are read, a bounded number of them and never one longer than it can be, so that no file of any size or
nesting costs more than a moment. Nothing is decoded.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from django.conf import settings
from django.core.exceptions import ValidationError

from blog.models import Lesson

Kind = Lesson.VideoKind
# Of the files that tools write; all of them are one format to a browser.
MP4_BRANDS = {
    *(b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"iso7", b"iso8", b"iso9"),
    *(b"mp41", b"mp42", b"avc1", b"M4V ", b"M4VH", b"M4VP", b"dash", b"mmp4", b"f4v "),
}
WEBM_CODECS = {b"V_VP8", b"V_VP9", b"V_AV1"}
MAX_BOXES = 20_000
# Of what a video of a day says of itself.
MAX_SECONDS = 24 * 3600
_EBML, _DOCTYPE, _SEGMENT, _INFO, _TRACKS, _CLUSTER = (
    0x1A45DFA3,
    0x4282,
    0x18538067,
    0x1549A966,
    0x1654AE6B,
    0x1F43B675,
)
_SCALE, _DURATION, _TRACK, _TRACK_TYPE, _CODEC = 0x2AD7B1, 0x4489, 0xAE, 0x83, 0x86
_VIDEO_TRACK = 1
_NANOSECONDS = 1_000_000_000


@dataclass(frozen=True)
class Video:
    """What a file has shown to be; `seconds` where it says how long it is."""

    kind: Kind
    size: int
    seconds: int | None


class _Unreadable(Exception):
    """It is not what it begins like."""


class _Headers:
    """The file, of which so many boxes or elements are looked at, and no more."""

    def __init__(self, file: BinaryIO):
        self.file = file
        self.left = MAX_BOXES

    def read(self, place: int, length: int) -> bytes:
        self.file.seek(place)
        return self.file.read(length)

    def next_one(self) -> None:
        """
        Raises:
            _Unreadable: there are too many.
        """
        self.left -= 1
        if self.left < 0:
            raise _Unreadable


@dataclass(frozen=True)
class _Part:
    """A box of MP4 or an element of WebM: where its content lies in the file."""

    name: bytes | int
    start: int
    end: int


def read_video(upload) -> Video:
    """What the upload is, by its content alone; its name and what the browser said of it do not matter.

    Raises:
        ValidationError: empty, too large, or no MP4 or WebM with a picture in it.
    """
    size = upload.size
    if not size:
        raise ValidationError("The video is empty.", code="empty")
    if size > settings.COURSE_VIDEO_BYTES:
        most = settings.COURSE_VIDEO_BYTES // 1024**2
        raise ValidationError(f"The video has more than {most:,} MB.", code="too_large")
    upload.seek(0)
    beginning = upload.read(8)
    try:
        if beginning[4:8] == b"ftyp":
            return Video(Kind.MP4, size, _known(_mp4_seconds(_Headers(upload), size)))
        if beginning[:4] == _EBML.to_bytes(4):
            return Video(Kind.WEBM, size, _known(_webm_seconds(_Headers(upload), size)))
    except (_Unreadable, struct.error, IndexError, OverflowError, ZeroDivisionError) as error:
        raise _refusal() from error
    finally:
        upload.seek(0)
    raise _refusal()


def _refusal() -> ValidationError:
    return ValidationError(
        "This is not an MP4 or WebM video that browsers play, or it is damaged.", code="not_a_video"
    )


def _known(seconds: float | None) -> int | None:
    """Whole seconds; None for what cannot be."""
    if seconds is None or not 0 < seconds <= MAX_SECONDS:
        return None
    return max(round(seconds), 1)


# ---------------------------------------------------------------- MP4


def _mp4_seconds(headers: _Headers, size: int) -> float | None:
    brands = movie = None
    for box in _boxes(headers, 0, size):
        if box.name == b"ftyp":
            content = _content(headers, box, most=1024)
            brands = {content[:4], *(content[place : place + 4] for place in range(8, len(content), 4))}
        elif box.name == b"moov":
            movie = box
    if not brands or not brands & MP4_BRANDS or movie is None:
        raise _Unreadable
    seconds, has_picture = None, False
    for box in _boxes(headers, movie.start, movie.end):
        if box.name == b"mvhd":
            seconds = _length_of_movie(_content(headers, box, most=128))
        elif box.name == b"trak":
            has_picture = has_picture or _shows_pictures(headers, box)
    if not has_picture:
        raise _Unreadable
    return seconds


def _length_of_movie(header: bytes) -> float | None:
    is_long = header[0] == 1
    scale, length = struct.unpack_from(">IQ" if is_long else ">II", header, 20 if is_long else 12)
    return length / scale if scale else None


def _shows_pictures(headers: _Headers, track: _Part) -> bool:
    for media in _boxes(headers, track.start, track.end):
        if media.name == b"mdia":
            for box in _boxes(headers, media.start, media.end):
                if box.name == b"hdlr" and _content(headers, box, most=64)[8:12] == b"vide":
                    return True
    return False


def _boxes(headers: _Headers, start: int, end: int) -> Iterator[_Part]:
    while start + 8 <= end:
        headers.next_one()
        size, name = struct.unpack(">I4s", headers.read(start, 8))
        head = 8
        if size == 1:
            head, size = 16, int.from_bytes(headers.read(start + 8, 8))
        elif size == 0:
            size = end - start
        if size < head or start + size > end:
            raise _Unreadable
        yield _Part(name, start + head, start + size)
        start += size


# --------------------------------------------------------------- WebM


def _webm_seconds(headers: _Headers, size: int) -> float | None:
    top = _elements(headers, 0, size)
    header = next(top)
    kinds = {_content(headers, part, most=16).rstrip(b"\0") for part in _named(headers, header, _DOCTYPE)}
    if kinds != {b"webm"}:
        raise _Unreadable
    segment = next((part for part in top if part.name == _SEGMENT), None)
    if segment is None:
        raise _Unreadable
    seconds, has_picture = None, False
    for part in _elements(headers, segment.start, segment.end):
        if part.name == _INFO:
            seconds = _length_of_segment(headers, part)
        elif part.name == _TRACKS:
            has_picture = any(_is_video_track(headers, track) for track in _named(headers, part, _TRACK))
        elif part.name == _CLUSTER:
            break
    if not has_picture:
        raise _Unreadable
    return seconds


def _length_of_segment(headers: _Headers, info: _Part) -> float | None:
    scale, length = 1_000_000, None
    for part in _elements(headers, info.start, info.end):
        if part.name == _SCALE:
            scale = int.from_bytes(_content(headers, part, most=8))
        elif part.name == _DURATION:
            content = _content(headers, part, most=8)
            (length,) = struct.unpack(">d" if len(content) == 8 else ">f", content)
    return length * scale / _NANOSECONDS if length is not None else None


def _is_video_track(headers: _Headers, track: _Part) -> bool:
    said = {
        part.name: _content(headers, part, most=32)
        for part in _elements(headers, track.start, track.end)
        if part.name in (_TRACK_TYPE, _CODEC)
    }
    is_video = int.from_bytes(said.get(_TRACK_TYPE, b"")) == _VIDEO_TRACK
    return is_video and said.get(_CODEC, b"").rstrip(b"\0") in WEBM_CODECS


def _named(headers: _Headers, parent: _Part, name: int) -> list[_Part]:
    return [part for part in _elements(headers, parent.start, parent.end) if part.name == name]


def _elements(headers: _Headers, start: int, end: int) -> Iterator[_Part]:
    while start < end:
        headers.next_one()
        head = headers.read(start, 12)
        name_length = 9 - head[0].bit_length()
        if name_length > 4:
            raise _Unreadable
        name = int.from_bytes(head[:name_length])
        first = head[name_length]
        length = 9 - first.bit_length()
        if length > 8:
            raise _Unreadable
        number = int.from_bytes(head[name_length : name_length + length]) & ((1 << 7 * length) - 1)
        content = start + name_length + length
        # All ones: it goes on to the end of what it lies in, as of a recording that was not known when it began.
        stop = end if number == (1 << 7 * length) - 1 else content + number
        if stop > end:
            raise _Unreadable
        yield _Part(name, content, stop)
        start = stop


def _content(headers: _Headers, part: _Part, *, most: int) -> bytes:
    return headers.read(part.start, min(part.end - part.start, most))
