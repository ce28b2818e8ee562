"""Sandbox checkout under 20 buyers at a time against a bare view that inserts one row in a transaction.

    python -m bench.checkout [--pairs 6] [--seconds 6] [--buyers 20]

All under granian (WSGI, one worker of 16 threads, DEBUG off) on one scratch database. The bare view lies beside the
site's pages, in the same process and behind the same middleware; how often it is answered without any middleware is
printed too. A checkout is one buyer's way from the checkout page's button to the receipt, three requests: the order is
placed and made known to the sandbox, a test card is chosen on its page, and the receipt is read, which asks the sandbox
and hands over: at the end the model is in the library. All that is decided about money and access happens in these
three requests (locks, ledger, purchase, counters). The webhook, and receipt, messages and invoice afterwards, are a
worker's: queued here, and none takes from the queues meanwhile; what they take a worker is measured at the end. Each
checkout is another buyer's, for one of 40 models of as many creators, who has looked at the site within five minutes.

They are measured in turn by as many connections as there are buyers, and the ratio of each pair is taken, since a busy
machine slows both. Exit code 1 where the median ratio of requests a second is below `LEAST`, or something that was paid
for was not handed over and told of.
"""

import argparse
import http.client
import itertools
import json
import statistics
import sys
import threading
import time
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import urlencode, urlsplit

from bench.marketplace_page import free_port, server, wait_for
from bench.marketplace_page import seed as seed_models
from bench.scratch import scratch_site

LEAST = 0.25
MODELS = 40
PRICE = Decimal("12.00")
PRINTED = 30
STEPS = ("place", "pay", "receipt")


@dataclass(frozen=True)
class Buyer:
    """Somebody signed in with one model in the cart."""

    cookies: str
    token: str
    form: str


@dataclass
class Taken:
    """What was done in one measurement, and how long each step took."""

    checkouts: int = 0
    requests: int = 0
    wall: float = 0
    steps: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))


