"""USDZ: the meshes of a stage, in the pose in which it begins, with their preview materials."""

from pathlib import Path, PurePosixPath

import numpy as np
from PIL import Image
from pxr import Sdf, Usd, UsdGeom, UsdShade, UsdSkel

from ..tool import FileRejected
from .companions import ELSEWHERE, Companions
from .glb import GlbBuilder
from .units import Frame, sane

LAYERS = (".usd", ".usda", ".usdc")
MAX_LAYERS = 256
DEFAULT_ROUGHNESS = 0.5
GREY = (0.18, 0.18, 0.18)


def convert_usd(companions: Companions, target: Path) -> tuple[Frame, list[str]]:
    """Writes the stage as a GLB in its own unit and axes; returns these and what was left behind.

    Raises FileRejected, also for a stage that refers to files outside of the package: none is opened.
    """
    root = next((path for name, path in companions.files.items() if name.lower().endswith(LAYERS)), None)
    if root is None:
        raise FileRejected("unreadable_model", label="USDZ", detail="no scene description")
    _check_references(root, companions)
    stage = Usd.Stage.Open(str(root))
    if not stage:
        raise FileRejected("unreadable_model", label="USDZ", detail="the stage cannot be opened")
    dropped = _dropped(stage)
    stage.SetEditTarget(stage.GetSessionLayer())
    start = stage.GetStartTimeCode() if stage.HasAuthoredTimeCodeRange() else 0.0
    for prim in stage.Traverse():
        if prim.IsA(UsdSkel.Root):
            from pxr import Gf  # only here: a name for one interval

            UsdSkel.BakeSkinning(UsdSkel.Root(prim), Gf.Interval(start))
    _Writer(stage, companions, start).write(target)
    metres = sane(UsdGeom.GetStageMetersPerUnit(stage))
    return Frame(metres, False, str(UsdGeom.GetStageUpAxis(stage))), dropped


def _check_references(root: Path, companions: Companions) -> None:
    """Every layer that the stage is composed of lies in the package."""
    inside = {path: name for name, path in companions.files.items()}
    todo, seen = [root], set()
    while todo:
        path = todo.pop()
        if path in seen:
            continue
        seen.add(path)
        layer = Sdf.Layer.OpenAsAnonymous(str(path))
        if layer is None or len(seen) > MAX_LAYERS:
            raise FileRejected("unreadable_model", label="USDZ", detail="a layer cannot be read")
        folder = PurePosixPath(inside[path]).parent
        clips = [asset for prim in layer.rootPrims for asset in _clips(prim)]
        for reference in [*layer.GetCompositionAssetDependencies(), *clips]:
            found = _inside(reference, folder, companions)
            if found is None:
                raise FileRejected("outside_parts")
            todo.append(found)


def _clips(prim: Sdf.PrimSpec) -> list[str]:
    """Layers that value clips would be read from, of this prim and those below it."""
    found = []
    todo = [prim]
    while todo:
        current = todo.pop()
        todo.extend(current.nameChildren)
        if current.HasInfo("clips") or current.HasInfo("clipAssetPaths"):
            found.append("/clips")
    return found


def _inside(reference: str, folder: PurePosixPath, companions: Companions) -> Path | None:
    plain = reference.replace("\\", "/")
    if not plain or ELSEWHERE.search(plain) or not plain.lower().endswith(LAYERS):
        return None
    plain = str(PurePosixPath(plain))
    beside = str(folder / plain) if str(folder) != "." else plain
    return companions.files.get(beside) or companions.files.get(plain)


def _dropped(stage: Usd.Stage) -> list[str]:
    """What of the stage a picture at rest does not show."""
    kinds = []
    if any(prim.IsA(UsdSkel.Skeleton) for prim in stage.Traverse()):
        kinds.append("skeleton")
    if any(
        attribute.ValueMightBeTimeVarying() for prim in stage.Traverse() for attribute in prim.GetAttributes()
    ):
        kinds.append("animation")
    return kinds


