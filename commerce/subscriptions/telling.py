"""What people are told about their plan: on the site and by mail, in the transaction that it tells about."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.urls import reverse
from django.utils.formats import date_format

from accounts.models import Notification
from accounts.notifications import notify
from commerce.models import Interval, Subscription, SubscriptionPeriod
from core.addresses import absolute_url
from core.mail import send
from core.templatetags.core_tags import money_text

State = Subscription.State
Kind = SubscriptionPeriod.Kind


@dataclass(frozen=True)
class News:
    """A message: `title` says all of it in one line, `lines` are paragraphs, `facts` stand in a table."""

    title: str
    lines: list[str]
    facts: list[tuple[str, str]] = field(default_factory=list)
    link: str = ""
    action: str = "See your plan"


def trial_started(subscription: Subscription) -> None:
    plan = subscription.plan
    _tell(
        subscription,
        News(
            f"Your trial of {plan.name} has begun",
            [
                f"You have everything that {plan.name} gives until {day(subscription.period_end)}.",
                _after_trial(subscription),
            ],
        ),
    )


def trial_ends(subscription: Subscription, *, has_card: bool) -> None:
    name, on = subscription.plan.name, day(subscription.period_end)
    lines = [_after_trial(subscription)] if has_card else []
    if not has_card:
        lines.append(
            f"You have given no card. Subscribe before then to keep {name}; otherwise you go on with the free plan."
            " Nothing of yours is lost either way."
        )
    action = "See your plan" if has_card else f"Keep {name}"
    _tell(subscription, News(f"Your trial of {name} ends on {on}", lines, action=action))


def paid(subscription: Subscription, period: SubscriptionPeriod) -> Callable[[], None]:
    """Called before the subscription changes; what is returned tells of it afterwards."""
    before, plan_before, state_before = subscription.plan_id, subscription.plan.name, subscription.state
    name = period.plan.name

    def tell() -> None:
        if period.kind == Kind.CHANGE:
            title = f"You have {name} now, {words(period.interval)}"
            lines = [
                "The difference for the time that was left is paid; what you have with it is there at once."
            ]
        elif period.kind == Kind.RENEWAL:
            title = f"{name} is renewed until {day(period.end)}"
            lines = [f"As you wished, {plan_before} became {name}."] if before != period.plan_id else []
        elif state_before in (State.INCOMPLETE, State.EXPIRED):
            title = f"Welcome to {name}"
            lines = [
                f"Everything that {name} gives is there now. You can cancel at any time, to the period's end."
            ]
        else:
            title = f"{name} has begun"
            lines = ["Your trial is over, and the plan goes on."]
        facts = [
            ("Plan", f"{name}, {words(period.interval)}"),
            ("Time", f"{day(period.start)} to {day(period.end)}"),
            ("Amount", money_text(period.amount)),
        ]
        if period.tax_amount:
            facts.append((period.tax_label, money_text(period.tax_amount)))
        facts += [("Paid", money_text(period.total)), ("Receipt", period.number)]
        receipt = reverse("commerce:plan_receipt", args=[period.public_id])
        _tell(subscription, News(title, lines, facts, receipt, "See the receipt"), f"plan-paid:{period.pk}")

    return tell


def changed(subscription: Subscription) -> None:
    """At once, and for nothing."""
    name = subscription.plan.name
    _tell(
        subscription, News(f"You have {name} now, {words(subscription.interval)}", ["Nothing was charged."])
    )


def changed_back(subscription: Subscription, reason: str) -> None:
    name, until = subscription.plan.name, day(subscription.period_end)
    lines = [reason, f"You go on with what you had paid for before, until {until}.", KEPT]
    _tell(subscription, News(f"You have {name} again, {words(subscription.interval)}", lines))


def change_planned(subscription: Subscription) -> None:
    name, on = subscription.next_plan.name, day(subscription.period_end)
    _tell(
        subscription,
        News(
            f"You change to {name}, {words(subscription.next_interval)}, on {on}",
            [
                f"Until then you have {subscription.plan.name}. From then on it is"
                f" {money_text(subscription.next_price)} {per(subscription.next_interval)}.",
                "What you keep here stays, also where it is more than the plan allows:"
                " only adding more is refused then.",
            ],
        ),
    )


def cancelled(subscription: Subscription) -> None:
    name, on = subscription.plan.name, day(subscription.period_end)
    _tell(
        subscription,
        News(
            f"{name} is cancelled and runs until {on}",
            ["Nothing is charged any more. Until then you can resume it with one press.", KEPT],
            action="Resume or look",
        ),
    )


def resumed(subscription: Subscription) -> None:
    name = subscription.plan.name
    _tell(subscription, News(f"{name} goes on", [f"It is renewed on {day(subscription.period_end)}."]))


def ended(subscription: Subscription, reason: str) -> None:
    what = "trial of " if subscription.trial_ends_at == subscription.period_end else ""
    title = f"Your {what}{subscription.plan.name} has ended"
    lines = [*([reason] if reason else []), "You go on with the free plan.", KEPT]
    pricing = reverse("commerce:pricing")
    _tell(subscription, News(title, lines, link=pricing, action="See the plans"))


def failed(subscription: Subscription, reason: str, *, is_last: bool) -> None:
    name, on = subscription.target_plan.name, day(subscription.due_at)
    then = (
        f"If that fails too, you go on with the free plan. {KEPT}" if is_last else "Until then you keep it."
    )
    lines = [f"We try again on {on}. {then}", "Pay with another card if you want to settle it now."]
    title = f"The payment for {name} failed"
    _tell(subscription, News(title, [*([reason] if reason else []), *lines], action="Pay now"))


def confirmation_needed(subscription: Subscription, period: SubscriptionPeriod, link: str) -> None:
    _tell(
        subscription,
        News(
            f"Your bank wants you to confirm the payment for {period.plan.name}",
            [
                f"{money_text(period.total)} are due for the time from {day(period.start)} on. Your bank asks"
                " whether it is you: that takes a moment.",
                "Until then you keep your plan.",
            ],
            link=link,
            action="Confirm the payment",
        ),
        f"plan-confirm:{period.pk}",
    )


def renews_soon(subscription: Subscription, price: Decimal) -> None:
    """Some days before: a year is long, and a price may have changed."""
    name, on = subscription.target_plan.name, day(subscription.period_end)
    cost = f"{money_text(price)} {per(subscription.target_interval)}"
    agreed = subscription.price if subscription.next_price is None else subscription.next_price
    if price != agreed:
        title = f"{name} costs {cost} from {on} on"
        lines = [f"That is instead of {money_text(agreed)}. You can change or cancel the plan before."]
    else:
        title, lines = (
            f"{name} is renewed on {on}",
            [f"For {cost}. You can change or cancel the plan before."],
        )
    key = f"plan-soon:{subscription.pk}:{subscription.period_end:%Y-%m-%d}"
    _tell(subscription, News(title, lines), key)


def extended(subscription: Subscription) -> None:
    name, on = subscription.plan.name, day(subscription.period_end)
    _tell(subscription, News(f"{name} runs until {on}", ["We have added days to it; nothing was charged."]))


def day(at: datetime) -> str:
    return date_format(at, "j F Y")


def words(interval: str) -> str:
    """As it stands behind a plan's name: “monthly”."""
    return Interval(interval).adverb


def per(interval: str) -> str:
    return f"a {Interval(interval).value}"


KEPT = "What you keep here stays, also where it is more than the free plan allows; only adding more is refused then."


def _after_trial(subscription: Subscription) -> str:
    price = f"{money_text(subscription.price)} {per(subscription.interval)}"
    return f"Then it costs {price}, from the card that you have given; without one it ends by itself."


def _tell(subscription: Subscription, news: News, dedupe_key: str | None = None) -> None:
    user = subscription.user
    link = news.link or reverse("commerce:plan")

    def mail():
        # An account made by an operator may have no address; the notification is there in any case.
        if user.email:
            send(
                kind="commerce/plan_news",
                to=user,
                context={"news": news, "url": absolute_url(link)},
                dedupe_key=dedupe_key,
            )

    notify(
        user=user,
        kind=Notification.Kind.SUBSCRIPTION,
        title=news.title,
        message=" ".join(news.lines),
        link=link,
        mail=mail,
    )
