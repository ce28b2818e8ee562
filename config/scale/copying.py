"""Rows by PostgreSQL's COPY: as text where texts differ in length, else in its binary form straight out of arrays."""

import json
import struct
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection, models

ROWS_AT_ONCE = 50_000
LINES_AT_ONCE = 2_000
# Both forms count time from 2000-01-01 UTC.
EPOCH = np.datetime64("2000-01-01T00:00:00", "us")
_HEADER = b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0)
_END = struct.pack(">h", -1)

# An array, one value for all rows, or bytes as PostgreSQL's binary form has them.
Column = np.ndarray | bytes | Any


def copy_lines(
    table: type[models.Model], columns: Sequence[str], lines: Iterable[str], *, into: str = ""
) -> list[str]:
    """Send rows as lines of COPY's text form, without the newline: columns by their names, then the defaults.

    Returns all columns that were written. `into` names another table that has them.
    """
    rest = _defaults(table, columns)
    every = [*columns, *rest]
    names = ", ".join(connection.ops.quote_name(name) for name in every)
    tail = "".join(f"\t{_text(value)}" for value in rest.values()) + "\n"
    statement = f"COPY {connection.ops.quote_name(into or table._meta.db_table)} ({names}) FROM STDIN"
    lines = iter(lines)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        while some := list(islice(lines, LINES_AT_ONCE)):
            copy.write(tail.join(some) + tail)
    return every


def copy_arrays(table: type[models.Model], count: int, columns: Mapping[str, Column]) -> None:
    """Send `count` rows in the binary form: each column an array of that length, or one value for all rows."""
    given = {**columns, **_defaults(table, columns)}
    fields = {field.column: field for field in table._meta.concrete_fields}
    parts = {name: _binary(fields[name], value) for name, value in given.items()}
    layout = [("fields", ">i2")]
    for name, part in parts.items():
        layout.append((f"length {name}", ">i4"))
        if part.dtype.itemsize:
            layout.append((name, part.dtype))
    names = ", ".join(connection.ops.quote_name(name) for name in given)
    statement = (
        f"COPY {connection.ops.quote_name(table._meta.db_table)} ({names}) FROM STDIN WITH (FORMAT BINARY)"
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(_HEADER)
        for start in range(0, count, ROWS_AT_ONCE):
            block = np.empty(min(ROWS_AT_ONCE, count - start), layout)
            block["fields"] = len(parts)
            for name, part in parts.items():
                block[f"length {name}"] = part.dtype.itemsize
                if part.dtype.itemsize:
                    block[name] = part if part.ndim == 0 else part[start : start + len(block)]
            copy.write(block.tobytes())
        copy.write(_END)


def moments(values: np.ndarray) -> np.ndarray:
    """Times (`datetime64`) as lines of text have them."""
    return np.char.add(np.datetime_as_string(values.astype("datetime64[s]")), "Z")


def fixed(values: Iterable[str]) -> np.ndarray:
    """Texts of one length, as binary columns have them."""
    encoded = [value.encode() for value in values]
    length = len(encoded[0])
    if any(len(value) != length for value in encoded):
        raise ValueError("These texts differ in length.")
    return np.frombuffer(b"".join(encoded), f"V{length}")


def uuids(rng: np.random.Generator, count: int) -> np.ndarray:
    """Random ones (version 4)."""
    raw = rng.integers(0, 256, (count, 16), np.uint8)
    raw[:, 6] = raw[:, 6] & 0x0F | 0x40
    raw[:, 8] = raw[:, 8] & 0x3F | 0x80
    return np.frombuffer(raw.tobytes(), "V16")


def money(cents: np.ndarray) -> np.ndarray:
    """Amounts under a hundred million, given in hundredths, as PostgreSQL's binary numerics: digits of four places."""
    head = [("digits", ">i2"), ("weight", ">i2"), ("sign", ">i2"), ("scale", ">i2")]
    made = np.zeros(len(cents), [*head, ("of", ">i2", 3)])
    made["digits"], made["weight"], made["scale"] = 3, 1, 2
    made["of"][:, 0], made["of"][:, 1], made["of"][:, 2] = (
        cents // 1_000_000,
        cents // 100 % 10_000,
        cents % 100 * 100,
    )
    return np.frombuffer(made.tobytes(), f"V{made.dtype.itemsize}")


def floats_array(values: np.ndarray) -> np.ndarray:
    """Each row of a matrix as a binary array of double precision."""
    count, width = values.shape
    made = np.zeros(count, [("head", ">i4", 5), ("of", [("length", ">i4"), ("value", ">f8")], width)])
    made["head"] = (1, 0, 701, width, 1)
    made["of"]["length"], made["of"]["value"] = 8, values
    return np.frombuffer(made.tobytes(), f"V{made.dtype.itemsize}")


def vectors(values: np.ndarray) -> np.ndarray:
    """Each row of a matrix as pgvector's binary form."""
    count, width = values.shape
    made = np.zeros(count, [("width", ">i2"), ("unused", ">i2"), ("of", ">f4", width)])
    made["width"], made["of"] = width, values
    return np.frombuffer(made.tobytes(), f"V{made.dtype.itemsize}")


def _defaults(table: type[models.Model], given: Iterable[str]) -> dict[str, Any]:
    """What Django would write into the other columns; those without a default stay empty."""
    rest = {}
    for field in table._meta.concrete_fields:
        if field.column in given or field.generated or field.primary_key:
            continue
        value = field.get_default()
        if value is not None:
            rest[field.column] = value
    return rest


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, list):
        return "{}"
    if isinstance(value, dict):
        return json.dumps(value)
    return str(value)


def _binary(field: models.Field, value: Column) -> np.ndarray:
    if not isinstance(value, np.ndarray):
        raw = value if isinstance(value, bytes) else _constant(field, value)
        return np.frombuffer(raw, f"V{len(raw)}")[0] if raw else np.empty((), "V0")
    kind = value.dtype.kind
    if kind == "M":
        if isinstance(field, models.DateTimeField):
            return (value.astype("datetime64[us]") - EPOCH).astype(">i8")
        return (value.astype("datetime64[D]") - EPOCH.astype("datetime64[D]")).astype(">i4")
    if kind == "V":
        return value
    return value.astype(_NUMBERS[field.get_internal_type()])


_NUMBERS = {
    "AutoField": ">i4", "BigAutoField": ">i8", "BooleanField": "u1", "FloatField": ">f8",
    "ForeignKey": ">i8", "OneToOneField": ">i8", "PositiveBigIntegerField": ">i8", "PositiveIntegerField": ">i4",
    "PositiveSmallIntegerField": ">i2",
}  # fmt: skip


def _constant(field: models.Field, value: Any) -> bytes:
    if isinstance(value, UUID):
        return value.bytes
    if isinstance(value, datetime):
        return _binary(field, np.array([np.datetime64(value.replace(tzinfo=None), "us")])).tobytes()
    if isinstance(value, dict) or field.get_internal_type() == "JSONField":
        return b"\x01" + json.dumps(value).encode()
    if field.get_internal_type() == "DecimalField":
        return money(np.array([int(value * 100)])).tobytes()
    if isinstance(value, list):
        # An empty array; PostgreSQL asks for the type of what is not in it.
        return struct.pack(
            ">iii", 0, 0, 701 if field.base_field.get_internal_type() == "FloatField" else 1043
        )
    if isinstance(value, bool | int | float):
        return np.array([value]).astype(_NUMBERS[field.get_internal_type()]).tobytes()
    return str(value).encode()
