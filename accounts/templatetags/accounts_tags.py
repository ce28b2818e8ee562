"""Tags about the person who looks at the page."""

from django import template
from django.forms import Form

from accounts.notifications import unread_count as count_unread

register = template.Library()


@register.simple_tag(takes_context=True)
def unread_count(context) -> int:
    """How many notifications the signed-in person has not read; asked once a request, and kept for a minute."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return 0
    if not hasattr(request, "_unread_notifications"):
        request._unread_notifications = count_unread(user.pk)
    return request._unread_notifications


# allauth's labels that the site says otherwise.
LABELS = {
    "email": "E-mail address",
    "oldpassword": "Present password",
    "password1": "Password",
    "password2": "Password again",
    "remember": "Keep me logged in on this device",
    "code": "Code",
    "passwordless": "Log in with it alone, without a password",
}

# The first that is found counts: most browsers also name the others.
BROWSERS = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
]
SYSTEMS = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
]


@register.filter
def in_our_words(form: Form) -> Form:
    """An allauth form with the site's labels, which are not repeated inside the fields."""
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        if name == "passwordless":
            field.initial = True
            form[name].help_text = "Your device then asks for its PIN, fingerprint or face."
        # A form that has been checked keeps its labels in its bound fields.
        form[name].label = LABELS.get(name, form[name].label)
    return form


@register.filter
def browser_name(user_agent: str) -> str:
    """`Firefox on Linux` from what a browser says of itself; the beginning of it where it says something unknown."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    if not browser:
        return user_agent[:60] or "Unknown browser"
    return f"{browser} on {system}" if system else browser
