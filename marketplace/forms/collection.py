"""Naming a collection."""

from django import forms

from core.public_words import PublicWordsMixin
from marketplace.models import Collection


class CollectionForm(PublicWordsMixin, forms.ModelForm):
    """Name, description, and who sees it; whether the name is taken is the action's business."""

    public_words = ("name", "description")

    class Meta:
        model = Collection
        fields = ["name", "description", "is_public"]
        help_texts = {"is_public": "Everyone can find and follow it. Otherwise nobody but you sees it."}
        error_messages = {"name": {"required": "Give the collection a name."}}
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())
