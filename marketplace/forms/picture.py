"""What a creator says about a picture."""

from django import forms

from marketplace.models import PreviewImage


class PictureForm(forms.ModelForm):
    """Words for those who do not see the picture."""

    class Meta:
        model = PreviewImage
        fields = ("alt_text",)

    def clean_alt_text(self) -> str:
        return " ".join(self.cleaned_data["alt_text"].split())
