"""Words that mean the same to those who search, in the moderation console."""

from django import forms
from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField
from unfold.widgets import UnfoldAdminTextInputWidget

from core.desk import EVERYTHING, ConsoleAdmin
from marketplace.actions import synonyms
from marketplace.models import SynonymGroup
from marketplace.search.forms import clean_text

MAX_WORDS = 12


class SynonymGroupForm(forms.ModelForm):
    words = SimpleArrayField(
        forms.CharField(max_length=40),
        max_length=MAX_WORDS,
        widget=UnfoldAdminTextInputWidget,
        help_text=(
            "Words or short phrases, separated by commas, such as “sofa, couch, settee”. Who searches for one of them "
            "finds the others too, from now on."
        ),
    )

    class Meta:
        model = SynonymGroup
        fields = ["words"]

    def clean_words(self) -> list[str]:
        words = list(
            dict.fromkeys(filter(None, (clean_text(word).lower() for word in self.cleaned_data["words"])))
        )
        if len(words) < 2:
            raise forms.ValidationError("Give at least two different words.")
        if any(not letter.isalnum() and letter not in " -'" for word in words for letter in word):
            raise forms.ValidationError("Words consist of letters, digits, spaces, hyphens and apostrophes.")
        return words


@admin.register(SynonymGroup)
class SynonymGroupAdmin(ConsoleAdmin):
    recorded_by_actions = EVERYTHING
    form = SynonymGroupForm
    list_display = ["__str__", "updated_at"]
    ordering = ["words", "pk"]
    list_per_page = 100

    def save_model(self, request, obj, form, change):
        synonyms.save(group=obj, by=request.user)

    def delete_model(self, request, obj):
        synonyms.delete(group=obj, by=request.user)

    def delete_queryset(self, request, queryset):
        for group in queryset:
            synonyms.delete(group=group, by=request.user)
