"""Tickets: opened, written in, answered, handed on, resolved, rated.

Locks: the ticket first, then what belongs to it; of people only what is told to them is locked, and last. Opening one
waits for the person's other attempts, by an advisory lock.
"""

from support.actions.tickets.answering import annotate, answer
from support.actions.tickets.ending import rate, reopen, resolve
from support.actions.tickets.handing import assign, put_back, take, weigh
from support.actions.tickets.opening import Question, open_ticket
from support.actions.tickets.reading import mark_read
from support.actions.tickets.writing import Letter, write

__all__ = [
    "Letter",
    "Question",
    "annotate",
    "answer",
    "assign",
    "mark_read",
    "open_ticket",
    "put_back",
    "rate",
    "reopen",
    "resolve",
    "take",
    "weigh",
    "write",
]
