"""Takes one file through its steps in a process of its own, and prints the code of its refusal.

``python -m marketplace.tests.hostile.whole_pipeline SOURCE MEMBER WORKDIR LAST_STEP``
"""

import sys
from pathlib import Path

from marketplace.processing.formats import Source, format_of_name, steps_of
from marketplace.processing.steps import run_step
from marketplace.processing.types import Reduction, Rejected, Step


def main() -> None:
    path, member, workdir, last = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), Step(sys.argv[4])
    file_format = format_of_name(member or path.name)
    shown = Source(path, file_format, member)
    done: dict[Step, dict] = {}
    for step in steps_of(file_format):
        try:
            result = run_step(
                step, source=shown, workdir=workdir, reduction=Reduction(paid=True), previous=dict(done)
            )
        except Rejected as refused:
            sys.stdout.write(refused.code)
            return
        done[step] = result.data
        if made := result.files.get("converted") or result.files.get("poster_source"):
            shown = Source(made)
        if step is last:
            return


if __name__ == "__main__":
    main()
