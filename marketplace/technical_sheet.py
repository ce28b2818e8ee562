"""The technical sheet of a model: everything that was measured and found, to print and to read by programs.

It says what the model's page says, to the same people, and nothing of the original beyond its size: no name, no hash.
"""

from datetime import datetime
from functools import cached_property

from django.utils.text import slugify

from core.addresses import absolute_url
from marketplace.models import Inspection
from marketplace.processing.types import Step
from marketplace.showcase import Showcase
from marketplace.versions import version_history

SCHEMA = 1
# Findings that are written out, the gravest first.
MOST_FINDINGS = 500
_MEASURES = (
    "triangles",
    "vertices",
    "meshes",
    "draw_calls",
    "materials",
    "textures",
    "max_texture_size",
    "texture_memory",
    "animations",
    "is_rigged",
    "joints",
    "uv_sets",
    "has_vertex_colors",
    "is_watertight",
)


class TechnicalSheet:
    """Of the file that the model's page shows; there is none before a file was measured."""

    def __init__(self, showcase: Showcase, *, request) -> None:
        self.showcase = showcase
        self.model = showcase.model
        self.request = request

    @property
    def exists(self) -> bool:
        return self.showcase.inspection is not None

    @property
    def file_name(self) -> str:
        """Without an ending."""
        return f"{slugify(self.model.title)[:60] or f'model-{self.model.pk}'}-technical-sheet"

    @property
    def measured_at(self) -> datetime:
        return self.showcase.file.processed_at

    @cached_property
    def findings(self) -> list:
        return self.showcase.findings[:MOST_FINDINGS]

    @property
    def tools(self) -> list[tuple[str, str]]:
        """What measured it, each tool once, by name."""
        versions = self.showcase.inspection.tool_versions.values()
        return sorted({(tool, version) for tools in versions for tool, version in tools.items()})

    def as_data(self) -> dict:
        """Lengths are metres, sizes bytes, pictures pixels; null is what was not measured."""
        model, showcase = self.model, self.showcase
        return {
            "schema": SCHEMA,
            "model": {
                "title": model.title,
                "address": self._absolute(model.get_absolute_url()),
                "creator": model.creator.display_name,
                "creator_address": self._absolute(model.creator.get_absolute_url()),
                "category": model.category.name if model.category else None,
                "tags": [tag.name for tag in showcase.tags],
            },
            "licence": {
                "name": model.licence.label,
                "version": model.licence.version,
                "address": self._absolute(model.licence.get_absolute_url()),
                "ai_training_allowed": model.ai_training_allowed,
            },
            "files": [{"format": file.format, "size": file.size} for file in showcase.files],
            "documents": [{"kind": document.kind, "size": document.size} for document in showcase.documents],
            "versions": [
                {
                    "format": version.file.format,
                    "version": version.number,
                    "released_at": version.released_at.isoformat(),
                    "size": version.file.size,
                    "changes": [
                        {"measure": difference.label, "before": difference.before, "after": difference.after}
                        for difference in version.differences
                    ],
                }
                for version in version_history(model)
            ],
            "measured_at": self.measured_at.isoformat(),
            "measured_with": dict(self.tools),
            "measures": _measures_of(showcase.inspection),
            "fit_for": [{"use": use.name, "fit": use.is_fit, "reason": use.reason} for use in showcase.uses],
            "findings": [
                {
                    "severity": finding.severity,
                    "code": finding.code,
                    "message": finding.message,
                    "remedy": finding.remedy,
                    "place": finding.pointer,
                }
                for finding in self.findings
            ],
        }

    def _absolute(self, path: str) -> str:
        return absolute_url(path, request=self.request)


def _measures_of(found: Inspection) -> dict:
    size = found.dimensions
    units = found.details.get(Step.CONVERT, {}).get("units", {})
    return {
        **{name: getattr(found, name) for name in _MEASURES},
        "dimensions": dict(zip(("width", "height", "depth"), size, strict=True)) if size else None,
        "unit_assumed": bool(units.get("assumed")),
    }
