"""When a model is to be published by itself."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django import forms

FORMAT = "%Y-%m-%dT%H:%M"


class ScheduleForm(forms.Form):
    """A time on the creator's clock: scripts name their zone, without scripts it is UTC."""

    publish_at = forms.DateTimeField(
        label="Publish at",
        input_formats=[FORMAT, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        error_messages={"required": "Choose a time.", "invalid": "Enter a time such as 2027-01-31 09:00."},
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "data-local-time": ""}, format=FORMAT),
    )
    zone = forms.CharField(
        required=False, max_length=60, widget=forms.HiddenInput(attrs={"data-time-zone": ""})
    )

    def clean_zone(self) -> ZoneInfo:
        try:
            return ZoneInfo(self.cleaned_data["zone"] or "UTC")
        except (KeyError, ValueError, OSError) as error:
            raise forms.ValidationError("No such time zone.", code="zone") from error

    def clean(self) -> dict:
        data = super().clean()
        typed: datetime | None = data.get("publish_at")
        if typed is not None and "zone" in data:
            try:
                data["publish_at"] = typed.replace(tzinfo=data["zone"]).astimezone(ZoneInfo("UTC"))
            except OverflowError:
                self.add_error(
                    "publish_at", forms.ValidationError("Enter a time in this century.", code="range")
                )
        elif "zone" in self.errors:
            self.add_error("publish_at", self.errors.pop("zone")[0])
        return data
