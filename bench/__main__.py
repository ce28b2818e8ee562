"""Run every benchmark in turn and print its figures: `python -m bench [name ...] [options of the one named]`."""

import itertools
import subprocess
import sys

BENCHMARKS = {
    "pipeline_overhead": "the processing pipeline over the bare tools on the same file (at most 1.2)",
    "throughput": "how busy 100 queued GLBs of 5 MB keep every core, over 85 % (at least 1)",
    "marketplace_page": "requests a second of the marketplace page over a bare view of the same cards (at least 1)",
    "upload_memory": "growth of the web process while 1 GiB is uploaded (under 64 MiB)",
    "tus": "a tus upload of 1 GiB over a bare view that writes the body to a file (at least 0.5, under 64 MiB)",
    "embed": "the embedded view on a slow phone (usable within 2.5 s), and over a bare three.js page",
    "download_memory": "growth of the web process while 1 GiB is downloaded (under 64 MiB)",
    "shapes": "changed copies of samples that search by shape finds first among 10,000 others (95, 95, 90, 90 %)",
    "marketplace_scale": "lists and search at 1,000,000 models over 10,000 (at most 2, SQL under 150 ms; loads 8 GB)",
    "dashboard": "pages of a creator with 1,000,000 sales over those of one with 1,000 (at most 2)",
    "console": "the console over 1,000,000 models over the same at 1,000 (at most 2; loads 8 GB)",
    "checkout": "sandbox checkout under 20 buyers over a bare view that inserts one row, same server (at least 0.25)",
    "community_scale": "pages of a community of 1,000,000 posts over those of one of 100 (at most 1.5)",
    "community_sockets": "a post to 1,000 sockets over a bare echo to as many (at most 4); ten minutes without a loss",
    "message_delivery": "a direct message until it is there over a bare group_send (at most 3)",
    "nginx": "the marketplace page through nginx and granian over granian alone (at least 0.9)",
    "support_desk": "queues, search, a ticket and figures of the desk at 100,000 tickets over 1,000 (at most 2)",
    "campaigns": "a campaign to 100,000 over one to 1,000: mails a second (at least 0.5), growth (under 64 MiB)",
    "fuzz": "damaged files through the pipeline (nothing of ours may break; only when named: it takes ten minutes)",
}
ONLY_WHEN_NAMED = {"fuzz"}


def main() -> int:
    names = list(itertools.takewhile(lambda word: not word.startswith("-"), sys.argv[1:]))
    options = sys.argv[1 + len(names) :]
    chosen = names or [name for name in BENCHMARKS if name not in ONLY_WHEN_NAMED]
    unknown = [name for name in chosen if name not in BENCHMARKS]
    if unknown:
        sys.stderr.write(f"No benchmark named {', '.join(unknown)}; there are: {', '.join(BENCHMARKS)}.\n")
        return 2
    failed = []
    for name in chosen:
        sys.stdout.write(f"\n== {name}: {BENCHMARKS[name]}\n")
        sys.stdout.flush()
        if subprocess.run([sys.executable, "-m", f"bench.{name}", *options], check=False).returncode:
            failed.append(name)
    if failed:
        sys.stdout.write(f"\nfailed: {', '.join(failed)}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