class _Writer:
    """Puts the meshes of a stage at one moment into a GLB."""

    def __init__(self, stage: Usd.Stage, companions: Companions, start: float) -> None:
        self.stage = stage
        self.companions = companions
        self.time = Usd.TimeCode(start)
        self.builder = GlbBuilder()
        self.materials: dict[str, int | None] = {}

    def write(self, target: Path) -> None:
        places = UsdGeom.XformCache(self.time)
        for prim in Usd.PrimRange(self.stage.GetPseudoRoot(), Usd.TraverseInstanceProxies()):
            if not prim.IsA(UsdGeom.Mesh) or not self._is_shown(prim):
                continue
            primitives = self._primitives(UsdGeom.Mesh(prim))
            if primitives:
                matrix = [float(number) for row in places.GetLocalToWorldTransform(prim) for number in row]
                self.builder.node(mesh=self.builder.add("meshes", {"primitives": primitives}), matrix=matrix)
        if not self.builder.roots:
            raise FileRejected("nothing_to_show")
        self.builder.save(target)

    def _is_shown(self, prim: Usd.Prim) -> bool:
        image = UsdGeom.Imageable(prim)
        return image.ComputeVisibility(self.time) != UsdGeom.Tokens.invisible and image.ComputePurpose() in (
            UsdGeom.Tokens.default_,
            UsdGeom.Tokens.render,
        )

    def _primitives(self, mesh: UsdGeom.Mesh) -> list[dict]:
        points = np.array(mesh.GetPointsAttr().Get(self.time) or [], dtype=np.float32).reshape(-1, 3)
        counts = np.array(mesh.GetFaceVertexCountsAttr().Get(self.time) or [], dtype=np.int64)
        indices = np.array(mesh.GetFaceVertexIndicesAttr().Get(self.time) or [], dtype=np.int64)
        if not len(points) or not len(counts) or counts.min() < 0 or counts.sum() != len(indices):
            return []
        if indices.min() < 0 or indices.max() >= len(points):
            raise FileRejected(
                "unreadable_model", label="USDZ", detail="a face names a point that is not there"
            )
        corners, face_of = _triangulate(counts)
        if mesh.GetOrientationAttr().Get() == UsdGeom.Tokens.leftHanded:
            corners = corners[:, ::-1]
        api = UsdGeom.PrimvarsAPI(mesh)
        shape = _Shape(points, indices, counts, corners, face_of)
        normals = self._normals(mesh, api, shape)
        primitives = []
        for faces, bound in self._groups(mesh, len(counts)):
            chosen = np.isin(face_of, faces) if faces is not None else slice(None)
            if faces is not None and not chosen.any():
                continue
            material, place = self._material(bound, api)
            uvs = shape.values(api.FindPrimvarWithInheritance(place or "st"), self.time, 2)
            if uvs is not None:
                uvs = np.column_stack([uvs[:, 0], 1 - uvs[:, 1]])
            colours = None
            if material is None:
                colours = shape.values(api.GetPrimvar("displayColor"), self.time, 3)
            parts = {"normals": normals, "uvs": uvs, "colours": colours}
            parts = {key: shape.of(values, chosen) for key, values in parts.items() if values is not None}
            primitives.append(
                self.builder.primitive(shape.of(points[indices[corners]], chosen), material=material, **parts)
            )
        return primitives

    def _normals(self, mesh: UsdGeom.Mesh, api: UsdGeom.PrimvarsAPI, shape: "_Shape") -> np.ndarray | None:
        primvar = api.GetPrimvar("normals")
        if primvar and primvar.HasValue():
            return shape.values(primvar, self.time, 3)
        values = mesh.GetNormalsAttr().Get(self.time)
        return shape.spread(values, mesh.GetNormalsInterpolation(), 3) if values else None

    def _groups(self, mesh: UsdGeom.Mesh, count: int) -> list[tuple[np.ndarray | None, UsdShade.Material]]:
        """(faces, material) of the parts that have materials of their own; faces None means all."""
        binding = UsdShade.MaterialBindingAPI(mesh.GetPrim())
        subsets = binding.GetMaterialBindSubsets()
        if not subsets:
            return [(None, binding.ComputeBoundMaterial()[0])]
        groups, left = [], np.ones(count, dtype=bool)
        for subset in subsets:
            faces = np.array(subset.GetIndicesAttr().Get() or [], dtype=np.int64)
            faces = faces[(faces >= 0) & (faces < count)]
            left[faces] = False
            groups.append((faces, UsdShade.MaterialBindingAPI(subset.GetPrim()).ComputeBoundMaterial()[0]))
        return [*groups, (np.flatnonzero(left), binding.ComputeBoundMaterial()[0])]

    def _material(self, bound: UsdShade.Material, api: UsdGeom.PrimvarsAPI) -> tuple[int | None, str]:
        """Index of the glTF material, None where the prim has none of its own, and the name of its texture places."""
        shader = bound.ComputeSurfaceSource()[0] if bound else None
        if not shader or shader.GetIdAttr().Get() != "UsdPreviewSurface":
            return None, ""
        key = str(bound.GetPath())
        surface = _Surface(shader, self.companions, self.builder)
        if key not in self.materials:
            self.materials[key] = self.builder.add("materials", surface.as_gltf())
        has_colours = api.GetPrimvar("displayColor").HasValue()
        if has_colours and not shader.GetInput("diffuseColor"):
            return None, surface.place
        return self.materials[key], surface.place


