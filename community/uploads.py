"""A form's field for several files."""

from collections.abc import Callable

from django import forms
from django.core.exceptions import ValidationError


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, never required; cleans to what `prepare` makes of each, or refuses."""

    def __init__(self, *, prepare: Callable, accept: str, most: int, noun: str = "files", **kwargs) -> None:
        widget = FilesInput(attrs={"accept": accept, "multiple": True})
        super().__init__(widget=widget, required=False, allow_empty_file=True, max_length=255, **kwargs)
        self.prepare, self.most, self.noun = prepare, most, noun

    def clean(self, data, initial=None) -> list:
        files = [file for file in (data if isinstance(data, (list, tuple)) else [data]) if file is not None]
        files = [file for file in files if getattr(file, "name", "")]
        if len(files) > self.most:
            raise ValidationError(f"Choose at most {self.most} {self.noun}.", code="too_many")
        return [self.prepare(file) for file in files]
