"""What was measured of a file, and found in it."""

from django.db import models

from core.models import TimestampedModel
from marketplace.models.file import ModelFile


class Inspection(TimestampedModel):
    """What was measured of one file; every figure comes from a tool, none from a person."""

    file = models.OneToOneField(ModelFile, models.CASCADE, related_name="inspection")
    triangles = models.PositiveBigIntegerField(default=0)
    vertices = models.PositiveBigIntegerField(default=0)
    meshes = models.PositiveIntegerField(default=0)
    draw_calls = models.PositiveIntegerField(default=0)
    materials = models.PositiveIntegerField(default=0)
    textures = models.PositiveIntegerField(default=0)
    max_texture_size = models.PositiveIntegerField(
        default=0, help_text="Longest side of the largest texture, pixels."
    )
    texture_memory = models.PositiveBigIntegerField(default=0, help_text="Bytes on the GPU, with mipmaps.")
    animations = models.PositiveIntegerField(default=0)
    is_rigged = models.BooleanField(default=False)
    joints = models.PositiveIntegerField(default=0)
    uv_sets = models.PositiveSmallIntegerField(default=0)
    has_vertex_colors = models.BooleanField(default=False)
    bounds_min = models.JSONField(null=True, blank=True, help_text="Metres: x, y, z.")
    bounds_max = models.JSONField(null=True, blank=True, help_text="Metres: x, y, z.")
    is_watertight = models.BooleanField(null=True)
    details = models.JSONField(default=dict, help_text="Raw results by step.")
    # By step, and in it by tool.
    tool_versions = models.JSONField(default=dict)
    # Steps to be run again: their results are shown until the new ones are stored.
    stale_steps = models.JSONField(default=list, blank=True)
    step_seconds = models.JSONField(default=dict)

    def __str__(self):
        return f"inspection of file {self.file_id}"

    @property
    def done_steps(self) -> dict[str, dict]:
        """The results of the steps that need not run (again)."""
        return {step: data for step, data in self.details.items() if step not in self.stale_steps}

    @property
    def has_pbr(self) -> bool:
        """Whether a material has a map of metal, roughness, relief or occlusion, and takes light."""
        measured = self.details.get("gltf", {})
        plain, unlit = measured.get("plain_materials"), measured.get("unlit_materials")
        return plain is not None and unlit is not None and self.materials > max(plain, unlit)

    @property
    def dimensions(self) -> list[float] | None:
        """Width, height and depth in metres."""
        if not self.bounds_min or not self.bounds_max:
            return None
        return [high - low for low, high in zip(self.bounds_min, self.bounds_max, strict=True)]


class FindingQuerySet(models.QuerySet):
    def open(self):
        """What the last run of each check still found."""
        return self.filter(is_resolved=False)

    def for_buyers(self):
        """Measured facts, without what only asks the creator to mend words."""
        return self.exclude(step=Finding.Check.CLAIMS)

    def serious(self):
        """Errors and warnings; notes are no reproach."""
        return self.filter(severity__in=[Finding.Severity.ERROR, Finding.Severity.WARNING])

    def worst_first(self):
        severity = models.Case(
            models.When(severity=Finding.Severity.ERROR, then=0),
            models.When(severity=Finding.Severity.WARNING, then=1),
            default=2,
        )
        return self.order_by(severity, "code", "pk")


class Finding(models.Model):
    """Something about a file that its creator should know; re-running a check replaces its own findings."""

    class Check(models.TextChoices):
        """What found it: a step of the pipeline, or a comparison with something outside the file."""

        PREFLIGHT = "preflight", "Check of the file"
        CONVERT = "convert", "Conversion"
        GLTF = "gltf", "Measuring"
        POSTER = "poster", "Poster"
        TURNTABLE = "turntable", "Turntable"
        GEOMETRY = "geometry", "Geometry"
        CLAIMS = "claims", "The creator's words against the measures"
        FORMATS = "formats", "The model's formats against each other"

    class Severity(models.TextChoices):
        ERROR = "error", "Error"
        WARNING = "warning", "Warning"
        INFO = "info", "Note"

    file = models.ForeignKey(ModelFile, models.CASCADE, related_name="findings")
    step = models.CharField(max_length=12, choices=Check.choices)
    severity = models.CharField(max_length=10, choices=Severity.choices)
    code = models.CharField(max_length=80)
    message = models.CharField(max_length=1000)
    remedy = models.CharField(max_length=1000, blank=True)
    pointer = models.CharField(max_length=300, blank=True)
    is_resolved = models.BooleanField(default=False)

    objects = FindingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "code", "pointer"], name="finding_once_per_place"),
        ]

    def __str__(self):
        return f"{self.severity}: {self.code}"
