"""What members write about the site."""

from django import forms

from blog.models import Testimonial
from blog.models.testimonial import LONGEST, SHORTEST
from core.public_words import PublicWordsMixin

STARS = (5, 4, 3, 2, 1)


class TestimonialForm(PublicWordsMixin, forms.ModelForm):
    """Stars, words, and what their author does."""

    public_words = ("text", "company")
    rating = forms.TypedChoiceField(
        label="How many stars?",
        coerce=int,
        choices=[(stars, f"{stars} star{'' if stars == 1 else 's'}") for stars in STARS],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose from one to five stars.",
            "invalid_choice": "Choose from one to five stars.",
        },
    )

    class Meta:
        model = Testimonial
        fields = ["rating", "text", "company"]
        labels = {"text": "What do you want to say?"}
        help_texts = {
            "text": f"{SHORTEST} to {LONGEST} characters, as plain text. A moderator reads it first."
        }
        error_messages = {
            "text": {
                "required": "Write something first.",
                "max_length": "At most %(limit_value)s characters; yours has %(show_value)s.",
            }
        }
        widgets = {"text": forms.Textarea(attrs={"rows": 6})}

    def clean_text(self) -> str:
        return self.cleaned_data["text"].strip()

    def clean_company(self) -> str:
        return " ".join(self.cleaned_data["company"].split())
