"""Texts as they are compared: whatever case, width or invisible letters they were written with."""

import re
import unicodedata

# Format characters: zero-width spaces and joiners, marks of direction, soft hyphens.
_INVISIBLE = "Cf"
_LINK = re.compile(
    r"(?:https?://|//)(?:[^\s/@]*@)?([^\s/?#:\[\]()<>\"']+)"
    r"|(?<![@\w.-])((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24})(?=[/\s?#:,;.)\]>\"']|$)",
    re.IGNORECASE,
)
# What looks like a domain and is the name of a file, which people who make models write all the time.
_FILE_ENDINGS = {
    *("glb", "gltf", "fbx", "obj", "mtl", "blend", "dae", "usdz", "ply", "stl", "step", "stp", "bin"),
    *("png", "jpg", "jpeg", "webp", "exr", "hdr", "tga", "tif", "tiff", "psd", "zip", "pdf", "txt", "md"),
    *("js", "py", "json", "html", "css", "csv", "mp4", "webm", "gif", "svg"),
}


def folded(text: str) -> str:
    """In small letters, of one width, without what cannot be seen, with single spaces."""
    plain = unicodedata.normalize("NFKC", text)
    seen = "".join(letter for letter in plain if unicodedata.category(letter) != _INVISIBLE)
    return " ".join(seen.casefold().split())


def domains_in(text: str) -> list[str]:
    """Where the links in `text` lead, one for each link, written with a scheme or without."""
    found = []
    for match in _LINK.finditer(folded(text)):
        domain = (match[1] or match[2]).rstrip(".").removeprefix("www.")
        if match[2] and domain.rpartition(".")[2] in _FILE_ENDINGS:
            continue
        found.append(domain)
    return found
