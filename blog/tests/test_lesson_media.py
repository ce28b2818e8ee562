"""What may be put into a lesson: videos that show what they are, captions, files, links."""

import struct

import pytest
from django.core.exceptions import ValidationError

from blog.courses.putting_in import check_captions, check_video_link, file_name, video_host
from blog.courses.videos import MAX_BOXES, read_video
from blog.tests.films import CAPTIONS, box, element, mp4, upload, webm

ENDLESS = box(b"free") * (MAX_BOXES + 1)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html><script>alert(1)</script></html>",
        b"GIF89a" + bytes(64),
        b"\0\0\0\x18ftyp",
        b"\0\0\0\x18ftypqt  \0\0\0\0qt  ",
        box(b"ftyp", b"isom", bytes(4)) + b"<script>alert(1)</script>",
        mp4(brand=b"qt  "),
        mp4(handler=b"soun"),
        mp4(moov=b""),
        mp4(moov=box(b"moov")),
        mp4(moov=struct.pack(">I4s", 2**32 - 1, b"moov")),
        mp4(moov=struct.pack(">I4sQ", 1, b"moov", 2**63)),
        mp4(moov=struct.pack(">I4s", 4, b"moov")),
        mp4(moov=box(b"moov", box(b"mvhd"), box(b"trak"))),
        box(b"ftyp", b"isom", bytes(4)) + ENDLESS,
        webm(kind=b"matroska"),
        webm(codec=b"V_MPEG4/ISO/AVC"),
        webm(track=2),
        webm()[:40],
        b"\x1a\x45\xdf\xa3" + b"\0" * 40,
        b"\x1a\x45\xdf\xa3" + b"\xff" * 40,
        element(0x1A45DFA3, element(0x4282, b"webm")) + element(0xEC) * (MAX_BOXES + 1),
    ],
    ids=range(22),
)
def test_what_only_calls_itself_a_video_is_refused(content):
    with pytest.raises(ValidationError):
        read_video(upload(content))


@pytest.mark.parametrize(
    ("content", "kind", "seconds"),
    [
        (mp4(), "mp4", 95),
        (mp4(brand=b"mp42", seconds=0), "mp4", None),
        (mp4(seconds=4_000_000), "mp4", None),
        (webm(), "webm", 61),
        (webm(codec=b"V_AV1", seconds=0.2), "webm", 1),
        (webm(seconds=float("nan")), "webm", None),
        (webm(seconds=float("inf")), "webm", None),
        (webm(seconds=-5), "webm", None),
    ],
)
def test_a_video_is_known_by_its_own_bytes_whatever_it_is_called(content, kind, seconds):
    found = read_video(upload(content, "x.html"))
    assert (found.kind, found.size, found.seconds) == (kind, len(content), seconds)


def test_a_video_is_as_large_as_the_setting_says_at_most(settings):
    settings.COURSE_VIDEO_BYTES = len(mp4()) - 1
    with pytest.raises(ValidationError) as refused:
        read_video(upload(mp4()))
    assert refused.value.code == "too_large"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_captions"),
        (b"1\n00:00:00,000 --> 00:00:02,000\nSubRip.\n", "not_captions"),
        (b"WEBVTTX\n\n00:00.000 --> 00:02.000\nx\n", "not_captions"),
        (b"WEBVTT\n\nNOTE nothing", "no_caption"),
        (b"WEBVTT\n\n00:00.000 --> 00:02.000\n\xff\n", "not_text"),
        (b"WEBVTT\n\n00:00.000 --> 00:02.000\n\0\n", "not_captions"),
        (b"x" * (2 * 1024**2 + 1), "too_large"),
    ],
)
def test_captions_are_webvtt_and_nothing_else(content, code):
    with pytest.raises(ValidationError) as refused:
        check_captions(upload(content, "captions.vtt"))
    assert refused.value.code == code


@pytest.mark.parametrize(
    "content", [CAPTIONS, f"\ufeff{CAPTIONS}", CAPTIONS.replace("WEBVTT", "WEBVTT - lesson")]
)
def test_captions_with_and_without_a_mark_at_their_beginning_are_taken(content):
    check_captions(upload(content.encode(), "captions.vtt"))


@pytest.mark.parametrize("name", ["page.html", "picture.svg", "run.exe", "noending", "a.html\0.zip", ".zip"])
def test_files_that_are_not_handed_on_are_refused(name):
    if name == "a.html\0.zip":
        assert file_name(upload(b"x", name)) == "a.html.zip"
        return
    with pytest.raises(ValidationError):
        file_name(upload(b"x", name))


def test_a_file_is_named_without_its_folders_and_never_too_long():
    assert file_name(upload(b"x", "C:\\work\\../lamp.BLEND")) == "lamp.blend"
    assert len(file_name(upload(b"x", f"{'a' * 400}.zip"))) == 184
    with pytest.raises(ValidationError):
        file_name(upload(b"", "lamp.zip"))


@pytest.mark.parametrize(
    "link",
    [
        "http://www.youtube.com/watch?v=1",
        "https://youtube.com.example.org/watch",
        "https://example.org/?https://vimeo.com/1",
        "https://vimeo.com@example.org/1",
        "javascript:alert(1)//youtube.com",
        "",
    ],
)
def test_links_lead_to_the_two_places_that_are_named_and_nowhere_else(link):
    with pytest.raises(ValidationError):
        check_video_link(link)


def test_a_link_says_whose_it_is():
    assert video_host("https://www.youtube.com/watch?v=1") == "YouTube"
    assert video_host("https://vimeo.com/76979871") == "Vimeo"
