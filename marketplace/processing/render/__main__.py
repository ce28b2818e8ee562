"""Tool process: one rendering step of one model."""

import json
import struct
from pathlib import Path

from ..tool import FileRejected, serve
from ..types import Angle
from . import framing, pictures

# Drawn larger than kept, and reduced: that smooths edges, also against the transparent ground. Twice the size of the
# largest poster would double the time of the whole pipeline; of the poster that cards show, this is 2.5 times.
# A turntable moves, and cards show it smaller than it is kept. Ambient occlusion would treble the time of both.
POSTER_SIZE = (1600, 1200)
TURNTABLE_SIZE = pictures.FRAME_SIZE


def is_translucent(source: Path) -> bool:
    """Whether any material of the plain GLB lets light through."""
    with source.open("rb") as stream:
        (length,) = struct.unpack("<12xI4x", stream.read(20))
        materials = json.loads(stream.read(length)).get("materials", [])
    return any(material.get("alphaMode") == "BLEND" for material in materials)


def open_renderer(request: dict, source: Path, size: tuple[int, int], *, quality: bool):
    """The renderer that this machine can run: f3d, else the ray caster (``request["renderer"]`` can insist)."""
    wanted = request["renderer"]
    if wanted in ("auto", "f3d"):
        try:
            from .rasterizer import NoDisplay, Rasterizer  # only here: f3d may not load where Mesa is missing
        except ImportError:
            if wanted == "f3d":
                raise
        else:
            try:
                translucent = is_translucent(source)
                return Rasterizer(source, Path(request["cache"]), size=size, translucent=translucent)
            except NoDisplay:
                if wanted == "f3d":
                    raise
    from .raycaster import RayCaster  # only here: it brings trimesh and scipy, half a second of start-up

    return RayCaster(source, size=size, quality=quality)


def render(request: dict) -> dict:
    """Draws ``request["step"]`` (poster or turntable) of ``request["source"]`` into ``request["folder"]``."""
    source, folder = Path(request["source"]), Path(request["folder"])
    try:
        points = framing.load_points(source)
    except ValueError:
        raise FileRejected("nothing_to_show") from None
    if request["step"] == "poster":
        renderer = open_renderer(request, source, POSTER_SIZE, quality=True)
        angle = Angle(request["azimuth"], request["elevation"])
        image = next(iter(renderer.draw([framing.poster_view(points, pictures.ASPECT, angle)])))
        if pictures.is_blank(image):
            raise FileRejected("nothing_visible")
        data = {
            "width": pictures.POSTER_WIDTHS["poster_large"],
            "widths": list(pictures.POSTER_WIDTHS.values()),
            "azimuth": angle.azimuth,
            "elevation": angle.elevation,
        }
        files = pictures.write_posters(image, folder)
    else:
        renderer = open_renderer(request, source, TURNTABLE_SIZE, quality=False)
        views = framing.turntable_views(points, pictures.ASPECT, pictures.FRAMES)
        files = pictures.write_turntable(renderer.draw(views), folder)
        width, height = pictures.FRAME_SIZE
        data = {"frames": pictures.FRAMES, "columns": pictures.COLUMNS, "rows": pictures.ROWS}
        data |= {"width": width, "height": height}
    data["renderer"] = renderer.name
    return {"data": data, "files": files, "versions": {renderer.name: renderer.version}}


if __name__ == "__main__":
    serve(render)
