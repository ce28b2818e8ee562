"""Search by shape among strangers: how often a changed copy of a sample finds its original first.

    SAMPLES_DIR=... python -m bench.shapes [--distractors 10000] [--turns 3]

Every sample of 500 triangles or more goes through the pipeline as an upload does, and so its fingerprint lies in a
scratch database among those of 10,000 other shapes (`bench/distractors.py`; one in ten is a sample bent into another
shape). Then copies of each sample, with their triangles renumbered, are looked for with `marketplace.shapes.nearest`,
as the site does it: turned, scaled, thinned to half of the triangles by meshoptimizer, mirrored, and all at once. A
copy has found its original where the first result is it, or another file of the same shape. What was measured is
kept in var/bench/ for the next run. Exit code 1 where a figure misses its aim.
"""

import argparse
import os
import sys
import time
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from bench import distractors
from bench.copies import KEPT, LEAST_TRIANGLES, Sample, copies_of, halves_of, load_samples
from bench.scratch import scratch_site
from marketplace.processing.shape import VERSION
from marketplace.processing.shape.descriptor import vector_of
from marketplace.processing.shape.surface import Surface

LEAST_SAMPLES = 30
# One distractor in so many is a sample bent into another shape.
COUSINS_EVERY = 10
# Share of copies, in percent, that have to find their original first; of the last it is only said.
AIMS = {"turned": 95, "scaled": 95, "halved": 90, "mirrored": 90, "all at once": None}


def fingerprint(corners: np.ndarray) -> np.ndarray:
    """As the pipeline rounds and the table keeps it."""
    return vector_of(Surface.of(corners)).astype(np.float32)


# ------------------------------------------------------------------ the strangers


