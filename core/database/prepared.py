"""Statements that are put into SQL once a process, and planned by the server once a connection.

Django works out the text of a query each time it is asked, which takes several times as long as sending it and reading
the answer; and the server plans it each time. Where many people at once wait for the same few statements, each is said
once, in Django's words as ever, with a name in the place of whatever changes:

    _OPEN = Prepared(lambda buyer: Order.objects.payable().filter(buyer=buyer), buyer=int)
    orders = _OPEN(buyer=user.pk)

Everything else in it stays as it was the first time: no setting, time or language may be part of it.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, models
from django.db.models.fields.related import ForeignObject
from django.db.models.lookups import Lookup
from django.db.models.query import FlatValuesListIterable, ModelIterable, get_related_populators
from django.db.models.sql import UpdateQuery
from django.db.transaction import TransactionManagementError

# What stands for a value while the statement is put together: nothing that anybody asks for.
_MARKS: dict[Any, Callable[[int], Any]] = {
    int: lambda place: 1_987_654_300 + place,
    str: lambda place: f"\x02{place}\x03",
    uuid.UUID: lambda place: uuid.UUID(int=place + 1),
    date: lambda place: date(1, 1, 1) + timedelta(days=place),
    datetime: lambda place: datetime(1, 1, 1, tzinfo=UTC) + timedelta(microseconds=place),
    Decimal: lambda place: Decimal("-9876543.21") - place,
    list: lambda place: [1_987_654_300 + place],
}


@ForeignObject.register_lookup
@models.Field.register_lookup
class Among(Lookup):
    """`pk__among=[1, 2]`: one of these. Unlike `in`, the same text of SQL however many there are."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        kind = self.lhs.output_field.cast_db_type(connection)
        return f"{column} = ANY(%s::{kind}[])", [*params, list(self.rhs)]


@dataclass(frozen=True)
class _Compiled:
    """`params` are constants, or `_Named` in whose place a value comes."""

    sql: str
    params: list
    in_transaction: bool = False
    read: Callable[[list], list] = list


@dataclass(frozen=True)
class _Named:
    name: str
    # As Django wraps it for the driver.
    wrap: Callable[[Any], Any]


class _Statement:
    def __init__(self, build: Callable, **kinds):
        self._build, self._kinds = build, kinds
        self._compiled: _Compiled | None = None

    def _run(self, cursor, given: dict) -> _Compiled:
        if self._compiled is None:
            self._compiled = self._compile()
        compiled = self._compiled
        if compiled.in_transaction and not connection.in_atomic_block:
            raise TransactionManagementError("Rows are locked inside a transaction.")
        params = [one.wrap(given[one.name]) if type(one) is _Named else one for one in compiled.params]
        cursor.execute(compiled.sql, params)
        return compiled

    def _marks(self) -> dict:
        return {name: _MARKS[kind](place) for place, (name, kind) in enumerate(self._kinds.items())}

    def _named(self, params, marks: dict) -> list:
        """`params` with names in the place of marks.

        Raises:
            LookupError: a value has become part of something else, or is not asked for at all.
        """
        found, left = [], set(marks)
        for param in params:
            name = next((one for one, mark in marks.items() if _is_same(param, mark)), None)
            found.append(param if name is None else _Named(name, _wrapping(param, marks[name])))
            left.discard(name)
        if left:
            raise LookupError(f"The statement does not ask for {', '.join(sorted(left))} as it is given.")
        return found

    def _compile(self) -> _Compiled:
        raise NotImplementedError


def _is_same(param, mark) -> bool:
    return isinstance(param, type(mark)) and param == mark


def _wrapping(param, mark) -> Callable[[Any], Any]:
    return (lambda value: value) if type(param) is type(mark) else type(param)


class Prepared(_Statement):
    """The rows of a query set: instances with what is selected along, or what `values_list` names."""

    def __call__(self, **given) -> list:
        with connection.prepared_cursor() as cursor:
            compiled = self._run(cursor, given)
            return compiled.read(cursor.fetchall())

    def first(self, **given):
        """The first row of a query that is ordered, or has at most one; None where there is none."""
        return next(iter(self(**given)), None)

    def _compile(self) -> _Compiled:
        marks = self._marks()
        queryset = self._build(**marks)
        compiler = queryset.query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        return _Compiled(
            sql,
            self._named(params, marks),
            in_transaction=queryset.query.select_for_update,
            read=_reader(queryset, compiler),
        )


def _reader(queryset, compiler) -> Callable[[list], list]:
    """What makes of rows what the query set would have made of them."""
    columns = [expression for expression, _, _ in compiler.select[: compiler.col_count]]
    converters = [
        (place, functions, expression)
        for place, (functions, expression) in compiler.get_converters(columns).items()
    ]
    if issubclass(queryset._iterable_class, ModelIterable):
        make = _instances(compiler)
    elif issubclass(queryset._iterable_class, FlatValuesListIterable):
        make = _only_values
    else:
        make = _tuples

    def read(rows: list) -> list:
        if converters:
            rows = [list(row) for row in rows]
            for row in rows:
                for place, functions, expression in converters:
                    for function in functions:
                        row[place] = function(row[place], expression, connection)
        return make(rows)

    return read


def _only_values(rows: list) -> list:
    return [row[0] for row in rows]


def _tuples(rows: list) -> list:
    return [tuple(row) for row in rows]


def _instances(compiler) -> Callable[[list], list]:
    model = compiler.klass_info["model"]
    places = compiler.klass_info["select_fields"]
    start, end = places[0], places[-1] + 1
    names = [column[0].target.attname for column in compiler.select[start:end]]
    populators = get_related_populators(compiler.klass_info, compiler.select, connection.alias)
    annotated = list((compiler.annotation_col_map or {}).items())

    def make(rows: list) -> list:
        found = []
        for row in rows:
            instance = model.from_db(connection.alias, names, row[start:end])
            for populator in populators:
                populator.populate(row, instance)
            for name, place in annotated:
                setattr(instance, name, row[place])
            found.append(instance)
        return found

    return make


class PreparedCount(_Statement):
    """How many rows a query set has."""

    def __call__(self, **given) -> int:
        with connection.prepared_cursor() as cursor:
            self._run(cursor, given)
            return cursor.fetchone()[0]

    def _compile(self) -> _Compiled:
        marks = self._marks()
        sql, params = self._build(**marks).order_by().values("pk").query.sql_with_params()
        counting = f"SELECT COUNT(*) FROM ({sql}) AS found"  # noqa: S608 - Django's own text
        return _Compiled(counting, self._named(params, marks))


class PreparedUpdate(_Statement):
    """`build` gives the query set and a dictionary of what its rows are to hold; how many there were is returned."""

    def __call__(self, **given) -> int:
        with connection.prepared_cursor() as cursor:
            self._run(cursor, given)
            return cursor.rowcount

    def _compile(self) -> _Compiled:
        marks = self._marks()
        queryset, values = self._build(**marks)
        query = queryset.query.chain(UpdateQuery)
        query.add_update_values(values)
        sql, params = query.get_compiler(connection=connection).as_sql()
        return _Compiled(sql, self._named(params, marks))
