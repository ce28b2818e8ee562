"""The table of expectations: file, refused (by which code and words) or ready (with which findings)."""

import gzip
import struct
from functools import partial

from . import Case, archives, documents, scenes

MIB = 1024 * 1024
# A program's first bytes: the header of Windows, Linux and macOS programs, and a script.
WINDOWS = b"MZ" + bytes(58) + struct.pack("<I", 128) + bytes(200)
LINUX = b"\x7fELF\x02\x01\x01" + bytes(200)
MACOS = b"\xcf\xfa\xed\xfe" + bytes(200)
SCRIPT = b"#!/bin/sh\nrm -rf ~\n"
PACKED = archives.beside("readme.txt")


# Of the folders of samples: path, code and words of the refusal, or nothing where the file becomes ready.
SAMPLES: tuple[tuple[str, str, str], ...] = (
    ("hostile/acc1e9.glb", "data_too_large", "far more data than it contains (at /accessors/0)"),
    ("hostile/bomb.3mf", "unpacks_too_large", "unfold to at least 1,944.0 MB"),
    ("hostile/cycle.glb", "node_loop", "contain each other in a circle"),
    ("hostile/deepnodes5k.glb", "nodes_too_deep", "more than 512 levels deep"),
    ("hostile/flip.fbx", "damaged", "The FBX file is damaged"),
    ("hostile/hugebuf.glb", "data_out_of_bounds", "outside of its own data (at /buffers/0)"),
    ("hostile/lie.ply", "claims_too_much", "2,000,000,000 points, for which it has no room"),
    ("hostile/lie.stl", "claims_too_much", "4,000,000,000 triangles, for which it has no room"),
    ("hostile/png20k.glb", "image_too_large", "20,000 × 20,000 pixels"),
    ("hostile/slash.obj", "", ""),
    ("hostile/trunc.3mf", "cut_off", "The 3MF file is cut off"),
    ("hostile/trunc.stp", "cut_off", "The STEP file is cut off"),
    ("hostile/trunc50.glb", "truncated", "8,328,164 bytes, and only 4,164,082 arrived"),
    ("broken/chunk_too_big.glb", "trailing_data", "35 bytes more than it says"),
    ("broken/empty_file.glb", "empty_file", "The file is empty"),
    (
        "broken/invalid_json_chunk.glb",
        "invalid_json",
        "description of the scene inside the file is not readable",
    ),
    ("broken/invalid_magic.glb", "not_glb", "This is not a GLB file"),
    ("broken/length_mismatch.glb", "truncated", "49 bytes, and only 48 arrived"),
    ("broken/only_header.glb", "missing_json", "does not start with a description"),
    ("broken/two_images.glb", "nothing_to_show", "no mesh in its scene"),
    ("broken/unknown_chunk.glb", "missing_json", "does not start with a description"),
    ("broken/BoxBadNormals.glb", "", ""),
    ("broken/BoxWithInfinites.glb", "non_finite_numbers", "infinite or undefined"),
)

GLB = (
    Case(
        "deep-200000.glb", partial(scenes.deep_nodes, 200_000), "too_many_nodes", "more than 100,000 objects"
    ),
    Case("deep-90000.glb", partial(scenes.deep_nodes, 90_000), "nodes_too_deep", "more than 512 levels deep"),
    Case("ring.glb", scenes.node_ring, "node_loop", "in a circle"),
    Case("sparse-3e8.glb", partial(scenes.sparse_accessor, 300_000_000), "data_too_large", "far more data"),
    Case("brackets.glb", partial(scenes.brackets, 2_000_000), "structure_too_complex", "nested too deeply"),
    Case(
        "objects.glb", partial(scenes.objects_glb, 5_000_000), "structure_too_complex", "too large to be read"
    ),
    Case(
        "claims-2-gb.glb", partial(scenes.buffer_of, 2**31), "data_out_of_bounds", "outside of its own data"
    ),
    Case(
        "picture-20000.glb",
        lambda: scenes.with_picture(scenes.png_of(20_000, 20_000)),
        "image_too_large",
        "20,000",
    ),
    *(
        Case(
            f"moving-{kind.lower()}.glb",
            lambda kind=kind: scenes.with_picture(scenes.animated(kind)),
            code,
            words,
        )
        for kind, code, words in (
            ("PNG", "image_animated", "A picture is animated (image 1)"),
            ("WEBP", "image_animated", "A picture is animated (image 1)"),
            ("GIF", "image_animated", "A picture is animated (image 1)"),
        )
    ),
    Case("with-zip-behind.glb", lambda: scenes.cube_glb() + PACKED, "two_files_in_one", "a zip archive"),
    Case("zip.glb", lambda: PACKED, "not_glb", "but a ZIP archive"),
    Case("page.glb", lambda: b"<!doctype html><script>alert(1)</script>", "two_files_in_one", "a web page"),
    Case("document.glb", lambda: b"%PDF-1.7\n" + bytes(100), "two_files_in_one", "a PDF document"),
    *(
        Case(
            f"{name}.glb", lambda content=content: content, "program", "a program or a script, not a 3D model"
        )
        for name, content in (("windows", WINDOWS), ("linux", LINUX), ("macos", MACOS), ("script", SCRIPT))
    ),
)

