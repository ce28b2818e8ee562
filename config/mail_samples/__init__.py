"""Made data for every mail of the site, shown in the console. Nobody of these exists."""

from config.mail_samples import accounts, commerce, community, marketplace, pages, support
from core import mail_previews


def register() -> None:
    for module in (accounts, marketplace, commerce, community, support, pages):
        mail_previews.register(module.SAMPLES)
