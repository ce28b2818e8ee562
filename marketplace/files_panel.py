"""The files of a model as its creator sees them: every format with its state, and the shown one in full."""

from functools import cached_property

from marketplace.models import Model3D, ModelFile
from marketplace.processing.types import Step
from marketplace.progress import FileProgress


class FileRow(FileProgress):
    """One format in the list."""

    def __init__(self, file: ModelFile, *, viewer, is_only: bool) -> None:
        super().__init__(file, viewer=viewer)
        self.is_only = is_only

    @property
    def is_shown(self) -> bool:
        """Whether the model's page shows this very version."""
        return self.model.current_file_id == self.file.pk

    @property
    def key(self) -> str:
        """What tells the row from the others on the page."""
        return f"{self.file.format}-new" if self.is_proposed else self.file.format

    @property
    def is_proposed(self) -> bool:
        """Whether it is a new version that is not live yet."""
        return self.file.standing == ModelFile.Standing.PROPOSED

    @property
    def is_refused(self) -> bool:
        return self.file.standing == ModelFile.Standing.REFUSED

    @property
    def is_poster_stale(self) -> bool:
        """Whether its poster is being rendered from another side."""
        return self.inspection is not None and Step.POSTER.value in self.inspection.stale_steps

    @property
    def may_be_shown(self) -> bool:
        return self.file.state == ModelFile.State.READY and not self.is_shown and self.model.may_replace_file

    @property
    def may_be_removed(self) -> bool:
        return self.is_proposed or (not self.is_only and self.model.may_replace_file)

    @property
    def may_be_replaced(self) -> bool:
        return self.model.may_take_files and not self.is_refused

    @property
    def is_packed(self) -> bool:
        """Whether textures and materials lie with it in one archive."""
        return self.file.is_archive

    @property
    def summary(self) -> str:
        """What was measured, in one line; empty before."""
        if not self.has_measures:
            return ""
        found = self.inspection
        facts = [_count(found.triangles, "triangle"), _count(found.materials, "material")]
        if found.textures:
            facts.append(f"{_count(found.textures, 'texture')} up to {found.max_texture_size:,} px")
        if found.is_rigged:
            facts.append("rigged")
        if found.animations:
            facts.append(_count(found.animations, "animation"))
        return ", ".join(facts)


class FilesPanel:
    """All formats of a model, the shown one first; one query for the files and a few for each of them."""

    def __init__(self, model: Model3D, *, viewer) -> None:
        self.model = model
        self.viewer = viewer

    @cached_property
    def rows(self) -> list[FileRow]:
        files = self.model.newest_files
        for file in files:
            file.model = self.model
        return [FileRow(file, viewer=self.viewer, is_only=len(files) == 1) for file in files]

    @cached_property
    def proposals(self) -> list[FileRow]:
        """New versions of an approved model: those that wait for review or are on the way to it, and refused ones."""
        if not self.model.may_propose_file:
            return []
        files = [*self.model.proposals, *self.model.refusals]
        for file in files:
            file.model = self.model
        return [FileRow(file, viewer=self.viewer, is_only=False) for file in files]

    @property
    def shown(self) -> FileRow | None:
        """The row whose measures and preview are spread out: that of the shown format, or the newest."""
        return self.rows[0] if self.rows else None

    @property
    def is_unfinished(self) -> bool:
        return any(row.is_unfinished for row in [*self.rows, *self.proposals])

    @property
    def stamp(self) -> str:
        """Changes whenever the panel has something new to show."""
        shown = self.model.current_file_id or 0
        return "_".join([str(shown), *(row.stamp for row in [*self.rows, *self.proposals])])


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