GLTF = (
    Case(
        "brackets.gltf",
        partial(scenes.brackets_gltf, 2_000_000),
        "structure_too_complex",
        "nested too deeply",
    ),
    Case(
        "disk.gltf",
        partial(scenes.gltf, buffer="file:///etc/passwd"),
        "missing_file",
        "“passwd”, which did not come",
    ),
    Case(
        "climbing.gltf",
        partial(scenes.gltf, buffer="../../../etc/passwd"),
        "missing_file",
        "“passwd”, which did not",
    ),
    Case(
        "share.gltf",
        partial(scenes.gltf, buffer="\\\\server\\share\\a.bin"),
        "missing_file",
        "“a.bin”, which did not",
    ),
    Case(
        "network.gltf",
        partial(scenes.gltf, buffer="http://127.0.0.1/a.bin"),
        "missing_file",
        "“a.bin”, which did",
    ),
    Case(
        "picture-of-disk.gltf",
        partial(scenes.gltf, image="file:///etc/passwd"),
        findings=("texture_missing",),
    ),
    Case("not.gltf", lambda: b"v 0 0 0\n", "wrong_format", "what it holds is not glTF"),
    Case("glb.gltf", scenes.cube_glb, "wrong_format", "but a GLB file"),
)

ZIP = tuple(
    Case(name, content, code, words, member="model.obj")
    for name, content, code, words in (
        ("flat.zip", archives.flat_bomb, "archive_bomb", "would unfold to 104.9 MB"),
        ("nested.zip", archives.nested_bomb, "archive_nested", "“0.zip” is an archive inside the archive"),
        ("hidden.zip", archives.hidden_archive, "archive_nested", "“wood.png” is an archive inside"),
        ("overlapping.zip", archives.overlapping_bomb, "archive_overlap", "overlap each other"),
        ("quoted.zip", archives.quoted_overlap, "archive_overlap", "overlap each other"),
        (
            "climbing.zip",
            lambda: archives.beside("../../etc/cron.d/x"),
            "archive_path",
            "“../../etc/cron.d/x” would be",
        ),
        (
            "inside.zip",
            lambda: archives.beside("a/../../x.png"),
            "archive_path",
            "outside of the archive’s own folder",
        ),
        (
            "absolute.zip",
            lambda: archives.beside("/etc/passwd"),
            "archive_path",
            "“/etc/passwd” would be unpacked",
        ),
        ("drive.zip", lambda: archives.beside("C:\\x.png"), "archive_path", "“C:\\x.png” would be"),
        (
            "share.zip",
            lambda: archives.beside("\\\\server\\x.png"),
            "archive_path",
            "“\\\\server\\x.png” would be",
        ),
        (
            "control.zip",
            lambda: archives.beside("a\x1b[2Jb.png"),
            "archive_name",
            "whose name cannot be used",
        ),
        (
            "backwards.zip",
            lambda: archives.beside("gnp\u202eexe.png"),
            "archive_name",
            "whose name cannot be used",
        ),
        (
            "long.zip",
            lambda: archives.beside("a" * 300 + ".png"),
            "archive_name",
            "whose name cannot be used",
        ),
        (
            "link.zip",
            archives.symlink,
            "archive_special_file",
            "“wood.png” in the zip archive is a link or a device",
        ),
        ("device.zip", archives.device, "archive_special_file", "is a link or a device"),
        ("locked.zip", archives.encrypted, "archive_encrypted", "locked with a password"),
        (
            "lzma.zip",
            partial(archives.packed_by, 14),
            "archive_packing",
            "packed by a method that is not supported",
        ),
        (
            "bzip2.zip",
            partial(archives.packed_by, 12),
            "archive_packing",
            "packed by a method that is not supported",
        ),
        ("twice.zip", lambda: archives.beside("model.obj"), "archive_duplicate", "holds “model.obj” twice"),
        ("folder.zip", lambda: archives.beside("model.obj/a.png"), "archive_duplicate", "“model.obj” twice"),
        ("claims-2-gb.zip", partial(archives.claiming, 2**31), "archive_too_large", "has 2,147.5 MB"),
        (
            "claims-20-mb.zip",
            partial(archives.claiming, 20 * MIB),
            "archive_entry_damaged",
            "“model.obj” in the zip",
        ),
        (
            "understated.zip",
            archives.understated,
            "archive_entry_damaged",
            "“model.obj” in the zip archive is damaged",
        ),
        (
            "checksum.zip",
            archives.wrong_checksum,
            "archive_entry_damaged",
            "“model.obj” in the zip archive is damaged",
        ),
        ("cut.zip", lambda: PACKED[:-30], "archive_cut_off", "is cut off"),
        ("tail.zip", lambda: PACKED + SCRIPT, "archive_with_more", "two files in one"),
        ("head.zip", lambda: b"GIF89a" + PACKED, "not_an_archive", "not a zip archive"),
        ("not.zip", lambda: scenes.cube_glb(), "not_an_archive", "not a zip archive"),
        ("empty.zip", lambda: archives.zipped(), "archive_empty", "holds no files"),
        (
            "other.zip",
            lambda: archives.zipped(("other.obj", b"v")),
            "member_missing",
            "does not hold “model.obj”",
        ),
        (
            "many.zip",
            lambda: archives.zipped(*((f"{n}.png", b"") for n in range(2001))),
            "archive_too_many_files",
            "more than 2,000 files",
        ),
        ("program.zip", lambda: archives.beside("setup.exe"), "archive_program", "“setup.exe” is a program"),
        (
            "program-in-junk.zip",
            lambda: archives.beside("__MACOSX/setup.exe", WINDOWS),
            "archive_program",
            "“__MACOSX/setup.exe” is a program",
        ),
        (
            "archive-in-junk.zip",
            lambda: archives.beside("._more", archives.zipped(("a.exe", WINDOWS))),
            "archive_nested",
            "“._more” is an archive",
        ),
        (
            "folder-with-content.zip",
            archives.folder_with_content,
            "archive_entry_damaged",
            "“setup.exe” in the zip archive is damaged",
        ),
        (
            "named-elsewhere.zip",
            partial(archives.named_elsewhere, "read me.hta"),
            "archive_program",
            "“read me.hta” is a program",
        ),
        (
            "climbing-elsewhere.zip",
            partial(archives.named_elsewhere, "../../x.png"),
            "archive_path",
            "“../../x.png” would be",
        ),
        ("dot.zip", lambda: archives.beside("setup.bat."), "archive_program", "“setup.bat.” is a program"),
        ("bare.zip", lambda: archives.beside(".bat"), "archive_program", "“.bat” is a program"),
        ("disk.zip", lambda: archives.beside("more.vhdx"), "archive_nested", "“more.vhdx” is an archive"),
        (
            "renamed.zip",
            lambda: archives.beside("wood.png", WINDOWS),
            "archive_program",
            "“wood.png” is a program",
        ),
        ("elf.zip", lambda: archives.beside("wood.jpg", LINUX), "archive_program", "“wood.jpg” is a program"),
        (
            "script.zip",
            lambda: archives.beside("notes.txt", SCRIPT),
            "archive_program",
            "“notes.txt” is a program",
        ),
        (
            "picture-20000.zip",
            lambda: archives.beside("wood.png", scenes.png_of(20_000, 20_000)),
            "image_too_large",
            "20,000 × 20,000",
        ),
        (
            "moving.zip",
            lambda: archives.beside("w.gif", scenes.animated("GIF")),
            "image_animated",
            "animated (w.gif)",
        ),
    )
)

