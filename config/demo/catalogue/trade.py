"""What is bought in the demo, by whom, how it is paid, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DemoAddress:
    """Where somebody's invoices go to; `country` is an ISO 3166-1 alpha-2 code."""

    country: str
    address: str
    postcode: str
    city: str
    company: str = ""


@dataclass(frozen=True)
class DemoOpinion:
    """What a buyer says of a model two days after they bought it."""

    slug: str
    rating: int
    text: str
    answer: str = ""


@dataclass(frozen=True)
class DemoDispute:
    """A payment that its payer contests `opened` days ago; `won` days ago the bank has decided, or not yet."""

    reason: str
    opened: int
    statement: str
    won: int | None = None


@dataclass(frozen=True)
class DemoRefund:
    """Money asked back `asked` days ago for one of the models; one that was downloaded waits for its seller."""

    slug: str
    asked: int
    reason: str
    text: str = ""


@dataclass(frozen=True)
class DemoOrder:
    """Models by their slugs, bought `days` ago; `source` is the sandbox's card, account or wallet that pays."""

    buyer: str
    days: int
    models: tuple[str, ...]
    source: str
    coupon: str = ""
    keeps_card: bool = False
    is_downloaded: bool = True
    opinions: tuple[DemoOpinion, ...] = ()
    refund: DemoRefund | None = None
    dispute: DemoDispute | None = None

    @property
    def method(self) -> str:
        """card, paypal or crypto."""
        if "@" in self.source:
            return "paypal"
        return "card" if self.source.isdigit() else "crypto"

    @property
    def key(self) -> str:
        """Its name among all orders, the same each time the demo is loaded."""
        return f"{self.buyer} {self.days} {' '.join(self.models)}"


VISA, MASTERCARD, DECLINED = "4242424242424242", "4000000000007726", "4000000000000002"
PAYPAL, WALLET = "pays@sandbox.test", "test-wallet-1"

# What waits in the cart of the buyer whom people sign in as, and what is saved there for later.
CART, SAVED_FOR_LATER = ("brick-windmill", "robot-pip"), ("camper-van",)
COUPON = ("AUTUMN15", 15)
# The standard rates of 2026.
TAX_RATES = (("DE", 19), ("FR", 20), ("IE", 23), ("NL", 21))

ADDRESSES = {
    "buyer": DemoAddress("IE", "7 Quay Street", "H91 X2C4", "Galway"),
    "marit_dekker": DemoAddress("NL", "Oudegracht 214", "3511 NR", "Utrecht", "Studio Dekker"),
    "jonas_weil": DemoAddress("DE", "Karl-Heine-Straße 58", "04229", "Leipzig"),
    "priya_nair": DemoAddress("IN", "14 Koregaon Park Road", "411001", "Pune"),
    "callum_reid": DemoAddress("GB", "31 Leith Walk", "EH6 8LN", "Edinburgh"),
    "sofia_lindgren": DemoAddress("SE", "Södra Förstadsgatan 40", "211 43", "Malmö", "Lindgren Arkitekter"),
    "mateo_ruiz": DemoAddress("ES", "Calle de Cádiz 22", "46006", "Valencia"),
    "hana_kovac": DemoAddress("HR", "Vlaška ulica 72", "10000", "Zagreb"),
    "david_mbeki": DemoAddress("ZA", "9 Lower Main Road", "7925", "Cape Town"),
    "elise_fournier": DemoAddress("FR", "12 rue des Olivettes", "44000", "Nantes"),
    "ken_watanabe_3d": DemoAddress("JP", "3-11 Nakazakinishi", "530-0015", "Osaka"),
    "lucia_bianchi": DemoAddress("IT", "Via Vanchiglia 25", "10124", "Torino"),
    "omar_haddad": DemoAddress("JO", "Rainbow Street 18", "11181", "Amman"),
}

