"""Names of entries: what they are worth, and which are not wanted."""

import struct
import unicodedata
import zipfile

from ..tool import FileRejected

UTF8_NAMES = 0x800
MAX_NAME_BYTES = 512
MAX_PART_BYTES = 200

JUNK_FOLDERS = {"__macosx", ".git", ".svn"}
JUNK_NAMES = {".ds_store", "thumbs.db", "desktop.ini", ".gitignore", ".gitattributes"}
# What a computer runs, by the endings that it goes by.
PROGRAM_EXTENSIONS = frozenset(
    f".{ending}"
    for ending in (
        *("exe", "dll", "com", "scr", "pif", "cpl", "msi", "msp", "bat", "cmd", "ps1", "lnk", "url", "reg"),
        *("vbs", "vbe", "js", "jse", "mjs", "wsf", "wsh", "hta", "jar", "class", "html", "htm", "swf"),
        *(
            "xhtml",
            "mht",
            "mhtml",
            "webloc",
            "website",
            "chm",
            "hlp",
            "inf",
            "scf",
            "sct",
            "ws",
            "wsc",
            "xll",
        ),
        *("msc", "msix", "msixbundle", "appx", "appxbundle", "application", "appref-ms", "gadget", "psm1"),
        *("sh", "bash", "zsh", "run", "app", "dmg", "pkg", "deb", "rpm", "apk", "so", "dylib", "elf"),
        *("py", "pyc", "pyw", "rb", "pl", "php", "asp", "aspx", "desktop", "command", "appimage"),
    )
)
ARCHIVE_EXTENSIONS = {
    *(".zip", ".zipx", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".tbz", ".xz", ".txz", ".zst", ".lz"),
    *(
        ".lzma",
        ".cab",
        ".arj",
        ".lzh",
        ".ace",
        ".z",
        ".iso",
        ".img",
        ".tbz2",
        ".vhd",
        ".vhdx",
        ".wim",
        ".cpio",
    ),
}
# The number of the extra field in which Info-ZIP, 7-Zip and WinRAR keep a name of their own, and what is before it.
UNICODE_PATH = 0x7075
_EXTRA_HEADER = struct.Struct("<HH")
_UNICODE_PATH_HEAD = struct.Struct("<BL")


def decoded_name(info: zipfile.ZipInfo) -> str:
    """The name as it was meant: many programs write UTF-8 without saying so, where the standard says code page 437."""
    name = info.orig_filename
    if not info.flag_bits & UTF8_NAMES:
        try:
            return name.encode("cp437").decode("utf-8")
        except UnicodeError:
            return name
    return name


def names_elsewhere(info: zipfile.ZipInfo) -> list[str]:
    """What other unpackers may call the entry instead; raises FileRejected for a name that is no text."""
    names = []
    position = 0
    while position + _EXTRA_HEADER.size <= len(info.extra):
        kind, length = _EXTRA_HEADER.unpack_from(info.extra, position)
        start = position + _EXTRA_HEADER.size
        position = start + length
        if kind == UNICODE_PATH:
            try:
                names.append(info.extra[start + _UNICODE_PATH_HEAD.size : position].decode())
            except UnicodeError:
                raise FileRejected("archive_name", name=shown(info.orig_filename)) from None
    return names


def ending_of(name: str) -> str:
    """The extension in lower case, as Windows sees it: dots and spaces at the end of a name count for nothing there."""
    last = name.rpartition("/")[2].rstrip(". ")
    return f".{last.rpartition('.')[2].lower()}" if "." in last else ""


def clean_name(name: str) -> str:
    """A relative path with forward slashes; raises FileRejected for one that leads elsewhere or hides something."""
    plain = unicodedata.normalize("NFC", name).replace("\\", "/")
    if plain.startswith("/") or plain[1:2] == ":" or any(part == ".." for part in plain.split("/")):
        raise FileRejected("archive_path", name=shown(name))
    parts = [part for part in plain.split("/") if part not in ("", ".")]
    is_hidden = any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") for character in plain)
    is_long = len(plain.encode("utf-8", "replace")) > MAX_NAME_BYTES or any(
        len(part.encode("utf-8", "replace")) > MAX_PART_BYTES for part in parts
    )
    if not parts or is_hidden or is_long or any(part.startswith("~") or ":" in part for part in parts):
        raise FileRejected("archive_name", name=shown(name))
    return "/".join(parts)


def is_junk(name: str) -> bool:
    """Whether a file manager or a version control system put it there."""
    *folders, last = name.lower().split("/")
    return last in JUNK_NAMES or last.startswith("._") or not JUNK_FOLDERS.isdisjoint(folders)


def shown(name: str) -> str:
    """The name as a sentence can show it: printable and short."""
    return "".join(character if character.isprintable() else "�" for character in name)[:120]
