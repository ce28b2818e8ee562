"""The names of a person as one text that can be searched."""

from django.db.models import F, Func, TextField


class FoldedNames(Func):
    """Username and full name in small letters, without accents, each word after a space: ` low keep nadia okoro`.

    The function is the database's own (migration 0007_find_people), so that a column can be made of it.
    """

    function = "accounts_names"
    output_field = TextField()

    def __init__(self, *expressions, **extra):
        super().__init__(*(expressions or (F("username"), F("full_name"))), **extra)
