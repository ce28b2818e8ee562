"""Tool process: the shape of a model as numbers that survive moving, turning, scaling, mirroring and thinning out.

Run as ``python -m marketplace.processing.fingerprint REQUEST.json``. In the pipeline the geometry tool does the work,
since it has the mesh already; this process is for files that are done but for this step.
"""

import hashlib
import json
import struct
import time
from pathlib import Path

import numpy as np
import trimesh

from .shape import VERSION
from .shape.descriptor import vector_of
from .shape.handedness import handedness_of
from .shape.surface import Surface
from .tool import serve

# Beyond this many triangles every second, third, … stands for its neighbours: more would not change the numbers.
MAX_TRIANGLES = 1_000_000
# Smaller pictures are plain colours, which many unrelated models share.
MIN_PICTURE_BYTES = 1_024
MAX_PICTURES = 64
DECIMALS = 6


def measure(request: dict) -> dict:
    """The fingerprint of the plain GLB at ``request["source"]``."""
    source = Path(request["source"])
    scene = trimesh.load_scene(source, file_type="glb")
    parts = [mesh for mesh in scene.dump() if isinstance(mesh, trimesh.Trimesh) and len(mesh.faces)]
    return of_parts(parts, source)


def of_parts(parts: list[trimesh.Trimesh], source: Path) -> dict:
    """The answer of this step for the meshes of the plain GLB at ``source``; ``vector`` is None without a surface."""
    started = time.perf_counter()
    surface = Surface.of(_triangles(parts)) if parts else None
    data = {
        "version": VERSION,
        "vector": _rounded(vector_of(surface)) if surface else None,
        "handedness": _rounded(handedness_of(surface)) if surface else None,
        "scale": surface.scale if surface else None,
        "textures": picture_hashes(source) if surface else [],
    }
    seconds = round(time.perf_counter() - started, 3)
    return {"data": data, "files": {}, "versions": {"shape": str(VERSION)}, "seconds": seconds}


def picture_hashes(path: Path) -> list[str]:
    """SHA-256 of each picture inside a GLB, sorted, each once: what copies share that keep the textures."""
    with path.open("rb") as file:
        json_length = struct.unpack("<12xI", file.read(16))[0]
        file.seek(20)
        document = json.loads(file.read(json_length))
        binary = 20 + json_length + 8
        found = set()
        for image in document.get("images", [])[:MAX_PICTURES]:
            view = document["bufferViews"][image["bufferView"]]
            if view["byteLength"] >= MIN_PICTURE_BYTES:
                file.seek(binary + view.get("byteOffset", 0))
                found.add(hashlib.sha256(file.read(view["byteLength"])).hexdigest())
    return sorted(found)


def _triangles(parts: list[trimesh.Trimesh]) -> np.ndarray:
    """Corners of the triangles of all parts, (n, 3, 3), no more than about ``MAX_TRIANGLES``."""
    step = -(-sum(len(part.faces) for part in parts) // MAX_TRIANGLES)
    return np.concatenate([np.asarray(part.vertices)[part.faces[::step]] for part in parts])


def _rounded(numbers: np.ndarray) -> list[float]:
    return [round(float(number), DECIMALS) for number in numbers]


if __name__ == "__main__":
    serve(measure)