OBJ = (
    *(
        Case(name, partial(documents.obj_lines, lines), findings=(finding,))
        for name, lines, finding in (
            # A library without its ending is taken for a picture: all that matters is that its creator hears of it.
            ("passwd.obj", b"mtllib /etc/passwd\nusemtl x\n", "texture_missing"),
            ("climbing.obj", b"mtllib ../../../../../../etc/passwd\nusemtl x\n", "texture_missing"),
            ("share.obj", b"mtllib \\\\server\\share\\a.mtl\nusemtl x\n", "material_missing"),
            ("drive.obj", b"mtllib C:\\Users\\secret\\a.mtl\nusemtl x\n", "material_missing"),
        )
    ),
    Case(
        "textures.zip",
        lambda: archives.zipped(
            (
                "model.obj",
                documents.obj_lines(b"mtllib a.mtl\nvt 0 0\nusemtl x\n").replace(
                    b"f 1 2 3", b"f 1/1 2/1 3/1"
                ),
            ),
            (
                "a.mtl",
                b"newmtl x\nmap_Kd /etc/passwd\nmap_Bump \\\\server\\share\\bump.png\nmap_Ks C:\\a\\ks.png\n",
            ),
        ),
        member="model.obj",
        findings=("texture_missing",),
    ),
    Case(
        "line.obj",
        lambda: documents.obj_lines(b"# " + b"x" * 3 * MIB + b"\n"),
        "line_too_long",
        "a line of more than",
    ),
    Case(
        "polygon.obj", partial(documents.obj_polygon, 90_000), "polygon_too_large", "more than 20,000 corners"
    ),
    Case(
        "far.obj", lambda: documents.TRIANGLE + b"f 1 2 4000000000\n", "damaged", "a corner that cannot exist"
    ),
    Case(
        "binary.obj",
        lambda: documents.obj_lines(b"\0\1\2\n"),
        "not_text",
        "should be text but holds binary data",
    ),
    Case("points.obj", lambda: documents.TRIANGLE, "nothing_to_show", "nothing to show"),
    Case("prose.obj", lambda: b"Once upon a time\n", "wrong_format", "is not OBJ"),
    Case("picture.obj", partial(scenes.png_of, 8, 8), "wrong_format", "but a picture"),
    Case("fbx.obj", documents.fbx, "wrong_format", "but an FBX file"),
    Case("script.obj", lambda: SCRIPT, "program", "a program or a script"),
    Case(
        "with-zip-behind.obj", lambda: documents.obj_lines(b"") + PACKED, "two_files_in_one", "a zip archive"
    ),
)

