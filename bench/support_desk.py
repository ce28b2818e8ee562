"""The support desk at 100,000 tickets against one of 1,000, in one run, on embedded PostgreSQL.

    python -m bench.support_desk [--tickets 100000] [--rounds 30]

Both lie in a database of their own, filled by SQL with a thousand tickets a day: one in ten waits, three in ten are
answered, the rest is resolved and half of that rated; each has some messages. Each page is asked for by an agent, first
of the small desk and then of the large one, since a page knows of one desk only; before each request the cache is
emptied. A request is the whole of it, from the address to the last byte of the page, through Django's middleware,
without a network. Exit code 1 where a 95th percentile of the large one is over twice that of the small one.
"""

import argparse
import sys
import time

from bench.dashboard import ask, insert, people
from bench.percentiles import print_head, print_row
from bench.scratch import scratch_site

MAX_RATIO = 2.0
SMALL = 1_000
MESSAGES = 4
_RESOLVED, _WAITS = "mod(n, 10) > 3", "mod(n, 10) = 0"
_DUE = "now() + (mod(n * 7919, 5000) - 2500) * interval '1 minute'"


def fill(first: int, count: int, persons: list[int], agents: list[int]) -> None:
    """So many tickets more, a thousand a day until now."""
    from support.models import SupportMessage, SupportTicket

    asked = "now() - n * interval '86.4 seconds'"
    agent = f"{agents[0]} + mod(n, {len(agents)})"
    insert(
        SupportTicket,
        f"generate_series({first}, {first + count - 1}) AS n",
        id="n + 1",
        owner=f"{persons[0]} + mod(n * 7919, {len(persons)})",
        subject="'Where is my receipt of ' || n || '?'",
        category="(ARRAY['payment', 'technical', 'account', 'refund'])[1 + mod(n, 4)]",
        priority="(ARRAY['low', 'medium', 'high'])[1 + mod(n, 3)]",
        status=f"CASE WHEN {_RESOLVED} THEN 'resolved' WHEN mod(n, 20) = 0 THEN 'pending' ELSE 'active' END",
        assigned_to=f"CASE WHEN mod(n, 20) = 0 THEN NULL ELSE {agent} END",
        last_number=str(MESSAGES),
        moved_at=asked,
        waits_since=f"CASE WHEN {_WAITS} THEN {asked} END",
        due_at=f"CASE WHEN {_WAITS} THEN {_DUE} END",
        first_answered_at=f"CASE WHEN {_WAITS} THEN NULL ELSE {asked} + interval '2 hours' END",
        resolved_at=f"CASE WHEN {_RESOLVED} THEN {asked} + interval '1 day' END",
        rating=f"CASE WHEN {_RESOLVED} AND mod(n, 2) = 0 THEN 1 + mod(n, 5) END",
        rated_at=f"CASE WHEN {_RESOLVED} AND mod(n, 2) = 0 THEN {asked} + interval '1 day' END",
        created_at=asked,
        updated_at="now()",
    )
    insert(
        SupportMessage,
        f"generate_series({first}, {first + count - 1}) AS n CROSS JOIN generate_series(1, {MESSAGES}) AS m",
        ticket="n + 1",
        number="m",
        sender=f"CASE WHEN mod(m, 2) = 1 THEN {persons[0]} + mod(n * 7919, {len(persons)}) ELSE {agent} END",
        sender_type="CASE WHEN mod(m, 2) = 1 THEN 'customer' ELSE 'agent' END",
        body="'It is seen from the side. ' || n || ' ' || m",
        created_at=asked,
    )


def made_people() -> tuple[list[int], list[int]]:
    from accounts.models import User

    persons = [person.pk for person in people("person", 500)]
    agents = [person.pk for person in people("agent", 5, is_staff=True, is_superuser=True)]
    assert User.objects.count() >= 505
    return persons, agents


def pages() -> dict[str, str]:
    from core.periods import utc_today
    from support.models import SupportTicket

    today = utc_today().isoformat()
    desk, middle = "/admin/support/supportticket/", SupportTicket.objects.waiting().first_due()[20]
    return {
        "waits for us": desk,
        "nobody's": f"{desk}?queue=free",
        "mine": f"{desk}?queue=mine",
        "answered": f"{desk}?queue=answered",
        "resolved": f"{desk}?queue=resolved",
        "all": f"{desk}?queue=all",
        "high ones": f"{desk}?priority__exact=high",
        "by number": f"{desk}?queue=all&q={middle.number}",
        "by words": f"{desk}?queue=all&q=receipt+of+500",
        "one ticket": middle.get_desk_url(),
        # As many tickets in both: how long a period takes to sum up goes by what is in it.
        "figures of a day": f"{desk}figures/?from={today}&to={today}",
    }


def measure(agent_pk: int, rounds: int) -> dict[str, list[float]]:
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    from accounts.models import User

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    client = Client()
    client.force_login(User.objects.get(pk=agent_pk), backend=settings.AUTHENTICATION_BACKENDS[0])
    taken = {}
    for name, address in pages().items():
        for _ in range(3):
            ask(client, address)
        taken[name] = [ask(client, address) for _ in range(rounds)]
    return taken


def compared(small: dict[str, list[float]], large: dict[str, list[float]]) -> bool:
    """Prints each page; whether all are within bounds."""
    passed = True
    print_head()
    for name in small:
        passed &= print_row(name, small[name], large[name], at_most=MAX_RATIO)
    return passed


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    with scratch_site():
        from django.core.management import call_command

        call_command("collectstatic", interactive=False, verbosity=0)
        persons, agents = made_people()
        fill(0, SMALL, persons, agents)
        small = measure(agents[0], options.rounds)
        started = time.monotonic()
        fill(SMALL, options.tickets - SMALL, persons, agents)
        print(f"{options.tickets:,} tickets loaded in {time.monotonic() - started:.0f} s", flush=True)
        return 0 if compared(small, measure(agents[0], options.rounds)) else 1


if __name__ == "__main__":
    sys.exit(main())
