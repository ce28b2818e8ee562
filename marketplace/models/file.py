"""A model's files: the original, what was rendered and derived from it, measured of it, found in it."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.models import TimestampedModel
from core.storages import private_storage
from marketplace.models.model3d import Model3D


def original_path(instance, filename):
    return f"originals/{instance.public_id}/{uuid.uuid4().hex}.{instance.format}"


def derivative_path(instance, filename):
    """Private, and random: neither the model nor its original can be guessed from it."""
    return f"derivatives/{uuid.uuid4().hex}/{filename}"


def render_path(instance, filename):
    """Public, and random for the same reason."""
    return f"renders/{uuid.uuid4().hex}/{filename}"


def preview_image_path(instance, filename):
    return f"previews/{uuid.uuid4().hex}/{filename}"


class ModelFileQuerySet(models.QuerySet):
    def unfinished(self):
        return self.filter(state__in=[ModelFile.State.QUEUED, ModelFile.State.PROCESSING])

    def ready(self):
        return self.filter(state=ModelFile.State.READY)

    def claimable(self, now=None):
        """Unfinished ones that no living worker has: never started, or the worker's lease has lapsed."""
        return self.unfinished().filter(
            Q(lease_token__isnull=True) | Q(lease_expires_at__lt=now or timezone.now())
        )


class ModelFile(TimestampedModel):
    """queued -> processing(step) -> ready | failed(reason); restartable at the failed step."""

    class Format(models.TextChoices):
        GLB = "glb", "GLB"

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        PROCESSING = "processing", "Processing"
        READY = "ready", "Ready"
        FAILED = "failed", "Failed"

    class Step(models.TextChoices):
        PREFLIGHT = "preflight", "Checking the file"
        GLTF = "gltf", "Measuring and making the preview"
        POSTER = "poster", "Rendering the poster"
        TURNTABLE = "turntable", "Rendering the turntable"
        GEOMETRY = "geometry", "Checking the geometry"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    model = models.ForeignKey(Model3D, models.CASCADE, related_name="files")
    format = models.CharField(max_length=10, choices=Format.choices, default=Format.GLB)
    version = models.PositiveIntegerField(default=1)
    original = models.FileField(storage=private_storage, upload_to=original_path, max_length=250)
    original_name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes.")
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)

    state = models.CharField(max_length=12, choices=State.choices, default=State.QUEUED)
    # The step that runs, or failed; empty before the first and after the last.
    step = models.CharField(max_length=12, choices=Step.choices, blank=True)
    failure_code = models.CharField(max_length=60, blank=True)
    failure_message = models.CharField(max_length=1000, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Who works on it and until when; a lapsed lease means that the worker died.
    lease_token = models.UUIDField(null=True, blank=True, editable=False)
    lease_expires_at = models.DateTimeField(null=True, blank=True, editable=False)
    processed_at = models.DateTimeField(null=True, blank=True)

    preview = models.FileField(storage=private_storage, upload_to=derivative_path, max_length=250, blank=True)
    poster_source = models.FileField(
        storage=private_storage, upload_to=derivative_path, max_length=250, blank=True
    )
    poster_small = models.FileField(upload_to=render_path, max_length=250, blank=True)
    poster_medium = models.FileField(upload_to=render_path, max_length=250, blank=True)
    poster_large = models.FileField(upload_to=render_path, max_length=250, blank=True)
    turntable = models.FileField(upload_to=render_path, max_length=250, blank=True)

    objects = ModelFileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["model", "format", "version"], name="model_file_version_unique"),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(failure_message=""), name="model_file_failure_has_reason"
            ),
        ]
        indexes = [
            models.Index(
                fields=["lease_expires_at"],
                condition=Q(state__in=["queued", "processing"]),
                name="model_file_unfinished",
            )
        ]

    def __str__(self):
        return f"{self.original_name} (version {self.version})"

    @property
    def is_unfinished(self) -> bool:
        """Instance twin of `ModelFileQuerySet.unfinished`."""
        return self.state in (self.State.QUEUED, self.State.PROCESSING)

    @property
    def finished_steps(self) -> list[str]:
        """The steps whose results are stored, in the order in which they run."""
        inspection = Inspection.objects.filter(file=self).first()
        stored = inspection.details if inspection else {}
        return [step for step in self.Step.values if step in stored]

    def stored_files(self) -> list[models.fields.files.FieldFile]:
        """Every file of this row that is in a storage."""
        fields = [field.name for field in self._meta.fields if isinstance(field, models.FileField)]
        return [getattr(self, name) for name in fields if getattr(self, name)]


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
    tool_versions = models.JSONField(default=dict)
    step_seconds = models.JSONField(default=dict)

    def __str__(self):
        return f"inspection of file {self.file_id}"

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

    def worst_first(self):
        severity = models.Case(
            models.When(severity=Finding.Severity.ERROR, then=0),
            models.When(severity=Finding.Severity.WARNING, then=1),
            default=2,
        )
        return self.order_by(severity, "code", "pk")


class Finding(models.Model):
    """Something about a file that its creator should know; re-running a check replaces its own findings."""

    class Severity(models.TextChoices):
        ERROR = "error", "Error"
        WARNING = "warning", "Warning"
        INFO = "info", "Note"

    file = models.ForeignKey(ModelFile, models.CASCADE, related_name="findings")
    step = models.CharField(max_length=12, choices=ModelFile.Step.choices)
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


class PreviewImage(TimestampedModel):
    """A picture the creator adds to the gallery, re-encoded by us."""

    model = models.ForeignKey(Model3D, models.CASCADE, related_name="preview_images")
    image = models.ImageField(upload_to=preview_image_path, width_field="width", height_field="height")
    width = models.PositiveIntegerField(default=0, editable=False)
    height = models.PositiveIntegerField(default=0, editable=False)
    alt_text = models.CharField("alternative text", max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    def __str__(self):
        return self.alt_text or f"image {self.pk}"
