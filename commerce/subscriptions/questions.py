"""What people ask about plans; the pricing page answers, and tells search engines."""

from dataclasses import dataclass

from commerce.actions.subscriptions.settling import RETRY_DAYS


@dataclass(frozen=True)
class Question:
    text: str
    answer: str


def questions() -> list[Question]:
    *earlier, last = RETRY_DAYS
    retries = f"{', '.join(str(days) for days in earlier)} and {last}"
    return [
        Question(
            "Do I need a plan to buy or sell?",
            "No. Buying needs no plan, and selling needs none either: the fee on a sale is the same with every plan. A"
            " plan gives you more room: larger files, more storage, more private models, statistics that go back"
            " further, and proceeds that are yours sooner.",
        ),
        Question(
            "What happens to my models when I change down or cancel?",
            "Nothing of yours is lost. What is over the smaller plan's limits stays where it is, private models stay"
            " private, and everything goes on being sold. Only adding more is refused until there is room again.",
        ),
        Question(
            "How does the trial work?",
            "You have everything the plan gives, once, without a card. Some days before it ends we write to you. Where"
            " you have given a card by then the plan goes on; where you have not it ends by itself, and nothing is"
            " charged.",
        ),
        Question(
            "What do I pay when I change to a larger plan?",
            "The difference for the days that are left of what you have paid for, at once, and you see the amount"
            " before you confirm. From the next period on you pay the new price.",
        ),
        Question(
            "What happens when I change to a smaller plan, or from years to months?",
            "You keep what you have paid for. The change happens when that time ends, and you can take it back until"
            " then.",
        ),
        Question(
            "Can I cancel at any time?",
            "Yes, with two presses and without giving a reason. The plan runs to the end of what you have paid for, and"
            " until then you can resume it.",
        ),
        Question(
            "What if a payment fails?",
            f"You keep the plan while we try again after {retries} days, and each time you hear from us by mail."
            " You can also pay by hand, with another card. If nothing works you go on with the free plan.",
        ),
        Question(
            "Can the price change?",
            "You pay the price that you subscribed at until the period ends. Where it costs more from then on, we write"
            " to you a week before, so that you can say no. Where it costs less, you pay less.",
        ),
    ]


def structured(asked: list[Question]) -> dict:
    """The same for search engines (schema.org FAQPage)."""
    return {
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "mainEntity": [
            {
                "@type": "Question",
                "name": question.text,
                "acceptedAnswer": {"@type": "Answer", "text": question.answer},
            }
            for question in asked
        ],
    }
