"""Models with their tags, files, inspections, findings and fingerprints."""

from collections.abc import Iterator

import numpy as np
from django.db import connection

from accounts.models import User
from config.scale.copying import copy_arrays, copy_lines, fixed, floats_array, moments, uuids, vectors
from config.scale.draws import DRAFT, draw_shapes
from config.scale.numbers import Numbers
from config.scale.pictures import Pictures
from config.scale.wording import tag_links, wordings
from config.scale.world import World
from marketplace.models import Finding, Fingerprint, Inspection, License, Model3D, ModelFile
from marketplace.processing.shape import DIMENSIONS, VERSION
from marketplace.processing.validator_words import WORDS
from marketplace.search.reindexing import VECTOR

STATUSES = ("draft", "pending", "rejected", "approved")
VISIBILITIES = ("public", "unlisted", "private")
# By severity, as in `Models.finding`: what the validator says.
FINDINGS = {
    1: ("info", ("UNUSED_OBJECT", "MESH_PRIMITIVE_GENERATED_TANGENT_SPACE")),
    2: ("warning", ("ACCESSOR_INDEX_TRIANGLE_DEGENERATE", "ACCESSOR_VECTOR3_NON_UNIT")),
    3: ("error", ("ACCESSOR_INDEX_OOB", "ACCESSOR_WEIGHTS_NON_NORMALIZED")),
}
MODEL_COLUMNS = (
    "id", "creator_id", "category_id", "title", "description", "price", "license", "ai_training_allowed", "is_mature",
    "visibility", "current_file_id", "file_size", "file_formats", "poly_count", "vertex_count", "texture_resolution",
    "has_animations", "has_rigging", "has_materials", "has_textures", "has_pbr", "is_watertight", "has_uv",
    "is_validated", "is_clean", "targets", "in_catalogue",
    "views", "likes", "downloads", "comments_count", "sales_count", "trending_score", "status", "is_published",
    "created_at", "submitted_at", "published_at", "announced_at", "updated_at",
)  # fmt: skip
INSPECTION_COLUMNS = (
    "id", "file_id", "triangles", "vertices", "meshes", "draw_calls", "materials", "textures", "max_texture_size",
    "texture_memory", "animations", "is_rigged", "joints", "uv_sets", "bounds_min", "bounds_max", "is_watertight",
    "details", "created_at", "updated_at",
)  # fmt: skip
SHAPES_AT_ONCE = 50_000
# Models lie there until their search vectors are computed, so that each row of the real table is written once.
STAGE = "seed_scale_model3d"


def send_models(world: World, numbers: Numbers, *, categories: np.ndarray, tags: np.ndarray) -> list[str]:
    """Models and their tags, with the search vectors; the titles by place.

    `categories` and `tags` are the keys of those, in the order of the words.
    """
    links, tagged = tag_links(world.rng("tags"), world.models)
    through = Model3D.tags.through
    keys = numbers.give(through, len(links))
    numbers.give(Model3D, world.models.count)
    columns = {"id": keys, "model3d_id": numbers.of(Model3D, links), "tag_id": tags[tagged]}
    copy_arrays(through, len(links), columns)
    titles: list[str] = []
    table = Model3D._meta.db_table
    with connection.cursor() as cursor:
        # The words of each model are looked up by it, and the table's own index is away.
        cursor.execute(f"CREATE INDEX {STAGE}_tags ON {through._meta.db_table} (model3d_id)")
        cursor.execute(f"ANALYZE {through._meta.db_table}")
        cursor.execute(f"CREATE UNLOGGED TABLE {STAGE} AS SELECT * FROM {table} WITH NO DATA")  # noqa: S608
        columns = copy_lines(Model3D, MODEL_COLUMNS, _models(world, numbers, categories, titles), into=STAGE)
        names = ", ".join(connection.ops.quote_name(name) for name in columns)
        cursor.execute(f"INSERT INTO {table} ({names}, search_vector) SELECT {names}, {VECTOR} FROM {STAGE}")  # noqa: S608
        cursor.execute(f"DROP TABLE {STAGE}")
        cursor.execute(f"DROP INDEX {STAGE}_tags")
    return titles