class _Shape:
    """How values of a mesh reach the corners of its triangles."""

    def __init__(self, points, indices, counts, corners, face_of) -> None:
        self.sizes = {
            "vertex": len(points),
            "varying": len(points),
            "faceVarying": len(indices),
            "uniform": len(counts),
        }
        self.places = {
            "vertex": indices[corners],
            "varying": indices[corners],
            "faceVarying": corners,
            "uniform": np.repeat(face_of[:, None], 3, axis=1),
        }
        self.count = len(corners)

    def values(self, primvar: UsdGeom.Primvar, time: Usd.TimeCode, width: int) -> np.ndarray | None:
        """A primvar at every corner; None where it has no fitting values."""
        if not primvar or not primvar.HasValue():
            return None
        return self.spread(primvar.ComputeFlattened(time), primvar.GetInterpolation(), width)

    def spread(self, values: object, interpolation: str, width: int) -> np.ndarray | None:
        """Values of the given interpolation at every corner, shape (corners, width)."""
        array = np.array(values if values is not None else [], dtype=np.float32).reshape(-1, width)
        if interpolation == "constant" and len(array):
            return np.tile(array[:1], (self.count * 3, 1))
        if interpolation not in self.places or len(array) != self.sizes[interpolation]:
            return None
        return array[self.places[interpolation]].reshape(-1, width)

    def of(self, values: np.ndarray, chosen: np.ndarray | slice) -> np.ndarray:
        """What belongs to the chosen triangles of values at all corners."""
        width = values.shape[-1]
        return values.reshape(self.count, 3, width)[chosen].reshape(-1, width)


