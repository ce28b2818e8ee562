"""Files of comma-separated values: harmless in a spreadsheet, and sent piece by piece."""

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.csv_files import csv_response, safe_cell


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "  =1", "\0=1", "-3.50"]
)
def test_no_text_becomes_a_formula(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (Decimal("-3.50"), "-3.50"),
        (-3, "-3"),
        ("Oak chair", "Oak chair"),
        ("a=b", "a=b"),
        (None, ""),
        ("", ""),
    ],
)
def test_numbers_stay_numbers_and_words_stay_words(value, cell):
    assert safe_cell(value) == cell


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20), min_size=1, max_size=5))
def test_every_row_can_be_read_back(words):
    body = b"".join(csv_response("x.csv", ["a"] * len(words), [words])).decode()
    assert list(csv.reader(io.StringIO(body)))[1] == [safe_cell(word) for word in words]


def test_rows_are_read_as_they_are_sent():
    read = []

    def rows():
        for number in range(1000):
            read.append(number)
            yield [number]

    pieces = iter(csv_response("x.csv", ["number"], rows()))
    next(pieces)
    assert len(read) < 300
    assert sum(piece.count(b"\n") for piece in pieces) + 200 == 1001
