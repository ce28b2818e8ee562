"""Looks the whole installation over: `manage.py doctor`."""

from config.doctor.finding import Finding, State
from config.doctor.round import look_over

__all__ = ["Finding", "State", "look_over"]
