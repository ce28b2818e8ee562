"""What became of a mail that was handed to the mail server, or to a provider's interface, in four words."""

import smtplib
from dataclasses import dataclass
from enum import Enum

import requests
from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused
from django.core.mail import EmailMessage

UNKNOWN_OUTCOME = "It is not known whether the mail server took this mail: {}"
# Of a provider's interface: too many at once, or not just now.
_LATER = {429, 503}


class Outcome(Enum):
    TAKEN = "taken"
    # Not taken this time: it may be tried again.
    LATER = "later"
    # Not taken, and never will be.
    REFUSED = "refused"
    # The connection broke after it was handed over: nobody can know.
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Answer:
    """`error` is the server's sentence; `is_gone` where it says that there is no such address."""

    outcome: Outcome
    error: str = ""
    is_gone: bool = False


def opened(connection) -> Answer:
    """Whether the server takes a connection; nothing has been handed over yet, so it can always be tried again."""
    try:
        connection.open()
    except (OSError, smtplib.SMTPException, AnymailError) as error:
        return Answer(Outcome.LATER, describe(error))
    return Answer(Outcome.TAKEN)


def hand_over(connection, message: EmailMessage) -> Answer:
    """Hand over one mail and understand the answer."""
    try:
        connection.send_messages([message])
    except smtplib.SMTPServerDisconnected as error:
        return Answer(Outcome.UNKNOWN, UNKNOWN_OUTCOME.format(describe(error)))
    except smtplib.SMTPException as error:
        return _smtp_refusal(error)
    # Before OSError, of which the errors of a provider's interface are some.
    except AnymailError as error:
        return _interface_refusal(error)
    except OSError as error:
        return Answer(Outcome.UNKNOWN, UNKNOWN_OUTCOME.format(describe(error)))
    return Answer(Outcome.TAKEN)


def close(connection) -> bool:
    """Whether the server said good-bye properly; the fate of every mail is decided by then, so it changes nothing."""
    try:
        connection.close()
    except (OSError, smtplib.SMTPException, AnymailError):
        return False
    return True


def is_alive(connection) -> bool:
    """Whether a connection that was kept still answers, so that no mail is handed to one that is gone."""
    kept = getattr(connection, "connection", None)
    if not isinstance(kept, smtplib.SMTP):
        return True
    try:
        return kept.noop()[0] == 250
    except (OSError, smtplib.SMTPException):
        return False


def describe(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _smtp_refusal(error: smtplib.SMTPException) -> Answer:
    """A refusal for good (5xx) is not repeated; everything else is tried again later."""
    answers = (
        [(error.smtp_code, error.smtp_error)] if isinstance(error, smtplib.SMTPResponseException) else []
    )
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers = list(error.recipients.values())
    if not answers or any(code < 500 for code, _ in answers):
        return Answer(Outcome.LATER, describe(error))
    # RFC 3463: 5.1.x is about the address, which does not exist or is none.
    texts = [text.decode(errors="replace") if isinstance(text, bytes) else str(text) for _, text in answers]
    return Answer(Outcome.REFUSED, describe(error), is_gone=all(text.startswith("5.1.") for text in texts))


def _interface_refusal(error: AnymailError) -> Answer:
    cause = error.__cause__
    if isinstance(error, AnymailRecipientsRefused):
        return Answer(Outcome.REFUSED, describe(error))
    if isinstance(cause, requests.ConnectTimeout) or error.status_code in _LATER:
        return Answer(Outcome.LATER, describe(error))
    if isinstance(error, AnymailAPIError) and (error.status_code is None or error.status_code >= 500):
        return Answer(Outcome.UNKNOWN, UNKNOWN_OUTCOME.format(describe(error)))
    return Answer(Outcome.REFUSED, describe(error))
