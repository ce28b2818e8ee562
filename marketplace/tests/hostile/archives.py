"""Hostile zip archives, and formats that are zip archives inside."""

import io
import stat
import struct
import warnings
import zipfile
import zlib

MIB = 1024 * 1024
TRIANGLE = b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n"


def zipped(*entries: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of (name, content), whatever the names are."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", method) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, content in entries:
            archive.writestr(name, content)
    return output.getvalue()


def beside(name: str, content: bytes = b"x") -> bytes:
    """An OBJ that is in order, with one more entry."""
    return zipped(("model.obj", TRIANGLE), (name, content))


def flat_bomb() -> bytes:
    return beside("wood.bmp", bytes(100 * MIB))


def nested_bomb() -> bytes:
    inner = zipped(*((f"{number}.bmp", bytes(MIB)) for number in range(16)))
    return zipped(("model.obj", TRIANGLE), *((f"{number}.zip", inner) for number in range(16)))


def hidden_archive() -> bytes:
    return beside("wood.png", zipped(("a.bmp", bytes(MIB))))


def overlapping_bomb(entries: int = 500) -> bytes:
    """All entries of the directory share one kernel of packed data, which lies in the file once."""
    single = zipped(("0", bytes(100 * 1024)))
    start = single.index(b"PK\x01\x02")
    record = bytearray(single[start : start + 46])
    directory = b""
    for number in range(entries):
        name = f"{number:04}.bin".encode()
        struct.pack_into("<H", record, 28, len(name))
        directory += bytes(record) + name
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, entries, entries, len(directory), start, 0)
    return single[:start] + directory + end


def quoted_overlap() -> bytes:
    """The packed data of the first entry go on through the second, as in the bombs of 2019."""
    inner = zipped(("b.obj", TRIANGLE), method=zipfile.ZIP_STORED)
    inner_end = inner.index(b"PK\x01\x02")
    outer = zipped(("a.obj", inner[:inner_end]), method=zipfile.ZIP_STORED)
    start = outer.index(b"PK\x01\x02")
    directory = outer[start : outer.index(b"PK\x05\x06")]
    second = bytearray(inner[inner_end : inner.index(b"PK\x05\x06")])
    struct.pack_into("<L", second, 42, outer.index(inner[:4], 4))
    directory += bytes(second)
    return (
        outer[:start]
        + directory
        + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 2, 2, len(directory), start, 0)
    )


def special(mode: int) -> bytes:
    entry = zipfile.ZipInfo("wood.png")
    entry.create_system = 3
    entry.external_attr = (mode | 0o777) << 16
    return zipped(("model.obj", TRIANGLE), (entry, b"/etc/passwd"))


def symlink() -> bytes:
    return special(stat.S_IFLNK)


def device() -> bytes:
    return special(stat.S_IFCHR)


def folder_with_content() -> bytes:
    """A program that says it is a folder: to some unpackers it is a file."""
    entry = zipfile.ZipInfo("setup.exe")
    entry.create_system = 3
    entry.external_attr = (stat.S_IFDIR | 0o755) << 16
    return zipped(("model.obj", TRIANGLE), (entry, b"MZ"))


def named_elsewhere(name: str) -> bytes:
    """A picture that other unpackers call ``name``."""
    entry = zipfile.ZipInfo("wood.png")
    field = struct.pack("<BL", 1, zlib.crc32(b"wood.png")) + name.encode()
    entry.extra = struct.pack("<HH", 0x7075, len(field)) + field
    return zipped(("model.obj", TRIANGLE), (entry, b"x"))


def encrypted() -> bytes:
    """An entry that says it is locked: nothing tells it from one that is."""
    return _with_flag(zipped(("model.obj", TRIANGLE)), 0x1)


def _with_flag(content: bytes, flag: int) -> bytes:
    changed = bytearray(content)
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = changed.index(magic) + offset
        struct.pack_into("<H", changed, place, struct.unpack_from("<H", changed, place)[0] | flag)
    return bytes(changed)