ORDERS = (
    DemoOrder(
        "marit_dekker",
        70,
        ("walnut-lounge-chair",),
        VISA,
        opinions=(
            DemoOpinion(
                "walnut-lounge-chair",
                5,
                "Three clients have asked where the chair is sold. The leather wrinkles where somebody would sit.",
                "Best thing anybody has said of it. Thank you, Marit.",
            ),
        ),
    ),
    DemoOrder(
        "ken_watanabe_3d",
        68,
        ("rangefinder-camera",),
        PAYPAL,
        opinions=(
            DemoOpinion(
                "rangefinder-camera",
                5,
                "Engraved numbers are geometry where it matters and texture elsewhere.",
            ),
        ),
    ),
    DemoOrder("omar_haddad", 64, ("swimming-whale",), WALLET),
    DemoOrder(
        "david_mbeki",
        62,
        ("classic-roadster",),
        VISA,
        opinions=(
            DemoOpinion(
                "classic-roadster",
                4,
                "Drives in my game since Tuesday. Glass needed another material; the rest went in as it was.",
            ),
        ),
    ),
    DemoOrder("sofia_lindgren", 57, ("walnut-lounge-chair", "stoneware-vases"), PAYPAL),
    DemoOrder(
        "jonas_weil",
        53,
        ("treasure-chest", "knights-longsword"),
        VISA,
        opinions=(
            DemoOpinion("treasure-chest", 5, "The lid alone is worth it. Players open it twice."),
            DemoOpinion("knights-longsword", 4, "Clean and light. A scabbard would make it perfect."),
        ),
    ),
    DemoOrder("buyer", 51, ("walnut-lounge-chair", "teapot-and-cups"), VISA, keeps_card=True),
    DemoOrder("priya_nair", 50, ("swimming-whale", "treasure-chest"), VISA),
    DemoOrder("mateo_ruiz", 48, ("walnut-lounge-chair",), MASTERCARD),
    DemoOrder("hana_kovac", 46, ("over-ear-headphones",), WALLET),
    DemoOrder("elise_fournier", 45, ("juniper-bonsai", "striped-lighthouse"), VISA),
    DemoOrder(
        "lucia_bianchi",
        43,
        ("stoneware-vases", "teapot-and-cups"),
        PAYPAL,
        opinions=(
            DemoOpinion(
                "teapot-and-cups", 5, "Sat on a stage for six weeks and nobody asked whether it was real."
            ),
        ),
    ),
    DemoOrder("callum_reid", 37, ("twisted-planter", "gyroid-lamp-shade"), PAYPAL),
    DemoOrder(
        "marit_dekker",
        34,
        ("boucle-sofa", "desk-lamp-rigged"),
        VISA,
        coupon=COUPON[0],
        opinions=(
            DemoOpinion(
                "boucle-sofa",
                4,
                "The weave is lovely from two metres on. From nearer I add a fuzz shader of my own.",
                "Fair. A close-up version with shells is on my list.",
            ),
        ),
    ),
    DemoOrder("david_mbeki", 31, ("camper-van",), VISA),
    DemoOrder("jonas_weil", 29, ("brick-windmill", "gear-train"), WALLET),
    DemoOrder(
        "ken_watanabe_3d",
        27,
        ("studio-microphone", "over-ear-headphones"),
        PAYPAL,
        opinions=(
            DemoOpinion("over-ear-headphones", 4, "Hinges move as they should. Cable is a separate mesh."),
        ),
    ),
    DemoOrder("priya_nair", 25, ("robot-pip",), MASTERCARD),
    DemoOrder(
        "buyer",
        23,
        ("rangefinder-camera",),
        PAYPAL,
        is_downloaded=False,
        refund=DemoRefund("rangefinder-camera", 22, "mistake", "I meant to put it on my wish list."),
    ),
    DemoOrder(
        "omar_haddad",
        21,
        ("boucle-sofa",),
        VISA,
        dispute=DemoDispute(
            "The cardholder does not recognise this payment.",
            opened=17,
            statement=(
                "The buyer signed in, bought the model, and downloaded it on the same day. The order, the licence and "
                "the record of the download are enclosed."
            ),
            won=10,
        ),
    ),
    DemoOrder("elise_fournier", 19, ("marble-pedestal-table", "stoneware-vases"), VISA),
    DemoOrder("hana_kovac", 16, ("gamepad", "kinetic-mobile"), VISA),
    DemoOrder("callum_reid", 13, ("spiral-staircase",), PAYPAL),
    DemoOrder(
        "lucia_bianchi",
        12,
        ("boucle-sofa",),
        VISA,
        dispute=DemoDispute(
            "The cardholder says that the payment was made twice.",
            opened=3,
            statement="It is the only payment of this buyer for this model; the invoice and the download are enclosed.",
        ),
    ),
    DemoOrder("priya_nair", 11, ("camper-van",), DECLINED),
    DemoOrder("mateo_ruiz", 10, ("gear-train", "potted-monstera"), VISA),
    DemoOrder(
        "buyer",
        9,
        ("spiral-staircase", "desk-lamp-rigged"),
        MASTERCARD,
        keeps_card=True,
        refund=DemoRefund(
            "spiral-staircase",
            1,
            "quality",
            "The handrail has gaps at every third baluster when I look from below. I cannot use it for a close-up.",
        ),
        opinions=(DemoOpinion("desk-lamp-rigged", 5, "Pull the head and the arm follows. That is a rig."),),
    ),
    DemoOrder("sofia_lindgren", 6, ("reeded-oak-sideboard",), PAYPAL),
    DemoOrder("marit_dekker", 5, ("reeded-oak-sideboard", "marble-pedestal-table"), VISA),
    DemoOrder("jonas_weil", 4, ("robot-pip",), VISA),
    DemoOrder("elise_fournier", 2, ("walnut-lounge-chair",), VISA),
    DemoOrder("omar_haddad", 1, ("striped-lighthouse",), WALLET),
)
