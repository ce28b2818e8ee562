"""What a creator says about a picture."""

from django import forms

from core.public_words import PublicWordsMixin
from marketplace.models import PreviewImage


class PictureForm(PublicWordsMixin, forms.ModelForm):
    """Words for those who do not see the picture."""

    public_words = ("alt_text",)

    class Meta:
        model = PreviewImage
        fields = ("alt_text",)

    def clean_alt_text(self) -> str:
        return " ".join(self.cleaned_data["alt_text"].split())