STL_AND_PLY = (
    Case("claims-2-gb.stl", partial(documents.stl, 1, 42_949_672), "claims_too_much", "42,949,672 triangles"),
    Case("cut.stl", lambda: documents.stl(9)[:-60], "claims_too_much", "9 triangles"),
    Case("tail.stl", partial(documents.stl, 2, tail=bytes(9000)), "trailing_data", "9,000 bytes more"),
    Case("with-zip-behind.stl", lambda: documents.stl(2, tail=PACKED), "two_files_in_one", "a zip archive"),
    Case("page.stl", partial(documents.stl, 2, header=b"<html><script>"), "two_files_in_one", "a web page"),
    Case(
        "cut-text.stl",
        lambda: b"solid a\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\n",
        "cut_off",
        "is cut off",
    ),
    Case("empty.stl", partial(documents.stl, 0), "nothing_to_show", "nothing to show"),
    Case("glb.stl", scenes.cube_glb, "wrong_format", "but a GLB file"),
    Case(
        "claims-2-gb.ply", partial(documents.ply, vertices=2**31), "claims_too_much", "2,147,483,648 points"
    ),
    Case("claims-faces.ply", partial(documents.ply, faces=10_000_000), "claims_too_much", "10,000,000 faces"),
    Case(
        "list.ply",
        partial(documents.ply, list_count=4_000_000_000),
        "claims_too_much",
        "4,000,000,000 corners",
    ),
    Case("text.ply", partial(documents.ply, vertices=300, encoding="ascii"), "claims_too_much", "300 points"),
    Case(
        "header.ply",
        lambda: b"ply\nformat ascii 1.0\n" + b"comment x\n" * 9000,
        "damaged",
        "header does not end",
    ),
    Case(
        "number.ply", lambda: documents.ply().replace(b"vertex 3", b"vertex -3"), "damaged", "its header says"
    ),
    Case("stl.ply", partial(documents.stl, 2), "wrong_format", "is not PLY"),
)

