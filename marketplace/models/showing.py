"""The files of a model: which there are, which of them its page shows, and its pictures. Part of `Model3D`."""

from django.db import models

from marketplace.exceptions import TransitionRefused
from marketplace.processing.types import Angle
from marketplace.suitability import targets_of

# What follows from the findings about it.
FOUND_FIELDS = ("is_validated", "is_clean")

# What follows from the file that is shown.
SHOWN_FIELDS = (
    "current_file", "file_size", "file_formats", "poly_count", "vertex_count", "texture_resolution",
    "has_animations", "has_rigging", "has_materials", "has_textures", "has_pbr", "is_watertight", "has_uv", "targets",
    *FOUND_FIELDS,
)  # fmt: skip

# Width in pixels of each rendered poster.
POSTER_WIDTHS = {"poster_small": 320, "poster_medium": 640, "poster_large": 1280}


def _url(image) -> str:
    return image.url if image else ""


class ShowingMixin(models.Model):
    """What `Model3D` knows of its files; the fields are declared there, the locking in `PublishingMixin`."""

    class Meta:
        abstract = True

    @property
    def poster_url(self) -> str:
        """The 640 px poster; empty until a file is ready."""
        return _url(self.current_file and self.current_file.poster_medium)

    @property
    def poster_large_url(self) -> str:
        """The 1280 px poster, for social cards."""
        return _url(self.current_file and self.current_file.poster_large)

    @property
    def poster_srcset(self) -> str:
        """The poster in all its widths, for `srcset`."""
        if self.current_file is None:
            return ""
        renders = [(getattr(self.current_file, field), width) for field, width in POSTER_WIDTHS.items()]
        return ", ".join(f"{image.url} {width}w" for image, width in renders if image)

    @property
    def poster_view(self) -> Angle:
        """From where the poster is taken; a query where `poster_angle` was not selected along."""
        chosen = getattr(self, "poster_angle", None)
        return Angle(chosen.azimuth, chosen.elevation) if chosen else Angle()

    @property
    def poster_orbit(self) -> str:
        """The same as model-viewer's `camera-orbit`: nothing jumps when the live view takes the poster's place."""
        view = self.poster_view
        return f"{view.azimuth}deg {90 - view.elevation}deg auto"

    @property
    def turntable_url(self) -> str:
        """The sprite of 24 views, 6 in a row; empty until a file is ready."""
        return _url(self.current_file and self.current_file.turntable)

    @property
    def newest_files(self) -> list:
        """The latest version of each format, whatever became of it: the shown format first, then the newest.

        Without those that wait to become part of the model, or were refused.
        """
        files = list(self.files.included().select_related("inspection").newest_of_each_format())
        shown = self.current_file.format if self.current_file else ""
        files.sort(key=lambda file: file.created_at, reverse=True)
        files.sort(key=lambda file: file.format != shown)
        return files

    @property
    def newest_file(self):
        """The latest version of the shown format; of the last one uploaded where none is shown yet."""
        return next(iter(self.newest_files), None)

    @property
    def may_replace_file(self) -> bool:
        """Files of models that are on sale or in review stay as they are: see `VersionsMixin.may_propose_file`."""
        return self.status in (self.Status.DRAFT, self.Status.REJECTED) and self.deleted_at is None

    def adopt_file(self, file) -> None:
        """Take a file that has become ready: it is shown, unless another format, or a later version of it, is already.

        `show_file` changes which format is shown.
        """
        with self.changing(*SHOWN_FIELDS):
            shown = self.current_file
            if shown is None or (shown.format == file.format and shown.version <= file.version):
                self._show(file)
            self._list_formats()

    def show_file(self, file) -> None:
        """Let the model's page show `file`, one of its ready ones: poster, preview and measures come from it.

        Raises:
            TransitionRefused: the file is not ready.
        """
        with self.changing(*SHOWN_FIELDS):
            if not self.files.included().ready().filter(pk=file.pk).exists():
                raise TransitionRefused("Only a file that is ready can be shown.")
            self._show(file)
            self._list_formats()

    def drop_file(self, file) -> None:
        """A file is about to be deleted: where it is shown, another ready one takes its place, or none."""
        with self.changing(*SHOWN_FIELDS):
            if self.current_file_id == file.pk:
                self.current_file = None
                others = self.files.included().ready().exclude(pk=file.pk).exclude(format=file.format)
                other = others.order_by("-version", "pk").first()
                if other is not None:
                    self._show(other)
            if self.current_file is not None:
                self._list_formats(without=file)

    def refresh_findings(self) -> None:
        """Take over what is found in the shown file now; for a caller that holds the model's lock."""
        if self.current_file is None:
            return
        before = [getattr(self, name) for name in FOUND_FIELDS]
        self._take_findings()
        if before != [getattr(self, name) for name in FOUND_FIELDS]:
            self.save(update_fields=[*FOUND_FIELDS, "updated_at"])

    def _show(self, file) -> None:
        measured = file.inspection
        self.current_file = file
        self.file_size = file.size
        self.poly_count = measured.triangles
        self.vertex_count = measured.vertices
        self.texture_resolution = measured.max_texture_size
        self.has_animations = measured.animations > 0
        self.has_rigging = measured.is_rigged
        self.has_materials = measured.materials > 0
        self.has_textures = measured.textures > 0
        self.has_pbr = measured.has_pbr
        self.is_watertight = bool(measured.is_watertight)
        self.has_uv = measured.uv_sets > 0
        self.targets = targets_of(measured)
        self._take_findings()

    def _take_findings(self) -> None:
        found = self.current_file.findings.open()
        self.is_validated = not found.filter(severity="error").exists()
        self.is_clean = not found.for_buyers().serious().exists()

    def _list_formats(self, *, without=None) -> None:
        """The shown format first, then the others that can be had; `without` one that is about to go."""
        others = self.files.included().processed().exclude(format=self.current_file.format)
        if without is not None:
            others = others.exclude(format=without.format)
        self.file_formats = [self.current_file.format, *sorted(set(others.values_list("format", flat=True)))]
