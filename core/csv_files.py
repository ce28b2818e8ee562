"""Tables as files of comma-separated values: sent while they are made, and harmless in a spreadsheet."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain, islice

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

# With these at its beginning a spreadsheet takes a text for a formula; the last four are their full-width twins.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_ROWS_A_PIECE = 200


def csv_response(filename: str, header: Sequence[str], rows: Iterable[Sequence]) -> StreamingHttpResponse:
    """A download of `rows`, which are read as they are sent: however many, they need the memory of a few."""
    response = StreamingHttpResponse(_pieces(chain([header], rows)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=filename)
    response["Cache-Control"] = "no-store, private"
    return response


def safe_cell(value) -> str:
    """A value as text. Words from people never become formulas; numbers, also negative ones, stay numbers."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    text = str(value)
    if isinstance(value, str) and text.lstrip(" \0").startswith(_FORMULA_SIGNS):
        return f"'{text}"
    return text


class _Lines(list):
    """What `csv.writer` writes to: a list of lines."""

    write = list.append


def _pieces(rows: Iterable[Sequence]) -> Iterator[str]:
    rows = iter(rows)
    while some := list(islice(rows, _ROWS_A_PIECE)):
        lines = _Lines()
        csv.writer(lines).writerows([safe_cell(value) for value in row] for row in some)
        yield "".join(lines)