def _models(world: World, numbers: Numbers, categories: np.ndarray, titles: list[str]) -> Iterator[str]:
    models, count = world.models, world.models.count
    licenses = License.values
    sales = world.sales
    likes = np.bincount(world.likes.what, minlength=count)
    comments = np.bincount(world.comments.model[~world.comments.removed], minlength=count)
    downloads = np.bincount(sales.downloads.what, minlength=count)
    sold = np.bincount(sales.model[sales.sold], minlength=count)
    seen = np.bincount(world.days.model, world.days.views, count).astype(int) + likes * 9
    rows = zip(
        wordings(models),
        numbers.of(Model3D, np.arange(count)).tolist(), numbers.of(ModelFile, np.arange(count)).tolist(),
        numbers.of(User, models.creator).tolist(), categories[models.category].tolist(),
        (models.cents // 100).tolist(), models.license.tolist(), _letters(models.ai_training),
        _letters(models.mature), models.visibility.tolist(), models.size.tolist(), models.triangles.tolist(),
        models.texture.tolist(), _letters(models.animated), _letters(models.rigged), _letters(models.texture > 0),
        _letters(models.pbr), _letters(models.watertight), _letters(models.uv), _letters(models.finding < 3),
        _letters(models.finding < 2), models.targets, _letters(models.listed), seen.tolist(), likes.tolist(),
        downloads.tolist(), comments.tolist(), sold.tolist(),
        world.days.trending(count, world.now.astype("datetime64[D]")).tolist(), models.status.tolist(),
        _letters(models.switched_on), moments(models.created).tolist(),
        np.where(models.status == DRAFT, "\\N", moments(models.created)).tolist(),
        np.where(models.approved, moments(models.published), "\\N").tolist(),
        np.where(models.listed, moments(models.published), "\\N").tolist(), moments(models.published).tolist(),
        strict=True,
    )  # fmt: skip
    for (
        wording, key, file, creator, category, price, license_, ai, mature, visibility, size, triangles, texture,
        animated, rigged, textured, pbr, watertight, uv, valid, clean, targets, listed, views, liked, loaded, said,
        sales_count, trending, status, on, created, submitted, published, announced, updated,
    ) in rows:  # fmt: skip
        title = wording.title
        titles.append(title)
        yield (
            f"{key}\t{creator}\t{category}\t{title}\t{wording.description}\t{price}\t{licenses[license_]}\t{ai}"
            f"\t{mature}\t{VISIBILITIES[visibility]}\t{file}\t{size}\t{{glb}}\t{triangles}\t{triangles * 5 // 9 + 2}"
            f"\t{texture}\t{animated}\t{rigged}\tt\t{textured}\t{pbr}\t{watertight}\t{uv}\t{valid}\t{clean}"
            f"\t{targets}\t{listed}\t{views}\t{liked}\t{loaded}\t{said}\t{sales_count}\t{trending}"
            f"\t{STATUSES[status]}\t{on}\t{created}\t{submitted}\t{published}\t{announced}\t{updated}"
        )


def _letters(flags: np.ndarray) -> list[str]:
    return np.where(flags, "t", "f").tolist()


def send_files(world: World, numbers: Numbers, pictures: Pictures) -> None:
    """A ready GLB of each model with its measures, findings and shape; models of a category share their pictures."""
    models, rng = world.models, world.rng("files")
    keys = numbers.give(ModelFile, models.count)
    hexadecimal = rng.integers(0, 256, 32 * models.count, np.uint8).tobytes().hex().encode()
    columns = {
        "id": keys,
        "public_id": uuids(rng, models.count),
        "model_id": numbers.of(Model3D, np.arange(models.count)),
        "size": models.size,
        "sha256": np.frombuffer(hexadecimal, "V64"),
        "processed_at": models.created,
        "created_at": models.created,
        "updated_at": models.created,
    }
    for name, paths in pictures.paths.items():
        columns[name] = fixed(paths)[models.category]
    same = {"original_name": "model.glb", "state": ModelFile.State.READY.value}
    for some, approval in ((models.approved, {"approved_at": models.published}), (~models.approved, {})):
        chosen = {name: values[some] for name, values in {**columns, **approval}.items()}
        copy_arrays(ModelFile, int(some.sum()), {**chosen, **same})
    numbers.give(Inspection, models.count)
    copy_lines(Inspection, INSPECTION_COLUMNS, _inspections(world, numbers))
    found = np.flatnonzero(models.finding)
    numbers.give(Finding, len(found))
    columns = ["id", "file_id", "step", "severity", "code", "message", "remedy"]
    copy_lines(Finding, columns, _findings(world, numbers, found))
    _send_shapes(world, numbers.give_as(Fingerprint, ModelFile))


def _inspections(world: World, numbers: Numbers) -> Iterator[str]:
    models = world.models
    rows = zip(
        numbers.of(Inspection, np.arange(models.count)).tolist(),
        numbers.of(ModelFile, np.arange(models.count)).tolist(), models.triangles.tolist(), models.parts.tolist(),
        models.texture.tolist(), models.texture_memory.tolist(), models.animated.tolist(), models.rigged.tolist(),
        models.watertight.tolist(), models.uv.tolist(), models.pbr.tolist(), models.size.tolist(),
        (models.cents > 0).tolist(), models.extent.tolist(), moments(models.created).tolist(), strict=True,
    )  # fmt: skip
    for (
        key, file, triangles, parts, texture, memory, animated, rigged, watertight, uv, pbr, size, paid, (x, y, z), at,
    ) in rows:  # fmt: skip
        shown = max(triangles * 3 // 5, min(triangles, 5000)) if paid else triangles
        tight = "true" if watertight else "false"
        details = (
            f'{{"preflight": {{"format": "glb", "size": {size}}}, "gltf": {{"triangles": {triangles},'
            f' "plain_materials": {0 if pbr else parts}, "unlit_materials": 0, "paid": {"true" if paid else "false"},'
            f' "preview": {{"size": {size // 4 + 900}, "triangles": {shown},'
            f' "max_texture_size": {min(texture, 1024)}}}}}, "poster": {{}},'
            f' "geometry": {{"watertight": {tight}}}, "fingerprint": {{"version": {VERSION}, "has_surface": true}}}}'
        )
        yield (
            f"{key}\t{file}\t{triangles}\t{triangles * 5 // 9 + 2}\t{parts}\t{parts}\t{parts}\t{int(texture > 0)}"
            f"\t{texture}\t{memory}\t{int(animated)}\t{'t' if rigged else 'f'}\t{20 + parts if rigged else 0}"
            f"\t{int(uv)}\t[{-x}, 0, {-z}]\t[{x}, {y}, {z}]\t{tight}\t{details}\t{at}\t{at}"
        )


def _findings(world: World, numbers: Numbers, found: np.ndarray) -> Iterator[str]:
    rows = zip(
        numbers.of(Finding, np.arange(len(found))).tolist(),
        numbers.of(ModelFile, found).tolist(),
        world.models.finding[found].tolist(),
        strict=True,
    )
    for key, file, level in rows:
        severity, codes = FINDINGS[level]
        code = codes[key % len(codes)]
        message, remedy = WORDS[code]
        yield f"{key}\t{file}\tgltf\t{severity}\t{code}\t{message}\t{remedy}"


def _send_shapes(world: World, files: np.ndarray) -> None:
    """In parts, since a million of them fill memory."""
    rng, count = world.rng("shapes"), len(files)
    shapes = draw_shapes(rng, count, DIMENSIONS)
    for start in range(0, count, SHAPES_AT_ONCE):
        part = slice(start, start + SHAPES_AT_ONCE)
        size = len(files[part])
        columns = {
            "file_id": files[part],
            "vector": vectors(shapes[part]),
            "handedness": floats_array(np.round(rng.normal(0, 0.1, (size, 6)), 4)),
            "scale": np.exp(rng.normal(-0.5, 1, size)),
            "version": VERSION,
        }
        copy_arrays(Fingerprint, size, columns)
