"""Folders of the author's disk that a file names: whoever downloads it can read them."""

import re

_NAME = rb"[^\x00-\x1f\\/:*?\"<>|\x7f]{1,80}"
_FOLDERS = re.compile(
    rb"(?<![A-Za-z0-9])(?:[A-Za-z]:[\\/]{1,2}|\\\\(?=[A-Za-z0-9])|/(?=(?:Users|home|Volumes|mnt|media)/))"
    rb"((?:" + _NAME + rb"[\\/]{1,2}){1,30})(" + _NAME + rb")"
)
_DRIVE = re.compile(rb"[A-Za-z]:")
_WORDS = re.compile(rb"[A-Za-z0-9 ._()-]{2,}")
_FILE = re.compile(
    rb"[A-Za-z0-9 _()-]{1,60}\.(?:png|jpe?g|tga|tiff?|bmp|dds|psd|exr|hdr|webp|gif|"
    rb"fbx|blend|obj|mtl|max|m[ab]|c4d|dae|glb|gltf|stl|ply|3mf|ste?p|usd[acz]?|spp|ztl|skp)",
    re.IGNORECASE,
)
SCANNED_BYTES = 64 * 1024 * 1024
# A Windows path is only believed where its first folder is one that people have: three letters of noise are not.
_MIN_FOLDER = 3


def private_hint(texts: list[bytes]) -> str:
    """Where the first folder of someone's disk in ``texts`` leads, shortened so that it tells no one's name.

    “C: › Users › … › wood.png”, or an empty string where there is none.
    """
    for text in texts:
        for match in _FOLDERS.finditer(text[:SCANNED_BYTES]):
            folders = [part for part in re.split(rb"[\\/]+", match.group(1)) if part]
            if not folders or not _WORDS.fullmatch(folders[0]) or len(folders[0]) < _MIN_FOLDER:
                continue
            drive = _DRIVE.match(match.group(0))
            # Of a server not even the name is told.
            shown = [] if match.group(0).startswith(b"\\\\") else folders[:1]
            if drive:
                shown = [drive.group(0), *shown]
            file = _FILE.match(match.group(2)) if len(folders) > 1 else None
            parts = [part.decode("ascii", "replace") for part in shown] + ["…"]
            return " › ".join(parts + ([file.group(0).decode("ascii")] if file else []))
    return ""


def plain_name(name: object) -> str:
    """A name as it may be served: of a path only its last part."""
    text = str(name)
    return re.split(r"[\\/]", text)[-1] if re.search(r"[A-Za-z]:[\\/]|\\\\|^/|/(Users|home)/", text) else text