def strangers(samples: list[Sample], count: int) -> np.ndarray:
    """Fingerprints of the distractors (count, dimensions); kept for the next run with the same way of measuring."""
    kept = KEPT / f"distractors-{distractors.EDITION}-v{VERSION}-{count}.npy"
    if not kept.exists():
        started = time.monotonic()
        light = [sample.corners[:: max(1, len(sample.corners) // 20_000)] for sample in samples]
        with ProcessPoolExecutor(initializer=_share, initargs=(light,)) as pool:
            vectors = np.stack(list(pool.map(_stranger, range(count), chunksize=50)))
        KEPT.mkdir(parents=True, exist_ok=True)
        np.save(kept, vectors)
        print(f"{count:,} distractors made and measured in {time.monotonic() - started:.0f} s")
    return np.load(kept)


_light: list[np.ndarray] = []


def _share(light: list[np.ndarray]) -> None:
    _light[:] = light


def _stranger(number: int) -> np.ndarray:
    if number % COUSINS_EVERY == 0:
        place = number // COUSINS_EVERY
        return fingerprint(distractors.cousin(_light[place % len(_light)].astype(np.float64), place))
    return fingerprint(distractors.distractor(number))


# ------------------------------------------------------------------ the search


def seed(samples: list[Sample], originals: list[np.ndarray], vectors: np.ndarray) -> None:
    """A listed model for each fingerprint; those of the samples carry the sample's name."""
    from django.db import connection
    from django.utils import timezone

    from accounts.models import User
    from marketplace.models import Category, Fingerprint, Model3D, ModelFile

    now = timezone.now()
    creator = User.objects.create(username="maker", email="maker@example.org", user_type="creator")
    shelf = Category.objects.create(name="Shapes", slug="shapes")
    titles = [sample.name for sample in samples] + [f"Stranger {number}" for number in range(len(vectors))]
    models = Model3D.objects.bulk_create(
        [
            Model3D(
                creator=creator,
                category=shelf,
                title=title,
                status="approved",
                submitted_at=now,
                published_at=now,
            )
            for title in titles
        ],
        batch_size=1000,
    )
    files = ModelFile.objects.bulk_create(
        [ModelFile(model=model, original="o.glb", original_name="o.glb", state="ready") for model in models],
        batch_size=1000,
    )
    for model, file in zip(models, files, strict=True):
        model.current_file = file
    Model3D.objects.bulk_update(models, ["current_file"], batch_size=1000)
    Fingerprint.objects.bulk_create(
        [
            Fingerprint(file=file, vector=vector, handedness=[0.0] * 6, scale=1.0, version=VERSION)
            for file, vector in zip(files, [*originals, *vectors], strict=True)
        ],
        batch_size=1000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def look_for(samples: list[Sample], copies: list[tuple[int, str, np.ndarray]]) -> dict[str, list[bool]]:
    """For each change whether each copy found its original first; says which did not, and how long a search took."""
    from marketplace.models import Model3D
    from marketplace.shapes import nearest

    same = defaultdict(set)
    for one, sample in enumerate(samples):
        same[one] = {other.name for other in samples if other is sample or sample.is_same_shape_as(other)}
    groups = {tuple(sorted(names)) for names in same.values() if len(names) > 1}
    for names in sorted(groups):
        print(f"the same shape: {', '.join(names)}")
    found, seconds = defaultdict(list), []
    for place, change, vector in copies:
        started = time.perf_counter()
        first = nearest(vector, among=Model3D.objects.listed(), limit=1)
        seconds.append(time.perf_counter() - started)
        hit = bool(first) and first[0].model.title in same[place]
        found[change].append(hit)
        if not hit:
            print(f"  {samples[place].name}, {change}: {first[0].model.title} at {first[0].distance:.3f}")
    print(f"a search takes {1000 * np.median(seconds):.1f} ms (median), {1000 * max(seconds):.1f} ms at most")
    print(f"fingerprints are read by: {_plan(copies[0][2])}")
    return found


def _plan(vector: np.ndarray) -> str:
    """What the planner reads fingerprints by."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from marketplace.models import Model3D
    from marketplace.shapes import nearest

    with CaptureQueriesContext(connection) as queries:
        nearest(vector, among=Model3D.objects.listed(), limit=24)
    search = next(query["sql"] for query in queries if "shape_distance" in query["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {search}")
        lines = [line.strip(" ->") for (line,) in cursor.fetchall()]
    return next(
        line.split("  ")[0]
        for line in lines
        if "marketplace_fingerprint" in line or "fingerprint_nearest" in line
    )


def report(found: dict[str, list[bool]]) -> bool:
    """Print each figure; whether all reach their aims."""
    good = True
    for change, aim in AIMS.items():
        percent = 100 * float(np.mean(found[change]))
        verdict = "" if aim is None else f" (at least {aim}): {'PASS' if percent >= aim else 'FAIL'}"
        good &= aim is None or percent >= aim
        print(
            f"{change:>12}: {percent:5.1f} % of {len(found[change])} copies find their original first{verdict}"
        )
    return good


def measure(samples: list[Sample], turns: int) -> tuple[list[np.ndarray], list[tuple[int, str, np.ndarray]]]:
    """Fingerprints of the samples, and of their copies with the place of the sample and the name of the change."""
    halves = halves_of(samples)
    shares = [len(half) / len(sample.corners) for half, sample in zip(halves, samples, strict=True)]
    print(
        f"thinned to {100 * np.median(shares):.0f} % of the triangles (median), {100 * max(shares):.0f} % at most"
    )
    originals = [fingerprint(sample.corners) for sample in samples]
    copies = [
        (place, change, fingerprint(copy))
        for place, (sample, half) in enumerate(zip(samples, halves, strict=True))
        for change, copy in copies_of(sample, half, turns, place)
    ]
    return originals, copies


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--distractors", type=int, default=10_000)
    parser.add_argument("--turns", type=int, default=3)
    options = parser.parse_args()
    if "SAMPLES_DIR" not in os.environ:
        print("Not measured: SAMPLES_DIR names no folder of sample files.")
        return 0
    samples = load_samples(Path(os.environ["SAMPLES_DIR"]))
    print(f"{len(samples)} samples of {LEAST_TRIANGLES} triangles or more (at least {LEAST_SAMPLES})")
    originals, copies = measure(samples, options.turns)
    vectors = strangers(samples, options.distractors)
    with scratch_site():
        seed(samples, originals, vectors)
        good = report(look_for(samples, copies))
    return 0 if good and len(samples) >= LEAST_SAMPLES else 1


if __name__ == "__main__":
    sys.exit(main())
