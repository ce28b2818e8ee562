"""The measured side of the comparison."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Measures:
    """What was measured of one file; None where a file processed long ago was not asked.

    `plain_materials` are those without a map of metal, roughness, relief or occlusion; `unlit_materials` those that
    take no light at all. `size` is width, height and depth in metres; `dropped` names what the file holds and
    its conversion had to leave out ("skeleton", "animation").
    """

    format: str
    triangles: int = 0
    vertices: int = 0
    meshes: int = 1
    materials: int = 0
    textures: int = 0
    max_texture_size: int = 0
    animations: int = 0
    is_rigged: bool = False
    uv_sets: int = 0
    is_watertight: bool | None = None
    plain_materials: int | None = None
    unlit_materials: int | None = None
    size: tuple[float, float, float] | None = None
    dropped: tuple[str, ...] = ()
