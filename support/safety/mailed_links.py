"""What links in mails carry, signed: they lead to decisions and claims for `SAFETY_LINK_DAYS`, since old mails lie in
mail boxes for years.
"""

from datetime import timedelta

from django.conf import settings
from django.core import signing


def opened(token: str, *, salt: str) -> tuple[object, bool]:
    """What was signed, and whether the link still works.

    Raises:
        signing.BadSignature: nobody has signed this.
    """
    try:
        return signing.loads(token, salt=salt, max_age=timedelta(days=settings.SAFETY_LINK_DAYS)), True
    except signing.SignatureExpired:
        return signing.loads(token, salt=salt), False
