"""Comparisons of a model's files with what lies outside them: the creator's words, and each other."""

from marketplace.actions.findings import replace_findings
from marketplace.agreement import disagreements
from marketplace.claims import Measures, Words, contradictions
from marketplace.models import Finding, Inspection, Model3D, ModelFile
from marketplace.processing.types import Step


def compare(model: Model3D) -> None:
    """Hold words and formats of a model against the measures anew. Idempotent; the caller holds the model's lock.

    To be called whenever words change, a file becomes ready or goes, or another one is shown. Words are compared with
    the file that is shown, each format with the one that was there first.
    """
    files = _measured_files(model)
    measures = {file.pk: measures_of(file) for file in files}
    replaced = set()
    for file in files:
        if file.pk == model.current_file_id:
            others = tuple(measures[other.pk] for other in files if other.pk != file.pk)
            found = contradictions(_words(model), measures[file.pk], others)
            replace_findings(file, Finding.Check.CLAIMS, found)
            replaced.add((file.pk, Finding.Check.CLAIMS))
        if file.pk != files[0].pk:
            found = disagreements(measures[files[0].pk], measures[file.pk])
            replace_findings(file, Finding.Check.FORMATS, found)
            replaced.add((file.pk, Finding.Check.FORMATS))
    compared = Finding.objects.open().filter(
        file__model=model, step__in=[Finding.Check.CLAIMS, Finding.Check.FORMATS]
    )
    gone = [
        pk
        for pk, file_id, step in compared.values_list("pk", "file", "step")
        if (file_id, step) not in replaced
    ]
    Finding.objects.filter(pk__in=gone).update(is_resolved=True)
    model.refresh_findings()


def _measured_files(model: Model3D) -> list[ModelFile]:
    """The newest processed file of each format of which anything was measured, first come first."""
    newest = model.files.included().processed().newest_of_each_format().select_related("inspection")
    measured = [file for file in newest if is_measured(file)]
    return sorted(measured, key=lambda file: file.pk)


def is_measured(file: ModelFile) -> bool:
    """Whether anything of it can be held against words."""
    inspection = getattr(file, "inspection", None)
    return inspection is not None and Step.GLTF.value in inspection.details


def _words(model: Model3D) -> Words:
    tags = tuple(model.tags.order_by("name").values_list("name", flat=True))
    return Words(title=model.title, description=model.description, tags=tags)


def measures_of(file: ModelFile) -> Measures:
    """What was measured of a file that `is_measured`, as claims are held against it."""
    inspection: Inspection = file.inspection
    measured = inspection.details[Step.GLTF.value]
    return Measures(
        format=file.format,
        triangles=inspection.triangles,
        vertices=inspection.vertices,
        meshes=inspection.meshes,
        materials=inspection.materials,
        textures=inspection.textures,
        max_texture_size=inspection.max_texture_size,
        animations=inspection.animations,
        is_rigged=inspection.is_rigged,
        uv_sets=inspection.uv_sets,
        is_watertight=inspection.is_watertight,
        plain_materials=measured.get("plain_materials"),
        unlit_materials=measured.get("unlit_materials"),
        dropped=tuple(inspection.details.get(Step.CONVERT, {}).get("dropped", ())),
        size=tuple(inspection.dimensions) if inspection.dimensions else None,
    )
