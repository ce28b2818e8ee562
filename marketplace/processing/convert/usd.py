"""USDZ: the meshes of a stage, in the pose in which it begins, with their preview materials."""

from pathlib import Path, PurePosixPath

import numpy as np
from pxr import Gf, Sdf, Usd, UsdGeom, UsdShade, UsdSkel

from ..tool import FileRejected
from .companions import ELSEWHERE, Companions
from .glb import GlbBuilder
from .units import Frame, sane
from .usd_surface import Surface

LAYERS = (".usd", ".usda", ".usdc")
MAX_LAYERS = 256


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
        surface = Surface(shader, self.companions, self.builder)
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
