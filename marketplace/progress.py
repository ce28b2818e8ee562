"""What a creator, or a moderator, sees of a file: how far it is, what was measured, found and made of it."""

from functools import cached_property

from django.template.defaultfilters import filesizeformat

from core.scanning import AWAY, is_away
from marketplace.models import Finding, FormatSwitch, ModelFile
from marketplace.previews import restricted_preview_url
from marketplace.processing.types import Step
from marketplace.showcase import Showcase


class FileProgress:
    """One file as its own creator and moderators may see it."""

    def __init__(self, file: ModelFile, *, viewer) -> None:
        self.file = file
        self.model = file.model
        self._showcase = Showcase(file.model, viewer=viewer)
        self._showcase.file = file

    @property
    def is_unfinished(self) -> bool:
        return self.file.is_unfinished

    @cached_property
    def held_back(self) -> str:
        """Why the file waits although nothing stands before it: format switched off, scanner away; else empty."""
        if not self.file.is_unfinished:
            return ""
        if (
            (refusal := FormatSwitch.objects.refusal(self.file.format))
            or self.file.processed_at
            or not is_away()
        ):
            return refusal
        return AWAY

    @cached_property
    def inspection(self):
        return self._showcase.inspection

    @property
    def steps(self) -> list[dict]:
        """The steps as the component `stepper` wants them."""
        stored = self.inspection.step_seconds if self.inspection else {}
        done = self.inspection.done_steps if self.inspection else {}
        steps = []
        for value in self.file.expected_steps:
            label = ModelFile.Step(value).label
            state = "done" if value in done else self._state_of(value)
            note = f"{stored[value]:.1f} s" if state == "done" and value in stored else ""
            steps.append({"label": label, "state": state, "note": note})
        return steps

    def _state_of(self, step: str) -> str:
        if step != self.file.step:
            return "waiting"
        return {ModelFile.State.FAILED: "failed", ModelFile.State.PROCESSING: "running"}.get(
            self.file.state, "waiting"
        )

    @property
    def specs(self) -> list[dict]:
        """Measures as the component `spec_list` wants them; none before they are taken."""
        return self._showcase.specs if self.has_measures else []

    @property
    def tools(self) -> list[dict[str, str]]:
        """Which tools, in which versions, made the result of each step: step and versions in words."""
        recorded = self.inspection.tool_versions if self.inspection else {}
        return [
            {
                "step": step.label,
                "versions": ", ".join(f"{tool} {version}" for tool, version in sorted(tools.items())),
            }
            for step in ModelFile.Step
            if (tools := recorded.get(step))
        ]

    @property
    def has_measures(self) -> bool:
        return self.inspection is not None and Step.GLTF in self.inspection.details

    @cached_property
    def findings(self) -> list[Finding]:
        """Worst first, also those that are not shown to buyers."""
        return list(self.file.findings.open().worst_first())

    @property
    def stamp(self) -> str:
        """Changes whenever the page has something new to show."""
        file = self.file
        return (
            f"{file.pk}-{file.state}-{file.step}-{len(self.inspection.done_steps) if self.inspection else 0}"
        )

    @property
    def poster_url(self) -> str:
        return self.file.poster_medium.url if self.file.poster_medium else ""

    @property
    def poster_srcset(self) -> str:
        widths = {320: self.file.poster_small, 640: self.file.poster_medium, 1280: self.file.poster_large}
        return ", ".join(f"{image.url} {width}w" for width, image in widths.items() if image)

    @property
    def turntable_url(self) -> str:
        return self.file.turntable.url if self.file.turntable else ""

    @property
    def preview_url(self) -> str:
        """For the person who asks alone, whatever the public may see."""
        return restricted_preview_url(self.file)

    @property
    def preview_facts(self) -> list[dict]:
        """How the public preview compares with the original, as the component `spec_list` wants it."""
        made = self.inspection.details.get(Step.GLTF) if self.inspection else None
        if not made or not self.file.preview:
            return []
        preview = made["preview"]
        facts = [
            ("Triangles", f"{preview['triangles']:,} of {self.inspection.triangles:,}"),
            ("Size", f"{filesizeformat(preview['size'])} of {filesizeformat(self.file.size)}"),
        ]
        if self.inspection.max_texture_size:
            facts.append(
                (
                    "Largest texture",
                    f"{preview['max_texture_size']:,} px of {self.inspection.max_texture_size:,} px",
                )
            )
        return [{"label": label, "value": value} for label, value in facts]
