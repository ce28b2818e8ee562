"""STEP: solids described by their surfaces, cut into triangles by Open CASCADE."""

from pathlib import Path

import cascadio

from ..tool import FileRejected

# Of a STEP file's curved surfaces: how far a triangle may leave an edge, as a share of its length, and by what angle.
EDGE_TOLERANCE = 0.005
ANGLE_TOLERANCE_RADIANS = 0.35


def convert_step(path: Path, target: Path) -> None:
    """Writes a STEP file as a GLB in metres, upright as the file has it (its z points up); raises FileRejected."""
    try:
        cascadio.step_to_glb(
            str(path),
            str(target),
            tol_linear=EDGE_TOLERANCE,
            tol_angular=ANGLE_TOLERANCE_RADIANS,
            tol_relative=True,
            use_parallel=False,
        )
    except (RuntimeError, ValueError) as error:
        raise FileRejected("unreadable_model", label="STEP", detail=str(error)[:200]) from None
    if not target.exists() or not target.stat().st_size:
        raise FileRejected("unreadable_model", label="STEP", detail="no shape was transferred")
