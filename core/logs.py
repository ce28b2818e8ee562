"""Log lines that can be followed from a page to the jobs it queued; one JSON object each where machines read them."""

import logging
from datetime import UTC, datetime

from pythonjsonlogger.json import JsonFormatter as _JsonFormatter

from core.tracing import current_id

# Django hangs whole requests onto its lines, with query strings in which people's words and signatures stand.
_NEVER_WRITTEN = ("request", "server_time")


class TraceFilter(logging.Filter):
    """Writes the id of the request or job onto every line; lets all of them pass."""

    def filter(self, record: logging.LogRecord) -> bool:
        if not getattr(record, "request_id", ""):
            record.request_id = current_id()
        return True


class JsonFormatter(_JsonFormatter):
    """`time`, `level`, `logger`, `message`, `request_id`, what the line brings along, and a traceback in `exc_info`."""

    def __init__(self):
        super().__init__("%(message)s")

    def add_fields(self, log_data: dict, record: logging.LogRecord, message_dict: dict) -> None:
        # First, so that they stand at the beginning of the line.
        log_data["time"] = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        log_data["level"] = record.levelname
        log_data["logger"] = record.name
        super().add_fields(log_data, record, message_dict)
        for name in _NEVER_WRITTEN:
            log_data.pop(name, None)
        if not log_data.get("request_id"):
            log_data.pop("request_id", None)
