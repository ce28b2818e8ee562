"""Fixtures of commerce's tests."""

import pytest

from commerce.tests.plans import Clock


@pytest.fixture
def clock(monkeypatch):
    """What time it is for the code that is tested; rows are stamped by the real clock where they do not say."""
    made = Clock()
    monkeypatch.setattr("django.utils.timezone.now", made)
    return made
