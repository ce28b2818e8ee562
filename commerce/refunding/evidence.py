"""What the site knows of a disputed payment, for the bank that decides: dates, consent, downloads, messages.

No addresses of the network are kept, and none are handed over.
"""

from collections.abc import Iterator

from django.utils import timezone

from commerce.models import (
    Bounty,
    Dispute,
    DownloadLink,
    Order,
    Payment,
    Purchase,
    SubscriptionPeriod,
)
from core.models import OutgoingMail
from core.templatetags.core_tags import money_text

# So many moments are named one by one.
_MOST = 50


def evidence_of(dispute: Dispute) -> list[dict[str, str]]:
    """Facts as label and value, in the order in which they happened."""
    payment = dispute.payment
    facts = [
        (
            "Paid",
            f"{money_text(payment.amount)} by {payment.get_method_display()} on {_moment(payment.completed_at)}",
        ),
        ("Payment at the provider", payment.provider_id),
        ("Account", _account(payment.payer)),
    ]
    if payment.order is not None:
        facts += _of_order(payment.order)
    facts += _of_bounty(payment)
    facts += _of_plan(payment)
    return [{"label": label, "value": str(value)} for label, value in facts if value]


def as_text(dispute: Dispute) -> str:
    """The statement and the facts as one text, for a provider that takes evidence on its own pages."""
    facts = dispute.evidence or evidence_of(dispute)
    lines = [f"Dispute {dispute.provider_id}: {money_text(dispute.amount)}", "", dispute.statement, ""]
    lines += [f"{fact['label']}: {fact['value']}" for fact in facts]
    return "\n".join(lines).strip() + "\n"


def _of_order(order: Order) -> Iterator[tuple[str, str]]:
    yield "Order", f"{order.public_id}, completed on {_moment(order.completed_at)}"
    yield (
        "Billed to",
        ", ".join(filter(None, (order.billing_name, order.billing_email, order.billing_country_name))),
    )
    yield "Terms and licences accepted", _moment(order.terms_accepted_at)
    purchases = Purchase.objects.filter(transaction__order=order).select_related("transaction", "course")
    for purchase in purchases.order_by("pk"):
        line = purchase.transaction
        if purchase.course_id is not None:
            yield f"Bought the course: {line.title}", money_text(line.gross_amount)
            yield f"Lessons done of {line.title}", _lessons(purchase)
        else:
            yield (
                f"Bought: {line.title}",
                f"{money_text(line.gross_amount)}, licence {line.license_name}, version {purchase.file_version}",
            )
            yield f"Downloads of {line.title}", _downloads(purchase)
        for refund in line.refunds.exclude(dispute__isnull=False).order_by("created_at", "pk"):
            said = refund.text or refund.get_reason_display()
            yield (
                f"Asked us for a refund on {_moment(refund.created_at)}",
                f"{said} ({refund.get_status_display()})",
            )
    for mail in _mails(order):
        yield f"Mail to {mail.to_address}", f"{mail.subject}, {_moment(mail.sent_at)}"


def _of_bounty(payment: Payment) -> Iterator[tuple[str, str]]:
    bounty = Bounty.objects.filter(payment=payment).first()
    if bounty is None:
        return
    yield (
        "Bounty",
        f"{bounty.title}, opened on {_moment(bounty.opened_at)}, {bounty.get_status_display().lower()}",
    )
    yield "Applied to by", f"{bounty.applicants} people"
    yield "Work handed in", str(bounty.submissions.standing().count())
    work = bounty.submissions.filter(transaction__isnull=False).select_related("transaction__order").first()
    if work is not None:
        yield "Chosen by its poster", _moment(bounty.closed_at)
        yield from _of_order(work.transaction.order)


def _of_plan(payment: Payment) -> Iterator[tuple[str, str]]:
    period = SubscriptionPeriod.objects.settled().filter(payment=payment).select_related("plan").first()
    if period is not None:
        yield (
            "Plan",
            f"{period.plan.name}, {period.get_interval_display().lower()}, {period.get_kind_display()}",
        )
        yield "Time paid for", f"{_moment(period.start)} to {_moment(period.end)}"
        yield "Charged by itself", "yes, to the card that was kept for it" if period.is_automatic else "no"


def _downloads(purchase: Purchase) -> str:
    made = DownloadLink.objects.filter(purchase=purchase).order_by("created_at", "pk")
    moments = [_moment(at) for at in made.values_list("created_at", flat=True)[:_MOST]]
    if not moments:
        return "None."
    return f"{purchase.download_count}: {'; '.join(moments)}"


def _lessons(purchase: Purchase) -> str:
    taken = purchase.course.enrollments.filter(user=purchase.user_id).first()
    if taken is None or taken.is_untouched:
        return "None was opened."
    done = taken.progress.filter(done_at__isnull=False).order_by("done_at", "pk")
    moments = [_moment(at) for at in done.values_list("done_at", flat=True)[:_MOST]]
    return f"{'; '.join(moments) or 'None'} (last opened: {_moment(taken.seen_at)})"


def _mails(order: Order):
    """What was sent about it: the receipt, and what was written of refunds."""
    sent = OutgoingMail.objects.filter(
        recipient=order.buyer_id, sent_at__isnull=False, kind__startswith="commerce/"
    )
    return (
        sent.exclude(kind="commerce/dispute")
        .filter(created_at__gte=order.created_at)
        .order_by("sent_at", "pk")[:_MOST]
    )


def _account(person) -> str:
    return f"{person.username}, since {_moment(person.created_at)}"


def _moment(at) -> str:
    """By the clock of the world, to the minute."""
    return (
        timezone.localtime(at, timezone.get_default_timezone()).strftime("%Y-%m-%d %H:%M UTC") if at else ""
    )
