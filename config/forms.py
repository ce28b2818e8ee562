"""The contact form."""

from django import forms


class ContactForm(forms.Form):
    """A message to the people who run the site; `website` is a trap that only programs fill in."""

    TOPICS = [
        ("purchase", "A purchase or refund"),
        ("download", "A download or a file"),
        ("selling", "Selling my models"),
        ("account", "My account"),
        ("rights", "Infringement or illegal content"),
        ("other", "Something else"),
    ]

    name = forms.CharField(
        label="Your name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label="Your e-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text="Where our answer goes.",
    )
    topic = forms.ChoiceField(label="What is it about?", choices=TOPICS)
    reference = forms.CharField(label="Order number or address of a model", max_length=300, required=False)
    message = forms.CharField(min_length=10, max_length=5000, widget=forms.Textarea(attrs={"rows": 8}))
    website = forms.CharField(
        label="Leave this empty",
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    @property
    def is_trapped(self) -> bool:
        """Whether a program filled in what no person sees."""
        return bool(self.cleaned_data["website"])
