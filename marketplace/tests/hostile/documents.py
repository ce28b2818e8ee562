"""Hostile text formats: OBJ, COLLADA, STEP, ascii FBX; and binary ones: STL, PLY, FBX, Blender."""

import struct
import zlib

TRIANGLE = b"v 0 0 0\nv 1 0 0\nv 0 1 0\n"
ENTITY_BOMB = (
    "<!DOCTYPE bomb [<!ENTITY a0 'boom'>"
    + "".join(f"<!ENTITY a{level} '{f'&a{level - 1};' * 10}'>" for level in range(1, 10))
    + "]>"
)
OUTSIDE_ENTITY = "<!DOCTYPE x [<!ENTITY file SYSTEM 'file:///etc/passwd'>]>"


def obj_lines(lines: bytes) -> bytes:
    return lines + TRIANGLE + b"f 1 2 3\n"


def obj_polygon(corners: int) -> bytes:
    return TRIANGLE + b"f" + b" 1 2 3" * (corners // 3) + b"\n"


def collada(
    *, head: str = "", nodes: str = "", image: str = "", count: str = "9", text: str = "", scene: str = "n"
) -> bytes:
    """One triangle; ``head`` before the document, ``nodes`` in its library, ``image`` a picture's address."""
    images = (
        f'<library_images><image id="i"><init_from>{image}</init_from></image></library_images>'
        if image
        else ""
    )
    effects = (
        '<library_effects><effect id="e"><profile_COMMON><newparam sid="s"><surface type="2D"><init_from>i</init_from>'
        '</surface></newparam><newparam sid="t"><sampler2D><source>s</source></sampler2D></newparam>'
        '<technique sid="c"><phong><diffuse><texture texture="t" texcoord="UV"/></diffuse></phong></technique>'
        "</profile_COMMON></effect></library_effects><library_materials><material id='m'>"
        '<instance_effect url="#e"/></material></library_materials>'
        if image
        else ""
    )
    material = (
        '<bind_material><technique_common><instance_material symbol="m" target="#m"/>'
        "</technique_common></bind_material>"
        if image
        else ""
    )
    document = (
        f'<?xml version="1.0" encoding="utf-8"?>{head}<COLLADA xmlns="http://www.collada.org/2005/11/COLLADASchema" '
        'version="1.4.1"><asset><unit meter="1"/><up_axis>Y_UP</up_axis></asset>'
        f'{images}{effects}<library_geometries><geometry id="g"><mesh><source id="p"><float_array id="pa" '
        f'count="{count}">0 0 0 1 0 0 0 1 0</float_array><technique_common><accessor source="#pa" count="3" '
        'stride="3"><param name="X" type="float"/><param name="Y" type="float"/><param name="Z" type="float"/>'
        '</accessor></technique_common></source><vertices id="v"><input semantic="POSITION" source="#p"/></vertices>'
        '<triangles material="m" count="1"><input semantic="VERTEX" source="#v" offset="0"/><p>0 1 2</p></triangles>'
        f"</mesh></geometry></library_geometries>{text}<library_nodes>{nodes}</library_nodes>"
        '<library_visual_scenes><visual_scene id="s"><node id="n"><instance_geometry url="#g">'
        f'{material}</instance_geometry></node><node id="top"><instance_node url="#{scene}"/></node></visual_scene>'
        '</library_visual_scenes><scene><instance_visual_scene url="#s"/></scene></COLLADA>'
    )
    return document.encode()


def collada_flood(levels: int = 9) -> bytes:
    nodes = '<node id="x0"><instance_geometry url="#g"/></node>'
    for level in range(1, levels + 1):
        nodes += f'<node id="x{level}">' + f'<instance_node url="#x{level - 1}"/>' * 10 + "</node>"
    return collada(nodes=nodes, scene=f"x{levels}")


def collada_ring() -> bytes:
    nodes = '<node id="x"><instance_node url="#y"/></node><node id="y"><instance_node url="#x"/></node>'
    return collada(nodes=nodes, scene="x")


def step(
    data: bytes = b"#1 = CARTESIAN_POINT ( 'NONE', ( 0., 0., 0. ) ) ;\n", end: bytes = b"END-ISO-10303-21;\n"
) -> bytes:
    head = b"ISO-10303-21;\nHEADER;\nFILE_SCHEMA (( 'CONFIG_CONTROL_DESIGN' ));\nENDSEC;\nDATA;\n"
    return head + data + b"ENDSEC;\n" + end


def stl(count: int, declared: int | None = None, *, header: bytes = b"", tail: bytes = b"") -> bytes:
    triangle = struct.pack("<12fH", *(0, 0, 1), *(0, 0, 0), *(1, 0, 0), *(0, 1, 0), 0)
    return (
        header.ljust(80, b"\0")
        + struct.pack("<I", count if declared is None else declared)
        + triangle * count
        + tail
    )


def ply(
    *, vertices: int = 3, faces: int = 1, list_count: int = 3, encoding: str = "binary_little_endian"
) -> bytes:
    """One triangle that says of itself what is asked for."""
    header = (
        f"ply\nformat {encoding} 1.0\nelement vertex {vertices}\nproperty float x\nproperty float y\n"
        f"property float z\nelement face {faces}\nproperty list uint int vertex_indices\nend_header\n"
    )
    body = struct.pack("<9f", 0, 0, 0, 1, 0, 0, 0, 1, 0) + struct.pack("<I3i", list_count, 0, 1, 2)
    if encoding == "ascii":
        body = b"0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n"
    return header.encode() + body


def fbx(*records: bytes, version: int = 7400) -> bytes:
    """A binary FBX of these records (see ``fbx_record``), placed one behind the other."""
    content = b"Kaydara FBX Binary  \0\x1a\0" + struct.pack("<I", version)
    for record in records:
        content += _placed(record, len(content))
    return content + bytes(13) + bytes(160)


def fbx_record(name: bytes, *properties: bytes, children: tuple[bytes, ...] = ()) -> bytes:
    """A record whose offsets are counted from its own start until it is placed."""
    body = b"".join(properties)
    head = struct.pack("<IIIB", 0, len(properties), len(body), len(name)) + name + body
    inner = b""
    for child in children:
        inner += _placed(child, len(head) + len(inner))
    if children:
        inner += bytes(13)
    whole = bytearray(head + inner)
    struct.pack_into("<I", whole, 0, len(whole))
    return bytes(whole)


def _placed(record: bytes, start: int) -> bytes:
    """The record with the offsets of itself and of those within it moved by ``start``."""
    moved = bytearray(record)
    todo = [0]
    while todo:
        place = todo.pop()
        end, _count, size, name = struct.unpack_from("<IIIB", moved, place)
        if end == 0:
            continue
        struct.pack_into("<I", moved, place, end + start)
        inner = place + 13 + name + size
        while inner < end:
            todo.append(inner)
            inner_end = struct.unpack_from("<I", moved, inner)[0]
            inner = inner_end or end
    return bytes(moved)


def fbx_deep(levels: int) -> bytes:
    content = b""
    start = 27
    head = 13 + len(b"Objects")
    total = levels * head + levels * 13
    for level in range(levels):
        end = start + total - 13 * level
        content += struct.pack("<IIIB", end, 0, 0, 7) + b"Objects"
    return (
        b"Kaydara FBX Binary  \0\x1a\0" + struct.pack("<I", 7400) + content + bytes(13) * levels + bytes(173)
    )


def fbx_array(length: int) -> bytes:
    """An array of ``length`` doubles whose packed form holds a handful."""
    packed = zlib.compress(bytes(64))
    vertices = b"d" + struct.pack("<III", length, 1, len(packed)) + packed
    return fbx(fbx_record(b"Objects", children=(fbx_record(b"Vertices", vertices),)))


def fbx_with_picture(picture: bytes) -> bytes:
    content = fbx_record(b"Content", b"R" + struct.pack("<I", len(picture)) + picture)
    return fbx(fbx_record(b"Objects", children=(fbx_record(b"Video", children=(content,)),)))


def fbx_text(body: str) -> bytes:
    return f"; FBX 7.4.0 project file\nFBXHeaderExtension:  {{\n}}\nObjects:  {{\n{body}\n}}\n".encode()


def blend(*, version: bytes = b"-v279", blocks: bytes = b"", end: bytes | None = None) -> bytes:
    closing = struct.pack("<4sIQII", b"ENDB", 0, 0, 0, 0) if end is None else end
    return b"BLENDER" + version + blocks + closing


def blend_bomb(mebibytes: int) -> bytes:
    """Zeros of that size in a compressed file."""
    packer = zlib.compressobj(1, wbits=31)
    block = struct.pack("<4sIQII", b"DATA", mebibytes * 1024 * 1024, 0, 0, 1)
    pieces = [packer.compress(b"BLENDER-v279" + block)]
    pieces += [packer.compress(bytes(1024 * 1024)) for _number in range(mebibytes)]
    return b"".join([*pieces, packer.flush()])
