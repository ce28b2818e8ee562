"""Rows that are written by statements which are put into SQL once a process, as `core.database.prepared` reads them."""

from django.db import connection, connections, models

_inserts: dict[tuple, str] = {}
_updates: dict[tuple, str] = {}


class PreparedWritesMixin(models.Model):
    """For models whose rows are written while many wait. `save` is Django's, with all that it checks and tells; only
    the text of its statement is kept, by the fields that it writes.
    """

    class Meta:
        abstract = True

    def insert_unless_there(self) -> bool:
        """Write a new row, or nothing where a unique constraint is against it; whether it was written."""
        fields = [field for field in self._meta.local_concrete_fields if field is not self._meta.auto_field]
        values = [(field, field.pre_save(self, add=True)) for field in fields]
        back = f"ON CONFLICT DO NOTHING RETURNING {connection.ops.quote_name(self._meta.pk.column)}"
        made = self._inserted(values, back, connection)
        if made is not None:
            self.pk, self._state.adding, self._state.db = made[0], False, connection.alias
        return made is not None

    def _do_insert(self, manager, using, fields, returning_fields, raw):
        values = [
            (field, getattr(self, field.attname) if raw else field.pre_save(self, add=True))
            for field in fields
        ]
        if not _are_plain(values):
            return super()._do_insert(manager, using, fields, returning_fields, raw)
        connection = connections[using]
        columns = ", ".join(connection.ops.quote_name(field.column) for field in returning_fields)
        return [self._inserted(values, f"RETURNING {columns}", connection)]

    def _inserted(self, values: list[tuple], end: str, connection) -> tuple | None:
        """What the statement, which ends so, gives back."""
        key = (type(self), end, *(field.attname for field, _ in values))
        if key not in _inserts:
            _inserts[key] = _insert_sql(self._meta, [field for field, _ in values], end, connection)
        with connection.prepared_cursor() as cursor:
            cursor.execute(_inserts[key], _prepared(values, connection))
            return cursor.fetchone()

    def _do_update(self, base_qs, using, pk_val, values, update_fields, forced_update):
        plain = [(field, value) for field, _, value in values]
        if not values or self._meta.select_on_save or not _are_plain(plain):
            return super()._do_update(base_qs, using, pk_val, values, update_fields, forced_update)
        connection = connections[using]
        key = (type(self), *(field.attname for field, _ in plain))
        if key not in _updates:
            _updates[key] = _update_sql(self._meta, [field for field, _ in plain], connection)
        with connection.prepared_cursor() as cursor:
            cursor.execute(_updates[key], [*_prepared(plain, connection), pk_val])
            return cursor.rowcount > 0


def _are_plain(values: list[tuple]) -> bool:
    """Whether the text of the statement does not depend on them: no expressions, no fields with a way of their own."""
    return not any(
        hasattr(field, "get_placeholder") or hasattr(value, "resolve_expression") for field, value in values
    )


def _prepared(values: list[tuple], connection) -> list:
    return [field.get_db_prep_save(value, connection=connection) for field, value in values]


def _insert_sql(meta, fields, end: str, connection) -> str:
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    return f"INSERT INTO {quoted(meta.db_table)} ({columns}) VALUES ({places}) {end}"  # noqa: S608 - names of columns


def _update_sql(meta, fields, connection) -> str:
    quoted = connection.ops.quote_name
    columns = ", ".join(f"{quoted(field.column)} = %s" for field in fields)
    return f"UPDATE {quoted(meta.db_table)} SET {columns} WHERE {quoted(meta.pk.column)} = %s"  # noqa: S608 - names of columns