XML = (
    Case(
        "entities.dae",
        partial(documents.collada, head=documents.ENTITY_BOMB),
        "xml_entities",
        "document type",
    ),
    Case(
        "outside.dae",
        partial(documents.collada, head=documents.OUTSIDE_ENTITY),
        "xml_entities",
        "document type",
    ),
    Case(
        "deep.dae",
        partial(documents.collada, text="<extra>" * 100_000),
        "xml_too_deep",
        "more than 256 levels",
    ),
    Case("flood.dae", documents.collada_flood, "too_many_nodes", "more than 100,000 objects"),
    Case("ring.dae", documents.collada_ring, "node_loop", "in a circle"),
    Case(
        "claims-2-gb.dae",
        partial(documents.collada, count="536870912"),
        "claims_too_much",
        "536,870,912 numbers",
    ),
    Case("negative.dae", partial(documents.collada, count="-1"), "damaged", "a count says “-1”"),
    Case("cut.dae", lambda: documents.collada()[:900], "cut_off", "is cut off"),
    Case("broken.dae", lambda: documents.collada().replace(b"</mesh>", b"</mush>"), "damaged", "line 1"),
    Case("other.dae", lambda: b"<?xml version='1.0'?><html><body/></html>", "two_files_in_one", "a web page"),
    Case("feed.dae", lambda: b"<?xml version='1.0'?><rss/>", "damaged", "it starts with “rss”"),
    *(
        Case(name, partial(documents.collada, image=image), findings=("texture_missing",))
        for name, image in (
            ("disk.dae", "file:///etc/passwd"),
            ("climbing.dae", "../../../etc/passwd.png"),
            ("share.dae", "//server/share/wood.png"),
            ("network.dae", "http://127.0.0.1:9/wood.png"),
        )
    ),
    Case(
        "entities.3mf",
        lambda: archives.threemf(
            archives.threemf_model(archives.THREEMF_TETRAHEDRON, head=documents.ENTITY_BOMB)
        ),
        "xml_entities",
        "The 3MF file defines its own document type",
    ),
    Case("flood.3mf", archives.threemf_flood, "too_many_triangles", "at most 10 million"),
    Case("ring.3mf", archives.threemf_ring, "node_loop", "in a circle"),
    Case(
        "deep.3mf",
        lambda: archives.threemf(archives.threemf_model("<x>" * 100_000)),
        "xml_too_deep",
        "more than 256 levels",
    ),
    Case(
        "bomb.3mf",
        lambda: archives.threemf(archives.threemf_model("<x/>" + " " * 100 * MIB)),
        "unpacks_too_large",
        "would unfold to",
    ),
    Case(
        "program.3mf",
        lambda: archives.threemf(
            archives.threemf_model(archives.THREEMF_TETRAHEDRON), extra=(("Metadata/a.png", WINDOWS),)
        ),
        "damaged",
        "“Metadata/a.png” in it is a program",
    ),
    Case(
        "picture-20000.3mf",
        lambda: archives.threemf(
            archives.threemf_model(archives.THREEMF_TETRAHEDRON),
            extra=(("3D/Textures/a.png", scenes.png_of(20_000, 20_000)),),
        ),
        "image_too_large",
        "20,000 × 20,000",
    ),
    Case("no-model.3mf", lambda: PACKED, "damaged", "it names no model"),
)

