"""Draws with f3d (VTK) in software."""

import fcntl
from collections.abc import Iterator
from pathlib import Path

import f3d
from PIL import Image

from .framing import FIELD_OF_VIEW_DEGREES, View
from .studio import write_panorama

OPTIONS = {
    "render.hdri.ambient": True,
    "render.effect.tone_mapping": True,
    "render.light.intensity": 0.6,
    "scene.skip_content_check": True,
    "ui.loader_progress": False,
}


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
            except Exception:  # noqa: BLE001, S112 - the binding raises its own kinds: any of them means "not here"
                continue
    raise NoDisplay


class Rasterizer:
    """One model in one engine; draws any number of views of one size."""

    name = "f3d"
    version = f3d.Engine.get_lib_info().version

    def __init__(self, source: Path, cache: Path, *, size: tuple[int, int], quality: bool, translucent: bool) -> None:
        self.engine = create_engine()
        _light(self.engine, cache)
        options = self.engine.options
        options["render.effect.ambient_occlusion"] = quality
        # Sorting see-through surfaces costs a pass for each layer, so only where there are any.
        options["render.effect.blending.mode"] = "ddp" if translucent else "none"
        self.engine.window.size = size
        self.engine.scene.add(str(source))

    def draw(self, views: list[View]) -> Iterator[Image.Image]:
        """RGBA pictures of the views on a transparent ground."""
        camera = self.engine.window.camera
        for view in views:
            camera.view_angle = FIELD_OF_VIEW_DEGREES
            camera.view_up = (0.0, 1.0, 0.0)
            camera.focal_point = tuple(float(value) for value in view.target)
            camera.position = tuple(float(value) for value in view.position)
            shot = self.engine.window.render_to_image(True)
            image = Image.frombuffer("RGBA", (shot.width, shot.height), bytes(shot.content))
            yield image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)


def _light(engine: f3d.Engine, cache: Path) -> None:
    """Lights the engine by our studio. What f3d derives from it takes seconds and is kept in ``cache``, made once."""
    cache.mkdir(parents=True, exist_ok=True)
    panorama = cache / "studio.hdr"
    ready = cache / "studio.ready"
    for name, value in OPTIONS.items():
        engine.options[name] = value
    engine.cache_path = str(cache)
    if not ready.exists():
        with (cache / "studio.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not ready.exists():
                write_panorama(panorama)
                engine.options["render.hdri.file"] = str(panorama)
                engine.window.size = 16, 16
                engine.window.render_to_image(True)
                ready.touch()
    engine.options["render.hdri.file"] = str(panorama)
