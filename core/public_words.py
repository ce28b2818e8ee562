"""Forms whose texts others read: what moderators do not let in is refused beside its field."""

from django.core.exceptions import ValidationError

from core.filters import refusal_of


class PublicWordsMixin:
    """Stands before the form's own class; a field may clean to a text, or to a list of them."""

    public_words: tuple[str, ...] = ()

    def clean(self) -> dict:
        data = super().clean()
        for name in self.public_words:
            value = self.cleaned_data.get(name) or []
            texts = [value] if isinstance(value, str) else value
            if why := refusal_of(*texts):
                self.add_error(name, ValidationError(why, code="filtered"))
        # Django's forms may answer nothing here, where nothing is wrong with what was cleaned.
        return self.cleaned_data if data is None else data
