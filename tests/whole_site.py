"""Every page of the list of pages by its number, people of every role, and a site on which everything has happened."""

from dataclasses import dataclass

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.models import Group

from accounts.models import User
from accounts.tests.factories import UserFactory
from commerce.tests.bounty_factories import open_bounty, submitted
from commerce.tests.factories import paid_order, put_into_cart
from commerce.tests.payouts import details_of, earn, payout_of
from config.roles import AGENTS, EDITORS, FINANCE, MAILERS, MODERATORS
from marketplace.models import Model3D
from marketplace.tests.factories import Model3DFactory
from support.actions.safety.appealing import file_appeal
from support.models import Appeal, CopyrightClaim, SupportTicket
from support.tests.mailing import a_campaign, begun, wants_news
from support.tests.safety.making import decided, reported
from tests.pages import DESKS, PUBLIC, made_site
from tests.pages import SIGNED_IN as PERSONAL

VISITOR, MEMBER, ADMIN = "visitor", "member", "admin"
STAFF = {"moderator": MODERATORS, "support": AGENTS, "finance": FINANCE, "editor": EDITORS, "mail": MAILERS}
ROLES = (VISITOR, MEMBER, *STAFF, ADMIN)

# Numbers as in the list of pages. Addresses are filled in from what `made_whole_site` says.
PAGES = {
    1: "/",
    2: "/marketplace/",
    3: "/categories/",
    4: "/model/{model}/",
    5: "/view/{model}/",
    6: "/upload/",
    7: "/search/?q=oak",
    8: "/collections/",
    9: "/collections/{collection}/",
    10: "/collections/new/",
    11: "/profile/ana/",
    12: "/profile/boris/followers/",
    13: "/profile/boris/following/",
    14: "/blog/",
    15: "/blog/{post}/",
    16: "/courses/",
    17: "/courses/{course}/",
    18: "/testimonials/",
    19: "/community/",
    20: "/community/new/",
    21: "/community/{community}/",
    22: "/community/{post_of}/",
    23: "/community/{community}/members/",
    24: "/bounties/",
    25: "/bounties/{bounty}/",
    26: "/bounties/new/",
    27: "/pricing/",
    28: "/cart/",
    29: "/checkout/",
    30: "/purchase/success/?order={order}",
    31: "/dashboard/",
    32: "/dashboard/inventory/",
    33: "/dashboard/inventory/{own}/",
    34: "/dashboard/financials/",
    35: "/dashboard/purchases/",
    36: "/dashboard/messages/",
    37: "/dashboard/messages/{talk}/",
    38: "/dashboard/social/",
    39: "/dashboard/settings/",
    40: "/notifications/",
    41: "/support/",
    42: "/support/new/",
    43: "/support/{ticket}/",
    44: "/help/",
    45: "/help/refund/",
    46: "/docs/",
    47: "/docs/formats/",
    48: "/accounts/login/",
    49: "/accounts/signup/",
    50: "/accounts/password/reset/",
    51: "/accounts/password/reset/key/{reset}/",
    52: "/accounts/confirm-email/{confirm}/",
    53: "/admin/",
    54: "/admin/marketplace/model3d/",
    55: "/admin/accounts/user/",
    56: "/admin/community/community/",
    57: "/admin/support/supportticket/",
    58: "/admin/analytics/",
    59: "/admin/emails/",
}
# Pages that are one person's: whoever else asks finds nothing there, or nothing to do there.
OWN = {30, 33, 37, 43}
# Who has signed in is led on from these.
FOR_VISITORS = {48, 49}
# The key in the address says who somebody is, whoever was signed in before.
KEYS = {51, 52}
SIGNED_IN = {6, 10, 20, 26, 29, *range(30, 44)}
CONSOLE = {number for number in PAGES if PAGES[number].startswith("/admin/")}


@dataclass
class WholeSite:
    """`people` by role, visitors being None; `words` is what addresses are filled in with."""

    people: dict[str, User | None]
    words: dict[str, str]

    def address(self, number: int) -> str:
        return PAGES[number].format(**self.words)

    def addresses(self, role: str) -> list[str]:
        """Every address of every page that has something to show to a visitor, to the member or to the console."""
        listed, wanted = {
            ADMIN: (DESKS, CONSOLE),
            MEMBER: (PERSONAL, SIGNED_IN),
            VISITOR: (PUBLIC, set(PAGES) - SIGNED_IN - CONSOLE),
        }[role]
        numbered = [PAGES[number] for number in sorted(wanted)]
        return [address.format(**self.words) for address in dict.fromkeys([*numbered, *listed])]


def made_whole_site() -> WholeSite:
    """A shop that has sold, beside everything that `made_site` makes."""
    words = made_site()
    member, other = User.objects.get(username="ana"), User.objects.get(username="boris")
    desk, lamp = Model3DFactory.create_batch(2, listed=True, creator=other)
    order = paid_order(member, desk)
    put_into_cart(member, lamp)
    bounty = open_bounty(other)
    submitted(bounty, member)
    details_of(member)
    earn(member, "300.00")
    payout_of(member, "100.00")
    Model3DFactory(with_file=True, pending=True, creator=member, title="Waits for its review")
    newcomer = UserFactory()
    email = newcomer.emailaddress_set.create(email=newcomer.email, primary=True, verified=False)
    words |= {
        "bounty": f"{bounty.pk}",
        "order": f"{order.public_id}",
        "reset": f"{user_pk_to_url_str(other)}-{default_token_generator.make_token(other)}",
        "confirm": EmailConfirmationHMAC(email).key,
    }
    words |= what_the_desks_have(member, desk)
    people = {VISITOR: None, MEMBER: member, ADMIN: UserFactory(staff=True, is_superuser=True)}
    for role, group in STAFF.items():
        people[role] = UserFactory(staff=True)
        people[role].groups.add(Group.objects.get(name=group))
    return WholeSite({role: people[role] for role in ROLES}, words)


def what_the_desks_have(member: User, model: Model3D) -> dict[str, str]:
    """Something that waits at each desk of the console; what addresses of their pages are made of."""
    report = reported(model, model.creator, by=member)
    decision = decided(Model3DFactory(listed=True, creator=member), member)
    appeal = file_appeal(decision=decision, side=Appeal.Side.OWNER, by=member, text="The sketches are mine.")
    wants_news()
    return {
        "person": f"{member.pk}",
        "reported": f"{report.content_type_id}/{report.object_id}",
        "decided": f"{decision.pk}",
        "appealed": f"{appeal.pk}",
        "claimed": f"{CopyrightClaim.objects.latest('pk').pk}",
        "asked": f"{SupportTicket.objects.earliest('pk').pk}",
        "draft": f"{a_campaign().pk}",
        "sending": f"{begun(subject='What is new').pk}",
    }
