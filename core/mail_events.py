"""What a mail provider tells us of mails that left: which addresses bounced, and who called a mail of ours spam.

One provider at a time, named by MAIL_PROVIDER. Its message is taken only with the name and password of
MAIL_WEBHOOK_SECRET in its address; where the provider signs, with its signature besides.
"""

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from django.conf import settings
from django.utils.module_loading import import_string

from core.models import MailSuppression

# The address works as such, it is only not reached, or not by this mail.
PASSING = {RejectReason.TIMED_OUT, RejectReason.BLOCKED, RejectReason.OTHER, RejectReason.SPAM}
VIEWS = {
    "brevo": "anymail.webhooks.brevo.BrevoTrackingWebhookView",
    "mailersend": "anymail.webhooks.mailersend.MailerSendTrackingWebhookView",
    "mailgun": "anymail.webhooks.mailgun.MailgunTrackingWebhookView",
    "postmark": "anymail.webhooks.postmark.PostmarkTrackingWebhookView",
    "sendgrid": "anymail.webhooks.sendgrid.SendGridTrackingWebhookView",
    "sparkpost": "anymail.webhooks.sparkpost.SparkPostTrackingWebhookView",
}
# These sign what they say.
SIGNING = {"mailersend", "mailgun", "sendgrid"}


def view_of(provider: str):
    """Who understands this provider's messages; None where it is not ours, or could not be told from a stranger."""
    if not provider or provider != settings.MAIL_PROVIDER or not settings.MAIL_WEBHOOK_SECRET:
        return None
    return import_string(VIEWS[provider]).as_view()


def take(event: AnymailTrackingEvent) -> None:
    """Stop mail to an address that does not exist, or whose person does not want it. Idempotent."""
    if not event.recipient:
        return
    reason = event.mta_response or event.description or ""
    if event.event_type == EventType.COMPLAINED:
        MailSuppression.note(event.recipient, MailSuppression.Cause.COMPLAINT, reason)
    elif event.event_type == EventType.BOUNCED and event.reject_reason not in PASSING:
        MailSuppression.note(event.recipient, MailSuppression.Cause.BOUNCE, reason)


def receive(sender, event, esp_name, **kwargs) -> None:
    """Receiver of anymail's signal."""
    take(event)
