"""Add, remove, coupon, pay, decline, refund, dispute, payout, return, cancel, award, in any order."""

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase
from hypothesis import settings as hypothesis_settings
from hypothesis.stateful import run_state_machine_as_test

from commerce.tests.machine.plans import Plans
from commerce.tests.machine.world import World

pytestmark = pytest.mark.django_db


class CommerceMachine(Plans):
    """Every topic's steps."""


def run(settings, **how) -> Counter:
    """What happened in how many of the runs."""
    # Shares are there to be paid out at once: nobody can turn the clock of what has been posted.
    settings.PAYOUT_HOLD_DAYS = 0
    settings.PAYOUT_MINIMUM, settings.PAYOUT_SECOND_APPROVAL_ABOVE = Decimal("1.00"), Decimal("100.00")
    CommerceMachine.world, CommerceMachine.seen = World(), Counter()
    how = hypothesis_settings(deadline=None, suppress_health_check=list(HealthCheck), **how)
    run_state_machine_as_test(CommerceMachine, settings=how)
    return CommerceMachine.seen


def test_after_every_step_the_books_balance_and_who_has_paid_has_access(settings):
    """A few runs, the same each time."""
    phases = [Phase.explicit, Phase.generate, Phase.shrink]
    seen = run(settings, max_examples=4, stateful_step_count=25, derandomize=True, phases=phases)
    assert any(seen.values())


@pytest.mark.full
def test_after_every_step_of_many_the_books_balance_and_who_has_paid_has_access(settings):
    seen = run(settings, max_examples=150, stateful_step_count=60)
    never = {name for name, times in seen.items() if not times}
    assert not never, f"these never came about: {never}"
