"""Pages through nginx and granian against granian alone.

    python -m bench.nginx [--models 1000] [--pairs 6] [--seconds 4]

nginx runs with the configuration of deploy/ (its limits on one address taken out, since all of these requests come from
one) before one granian (WSGI, one worker, DEBUG off) on a scratch database. The marketplace page is asked for through
it and past it in turn, by four connections that stay open, and the ratio of each pair is taken, since a busy machine
slows both. How quickly each serves the style sheet is printed for comparing. Exit code 1 where the median ratio is
below `LEAST`.
"""

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path

from bench.marketplace_page import (
    PAGES,
    free_port,
    requests_per_second,
    seed,
    server,
    wait_for,
    with_statistics,
)
from bench.scratch import scratch_site

LEAST = 0.9
STYLES = "/static/dist/site.css"


def measure(pairs: int, seconds: float) -> float:
    from django.conf import settings

    from tests.nginx import Nginx

    ours, ratios = free_port(), []
    os.environ["TRUSTED_PROXY_COUNT"] = "1"
    with tempfile.TemporaryDirectory(prefix="nginx-") as folder, server("config.settings", ours):
        proxy = Nginx(
            Path(folder),
            web=ours,
            sockets=free_port(),
            static=Path(settings.STATIC_ROOT),
            public=Path(settings.MEDIA_ROOT),
            private=Path(settings.PRIVATE_MEDIA_ROOT),
            limits=False,
        )
        wait_for(f"http://localhost:{ours}{PAGES['grid']}")
        with proxy:
            for number in range(pairs + 1):
                through = requests_per_second(proxy.port, PAGES["grid"], seconds)
                past = requests_per_second(ours, PAGES["grid"], seconds)
                if number == 0:
                    continue  # The first pair warms both up.
                ratios.append(through / past)
                print(
                    f"pair {number}: through nginx {through:6.1f}/s, past it {past:6.1f}/s, {ratios[-1]:.2f}"
                )
            through = requests_per_second(proxy.port, STYLES, seconds)
            past = requests_per_second(ours, STYLES, seconds)
            print(f"the style sheet: nginx {through:.0f}/s, granian {past:.0f}/s")
    print(
        f"ratio: median {statistics.median(ratios):.2f}, {min(ratios):.2f} to {max(ratios):.2f} (at least {LEAST})"
    )
    return statistics.median(ratios)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--models", type=int, default=1_000)
    parser.add_argument("--pairs", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=4)
    options = parser.parse_args()
    from tests import nginx

    if nginx.PROGRAM is None:
        print(f"{nginx.MISSING} (Debian: nginx-light): not measured")
        return 0
    with scratch_site():
        from django.core.management import call_command

        call_command("collectstatic", interactive=False, verbosity=0)
        seed(options.models)
        with_statistics()
        ratio = measure(options.pairs, options.seconds)
    return 1 if ratio < LEAST else 0


if __name__ == "__main__":
    sys.exit(main())
