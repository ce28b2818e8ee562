"""Small films for the demo, made without any video encoder: a WebM file whose every picture is a key frame of VP8.

A lossy WebP picture is such a frame in another wrapping (RFC 9649), so what encodes pictures encodes films as well.
"""

import io
import struct
from collections.abc import Iterable

from PIL import Image

FRAMES_A_SECOND = 12
QUALITY = 62
# A cluster a second: where a player may begin.
_CLUSTER_FRAMES = FRAMES_A_SECOND
_KEY_FRAME = 0x80


def webm(pictures: Iterable[Image.Image]) -> bytes:
    """The pictures, all of one size, as a film of `FRAMES_A_SECOND`, which can be wound to any second."""
    frames: list[bytes] = []
    before, size = None, (0, 0)
    for picture in pictures:
        # A picture that stays is made once.
        frames.append(frames[-1] if picture is before else _vp8_frame(picture))
        before, size = picture, picture.size
    length = 1000 * len(frames) / FRAMES_A_SECOND
    info = _element(
        0x1549A966,
        _element(0x2AD7B1, (1_000_000).to_bytes(4)),
        _element(0x4489, struct.pack(">d", length)),
        _element(0x4D80, b"Lathe demo"),
        _element(0x5741, b"Lathe demo"),
    )
    tracks = _element(0x1654AE6B, _track(size))
    starts = range(0, len(frames), _CLUSTER_FRAMES)
    clusters = [_cluster(frames[start : start + _CLUSTER_FRAMES], _time(start)) for start in starts]
    # Numbers of one length, so that the list of places has its length before the places are known.
    places, place = [], len(info) + len(tracks) + len(_cues([(0, 0)] * len(clusters)))
    for start, cluster in zip(starts, clusters, strict=True):
        places.append((_time(start), place))
        place += len(cluster)
    header = _element(
        0x1A45DFA3,
        _element(0x4286, b"\x01"),
        _element(0x42F7, b"\x01"),
        _element(0x42F2, b"\x04"),
        _element(0x42F3, b"\x08"),
        _element(0x4282, b"webm"),
        _element(0x4287, b"\x02"),
        _element(0x4285, b"\x02"),
    )
    return header + _element(0x18538067, info, tracks, _cues(places), *clusters)


def _vp8_frame(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.convert("RGB").save(buffer, "WEBP", quality=QUALITY, method=3)
    content, place = buffer.getvalue(), 12
    while place < len(content):
        name, size = content[place : place + 4], int.from_bytes(content[place + 4 : place + 8], "little")
        if name == b"VP8 ":
            return content[place + 8 : place + 8 + size]
        place += 8 + size + size % 2
    raise ValueError("The picture has no VP8 frame.")


def _track(size: tuple[int, int]) -> bytes:
    picture = _element(0xE0, _element(0xB0, size[0].to_bytes(2)), _element(0xBA, size[1].to_bytes(2)))
    return _element(
        0xAE,
        _element(0xD7, b"\x01"),
        _element(0x73C5, b"\x01"),
        _element(0x9C, b"\x00"),
        _element(0x86, b"V_VP8"),
        _element(0x83, b"\x01"),
        picture,
    )


def _cluster(frames: list[bytes], start: int) -> bytes:
    blocks = [
        _element(0xA3, b"\x81" + struct.pack(">hB", _time(number), _KEY_FRAME) + frame)
        for number, frame in enumerate(frames)
    ]
    return _element(0x1F43B675, _element(0xE7, start.to_bytes(8)), *blocks)


def _cues(places: list[tuple[int, int]]) -> bytes:
    points = [
        _element(
            0xBB,
            _element(0xB3, time.to_bytes(8)),
            _element(0xB7, _element(0xF7, b"\x01"), _element(0xF1, place.to_bytes(8))),
        )
        for time, place in places
    ]
    return _element(0x1C53BB6B, *points)


def _time(frame: int) -> int:
    """In milliseconds."""
    return round(1000 * frame / FRAMES_A_SECOND)


def _element(name: int, *content: bytes) -> bytes:
    """Its name, its length in eight bytes, its content."""
    body = b"".join(content)
    return name.to_bytes((name.bit_length() + 7) // 8) + (len(body) | 1 << 56).to_bytes(8) + body
