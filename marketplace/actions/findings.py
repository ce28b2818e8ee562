"""Findings about a file, as rows: a check that runs again replaces what it found before."""

from marketplace.models import Finding, ModelFile
from marketplace.processing.types import FindingData

# Beyond these a creator reads no more; the engine groups repeated ones before.
MAX_FINDINGS = 200
_LENGTHS = {
    name: Finding._meta.get_field(name).max_length for name in ("code", "message", "remedy", "pointer")
}


def replace_findings(file: ModelFile, step: str, found: list[FindingData]) -> None:
    """Store what a run of a check found; what it does not find any more is resolved. Idempotent."""
    rows = {}
    for finding in found[:MAX_FINDINGS]:
        text = {name: clean(getattr(finding, name))[:length] for name, length in _LENGTHS.items()}
        rows.setdefault(
            (text["code"], text["pointer"]), Finding(file=file, step=step, severity=finding.severity, **text)
        )
    file.findings.filter(step=step).update(is_resolved=True)
    Finding.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["file", "code", "pointer"],
        update_fields=["step", "severity", "message", "remedy", "is_resolved"],
    )


def clean(value):
    """Without NUL characters, which PostgreSQL stores neither in text nor in JSON, and without what is no JSON."""
    if isinstance(value, str):
        return value.replace("\0", "�")
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return None
    if isinstance(value, dict):
        return {clean(str(key)): clean(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [clean(item) for item in value]
    return value