def seed(count: int) -> list[Buyer]:
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.cached_db import SessionStore
    from django.core.cache import cache
    from django.utils.crypto import get_random_string

    from accounts.models import User
    from bench.dashboard import people
    from commerce.models import CartItem
    from marketplace.models import Model3D

    seed_models(MODELS)
    Model3D.objects.update(price=PRICE)
    models = list(Model3D.objects.order_by("pk"))
    buyers = people("buyer", count, full_name="Ana Ruiz")
    CartItem.objects.bulk_create(
        CartItem(user=buyer, model=models[place % MODELS], price_when_added=PRICE)
        for place, buyer in enumerate(buyers)
    )
    seeded = []
    for place, buyer in enumerate(User.objects.filter(pk__in=[one.pk for one in buyers]).order_by("pk")):
        session = SessionStore()
        session[SESSION_KEY] = str(buyer.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = buyer.get_session_auth_hash()
        session.create()
        # Who checks out has put something into a cart before.
        cache.add(f"session-seen:{session.session_key}", True, 3600)
        token = get_random_string(32)
        cookies = f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={token}"
        seeded.append(Buyer(cookies, token, _checkout_form(models[place % MODELS].pk, buyer.email, token)))
    return seeded


def _checkout_form(model_id: int, email: str, token: str) -> str:
    shown = {"prices": {str(model_id): str(PRICE)}, "discount": "0.00", "tax": "0.00", "total": str(PRICE)}
    return urlencode(
        {
            "csrfmiddlewaretoken": token,
            "checkout_key": str(uuid.uuid4()),
            "shown": json.dumps(shown),
            "name": "Ana Ruiz",
            "email": email,
            "country": "ES",
            "method": "card",
            "terms": "on",
        }
    )


def check_out(connection: http.client.HTTPConnection, buyer: Buyer, taken: Taken) -> None:
    from commerce.gateways.sandbox.sources import CARD_SUCCEEDS

    card = urlencode({"csrfmiddlewaretoken": buyer.token, "card": CARD_SUCCEEDS.number})
    address, bodies = "/checkout/", {"place": buyer.form, "pay": card, "receipt": None}
    for step in STEPS:
        headers = {"Cookie": buyer.cookies, "User-Agent": "Mozilla/5.0 (bench)"}
        if bodies[step] is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        connection.request("POST" if bodies[step] else "GET", address, bodies[step], headers)
        answer = connection.getresponse()
        page = answer.read()
        taken.steps[step].append(time.perf_counter() - began)
        taken.requests += 1
        expected = 200 if step == "receipt" else 302
        assert answer.status == expected, f"{step} at {address}: {answer.status} {page[:500]}"
        where = urlsplit(answer.getheader("Location") or "")
        address = f"{where.path}?{where.query}" if where.query else where.path
    taken.checkouts += 1


def insert_row(connection: http.client.HTTPConnection, buyer: Buyer, taken: Taken) -> None:
    headers = {"Cookie": buyer.cookies, "User-Agent": "Mozilla/5.0 (bench)"}
    connection.request("GET", "/bench/row/", headers=headers)
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 200, answer.status
    taken.requests += 1


def run(port: int, what, buyers, connections: int, seconds: float) -> Taken:
    """`what` by as many at a time as there are connections, for so many seconds."""
    deadline = time.monotonic() + seconds
    measures, lock = [], threading.Lock()

    def work() -> None:
        taken = Taken()
        connection = http.client.HTTPConnection("localhost", port, timeout=60)
        while time.monotonic() < deadline:
            with lock:
                buyer = next(buyers, None)
            assert buyer is not None, "not enough buyers were made: give --stock"
            what(connection, buyer, taken)
        connection.close()
        measures.append(taken)

    began = time.monotonic()
    threads = [threading.Thread(target=work) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(measures) == connections, "a buyer failed"
    total = Taken(
        checkouts=sum(one.checkouts for one in measures),
        requests=sum(one.requests for one in measures),
        wall=time.monotonic() - began,
    )
    for one in measures:
        for step, times in one.steps.items():
            total.steps[step] += times
    return total


def measure(buyers: list[Buyer], options) -> float:
    ours, bare = free_port(), free_port()
    left, anybody = iter(buyers), itertools.cycle(buyers)
    ratios, medians = [], defaultdict(list)
    with (
        server("bench.row_settings", ours, threads=16),
        server("bench.bare_row_settings", bare, threads=16),
    ):
        wait_for(f"http://localhost:{ours}/healthz")
        wait_for(f"http://localhost:{bare}/bench/row/")
        for pair in range(options.pairs + 1):
            bought = run(ours, check_out, left, options.buyers, options.seconds)
            rows = run(ours, insert_row, anybody, options.buyers, options.seconds)
            barest = run(bare, insert_row, anybody, options.buyers, options.seconds)
            if pair == 0:
                continue  # The first pair warms both up.
            rate, row_rate = bought.requests / bought.wall, rows.requests / rows.wall
            ratios.append(rate / row_rate)
            for step in STEPS:
                medians[step].append(statistics.median(bought.steps[step]))
            print(
                f"pair {pair}: {bought.checkouts / bought.wall:5.1f} checkouts/s ({rate:6.1f} requests/s),"
                f" rows {row_rate:6.1f}/s, {ratios[-1]:.2f};"
                f" rows without middleware {barest.requests / barest.wall:6.1f}/s",
                flush=True,
            )
    steps = ", ".join(f"{step} {1000 * statistics.median(medians[step]):.0f} ms" for step in STEPS)
    ratio = statistics.median(ratios)
    print(f"steps with {options.buyers} buyers at a time: {steps}")
    print(
        f"ratio: median {ratio:.2f}, {min(ratios):.2f} to {max(ratios):.2f} (at least {LEAST})",
    )
    return ratio


def finish_orders() -> bool:
    """What is left to workers, by one of them: everybody is told, and of some orders the invoice is printed."""
    from commerce.actions.telling import tell_of
    from commerce.models import Order
    from commerce.tasks import print_invoice
    from core.models import OutgoingMail

    orders = list(Order.objects.completed().order_by("pk"))
    began = time.perf_counter()
    told = sum(tell_of(order) for order in orders)
    telling = (time.perf_counter() - began) / max(told, 1)
    began = time.perf_counter()
    for order in orders[:PRINTED]:
        print_invoice(order.pk)
    printing = (time.perf_counter() - began) / PRINTED
    mails = OutgoingMail.objects.filter(kind__in=["commerce/receipt", "commerce/sale"]).count()
    print(
        f"afterwards, by a worker: {1000 * telling:.1f} ms an order for receipt and message to the seller"
        f" ({told} orders, {mails} mails), {1000 * printing:.1f} ms for the invoice"
    )
    return told == len(orders) and mails == 2 * told


def is_all_handed_over() -> bool:
    """Nothing was lost on the way: every order that was paid has its purchase, and the ledger balances."""
    from commerce.auditing import CHECKS, failures
    from commerce.models import Order, Purchase

    completed = Order.objects.filter(status=Order.Status.COMPLETED).count()
    purchases = Purchase.objects.count()
    wrong = [finding for _check, found in failures(CHECKS) for finding in found]
    print(
        f"{completed} orders completed, {purchases} purchases, {len(wrong)} things out of place in the ledger"
    )
    return completed == purchases > 0 and not wrong


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--buyers", type=int, default=20)
    parser.add_argument("--stock", type=int, default=4000, help="how many people wait to buy")
    options = parser.parse_args()
    with scratch_site():
        from django.core.management import call_command

        call_command("collectstatic", interactive=False, verbosity=0)
        buyers = seed(options.stock)
        ratio = measure(buyers, options)
        return 0 if is_all_handed_over() and finish_orders() and ratio >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
