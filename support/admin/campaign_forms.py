"""What a campaign is written and scheduled with."""

from django import forms
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from blog.admin.markdown import MarkdownWidget
from commerce.countries import COUNTRIES
from support.models import MailCampaign


class LetterWidget(MarkdownWidget):
    preview_name = "admin:support_mailcampaign_preview"


class CampaignForm(forms.ModelForm):
    country = forms.ChoiceField(
        choices=[("", "All countries"), *COUNTRIES.items()],
        required=False,
        widget=UnfoldAdminSelectWidget,
        help_text="Where they say that they live, or were billed.",
    )

    class Meta:
        model = MailCampaign
        fields = [
            *("subject", "preheader", "text"),
            *("segment", "country", "active_days", "mails_a_minute"),
        ]
        widgets = {"text": LetterWidget(attrs={"rows": 20})}

    def clean_subject(self) -> str:
        return " ".join(self.cleaned_data["subject"].split())

    def clean_text(self) -> str:
        return self.cleaned_data["text"].replace("\r\n", "\n").strip() + "\n"

    def clean(self) -> dict:
        """Where it was begun since the form was read, nothing of it changes any more. The row stays locked until the
        form is saved, so that nobody begins it meanwhile.
        """
        cleaned = super().clean()
        if self.instance.pk:
            row = MailCampaign.objects.select_for_update(no_key=True).filter(pk=self.instance.pk).first()
            if row is None or row.status != self.instance.status:
                raise forms.ValidationError("It is no draft any more: nothing of it was changed.")
        return cleaned


class HourForm(BaseDialogForm):
    at = forms.DateTimeField(
        label="When (UTC)", widget=UnfoldAdminTextInputWidget(attrs={"type": "datetime-local"})
    )
