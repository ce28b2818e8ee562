"""PLY: a header that names elements and their number; is there room for them?"""

import struct
from dataclasses import dataclass, field, replace

from ..tool import FileRejected
from .text import Lines
from .upload import Upload, read_exactly

# Letters of the struct module for the kinds of numbers, of which each has two names.
CODES = dict(
    zip(
        ("char", "uchar", "short", "ushort", "int", "uint", "float", "double")
        + ("int8", "uint8", "int16", "uint16", "int32", "uint32", "float32", "float64"),
        "bBhHiIfd" * 2,
        strict=True,
    )
)
SIZES = {kind: struct.calcsize(f"<{code}") for kind, code in CODES.items()}
# Rows of which each list is looked at; readers come upon a lie further on after having read as much.
CHECKED_ROWS = 200_000
MAX_HEADER_BYTES = 64 * 1024
MAX_PROPERTIES = 1_000
FORMATS = ("ascii", "binary_little_endian", "binary_big_endian")


@dataclass
class Element:
    """A kind of record: its number, the least bytes of one (of a list its own count), and its properties in order.

    ``layout`` holds a pair for each property: the kind of its number or of its list's length, and that of the list's
    items or nothing.
    """

    name: str
    count: int
    bytes: int = 0
    layout: list[tuple[str, str]] = field(default_factory=list)

    @property
    def values(self) -> int:
        return len(self.layout)

    @property
    def has_list(self) -> bool:
        return any(item for _kind, item in self.layout)


def check_ply(upload: Upload) -> None:
    """Raises FileRejected for a header that cannot be read, and for more elements than the file has room for."""
    encoding, elements, start = _header(upload)
    body = upload.size - start
    room = body
    for element in elements:
        if element.count > upload.limits["max_accessor_elements"]:
            raise upload.claims(element.count, _things(element))
        # In text a value takes a digit and a blank; the last line may do without its end.
        least = element.count * (2 * element.values if encoding == "ascii" else element.bytes)
        room -= least
        if room < (-1 if encoding == "ascii" else 0):
            raise upload.claims(element.count, _things(element))
    if encoding == "ascii":
        _check_lines(upload, elements, start)
    else:
        _check_lists(upload, elements, start, "<" if encoding.endswith("little_endian") else ">")
    if encoding != "ascii" and room and not any(element.has_list for element in elements):
        raise FileRejected("trailing_data", extra=room)
    counts = {element.name: element.count for element in elements}
    if not counts.get("vertex"):
        raise FileRejected("nothing_to_show")
    if counts.get("face", 0) > upload.limits["max_triangles"]:
        raise FileRejected("too_many_triangles", detail=str(counts["face"]))


def _things(element: Element) -> str:
    return {"vertex": "points", "face": "faces"}.get(element.name, "elements")


def _check_lines(upload: Upload, elements: list[Element], start: int) -> None:
    declared = sum(element.count for element in elements)
    lines = sum(block.count(b"\n") for block in Lines(upload).blocks(start))
    if lines < declared:
        raise upload.cut_off()


def _check_lists(upload: Upload, elements: list[Element], start: int, order: str) -> None:
    """The lengths of the first lists, by which readers size all: none beyond the end of the file."""
    position = start
    with upload.path.open("rb") as stream:
        for element in elements:
            if not element.has_list:
                position += element.count * element.bytes
                continue
            if element.count > CHECKED_ROWS:
                element = replace(element, count=CHECKED_ROWS)
            stream.seek(position)
            for _row in range(element.count):
                for kind, item in element.layout:
                    number = read_exactly(stream, SIZES[kind], upload)
                    if item:
                        length = _natural(number, kind, order)
                        if length * SIZES[item] > upload.size - stream.tell():
                            raise upload.claims(length, "corners of a face")
                        stream.seek(length * SIZES[item], 1)
            return


def _natural(number: bytes, kind: str, order: str) -> int:
    """The length of a list, whatever kind of number it is; a negative one is beyond every file."""
    value = struct.unpack(f"{order}{CODES[kind]}", number)[0]
    return int(value) if 0 <= value < 2**63 else 2**63


def _header(upload: Upload) -> tuple[str, list[Element], int]:
    """(encoding, elements, where the body starts)."""
    with upload.path.open("rb") as stream:
        head = stream.read(MAX_HEADER_BYTES)
    end = head.find(b"end_header")
    if end < 0:
        raise upload.damaged("its header does not end")
    body = end + len(b"end_header")
    if head[body : body + 2] == b"\r\n":
        body += 2
    elif head[body : body + 1] in (b"\n", b"\r"):
        body += 1
    else:
        raise upload.damaged("its header does not end")
    text = head[:end].decode("latin-1").replace("\r\n", "\n").replace("\r", "\n")
    encoding = ""
    elements: list[Element] = []
    for line in text.split("\n")[1:]:
        words = line.split()
        if not words or words[0] in ("comment", "obj_info"):
            continue
        if words[0] == "format" and len(words) == 3 and words[1] in FORMATS:
            encoding = words[1]
        elif words[0] == "element" and len(words) == 3 and words[2].isdecimal() and len(words[2]) < 20:
            elements.append(Element(words[1], int(words[2])))
        elif words[0] == "property" and elements and len(words) >= 3:
            _add_property(upload, elements[-1], words[1:])
        else:
            raise upload.damaged(f"its header says “{line[:40]}”")
    if not encoding or not elements:
        raise upload.damaged("its header is incomplete")
    return encoding, elements, body


def _add_property(upload: Upload, element: Element, words: list[str]) -> None:
    is_list = words[0] == "list"
    kind = words[1] if is_list and len(words) == 4 else words[0]
    if kind not in SIZES or (is_list and words[2] not in SIZES) or element.values >= MAX_PROPERTIES:
        raise upload.damaged("its header names an unknown kind of number")
    element.bytes += SIZES[kind]
    element.layout.append((kind, words[2] if is_list else ""))
