"""The form around an upload; the bytes have been stored by `marketplace.incoming` when it is looked at."""

from django import forms
from django.conf import settings

from marketplace import incoming


class UploadForm(forms.Form):
    """One GLB file.

    `end` is the last field of the form: where it is missing, the request broke off, and the file may be cut short.
    """

    file = forms.FileField(allow_empty_file=True, error_messages={"required": "Choose a GLB file."})
    end = forms.CharField(required=False)

    def __init__(self, *args, incoming: incoming.IncomingFileHandler | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self._incoming = incoming

    @property
    def max_bytes(self) -> int:
        return settings.MAX_UPLOAD_BYTES

    def clean(self) -> dict:
        refusal = self._refusal()
        if refusal is not None:
            self.errors.pop("file", None)
            self.add_error("file", forms.ValidationError(str(refusal), code=refusal.code))
        return self.cleaned_data

    def _refusal(self):
        file = self.cleaned_data.get("file")
        if self._incoming is not None and self._incoming.refusal is not None:
            return self._incoming.refusal
        if file is not None and not self.cleaned_data.get("end"):
            return incoming.incomplete()
        if file is not None and not file.size:
            return incoming.empty()
        return None
