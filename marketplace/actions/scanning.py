"""Uploads before the pipeline opens them: what the malware scanner knows goes no further, what it cannot say waits."""

import logging

from core.models import AuditEntry
from core.scanning import ScannerAway, is_scanning, malware_in
from marketplace.actions import results
from marketplace.leases import Lease
from marketplace.models import ModelFile
from marketplace.processing.types import Rejected, Step

logger = logging.getLogger(__name__)


def passes(lease: Lease, file: ModelFile) -> bool:
    """Whether the pipeline may open the file; False where it is held until the scanner answers again.

    One that carries something stays where it is, in the private storage, which nobody fetches a file from that was
    never ready: its creator can take it away or replace it.

    Raises:
        Rejected: it carries harmful software.
    """
    if not is_scanning():
        return True
    try:
        with file.original.open("rb") as content:
            found = malware_in(content)
    except ScannerAway:
        logger.warning("File %s waits for the malware scanner.", file.pk)
        results.hold_back(lease)
        return False
    if not found:
        return True
    AuditEntry.record(
        actor=None,
        action="file.quarantined",
        target=file.model,
        file=file.pk,
        found=found,
        sha256=file.sha256,
    )
    raise Rejected(
        "malware",
        f"This file carries harmful software ({found}). Nobody can fetch it. Remove it, and upload one that is clean.",
        step=Step.PREFLIGHT,
        detail=found,
    )
