"""Files that point at a file outside of the upload, which is there and could be read."""

from collections.abc import Callable
from pathlib import Path

from PIL import Image

from . import archives, documents, scenes

FBX_TRIANGLE = """; FBX 7.4.0 project file
FBXHeaderExtension:  {
    FBXHeaderVersion: 1003
    FBXVersion: 7400
}
Objects:  {
    Geometry: 1, "Geometry::", "Mesh" {
        Vertices: *9 {
            a: 0,0,0,1,0,0,0,1,0
        }
        PolygonVertexIndex: *3 {
            a: 0,1,-3
        }
    }
    Model: 2, "Model::m", "Mesh" {
    }
    Material: 3, "Material::m", "" {
        ShadingModel: "phong"
    }
    Texture: 4, "Texture::t", "" {
        Type: "TextureVideoClip"
        FileName: "%s"
        RelativeFilename: "%s"
    }
    Video: 5, "Video::v", "Clip" {
        FileName: "%s"
        RelativeFilename: "%s"
    }
}
Connections:  {
    C: "OO",2,0
    C: "OO",1,2
    C: "OO",3,2
    C: "OP",4,3,"DiffuseColor"
    C: "OO",5,4
}
"""
SCENE = (
    b"#usda 1.0\n(\n    subLayers = [@%s@]\n)\n"
    b'def Mesh "b" (references = @%s@)\n{\n    int[] faceVertexCounts = [3]\n'
)


def make_elsewhere(folder: Path) -> Path:
    """A folder with files of every kind that a model may name, all called ``outsider``."""
    folder.mkdir()
    Image.new("RGB", (8, 8), "red").save(folder / "outsider.png")
    (folder / "outsider.mtl").write_text("newmtl x\nKd 1 0 0\n")
    (folder / "outsider.bin").write_bytes(bytes(4096))
    (folder / "outsider.usda").write_bytes(archives.USD_TRIANGLE)
    (folder / "outsider.txt").write_text("someone's product")
    return folder


def _obj(folder: str) -> bytes:
    return documents.obj_lines(f"mtllib {folder}/outsider.mtl\nusemtl x\n".encode())


def _packed_obj(folder: str) -> bytes:
    names = {key: f"{key} {folder}/outsider.png\n" for key in ("map_Kd", "map_Bump", "map_Ks", "map_d")}
    model = documents.obj_lines(b"mtllib a.mtl\nvt 0 0\nusemtl x\n").replace(b"f 1 2 3", b"f 1/1 2/1 3/1")
    return archives.zipped(("model.obj", model), ("a.mtl", ("newmtl x\n" + "".join(names.values())).encode()))


def _fbx(folder: str) -> bytes:
    return (FBX_TRIANGLE % ((f"{folder}/outsider.png",) * 4)).encode()


def _entity(folder: str) -> bytes:
    return documents.collada(
        head=f"<!DOCTYPE x [<!ENTITY file SYSTEM '{folder}/outsider.txt'>]>", text="&file;"
    )


def _ply(folder: str) -> bytes:
    comment = f"comment TextureFile {folder}/outsider.png\n".encode()
    return documents.ply(encoding="ascii").replace(b"element vertex", comment + b"element vertex")


def _threemf(folder: str) -> bytes:
    texture = (
        '<m:texture2d xmlns:m="http://schemas.microsoft.com/3dmanufacturing/material/2015/02" id="9" '
        f'path="{folder}/outsider.png" contenttype="image/png"/>'
    )
    return archives.threemf(archives.threemf_model(texture + archives.THREEMF_TETRAHEDRON))


def _usdz(folder: str) -> bytes:
    layer = f"{folder}/outsider.usda".encode()
    texture = f"    asset inputs:file = @{folder}/outsider.png@\n".encode()
    body = archives.USD_TRIANGLE.partition(b"int[] faceVertexCounts = [3]\n")[2]
    return archives.usdz(("a.usda", SCENE % (layer, layer) + texture + body))


def _gltf_buffer(folder: str) -> bytes:
    return scenes.gltf(buffer=f"{folder}/outsider.bin")


def _gltf_picture(folder: str) -> bytes:
    return scenes.gltf(image=f"{folder}/outsider.png")


# Name of the file, how it is made for a folder that it points at, and the model's own file in it.
POINTING: tuple[tuple[str, Callable[[str], bytes], str], ...] = (
    ("materials.obj", _obj, ""),
    ("textures.zip", _packed_obj, "model.obj"),
    ("textures.fbx", _fbx, ""),
    ("pictures.dae", lambda folder: documents.collada(image=f"{folder}/outsider.png"), ""),
    ("entity.dae", _entity, ""),
    ("textures.ply", _ply, ""),
    ("textures.3mf", _threemf, ""),
    ("layers.usdz", _usdz, ""),
    ("buffer.gltf", _gltf_buffer, ""),
    ("picture.gltf", _gltf_picture, ""),
)
