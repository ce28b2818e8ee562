"""Naming a search."""

from django import forms

from marketplace.models import SavedSearch


class SavedSearchForm(forms.ModelForm):
    """A name; what is looked for comes along as the address's query."""

    # Longer than any address that the marketplace makes; whether it asks for anything is the action's business.
    query = forms.CharField(max_length=4000, required=False, widget=forms.HiddenInput, strip=False)

    class Meta:
        model = SavedSearch
        fields = ["name"]
        error_messages = {"name": {"required": "Give the search a name."}}

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())