def claiming(size: int) -> bytes:
    """An archive whose directory says that its one entry unfolds to ``size`` bytes."""
    changed = bytearray(zipped(("model.obj", TRIANGLE)))
    struct.pack_into("<L", changed, changed.index(b"PK\x01\x02") + 24, size)
    return bytes(changed)


def understated() -> bytes:
    """A megabyte that is said to be nine bytes, with the checksum of those nine."""
    content = TRIANGLE + b"#" * MIB
    changed = bytearray(zipped(("model.obj", content)))
    for magic, offset in ((b"PK\x03\x04", 14), (b"PK\x01\x02", 16)):
        place = changed.index(magic) + offset
        struct.pack_into("<L", changed, place, zlib.crc32(TRIANGLE[:8]) ^ 1)
        struct.pack_into("<L", changed, place + 8, 8)
    return bytes(changed)


def wrong_checksum() -> bytes:
    content = zipped(("model.obj", TRIANGLE), method=zipfile.ZIP_STORED)
    return content.replace(b"v 1 0 0", b"v 2 0 0")


def packed_by(method: int) -> bytes:
    return zipped(("model.obj", TRIANGLE), method=method)


def threemf(model: bytes, *, extra: tuple[tuple[str, bytes], ...] = ()) -> bytes:
    """A 3MF package around that model part."""
    relation = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r"'
        ' Target="/3D/3dmodel.model" Type="http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"/>'
        "</Relationships>"
    )
    return zipped(("_rels/.rels", relation.encode()), ("3D/3dmodel.model", model), *extra)


def threemf_model(objects: str, item: int = 1, head: str = "") -> bytes:
    text = (
        f'<?xml version="1.0"?>{head}<model unit="millimeter" '
        'xmlns="http://schemas.microsoft.com/3dmanufacturing/core/2015/02">'
        f'<resources>{objects}</resources><build><item objectid="{item}"/></build></model>'
    )
    return text.encode()


THREEMF_TETRAHEDRON = (
    '<object id="1" type="model"><mesh><vertices><vertex x="0" y="0" z="0"/><vertex x="9" y="0" z="0"/>'
    '<vertex x="0" y="9" z="0"/><vertex x="0" y="0" z="9"/></vertices><triangles><triangle v1="0" v2="2" v3="1"/>'
    '<triangle v1="0" v2="1" v3="3"/><triangle v1="1" v2="2" v3="3"/><triangle v1="0" v2="3" v3="2"/></triangles>'
    "</mesh></object>"
)


def threemf_flood(levels: int = 9) -> bytes:
    """Each object is ten of the one before: a billion of the first in a kilobyte."""
    objects = THREEMF_TETRAHEDRON
    for level in range(2, levels + 2):
        parts = f'<component objectid="{level - 1}"/>' * 10
        objects += f'<object id="{level}" type="model"><components>{parts}</components></object>'
    return threemf(threemf_model(objects, item=levels + 1))


def threemf_ring() -> bytes:
    objects = THREEMF_TETRAHEDRON
    for first, second in ((2, 3), (3, 2)):
        objects += f'<object id="{first}"><components><component objectid="{second}"/></components></object>'
    return threemf(threemf_model(objects, item=2))


def usdz(*entries: tuple[str, bytes], packed: bool = False, aligned: bool = True) -> bytes:
    """A USDZ of these parts, each at a multiple of 64 bytes as the standard demands."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as archive:
        for name, content in entries:
            info = zipfile.ZipInfo(name)
            info.compress_type = archive.compression
            padding = -(output.tell() + 30 + len(name) + 4) % 64 if aligned else 1
            info.extra = struct.pack("<HH", 0x1986, padding) + bytes(padding)
            archive.writestr(info, content)
    return output.getvalue()


USD_TRIANGLE = (
    b'#usda 1.0\n(\n    defaultPrim = "a"\n)\ndef Mesh "a"\n{\n    int[] faceVertexCounts = [3]\n'
    b"    int[] faceVertexIndices = [0, 1, 2]\n    point3f[] points = [(0, 0, 0), (1, 0, 0), (0, 1, 0)]\n}\n"
)
