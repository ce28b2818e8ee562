"""What people of the demo ask support, what it answers, and what agents say among themselves."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DemoWord:
    """So many hours before now: `by` is "asks", "answers", "resolves" (an answer that ends it) or "notes"."""

    by: str
    hours_ago: float
    text: str


@dataclass(frozen=True)
class DemoTicket:
    """`about` is what it came from: "order" (their newest), or the slug of a model; `stars` is what was said of it."""

    owner: str
    subject: str
    category: str
    priority: str
    words: tuple[DemoWord, ...]
    about: str = ""
    stars: int = 0
    said: str = ""


@dataclass(frozen=True)
class DemoCanned:
    title: str
    category: str
    body: str


TICKETS = (
    DemoTicket(
        "buyer",
        "The chair opens without its leather",
        "technical",
        "medium",
        (
            DemoWord(
                "asks", 30, "In my program the lounge chair is grey all over. In the browser it looks right."
            ),
            DemoWord(
                "answers",
                28.5,
                "Thank you for asking. Which program is it, and did you unpack the archive before opening the file? "
                "The textures lie beside it.",
            ),
            DemoWord("notes", 28.4, "Same question as last week: the help could say it more plainly."),
            DemoWord(
                "asks",
                3,
                "I had opened it inside the archive. Unpacked, the back is right, the seat still is not.",
            ),
        ),
        about="walnut-lounge-chair",
    ),
    DemoTicket(
        "buyer",
        "Our company's name on the invoice",
        "payment",
        "low",
        (
            DemoWord("asks", 190, "Can our company stand on the invoice instead of my name?"),
            DemoWord(
                "resolves",
                186,
                "On this one it cannot be changed any more, since it has been issued. Before the next order, enter the "
                "company at checkout: it is printed then.",
            ),
        ),
        about="order",
        stars=5,
        said="Quick, and clear.",
    ),
    DemoTicket(
        "sofia_lindgren",
        "I cannot sign in on my new phone",
        "account",
        "high",
        (
            DemoWord(
                "asks",
                5.5,
                "My old phone is gone, and with it the codes. I still have the recovery codes somewhere in the office.",
            ),
        ),
    ),
    DemoTicket(
        "creator",
        "When is the payout of this month sent?",
        "payment",
        "medium",
        (DemoWord("asks", 1.5, "It says approved since Monday. Does it go out with the next batch?"),),
    ),
)
CANNED = (
    DemoCanned(
        "Ask which program",
        "technical",
        "Thank you for asking. Which program and which version is it, and what does it say when you open the file?",
    ),
    DemoCanned(
        "How refunds work",
        "refund",
        "What was never downloaded goes back at once within {{refund_days}} days: open your "
        "[library](/dashboard/purchases/) and ask for the refund there. Otherwise the seller has "
        "{{refund_answer_days}} days to answer, and then we decide.",
    ),
    DemoCanned(
        "Solved?",
        "",
        "Is that solved now? If we hear nothing we close this in a few days; write here, and it is open again.",
    ),
)
