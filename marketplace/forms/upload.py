"""The form around uploads; the bytes have been stored by `marketplace.incoming` when it is looked at."""

from django import forms

from marketplace import incoming
from marketplace.arrivals import Arrival


class _Files(forms.ClearableFileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data, files, name):
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class UploadForm(forms.Form):
    """Files chosen together; `arrivals` are what `actions.assembly` takes, after a successful clean.

    `end` is the last field of the form: where it is missing, the request broke off, and the last file may be cut short.
    """

    file = forms.Field(widget=_Files, error_messages={"required": "Choose the files of the model."})
    end = forms.CharField(required=False)

    def __init__(self, *args, incoming: incoming.IncomingFileHandler | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self._incoming = incoming

    def clean(self) -> dict:
        refusal = self._refusal()
        if refusal is not None:
            self.errors.pop("file", None)
            self.add_error("file", forms.ValidationError(str(refusal), code=refusal.code))
        return self.cleaned_data

    @property
    def arrivals(self) -> list[Arrival]:
        return [Arrival.of_incoming(file) for file in self._incoming.received]

    def _refusal(self):
        files = self.cleaned_data.get("file")
        if self._incoming is not None and self._incoming.refusal is not None:
            return self._incoming.refusal
        if files and not self.cleaned_data.get("end"):
            return incoming.incomplete()
        if files and not any(file.size for file in files):
            return incoming.empty()
        return None
