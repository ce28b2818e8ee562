"""A campaign to many over one to few: memory and mails a second, and both over a bare loop of `sendmail`.

    python -m bench.campaigns [--few 1000] [--many 100000] [--mails 2000]

People are written down for the whole campaign; of each, `--mails` are sent to a mail server of Python in a process of
its own on the same machine. All of a mail is in it: the claim, the look at whether its person still wants it, the
finished words, the mark. Exit code 1 where the process grows by more than `MAX_GROWTH` for the many, or sends them at
less than `MIN_RATIO` of the rate of the few.
"""

import argparse
import multiprocessing
import os
import smtplib
import sys
import time

from bench.memory import Peak
from bench.scratch import scratch_site

MAX_GROWTH = 64 * 1024**2
MIN_RATIO = 0.5
SLICE = 60


class Sink:
    """Takes everything and keeps nothing."""

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 (the server's name for it)
        return "250 Taken"


def serve(port: int, is_ready) -> None:
    from aiosmtpd.controller import Controller

    Controller(Sink(), hostname="127.0.0.1", port=port).start()
    is_ready.set()
    time.sleep(3600)


def bare(port: int, mails: int) -> float:
    """Mails a second of the standard library with a finished text, over one connection."""
    text = ("Subject: News\r\n\r\n" + "x" * 70 + "\r\n" * 2) * 100
    with smtplib.SMTP("127.0.0.1", port) as server:
        begun = time.perf_counter()
        for number in range(mails):
            server.sendmail("news@example.com", [f"reader{number}@example.com"], text)
        return mails / (time.perf_counter() - begun)


def measure(people: int, mails: int) -> tuple[float, float, int]:
    """Seconds to write people down, mails a second, and bytes by which the process grew."""
    from support.mailing import gathering
    from support.mailing.sending import send_slice
    from support.models import MailCampaign, MailDelivery
    from support.tests.mailing import begun

    campaign = begun()
    peak = Peak(os.getpid())
    peak.start()
    started = time.perf_counter()
    while gathering.gather_some(campaign.pk):
        pass
    gathered = time.perf_counter() - started
    assert campaign.deliveries.count() == people
    # The others wait for another day.
    left = campaign.deliveries.order_by("pk").values_list("pk", flat=True)[mails:]
    MailDelivery.objects.filter(pk__in=left).update(send_at="2100-01-01T00:00Z")
    started = time.perf_counter()
    while campaign.deliveries.filter(status=MailDelivery.Status.SENT).count() < min(mails, people):
        send_slice(campaign.pk, SLICE)
    rate = min(mails, people) / (time.perf_counter() - started)
    MailCampaign.objects.filter(pk=campaign.pk).delete()
    return gathered, rate, peak.growth()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--few", type=int, default=1000)
    parser.add_argument("--many", type=int, default=100_000)
    parser.add_argument("--mails", type=int, default=2000)
    wanted = parser.parse_args()
    from core.tests.smtp import SmtpServer

    port, is_ready = SmtpServer.free_port(), multiprocessing.Event()
    sink = multiprocessing.Process(target=serve, args=(port, is_ready), daemon=True)
    sink.start()
    is_ready.wait()
    os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
    try:
        with scratch_site():
            from support.tests.mailing import many_who_want_news

            least = bare(port, wanted.mails)
            figures, already = {}, 0
            for people in (wanted.few, wanted.many):
                many_who_want_news(people - already, first=already)
                already = people
                figures[people] = gathered, rate, growth = measure(people, wanted.mails)
                print(
                    f"{people:,} people: written down in {gathered:.1f} s, {rate:.0f} mails a second"
                    f" ({rate / least:.2f} of the bare {least:.0f}), grown by {growth / 1024**2:.1f} MiB"
                )
    finally:
        sink.terminate()
    ratio = figures[wanted.many][1] / figures[wanted.few][1]
    growth = figures[wanted.many][2]
    print(f"many over few: {ratio:.2f} (at least {MIN_RATIO}), {growth / 1024**2:.1f} MiB (under 64)")
    return int(ratio < MIN_RATIO or growth > MAX_GROWTH)


if __name__ == "__main__":
    sys.exit(main())
