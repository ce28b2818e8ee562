"""What goes into a processing step and what comes out of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

KIB = 1024
MIB = 1024 * KIB
GIB = 1024 * MIB


class Step(StrEnum):
    """The steps of the pipeline, in the order in which they run."""

    PREFLIGHT = "preflight"
    CONVERT = "convert"
    GLTF = "gltf"
    POSTER = "poster"
    TURNTABLE = "turntable"
    GEOMETRY = "geometry"
    FINGERPRINT = "fingerprint"


class Severity(StrEnum):
    """How much a finding matters: breaks the standard or the model, may trouble a buyer, worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True)
class FindingData:
    """Something about the file that its creator should know.

    ``code`` is a stable slug; ``message`` says in plain words what it is and ``remedy`` how to mend it (empty where
    nothing needs mending); ``pointer`` is the place in the file as a JSON pointer or a name, or empty.
    """

    severity: Severity
    code: str
    message: str
    remedy: str = ""
    pointer: str = ""


class ProcessingError(Exception):
    """A step came to no result.

    ``message`` is a sentence for the creator, ``code`` a stable slug for it, ``detail`` a technical line for the log.
    ``peak_memory`` is the largest resident memory of the tool in bytes, 0 where it did not run.
    """

    retryable = False
    peak_memory = 0

    def __init__(self, code: str, message: str, *, step: Step, detail: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.step = step
        self.detail = detail

    def __reduce__(self):
        return _rebuild_error, (type(self), self.code, self.message, self.step, self.detail)


def _rebuild_error(
    kind: type[ProcessingError], code: str, message: str, step: Step, detail: str
) -> ProcessingError:
    return kind(code, message, step=step, detail=detail)


class Rejected(ProcessingError):
    """The file's own fault: final until the creator uploads another file."""


class ToolFailed(ProcessingError):
    """A tool crashed or passed its limits: the step may be started again.

    ``exit_code`` is how it ended (the negative number of a signal), None where it was stopped.
    """

    retryable = True
    exit_code: int | None = None


@dataclass(frozen=True)
class Reduction:
    """How far the public preview is reduced.

    Always: textures at most 1024 px WebP, at most 100,000 triangles, quantized, no names or extras. Of a paid model
    also: at most 60 % of the triangles (but 5,000 stay), textures at most half their size, coarser quantization, no
    skins and at most one clip.
    """

    paid: bool


@dataclass(frozen=True)
class Angle:
    """From where the poster is taken, in degrees: ``azimuth`` 0 looks at the front, 90 at the right side.

    Straight from above or below there is no upright picture: ``elevation`` stays short of it.
    """

    MAX_AZIMUTH: ClassVar[int] = 180
    MAX_ELEVATION: ClassVar[int] = 85

    azimuth: int = 35
    elevation: int = 18


@dataclass(frozen=True)
class Limits:
    """What one step may use. Times in seconds, sizes in bytes.

    ``memory_bytes`` is the resident memory of the whole process tree of the tool; ``output_bytes`` the largest single
    file that it may write. ``max_unpacking_ratio`` is how many times its packed size an archive may unfold to, once it
    unfolds to more than a few megabytes.
    """

    wall_seconds: float
    memory_bytes: int
    output_bytes: int = 2 * GIB
    max_file_bytes: int = 1 * GIB
    json_bytes: int = 32 * MIB
    max_nodes: int = 100_000
    max_node_depth: int = 512
    max_accessor_elements: int = 60_000_000
    max_virtual_bytes: int = 256 * MIB
    max_image_edge: int = 8192
    max_image_pixels: int = 4 * 8192 * 8192
    max_triangles: int = 10_000_000
    max_instances: int = 50_000
    max_archive_entries: int = 2_000
    max_unpacked_bytes: int = 1 * GIB
    max_unpacking_ratio: int = 120
    max_xml_bytes: int = 256 * MIB
    max_xml_depth: int = 256
    max_line_bytes: int = 1 * MIB


DEFAULT_LIMITS: dict[Step, Limits] = {
    Step.PREFLIGHT: Limits(wall_seconds=60, memory_bytes=1 * GIB),
    Step.CONVERT: Limits(wall_seconds=300, memory_bytes=3 * GIB),
    Step.GLTF: Limits(wall_seconds=300, memory_bytes=3 * GIB),
    Step.POSTER: Limits(wall_seconds=300, memory_bytes=3 * GIB),
    Step.TURNTABLE: Limits(wall_seconds=300, memory_bytes=3 * GIB),
    Step.GEOMETRY: Limits(wall_seconds=180, memory_bytes=3 * GIB),
    Step.FINGERPRINT: Limits(wall_seconds=180, memory_bytes=3 * GIB),
}


@dataclass(frozen=True)
class StepResult:
    """What one step found out: JSON-able measures, findings and the files that it left in the work folder.

    ``seconds`` is wall time and ``peak_memory`` the largest resident memory of the tool in bytes. ``along`` holds the
    results of steps after this one that the same run of the tool brought, and that need no run of their own.
    """

    data: dict
    findings: list[FindingData] = field(default_factory=list)
    files: dict[str, Path] = field(default_factory=dict)
    seconds: float = 0.0
    peak_memory: int = 0
    tool_versions: dict[str, str] = field(default_factory=dict)
    along: dict[Step, "StepResult"] = field(default_factory=dict)

    def parts(self, step: Step) -> Iterator[tuple[Step, "StepResult"]]:
        """This result, which is that of ``step``, and those along with it."""
        yield step, self
        yield from self.along.items()
