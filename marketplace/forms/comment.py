"""What people write about models."""

from django import forms

from core.models.comment import MAX_LENGTH


class CommentForm(forms.Form):
    """Markdown; line ends as browsers send them count as one character."""

    body = forms.CharField(
        label="Your comment",
        max_length=MAX_LENGTH,
        help_text="Markdown works, and @name tells somebody.",
        error_messages={
            "required": "Write something first.",
            "max_length": "A comment has at most %(limit_value)s characters; yours has %(show_value)s.",
        },
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    parent = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean_body(self) -> str:
        return self.cleaned_data["body"].replace("\r\n", "\n").replace("\0", "")
