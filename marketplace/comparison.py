"""Two files side by side before a moderator, with what speaks for one being a copy of the other."""

from marketplace.evidence import Evidence
from marketplace.models import ModelFile
from marketplace.processing.types import Step
from marketplace.progress import FileProgress


class Pane(FileProgress):
    """One of the two: its 3D view, and the pictures that stand for it where no 3D is drawn."""

    def __init__(self, file: ModelFile, *, viewer, name: str) -> None:
        super().__init__(file, viewer=viewer)
        self.name = name

    @property
    def sprite(self) -> dict:
        """How the turntable's pictures lie in their file; empty where there is none."""
        drawn = (
            self.inspection.details.get(Step.TURNTABLE) if self.turntable_url and self.inspection else None
        )
        if not drawn:
            return {}
        return {
            "width": drawn["columns"] * drawn["width"],
            "height": drawn["rows"] * drawn["height"],
            "view_box": f"0 0 {drawn['width']} {drawn['height']}",
            "last": drawn["frames"] - 1,
        }


class Comparison:
    """The file that is looked at on the left, the other model's on the right."""

    def __init__(self, evidence: Evidence, *, viewer) -> None:
        self.evidence = evidence
        self.panes = [
            Pane(evidence.file, viewer=viewer, name="left"),
            Pane(evidence.other, viewer=viewer, name="right"),
        ]

    @property
    def specs(self) -> list[tuple[str, str, str]]:
        """Measures of both, line by line: what is measured, and its value left and right; a dash for none."""
        left, right = ({spec["label"]: spec["value"] for spec in pane.specs} for pane in self.panes)
        labels = dict.fromkeys([*left, *right])
        return [(label, left.get(label, "–"), right.get(label, "–")) for label in labels]