def _triangulate(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Fans: for each triangle three places in the list of corners, and its face."""
    starts = np.cumsum(counts) - counts
    triangles = np.maximum(counts - 2, 0)
    face_of = np.repeat(np.arange(len(counts)), triangles)
    nth = np.arange(len(face_of)) - np.repeat(np.cumsum(triangles) - triangles, triangles)
    first = starts[face_of]
    return np.column_stack([first, first + nth + 1, first + nth + 2]), face_of


class _Surface:
    """A UsdPreviewSurface in the terms of glTF. https://openusd.org/release/spec_usdpreviewsurface.html"""

    def __init__(self, shader: UsdShade.Shader, companions: Companions, builder: GlbBuilder) -> None:
        self.shader = shader
        self.companions = companions
        self.builder = builder
        self.place = ""

    def as_gltf(self) -> dict:
        """The material's entry."""
        paint: dict = {"metallicFactor": self._number("metallic", 0.0)}
        paint["roughnessFactor"] = self._number("roughness", DEFAULT_ROUGHNESS)
        colour, _channel = self._picture("diffuseColor")
        opacity = self._number("opacity", 1.0)
        if colour:
            paint["baseColorTexture"] = {"index": self.builder.texture(colour)}
        factor = (1, 1, 1) if colour else self._value("diffuseColor", GREY)
        paint["baseColorFactor"] = [*(float(number) for number in factor), opacity]
        self._rough_metal(paint)
        material: dict = {"pbrMetallicRoughness": paint, "doubleSided": True}
        for name, slot in (("normal", "normalTexture"), ("occlusion", "occlusionTexture")):
            picture, _channel = self._picture(name)
            if picture:
                material[slot] = {"index": self.builder.texture(picture)}
        glow, _channel = self._picture("emissiveColor")
        if glow:
            material["emissiveTexture"] = {"index": self.builder.texture(glow)}
        factor = (1, 1, 1) if glow else self._value("emissiveColor", (0, 0, 0))
        material["emissiveFactor"] = [min(1.0, float(number)) for number in factor]
        opaque, _channel = self._picture("opacity")
        threshold = self._number("opacityThreshold", 0.0)
        if threshold > 0:
            material |= {"alphaMode": "MASK", "alphaCutoff": threshold}
        elif opacity < 1 or opaque:
            material["alphaMode"] = "BLEND"
        return material

    def _source(self, name: str) -> tuple[UsdShade.Shader, str] | None:
        """The shader, and its output, that feeds an input."""
        given = self.shader.GetInput(name)
        sources = given.GetConnectedSources()[0] if given else []
        return (UsdShade.Shader(sources[0].source.GetPrim()), str(sources[0].sourceName)) if sources else None

    def _value(self, name: str, default: object) -> object:
        given = self.shader.GetInput(name)
        value = given.Get() if given and not self._source(name) else None
        return default if value is None else value

    def _number(self, name: str, default: float) -> float:
        """A number from 0 to 1; 1 where a texture gives it."""
        if self._source(name):
            return 1.0
        return min(1.0, max(0.0, float(self._value(name, default))))

    def _picture(self, name: str) -> tuple[Path | None, str]:
        """The picture that feeds an input, and the channel taken of it."""
        source = self._source(name)
        if source is None or source[0].GetIdAttr().Get() != "UsdUVTexture":
            return None, ""
        texture, channel = source
        asset = texture.GetInput("file").Get() if texture.GetInput("file") else None
        self._note_place(texture)
        return (self.companions.picture(asset.path) if asset else None), channel

    def _note_place(self, texture: UsdShade.Shader) -> None:
        given = texture.GetInput("st")
        sources = given.GetConnectedSources()[0] if given else []
        reader = UsdShade.Shader(sources[0].source.GetPrim()) if sources else None
        name = reader.GetInput("varname").Get() if reader and reader.GetInput("varname") else ""
        self.place = self.place or str(name or "")

    def _rough_metal(self, paint: dict) -> None:
        """glTF takes roughness from green and metalness from blue of one picture; USD from any channel of any."""
        rough, rough_channel = self._picture("roughness")
        metal, metal_channel = self._picture("metallic")
        if not rough and not metal:
            if self._source("roughness"):
                paint["roughnessFactor"] = DEFAULT_ROUGHNESS
            if self._source("metallic"):
                paint["metallicFactor"] = 0.0
            return
        if rough == metal and (rough_channel, metal_channel) == ("g", "b"):
            picture = rough
        else:
            picture = self._merged(rough, rough_channel, metal, metal_channel)
        if picture:
            paint["metallicRoughnessTexture"] = {"index": self.builder.texture(picture)}

    def _merged(
        self, rough: Path | None, rough_channel: str, metal: Path | None, metal_channel: str
    ) -> Path | None:
        bands, size = [], (1, 1)
        try:
            for picture, channel in ((rough, rough_channel), (metal, metal_channel)):
                if picture is None:
                    bands.append(None)
                    continue
                with Image.open(picture, formats=("PNG", "JPEG", "WEBP")) as image:
                    if max(image.size) > self.companions.limits["max_image_edge"]:
                        return None
                    bands.append(
                        image.convert("RGBA").getchannel("RGBA".find((channel or "r")[0].upper()) % 4)
                    )
                    size = max(size, image.size)
        except (OSError, ValueError, Image.DecompressionBombError):
            return None
        full = [Image.new("L", size, 255) if band is None else band.resize(size) for band in bands]
        names = "-".join(str(picture.stem) if picture else "" for picture in (rough, metal))
        target = self.companions.scratch / f"merged-{abs(hash((names, rough_channel, metal_channel)))}.png"
        Image.merge("RGB", (Image.new("L", size, 255), *full)).save(target, compress_level=1)
        return target
