"""Draws with f3d (VTK) in software."""

import fcntl
import math
import os
from collections.abc import Iterator
from pathlib import Path

import f3d
from PIL import Image

from .framing import View
from .studio import DIGEST, write_panorama

OPTIONS = {
    "render.hdri.ambient": True,
    "render.effect.tone_mapping": True,
    "render.light.intensity": 0.6,
    "scene.skip_content_check": True,
    "ui.loader_progress": False,
}


SHADERS_SIZE = "64M"
# Drawn beyond the model's outline on each side, in pixels: smoothing and occlusion look at neighbours.
MARGIN = 8


class NoDisplay(Exception):
    """This machine can draw neither by EGL nor by OSMesa."""


def create_engine() -> f3d.Engine:
    """An engine that draws off screen; raises NoDisplay where there is no way to."""
    f3d.Log.set_verbose_level(f3d.Log.VerboseLevel.QUIET)
    backends = f3d.Engine.get_rendering_backend_list()
    for name, create in (("egl", f3d.Engine.create_egl), ("osmesa", f3d.Engine.create_osmesa)):
        if backends.get(name):
            try:
                return create()
            except Exception:  # noqa: S112 - the binding raises its own kinds: any of them means "not here"
                continue
    raise NoDisplay


class Rasterizer:
    """One model in one engine; draws any number of views of one size."""

    name = "f3d"
    version = f3d.Engine.get_lib_info().version

    def __init__(self, source: Path, cache: Path, *, size: tuple[int, int], translucent: bool) -> None:
        _keep_shaders(cache)
        self.engine = create_engine()
        _light(self.engine, cache)
        options = self.engine.options
        # Sorting see-through surfaces costs a pass for each layer, so only where there are any.
        options["render.effect.blending.mode"] = "ddp" if translucent else "none"
        self.size = size
        self.engine.scene.add(str(source))

    def draw(self, views: list[View]) -> Iterator[Image.Image]:
        """RGBA pictures of the views on a transparent ground."""
        # In software the empty ground costs as much as the model: only the middle that the model takes is drawn.
        width = _even(self.size[0], max(view.share_x for view in views))
        height = _even(self.size[1], max(view.share_y for view in views))
        self.engine.window.size = width, height
        corner = (self.size[0] - width) // 2, (self.size[1] - height) // 2
        camera = self.engine.window.camera
        for view in views:
            camera.position = tuple(float(value) for value in view.position)
            camera.focal_point = tuple(float(value) for value in view.target)
            # Last: f3d turns the upward direction along with each of the two above.
            camera.view_up = (0.0, 1.0, 0.0)
            camera.view_angle = math.degrees(2 * math.atan(view.tan_y * height / self.size[1]))
            shot = self.engine.window.render_to_image(True)
            middle = Image.frombuffer("RGBA", (shot.width, shot.height), bytes(shot.content))
            picture = Image.new("RGBA", self.size)
            picture.paste(middle.transpose(Image.Transpose.FLIP_TOP_BOTTOM), corner)
            yield picture


def _keep_shaders(cache: Path) -> None:
    """Has Mesa keep its compiled shaders in ``cache``: its own place, in the user's home, is closed to a tool.

    Compiling them takes a third of a poster's time. https://docs.mesa3d.org/envvars.html
    """
    os.environ["MESA_SHADER_CACHE_DIR"] = str(cache / "shaders")
    os.environ["MESA_SHADER_CACHE_MAX_SIZE"] = SHADERS_SIZE


def _even(length: int, share: float) -> int:
    """Even number of pixels that hold ``share`` of ``length`` and the margins, so that the middle stays the middle."""
    return min(length, 2 * math.ceil(length * share / 2 + MARGIN))


def _light(engine: f3d.Engine, cache: Path) -> None:
    """Lights the engine by our studio. What f3d derives from it takes seconds and is kept in ``cache``, made once."""
    folder = cache / f"studio-{DIGEST}"
    folder.mkdir(parents=True, exist_ok=True)
    panorama = folder / "studio.hdr"
    ready = folder / "ready"
    for name, value in OPTIONS.items():
        engine.options[name] = value
    engine.cache_path = str(folder)
    if not ready.exists():
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not ready.exists():
                write_panorama(panorama)
                engine.options["render.hdri.file"] = str(panorama)
                engine.window.size = 16, 16
                engine.window.render_to_image(True)
                ready.touch()
    engine.options["render.hdri.file"] = str(panorama)
