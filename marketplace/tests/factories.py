"""Categories, models and files for tests; a listed model has a real GLB, preview and posters in the storages."""

import functools
import hashlib
import io
import uuid
from decimal import Decimal

import factory
from django.core.files.base import ContentFile
from django.db.models import F
from django.utils import timezone
from PIL import Image

from accounts.models import User
from accounts.tests.factories import UserFactory
from marketplace.models import (
    Category,
    Collection,
    Fingerprint,
    Inspection,
    Model3D,
    ModelComment,
    ModelDocument,
    ModelFile,
    PreviewImage,
    Tag,
    Upload,
)
from marketplace.processing.shape import DIMENSIONS, VERSION
from marketplace.suitability import targets_of
from marketplace.tests.glb import grid_glb
from marketplace.uploads.admission import new_expiry
from marketplace.uploads.stored import part_path

ORIGINAL_CELLS = 16
PREVIEW_CELLS = 8


@functools.cache
def original_bytes(seed: int = 0) -> bytes:
    """A small original; another seed gives other bytes."""
    return grid_glb(ORIGINAL_CELLS, name=f"original-{seed}", size=1 + seed / 1000)


@functools.cache
def preview_bytes() -> bytes:
    return grid_glb(PREVIEW_CELLS, name="")


@functools.cache
def picture_bytes(width: int, height: int) -> bytes:
    """A transparent WebP with something in its middle."""
    picture = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    picture.paste((215, 90, 40, 255), (width // 4, height // 4, width * 3 // 4, height * 3 // 4))
    out = io.BytesIO()
    picture.save(out, "WEBP")
    return out.getvalue()


class CategoryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Category

    name = factory.Sequence(lambda number: f"Category {number}")
    slug = factory.Sequence(lambda number: f"category-{number}")


class TagFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Tag

    name = factory.Sequence(lambda number: f"tag{number}")


class Model3DFactory(factory.django.DjangoModelFactory):
    """A creator's draft without a file.

    Traits: `with_file` (a ready file), `pending` (submitted, with a ready file), `listed` (approved, with a ready
    file), `rejected`. `tags=["wood", "chair"]` adds tags.
    """

    class Meta:
        model = Model3D

    class Params:
        with_file = factory.Trait(ready_file=True)
        pending = factory.Trait(
            status=Model3D.Status.PENDING, submitted_at=factory.LazyFunction(timezone.now), ready_file=True
        )
        rejected = factory.Trait(
            status=Model3D.Status.REJECTED, submitted_at=factory.LazyFunction(timezone.now), ready_file=True
        )
        listed = factory.Trait(
            status=Model3D.Status.APPROVED,
            submitted_at=factory.LazyFunction(timezone.now),
            published_at=factory.LazyFunction(timezone.now),
            ready_file=True,
        )
        free = factory.Trait(price=Decimal("0.00"))

    creator = factory.SubFactory(UserFactory, creator=True)
    category = factory.SubFactory(CategoryFactory)
    title = factory.Sequence(lambda number: f"Oak chair {number}")
    description = "A chair of oak with a woven seat, made for close views."
    price = Decimal("12.00")

    ready_file = False
    tags = ()

    @classmethod
    def _create(cls, model_class, *args, ready_file, tags, **fields):
        model = super()._create(model_class, *args, **fields)
        for name in tags:
            model.tags.add(Tag.objects.filter(name=name).first() or Tag.objects.create(name=name))
        if ready_file:
            approved_at = timezone.now() if model.status == Model3D.Status.APPROVED else None
            ModelFileFactory(model=model, ready=True, current=True, approved_at=approved_at)
        return model


class ModelFileFactory(factory.django.DjangoModelFactory):
    """A queued upload of a real small GLB.

    Traits: `ready` (processed: preview, posters, turntable, inspection), `failed`. `current=True` makes it the file
    that the model's page shows.
    """

    class Meta:
        model = ModelFile

    class Params:
        ready = factory.Trait(
            state=ModelFile.State.READY,
            processed_at=factory.LazyFunction(timezone.now),
            preview=factory.LazyFunction(lambda: ContentFile(preview_bytes(), "preview.glb")),
            poster_source=factory.LazyFunction(lambda: ContentFile(preview_bytes(), "poster-source.glb")),
            poster_small=factory.LazyFunction(
                lambda: ContentFile(picture_bytes(320, 240), "poster-320.webp")
            ),
            poster_medium=factory.LazyFunction(
                lambda: ContentFile(picture_bytes(640, 480), "poster-640.webp")
            ),
            poster_large=factory.LazyFunction(
                lambda: ContentFile(picture_bytes(1280, 960), "poster-1280.webp")
            ),
            turntable=factory.LazyFunction(lambda: ContentFile(picture_bytes(2880, 1920), "turntable.webp")),
            measures=True,
        )
        failed = factory.Trait(
            state=ModelFile.State.FAILED,
            step=ModelFile.Step.PREFLIGHT,
            failure_code="not-glb",
            failure_message="This is not a GLB file.",
        )

    model = factory.SubFactory(Model3DFactory)
    original_name = "chair.glb"
    original = factory.Sequence(lambda number: ContentFile(original_bytes(number % 50), "chair.glb"))
    size = factory.LazyAttribute(lambda file: file.original.size)
    sha256 = factory.LazyAttribute(lambda file: hashlib.sha256(file.original.open().read()).hexdigest())

    measures = False
    current = False

    @classmethod
    def _create(cls, model_class, *args, measures, current, **fields):
        file = super()._create(model_class, *args, **fields)
        if measures:
            _measure(file)
        if current:
            _make_current(file)
        return file


class FingerprintFactory(factory.django.DjangoModelFactory):
    """The shape of a ready file, by default far from that of every other in tests."""

    class Meta:
        model = Fingerprint

    file = factory.LazyFunction(lambda: Model3DFactory(with_file=True).current_file)
    vector = factory.Sequence(lambda number: shape_vector(10 * number))
    handedness = factory.LazyFunction(lambda: [0.0] * 6)
    scale = 1.0
    version = VERSION


def shape_vector(place: float) -> list[float]:
    """A vector whose distance from another of these is the difference of their places."""
    return [float(place), *[0.0] * (DIMENSIONS - 1)]


class PreviewImageFactory(factory.django.DjangoModelFactory):
    """A picture in a model's gallery."""

    class Meta:
        model = PreviewImage

    model = factory.SubFactory(Model3DFactory)
    image = factory.LazyFunction(lambda: ContentFile(picture_bytes(640, 480), "picture.webp"))


class ModelDocumentFactory(factory.django.DjangoModelFactory):
    """A short text that rides with a model."""

    class Meta:
        model = ModelDocument

    model = factory.SubFactory(Model3DFactory)
    kind = ModelDocument.Kind.TXT
    name = "notes.txt"
    file = factory.LazyFunction(lambda: ContentFile(b"Sit down.", "notes.txt"))
    size = 9


def _measure(file: ModelFile) -> None:
    """The inspection that the pipeline would have stored for `original_bytes`."""
    triangles, side = 2 * ORIGINAL_CELLS**2, ORIGINAL_CELLS + 1
    Inspection.objects.create(
        file=file,
        triangles=triangles,
        vertices=side * side,
        meshes=1,
        draw_calls=1,
        materials=1,
        uv_sets=1,
        bounds_min=[-0.5, 0, -0.5],
        bounds_max=[0.5, 0.25, 0.5],
        is_watertight=False,
        details={
            "preflight": {"format": "glb", "size": file.size, "sha256": file.sha256},
            "gltf": {
                "triangles": triangles,
                "paid": not file.model.price.is_zero(),
                "preview": {
                    "size": len(preview_bytes()),
                    "triangles": 2 * PREVIEW_CELLS**2,
                    "max_texture_size": 0,
                },
            },
            "poster": {},
            "turntable": {"frames": 24, "columns": 6, "rows": 4, "width": 480, "height": 360},
            "geometry": {"watertight": False},
            "fingerprint": {"version": VERSION, "has_surface": True},
        },
    )


def _make_current(file: ModelFile) -> None:
    Model3D.objects.filter(pk=file.model_id).update(
        current_file=file,
        file_size=file.size,
        file_formats=[file.format],
        poly_count=file.inspection.triangles,
        vertex_count=file.inspection.vertices,
        has_materials=True,
        has_uv=True,
        is_validated=True,
        is_clean=True,
        targets=targets_of(file.inspection),
    )
    model = file.model
    model.refresh_from_db()
    if model.is_listed:
        Category.objects.filter(pk=model.category_id).update(model_count=F("model_count") + 1)
        User.objects.filter(pk=model.creator_id).update(total_models=F("total_models") + 1)
        model.creator.refresh_from_db()
        model.category.refresh_from_db()


class UploadFactory(factory.django.DjangoModelFactory):
    """An upload of ten bytes through this server that has just been announced; it has no part file yet."""

    class Meta:
        model = Upload

    owner = factory.SubFactory(UserFactory, creator=True)
    batch = factory.LazyFunction(uuid.uuid4)
    name = "chair.glb"
    path = "chair.glb"
    size = 10
    expires_at = factory.LazyFunction(new_expiry)


def arrived(
    owner: User, batch: uuid.UUID, path: str, content: bytes, *, size: int | None = None, **fields
) -> Upload:
    """An upload in pieces of which `content` has arrived: all of it, or so much of `size` bytes."""
    is_whole = size is None
    upload = UploadFactory(
        owner=owner,
        batch=batch,
        path=path,
        name=path.rpartition("/")[2],
        size=len(content) if is_whole else size,
        received=len(content),
        state=Upload.State.COMPLETE if is_whole else Upload.State.RECEIVING,
        sha256=hashlib.sha256(content).hexdigest() if is_whole else "",
        **fields,
    )
    part_path(upload).write_bytes(content)
    return upload


class CommentFactory(factory.django.DjangoModelFactory):
    """A comment on a listed model; see `marketplace.actions.comments.post` for those that count and tell."""

    class Meta:
        model = ModelComment

    model = factory.SubFactory(Model3DFactory, listed=True)
    author = factory.SubFactory(UserFactory)
    body = "What a **fine** model."


class CollectionFactory(factory.django.DjangoModelFactory):
    """A public, empty one."""

    class Meta:
        model = Collection

    owner = factory.SubFactory(UserFactory)
    name = factory.Sequence(lambda number: f"Collection {number}")
