"""The console over a marketplace of 1,000,000 models against one of 1,000, in one run, on embedded PostgreSQL.

    python -m bench.console [--models 1000000] [--rounds 20] [--folder DIR]

Two databases of one server are loaded by `seed_scale`, and get what waits for staff: a model in a thousand in review,
as many reports and mails that failed, and ten times as many entries of the audit log; at least as many as fill a page
of either, so that both show as much. Each page
is asked in turn of the small and of the large one by an administrator, since a busy machine slows both. Days that are
over are counted once and kept, as on the site; everything else is asked of the database each time. A request is the
whole of it, from the address to the last byte of the page, through Django's middleware, without a network. Exit code 1
where the 95th percentile takes over twice as long at the large size.
"""

import argparse
import sys
import time
from pathlib import Path

from bench.dashboard import insert
from bench.marketplace_scale import Marketplace, compare
from bench.percentiles import print_head, print_row

MAX_RATIO = 2.0
SMALL = 1_000
WARM_UP = 3
PAGES = {
    "overview": "/admin/",
    "models to review": "/admin/marketplace/model3d/",
    "approved models": "/admin/marketplace/model3d/?state=approved",
    "open reports": "/admin/accounts/report/?state__exact=open",
    "people": "/admin/accounts/user/",
    "people by name": "/admin/accounts/user/?q=ana",
    "search": "/admin/search/?q=chair",
    "search by number": "/admin/search/?q=0123abcd",
    "audit log": "/admin/core/auditentry/",
    "orders": "/admin/commerce/order/",
    "failed mail": "/admin/core/outgoingmail/?status__exact=failed",
}
# One in so many models is in review, and at least so many are.
IN_REVIEW, LEAST = 1_000, 60


class Console(Marketplace):
    """One of the databases, with somebody who may see all of it."""

    def load(self, count: int) -> None:
        from accounts.models import User
        from core.models import OutgoingMail

        super().load(count)
        self.admin = User.objects.filter(username="bench-admin").first()
        if self.admin is None:
            self.admin = User.objects.create_superuser("bench-admin", "bench-admin@example.com")
        if not OutgoingMail.objects.failed().exists():
            self._make_wait(max(count // IN_REVIEW, LEAST))

    def _make_wait(self, count: int) -> None:
        from django.contrib.contenttypes.models import ContentType

        from accounts.models import Report
        from core.models import AuditEntry, OutgoingMail
        from marketplace.models import Model3D

        models = list(
            Model3D.objects.filter(status="approved").order_by("pk").values_list("pk", flat=True)[:count]
        )
        waiting = Model3D.objects.filter(pk__in=models)
        waiting.update(status="pending", published_at=None, version_submitted_at=None)
        content_type = ContentType.objects.get_for_model(Model3D).pk
        numbers = f"generate_series(1, {count}) AS number"
        insert(
            Report, numbers, content_type=str(content_type), object_id="number::text", link="'/'", title="'Chair'",
            reason="'spam'", state="'open'",
        )  # fmt: skip
        insert(
            OutgoingMail, numbers, kind="'test'", to_address="'a@bench.invalid'", subject="'Chair'", text="'Chair'",
            status="'failed'", dedupe_key="NULL::text",
        )  # fmt: skip
        insert(
            AuditEntry, f"generate_series(1, {10 * count}) AS number", action="'model.approved'",
            object_repr="'Chair'", data="'{}'::jsonb",
        )  # fmt: skip
        with self.connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")

    def ask(self, address: str) -> float:
        started = time.perf_counter()
        response = self.client.get(address)
        taken = time.perf_counter() - started
        assert response.status_code == 200, f"{address}: {response.status_code}"
        return taken

    def sign_in(self) -> None:
        from django.conf import settings
        from django.test import Client

        self.client = Client(headers={"host": "localhost", "user-agent": "Mozilla/5.0 (bench)"})
        self.client.force_login(self.admin, backend=settings.AUTHENTICATION_BACKENDS[0])


def measure(small: Console, large: Console, *, rounds: int, only: str) -> bool:
    """Prints each page; whether all are within bounds."""
    for console in (small, large):
        console.use()
        console.sign_in()
    passed = True
    print_head()
    for name, address in PAGES.items():
        if only not in name:
            continue
        taken: dict[str, list[float]] = {small.name: [], large.name: []}
        for number in range(rounds + WARM_UP):
            for console in (small, large):
                console.use()
                seconds = console.ask(address)
                if number >= WARM_UP:
                    taken[console.name].append(seconds)
        passed &= print_row(name, taken[small.name], taken[large.name], at_most=MAX_RATIO)
    return passed


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--models", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--folder", type=Path, help="keep what is loaded here, and use what is there")
    parser.add_argument("--only", default="", help="only pages whose name contains this")
    options = parser.parse_args()
    passed = compare(Console, "console_", SMALL, options, measure)
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
