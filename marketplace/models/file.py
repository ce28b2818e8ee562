"""A model's files: the original, and what was rendered and derived from it."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.models import TimestampedModel
from core.storages import private_storage
from marketplace.models.format_switch import FormatSwitch
from marketplace.models.model3d import Model3D
from marketplace.processing.formats import Format, steps_of


def original_path(instance, filename):
    return f"originals/{instance.public_id}/{uuid.uuid4().hex}.{instance.extension}"


def document_path(instance, filename):
    return f"documents/{uuid.uuid4().hex}/{instance.kind}"


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

    def failed(self):
        return self.filter(state=ModelFile.State.FAILED)

    def processed(self):
        """Those that have been ready once: their measures stand also while they are processed anew."""
        return self.filter(processed_at__isnull=False)

    def included(self):
        """Those that are part of the model: neither waiting to become so nor refused."""
        return self.filter(standing=ModelFile.Standing.INCLUDED)

    def proposed(self):
        """New versions of a model on the marketplace that no moderator has decided on."""
        return self.filter(standing=ModelFile.Standing.PROPOSED)

    def approved(self):
        """Versions that a moderator has approved: those who have the model may have them."""
        return self.filter(approved_at__isnull=False)

    def newest_of_each_format(self):
        """The latest version of each format, among these."""
        return self.order_by("format", "-version").distinct("format")

    def claimable(self, now=None):
        """Unfinished ones that no living worker has: never started, or the worker's lease has lapsed.

        Without those whose format is switched off: they wait.
        """
        return (
            self.unfinished()
            .filter(Q(lease_token__isnull=True) | Q(lease_expires_at__lt=now or timezone.now()))
            .exclude(format__in=FormatSwitch.objects.off().values("format"))
        )


class ModelFile(TimestampedModel):
    """queued -> processing(step) -> ready | failed(reason); restartable at the failed step."""

    class Format(models.TextChoices):
        GLB = "glb", "GLB"
        GLTF = "gltf", "glTF"
        FBX = "fbx", "FBX"
        OBJ = "obj", "OBJ"
        BLEND = "blend", "Blender"
        DAE = "dae", "COLLADA"
        USDZ = "usdz", "USDZ"
        THREEMF = "3mf", "3MF"
        STEP = "step", "STEP"
        PLY = "ply", "PLY"
        STL = "stl", "STL"

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        PROCESSING = "processing", "Processing"
        READY = "ready", "Ready"
        FAILED = "failed", "Failed"

    class Step(models.TextChoices):
        PREFLIGHT = "preflight", "Checking the file"
        CONVERT = "convert", "Converting to GLB"
        GLTF = "gltf", "Measuring and making the preview"
        POSTER = "poster", "Rendering the poster"
        TURNTABLE = "turntable", "Rendering the turntable"
        GEOMETRY = "geometry", "Checking the geometry"
        FINGERPRINT = "fingerprint", "Measuring the shape"

    class Standing(models.TextChoices):
        """Whether the file is part of its model. What is added to an approved model has to be approved first."""

        INCLUDED = "included", "Part of the model"
        PROPOSED = "proposed", "Waits for review"
        REFUSED = "refused", "Not approved"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    model = models.ForeignKey(Model3D, models.CASCADE, related_name="files")
    format = models.CharField(max_length=10, choices=Format.choices, default=Format.GLB)
    version = models.PositiveIntegerField(default=1)
    # Set where the original is a zip archive: the name in it of the file that is the model, the others being its
    # textures, materials and buffers.
    main_member = models.CharField(max_length=500, blank=True, editable=False)
    original = models.FileField(storage=private_storage, upload_to=original_path, max_length=250)
    original_name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes.")
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)

    standing = models.CharField(max_length=10, choices=Standing.choices, default=Standing.INCLUDED)
    # When a moderator first approved this version; from then on it is what is downloaded, until a later one is.
    approved_at = models.DateTimeField(null=True, blank=True, editable=False)

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

    # What the pipeline made of an original that is no GLB; its preview and pictures come from it.
    converted = models.FileField(
        storage=private_storage, upload_to=derivative_path, max_length=250, blank=True
    )
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
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True) | Q(standing="included"),
                name="model_file_approved_is_included",
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
    def is_archive(self) -> bool:
        """Whether the original is a zip archive around the model's own file."""
        return bool(self.main_member)

    @property
    def extension(self) -> str:
        """Of the original, without the dot."""
        return "zip" if self.is_archive else self.format

    @property
    def contents_label(self) -> str:
        """What a buyer gets of it: `GLB`, `OBJ with textures, zip`."""
        if not self.is_archive:
            return self.get_format_display()
        inspection = getattr(self, "inspection", None)
        has_textures = inspection is not None and inspection.textures > 0
        return f"{self.get_format_display()}{' with textures' if has_textures else ''}, zip"

    @property
    def expected_steps(self) -> list[str]:
        """The steps that a file of this format goes through, in order."""
        return [step.value for step in steps_of(Format(self.format))]

    @property
    def is_unfinished(self) -> bool:
        """Instance twin of `ModelFileQuerySet.unfinished`."""
        return self.state in (self.State.QUEUED, self.State.PROCESSING)

    @property
    def finished_steps(self) -> list[str]:
        """The steps whose results are stored and need not be made anew, in the order in which they run."""
        row = type(self).objects.select_related("inspection").get(pk=self.pk)
        inspection = getattr(row, "inspection", None)
        done = inspection.done_steps if inspection else {}
        return [step for step in self.Step.values if step in done]

    def stored_files(self) -> list[models.fields.files.FieldFile]:
        """Every file of this row that is in a storage."""
        fields = [field.name for field in self._meta.fields if isinstance(field, models.FileField)]
        return [getattr(self, name) for name in fields if getattr(self, name)]
