"""Real sample files through the whole pipeline (`SAMPLES_DIR`; the full run only in `make test-all`)."""

import pytest

from marketplace.processing.table import contact_sheet, process, process_folder
from marketplace.processing.types import GIB, MIB, Reduction

# Flaws that viewers forgive and that can be mended: ready with findings is right for it.
MENDABLE = {"BoxBadNormals.glb"}


def test_hostile_and_broken_samples_are_refused_in_little_memory(samples_dir, tmp_path):
    rows = []
    for folder in ("hostile", "broken"):
        rows += process_folder(samples_dir / folder, tmp_path / folder, Reduction(paid=False), skip=MENDABLE)

    assert rows
    for row in rows:
        assert row.status == "refused", row
        assert row.reason.endswith("."), row
        assert row.peak_memory < 400 * MIB, row


def test_one_sample_becomes_ready(samples_dir, tmp_path):
    row = process(samples_dir / "glb" / "Fox.glb", tmp_path, Reduction(paid=True))

    assert row.status == "ready", row
    assert row.poster.exists()


@pytest.mark.full
def test_at_least_95_percent_of_the_samples_become_ready_with_a_poster(samples_dir, tmp_path):
    rows = list(process_folder(samples_dir / "glb", tmp_path, Reduction(paid=False)))

    failed = [row for row in rows if row.status != "ready" or row.poster is None]
    assert len(failed) <= len(rows) * 0.05, failed
    assert all(row.reason for row in failed)
    assert max(row.peak_memory for row in rows) < 3 * GIB
    assert contact_sheet(rows).size[0] > 0
