"""What a moderator gives with a rejection."""

from django import forms

from marketplace.models import ModelReview


class RejectionForm(forms.Form):
    """A reason the site can count, and a note the creator can act on."""

    reason = forms.ChoiceField(choices=[("", "Choose a reason"), *ModelReview.Reason.choices])
    note = forms.CharField(
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        label="Note to the creator",
        help_text="What is wrong, and what to change so that it can be approved. The creator reads it as written.",
    )
