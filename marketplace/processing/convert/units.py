"""What a file says of its unit of length and of which way is up."""

import re
import struct
from dataclasses import asdict, dataclass

from ..formats import FORMATS, Format

NAMES = {
    1e-6: "micrometre",
    0.001: "millimetre",
    0.01: "centimetre",
    0.0254: "inch",
    0.1: "decimetre",
    0.3048: "foot",
    0.9144: "yard",
    1.0: "metre",
    1000.0: "kilometre",
}
THREEMF_UNITS = {
    "micron": 1e-6,
    "millimeter": 0.001,
    "centimeter": 0.01,
    "inch": 0.0254,
    "foot": 0.3048,
    "meter": 1.0,
}
SI_PREFIXES = {b"MILLI": 0.001, b"CENTI": 0.01, b"DECI": 0.1, b"KILO": 1000.0, b"MICRO": 1e-6}
SMALLEST, LARGEST = 1e-9, 1e6
HEAD_BYTES = 256 * 1024


@dataclass(frozen=True)
class Frame:
    """Length of one unit in metres, whether that is only assumed, and the axis that points up (“Y”, “Z” or “X”)."""

    metres: float = 1.0
    assumed: bool = False
    up: str = "Y"

    def as_data(self) -> dict:
        """The unit as the step's data tells it."""
        data = asdict(self)
        data.pop("up")
        return {"name": unit_name(self.metres)} | data


def unit_name(metres: float) -> str:
    """What people call a unit of this length; “0.5 metre” for one without a name."""
    for length, name in NAMES.items():
        if abs(metres - length) <= 1e-4 * length:
            return name
    return f"{metres:.4g} metre"


def frame_of(file_format: Format, content: bytes) -> Frame:
    """The unit and stance of a file by its first bytes, or by what trade has settled on where the format is silent."""
    if file_format is Format.FBX:
        return _fbx(content)
    if file_format is Format.DAE:
        return _dae(content)
    if file_format is Format.STEP:
        return Frame(_step_unit(content), False, "Z")
    info = FORMATS[file_format]
    up = "Z" if file_format in (Format.STL, Format.BLEND) else "Y"
    return Frame(info.unit_metres or 1.0, info.is_unit_assumed, up)


def sane(metres: float) -> float:
    """``metres`` if a unit may be that long, else 1."""
    return metres if SMALLEST < metres < LARGEST else 1.0


def _fbx(content: bytes) -> Frame:
    """UnitScaleFactor is in centimetres; UpAxis 0, 1, 2 is x, y, z. The file's header has them once, in plain view."""
    scale = _fbx_number(content, b"UnitScaleFactor", b"double", b"Number", "<d")
    axis = _fbx_number(content, b"UpAxis", b"int", b"Integer", "<i")
    return Frame(sane((scale or 1.0) / 100), scale is None, "XYZ"[int(axis)] if axis in (0, 1, 2) else "Y")


def _fbx_number(content: bytes, name: bytes, kind: bytes, label: bytes, layout: str) -> float | None:
    def text(value: bytes) -> bytes:
        return b"S" + struct.pack("<I", len(value)) + value

    start = text(name) + text(kind)
    position = content.find(start)
    if position >= 0:
        position += len(start)
        for value in (text(label), text(b"")):
            if content[position : position + len(value)] != value:
                return None
            position += len(value)
        try:
            return struct.unpack_from(layout, content, position + 1)[0]
        except struct.error:
            return None
    found = re.search(rb'"' + name + rb'",[^\n]*?,\s*(-?[0-9][0-9.eE+-]*)\s*\n', content)
    try:
        return float(found.group(1)) if found else None
    except ValueError:
        return None


def _dae(content: bytes) -> Frame:
    """The converter stands COLLADA up and scales it by itself: what is told here is only for people."""
    head = content[:HEAD_BYTES]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "replace").encode()
    found = re.search(rb"<unit\b[^>]*\bmeter\s*=\s*[\"']([0-9.eE+-]+)", head)
    try:
        return Frame(sane(float(found.group(1)))) if found else Frame()
    except ValueError:
        return Frame()


def _step_unit(content: bytes) -> float:
    """Of a STEP file the last unit of length counts, which is the one built on others (an inch on a millimetre)."""
    inch = re.search(rb"CONVERSION_BASED_UNIT\s*\(\s*'\s*(INCH|FOOT|FEET)\s*'", content, re.IGNORECASE)
    if inch:
        return 0.0254 if inch.group(1).upper() == b"INCH" else 0.3048
    metric = re.search(rb"SI_UNIT\s*\(\s*(?:\$|\.([A-Z]+)\.)\s*,\s*\.METRE\.", content)
    return SI_PREFIXES.get(metric.group(1) or b"", 1.0) if metric else 0.001
