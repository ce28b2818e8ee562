"""A row of the table: an address, a method, and what each of nine roles gets."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

VISITOR, BUYER, OTHER_BUYER, SELLER, OTHER_SELLER = (
    "visitor",
    "buyer",
    "other buyer",
    "seller",
    "other seller",
)
SUPPORT, MODERATOR, FINANCE, ADMIN = "support", "moderator", "finance", "admin"
MEMBERS = (BUYER, OTHER_BUYER, SELLER, OTHER_SELLER)
CREATORS = (SELLER, OTHER_SELLER)
STAFF = (SUPPORT, MODERATOR, FINANCE, ADMIN)
ROLES = (VISITOR, *MEMBERS, *STAFF)
SIGNED_IN = (*MEMBERS, *STAFF)

# Redirects that mean: not yet. Every other one is the number 302.
SIGN_IN, CONSOLE_SIGN_IN, BECOME_CREATOR = "sign in", "sign in to the console", "become a creator"

Outcome = int | str


@dataclass(frozen=True)
class Row:
    """`about` names what in the world the address is about; `outcomes` says what each role gets.

    `movers` are those whose request changes something in the database; everybody else's changes nothing, but for the
    audit entry of a refusal in the console. None: all who succeed, where the method is not GET. `may_move` takes the
    successful out of this, and says why.
    """

    name: str
    outcomes: dict[str, Outcome]
    method: str = "get"
    about: str = ""
    data: dict | Callable = field(default_factory=dict)
    movers: tuple[str, ...] | None = None
    may_move: str = ""
    # Everybody may keep a copy: neither the words nor the file say anything of one person.
    is_public: bool = False
    # Whoever knows the address may read what stands there.
    is_key: bool = False

    def moves(self, role: str) -> bool:
        """Whether the role's request has to change something."""
        if self.movers is not None:
            return role in self.movers
        return self.method != "get" and self.outcomes[role] in (200, 302)

    def named(self, name: str) -> "Row":
        return replace(self, name=name)


def everybody(outcome: Outcome = 200, **others: Outcome) -> dict[str, Outcome]:
    return dict.fromkeys(ROLES, outcome) | _spelled(others)


def signed_in(outcome: Outcome = 200, **others: Outcome) -> dict[str, Outcome]:
    """All but visitors, each about what is theirs."""
    return dict.fromkeys(SIGNED_IN, outcome) | {VISITOR: SIGN_IN} | _spelled(others)


def only(*roles: str, outcome: Outcome = 200, visitor: Outcome = SIGN_IN, **others: Outcome) -> dict:
    """For the others nothing is there."""
    return dict.fromkeys(ROLES, 404) | {VISITOR: visitor} | dict.fromkeys(roles, outcome) | _spelled(others)


def creators(outcome: Outcome = 200, **others: Outcome) -> dict[str, Outcome]:
    """Sellers, each about what is theirs; others are led to the step that makes them one."""
    found = dict.fromkeys(SIGNED_IN, BECOME_CREATOR) | {VISITOR: SIGN_IN}
    return found | dict.fromkeys(CREATORS, outcome) | _spelled(others)


def console(*roles: str, outcome: Outcome = 200, **others: Outcome) -> dict[str, Outcome]:
    """Those of the staff who have the permission; nobody who is not of the staff gets beyond its sign-in."""
    found = dict.fromkeys((VISITOR, *MEMBERS), CONSOLE_SIGN_IN) | dict.fromkeys(STAFF, 403)
    return found | dict.fromkeys(roles, outcome) | _spelled(others)


def _spelled(others: dict[str, Outcome]) -> dict[str, Outcome]:
    return {name.replace("_", " "): outcome for name, outcome in others.items()}
