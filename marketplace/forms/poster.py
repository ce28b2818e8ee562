"""From where a model's poster is taken."""

from django import forms

from marketplace.processing.types import Angle

# By the value of the button: for those who would rather not turn the model or count degrees.
VIEWS = {
    "usual": ("Front right", Angle()),
    "front": ("Front", Angle(0, 8)),
    "right": ("Right side", Angle(90, 8)),
    "left": ("Left side", Angle(-90, 8)),
    "back": ("Back", Angle(180, 8)),
    "above": ("From above", Angle(35, 60)),
}


class PosterForm(forms.Form):
    """Two angles in degrees, or one of the named views."""

    azimuth = forms.IntegerField(
        label="Around",
        min_value=-Angle.MAX_AZIMUTH,
        max_value=Angle.MAX_AZIMUTH,
        help_text="0° is the front, 90° the right side.",
        widget=forms.NumberInput(attrs={"data-azimuth": ""}),
    )
    elevation = forms.IntegerField(
        label="Above",
        min_value=-Angle.MAX_ELEVATION,
        max_value=Angle.MAX_ELEVATION,
        help_text="0° is level, 60° from above.",
        widget=forms.NumberInput(attrs={"data-elevation": ""}),
    )
    named_views = [(value, label) for value, (label, _angle) in VIEWS.items()]

    @classmethod
    def of(cls, angle: Angle) -> "PosterForm":
        return cls(initial={"azimuth": angle.azimuth, "elevation": angle.elevation})

    @property
    def angle(self) -> Angle:
        """After a successful clean."""
        return Angle(self.cleaned_data["azimuth"], self.cleaned_data["elevation"])