OTHERS = (
    Case(
        "cut.fbx",
        lambda: documents.fbx(documents.fbx_record(b"Objects", b"I" + bytes(4)))[:40],
        "cut_off",
        "cut off",
    ),
    Case("deep.fbx", partial(documents.fbx_deep, 5_000), "nodes_too_deep", "more than 64 levels"),
    Case("claims-2-gb.fbx", partial(documents.fbx_array, 2**28), "claims_too_much", "268,435,456 numbers"),
    Case("future.fbx", partial(documents.fbx, version=9999), "fbx_version", "of version 10.0"),
    Case("empty.fbx", documents.fbx, "nothing_to_show", "nothing to show"),
    Case(
        "picture-20000.fbx",
        lambda: documents.fbx_with_picture(scenes.png_of(20_000, 20_000)),
        "image_too_large",
        "20,000 × 20,000",
    ),
    Case("braces.fbx", lambda: documents.fbx_text("a: {" * 100_000), "nodes_too_deep", "more than 64 levels"),
    Case(
        "array.fbx",
        lambda: documents.fbx_text("Vertices: *2000000000 {\na: 0\n}"),
        "claims_too_much",
        "2,000,000,000",
    ),
    Case("prose.fbx", lambda: b"; Kaydara, once upon a time\n", "wrong_format", "is not FBX"),
    Case("end.step", partial(documents.step, end=b""), "cut_off", "The STEP file is cut off"),
    Case(
        "lists.step",
        lambda: documents.step(b"#1 = A (" + b"(" * 100_000 + b";\n"),
        "damaged",
        "nested too deeply",
    ),
    Case("empty.step", partial(documents.step, b""), "nothing_to_show", "nothing to show"),
    Case("obj.step", lambda: documents.obj_lines(b""), "wrong_format", "is not STEP"),
    Case(
        "zstandard.blend",
        lambda: b"\x28\xb5\x2f\xfd" + bytes(90),
        "blend_compressed",
        "switch “Compress” off",
    ),
    Case(
        "bomb.blend",
        partial(documents.blend_bomb, 1100),
        "unpacks_too_large",
        "would unfold to at least",
    ),
    Case(
        "gzip.blend", lambda: gzip.compress(b"MZ" + bytes(90)), "damaged", "does not start as a Blender file"
    ),
    Case("cut.blend", partial(documents.blend, end=b""), "cut_off", "is cut off"),
    Case(
        "claims-2-gb.blend",
        partial(documents.blend, blocks=struct.pack("<4sIQII", b"DATA", 2**31, 0, 0, 1)),
        "cut_off",
        "is cut off",
    ),
    Case("future.blend", partial(documents.blend, version=b"17-01v0500"), "blend_too_new", "glTF 2.0 (.glb)"),
    Case(
        "packed.usdz",
        lambda: archives.usdz(("a.usda", archives.USD_TRIANGLE), packed=True),
        "usdz_packing",
        "compressed or not aligned",
    ),
    Case(
        "misaligned.usdz",
        lambda: archives.usdz(("a.usda", archives.USD_TRIANGLE), aligned=False),
        "usdz_packing",
        "compressed or not aligned",
    ),
    Case(
        "stranger.usdz",
        lambda: archives.usdz(("a.usda", archives.USD_TRIANGLE), ("notes.docx", b"x")),
        "usdz_contents",
        "“notes.docx”, which does not belong",
    ),
    Case(
        "scene.usdz",
        lambda: archives.usdz(("a.usda", b"not USD")),
        "damaged",
        "its first part is not a USD scene",
    ),
    Case(
        "picture-20000.usdz",
        lambda: archives.usdz(("a.usda", archives.USD_TRIANGLE), ("a.png", scenes.png_of(20_000, 20_000))),
        "image_too_large",
        "20,000 × 20,000",
    ),
)

CASES: tuple[Case, ...] = (*GLB, *GLTF, *ZIP, *OBJ, *STL_AND_PLY, *XML, *OTHERS)
# Made and read in seconds rather than in a moment.
SLOW = {"bomb.blend"}
# Of each kind one, for the runs that have no time for all.
REPRESENTATIVE = {
    *("brackets.glb", "sparse-3e8.glb", "overlapping.zip", "climbing.zip", "link.zip", "climbing.obj"),
    *("entities.dae", "flood.3mf", "bomb.3mf", "claims-2-gb.fbx", "windows.glb"),
}
