"""What can be handed in for a bounty, and how what was measured of it stands beside what was asked for."""

from dataclasses import dataclass

from commerce.models import Bounty, Dispute
from marketplace.models import Finding, Model3D, ModelFile

# Where `Model3D` says what was measured of its file.
MEASURED = {
    Bounty.Want.PBR: "has_pbr",
    Bounty.Want.TEXTURES: "has_textures",
    Bounty.Want.UV: "has_uv",
    Bounty.Want.RIG: "has_rigging",
    Bounty.Want.ANIMATIONS: "has_animations",
    Bounty.Want.WATERTIGHT: "is_watertight",
}


def is_frozen(bounty: Bounty) -> bool:
    """Whether a bank decides about the money that is held: it goes nowhere meanwhile.

    Instance twin of `BountyQuerySet.frozen`.
    """
    return bounty.payment_id is not None and Dispute.objects.open().filter(payment=bounty.payment_id).exists()


def has_protected_preview(model: Model3D) -> bool:
    """Whether the preview of its file shows less than the file: that of a free model is the model itself."""
    return model.is_paid and bool(model.current_file and model.current_file.preview)


def reason_against_model(model: Model3D) -> str:
    """Why its creator cannot hand `model` in, as a sentence; empty where they can. Needs its card data."""
    if model.deleted_at is not None or model.is_removed:
        return f"“{model.title}” is no longer on the site."
    if model.is_open_to_all:
        return f"“{model.title}” is on the marketplace, where everybody can get it. Hand in work for this bounty."
    if model.sales_count:
        return f"“{model.title}” has been sold before. Hand in work for this bounty."
    if model.current_file is None:
        return f"“{model.title}” has no processed file yet."
    if not model.is_paid:
        return f"Give “{model.title}” a price first: the preview of a free model is the model itself."
    if not has_protected_preview(model):
        return f"The protected preview of “{model.title}” is still being made."
    return ""


@dataclass(frozen=True)
class Check:
    """One thing that was asked for, beside what was measured; `is_met` is None for what was only measured."""

    label: str
    wanted: str
    measured: str
    is_met: bool | None = None


def checks_of(bounty: Bounty, model: Model3D) -> list[Check]:
    """Each of the bounty's measurable wishes against the file that the model shows, then what else was measured."""
    most = bounty.max_triangles
    found = [
        Check(
            f"{ModelFile.Format(name).label} file",
            "Wanted",
            "Included" if name in model.file_formats else "Not included",
            name in model.file_formats,
        )
        for name in bounty.wanted_formats
    ]
    found.append(
        Check(
            "Triangles",
            f"At most {most:,}" if most else "",
            f"{model.poly_count:,}",
            model.poly_count <= most if most else None,
        )
    )
    for want in bounty.wants:
        is_met = getattr(model, MEASURED[Bounty.Want(want)])
        found.append(Check(Bounty.Want(want).label, "Wanted", "Yes" if is_met else "No", is_met))
    return [*found, _textures(model), _findings(model)]


def _textures(model: Model3D) -> Check:
    size = model.texture_resolution
    return Check("Largest texture", "", f"{size:,} px" if size else "None")


def _findings(model: Model3D) -> Check:
    serious = model.current_file.findings.open().for_buyers().serious() if model.current_file else []
    errors = sum(finding.severity == Finding.Severity.ERROR for finding in serious)
    warnings = len(serious) - errors
    if not serious:
        return Check("Validation", "", "No errors, no warnings", True)
    counts = [(errors, "error"), (warnings, "warning")]
    words = ", ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in counts if count)
    return Check("Validation", "", words, False if errors else None)
