"""A community: people around one subject, who post for each other."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from core.markdown import plain_text
from core.models import TimestampedModel

SUMMARY_LENGTH = 160
MAX_RULES = 15
# What a search looks at, as an expression that its index has.
WORDS_OF_COMMUNITY = SearchVector("name", "description", config="marketplace_words")


def may_see_all(user) -> bool:
    """Whether `user` moderates the communities of the site, and so sees every one."""
    return user.is_authenticated and user.is_staff and user.has_perm("community.moderate_community")


class CommunityQuerySet(models.QuerySet):
    """Scopes: each list rule has an instance twin on the community."""

    def active(self):
        return self.filter(state=Community.State.ACTIVE)

    def waiting(self):
        """What moderators have to look at."""
        return self.filter(state=Community.State.PENDING)

    def listed(self):
        """What everybody may find and read."""
        return self.active().exclude(policy=Community.Policy.PRIVATE)

    def named(self, name: str):
        """Of this name, in whatever letters."""
        return self.alias(lower_name=Lower("name")).filter(lower_name=Lower(models.Value(name)))

    def of_member(self, user):
        return self.filter(memberships__user=user)

    def visible_to(self, user):
        """Whose front `user` may see: what they may read, and the private ones that they are invited to."""
        return self._seen_by(user, with_invites=True)

    def readable_by(self, user):
        """Whose posts and members `user` may see."""
        return self._seen_by(user, with_invites=False)

    def _seen_by(self, user, *, with_invites: bool):
        listed = Q(state=Community.State.ACTIVE) & ~Q(policy=Community.Policy.PRIVATE)
        if may_see_all(user):
            return self
        if not user.is_authenticated:
            return self.filter(listed)
        inside = Community.objects.active().filter(memberships__user=user)
        rule = listed | Q(owner=user) | Q(pk__in=inside.values("pk"))
        if with_invites:
            invited = Community.objects.active().filter(invites__user=user, invites__state="open")
            rule |= Q(pk__in=invited.values("pk"))
        return self.filter(rule)

    def largest_first(self):
        return self.order_by("-members_count", "-pk")

    def liveliest_first(self):
        """Those with the latest posts; those without any come last."""
        return self.order_by(models.F("last_post_at").desc(nulls_last=True), "-pk")

    def newest_first(self):
        return self.order_by("-created_at", "-pk")

    def named_first(self):
        return self.order_by(Lower("name"), "pk")


class Community(TimestampedModel):
    """`pending` until a moderator of the site has looked at it; `suspended` ones are for their owner alone.

    The counters are written in the transaction of what they count.
    """

    class State(models.TextChoices):
        PENDING = "pending", "Waits for review"
        ACTIVE = "active", "Active"
        SUSPENDED = "suspended", "Suspended"

    class Policy(models.TextChoices):
        """How people come in. Private communities are invisible to those outside."""

        OPEN = "open", "Open"
        APPROVAL = "approval", "With approval"
        PRIVATE = "private", "Private"

    class Category(models.TextChoices):
        MODELLING = "modelling", "Modelling"
        CHARACTERS = "characters", "Characters and creatures"
        VEHICLES = "vehicles", "Vehicles and machines"
        ENVIRONMENTS = "environments", "Environments"
        GAMES = "games", "Games and real time"
        ANIMATION = "animation", "Rigging and animation"
        MATERIALS = "materials", "Textures and materials"
        PRINTING = "printing", "3D printing"
        SOFTWARE = "software", "Software and tools"
        BUSINESS = "business", "Selling and business"
        LEARNING = "learning", "Learning together"
        OTHER = "other", "Everything else"

    class Icon(models.TextChoices):
        """Names of icons in the sprite (`static/icons.txt`)."""

        USERS = "users", "People"
        BOX = "box", "Box"
        CAR = "car", "Car"
        ROCKET = "rocket", "Rocket"
        SWORD = "sword", "Sword"
        SHIELD = "shield", "Shield"
        CASTLE = "castle", "Castle"
        MOUNTAIN = "mountain", "Mountain"
        TREE = "tree-pine", "Tree"
        SPROUT = "sprout", "Sprout"
        CAT = "cat", "Cat"
        BIRD = "bird", "Bird"
        GHOST = "ghost", "Ghost"
        BOT = "bot", "Robot"
        SHIP = "ship", "Ship"
        PLANE = "plane", "Plane"
        ARMCHAIR = "armchair", "Armchair"
        GEM = "gem", "Gem"
        PALETTE = "palette", "Palette"
        PRINTER = "printer", "Printer"
        WRENCH = "wrench", "Wrench"
        HAMMER = "hammer", "Hammer"
        PUZZLE = "puzzle", "Puzzle"
        CAMERA = "camera", "Camera"
        BOOK = "book", "Book"
        TROPHY = "trophy", "Trophy"

    class Banner(models.TextChoices):
        """Gradients of the style sheet (`static/css/community.css`), each with its two themes."""

        EMBER = "ember", "Ember"
        DUSK = "dusk", "Dusk"
        LAGOON = "lagoon", "Lagoon"
        MOSS = "moss", "Moss"
        ORCHID = "orchid", "Orchid"
        SAND = "sand", "Sand"
        STEEL = "steel", "Steel"
        NIGHT = "night", "Night"

    name = models.CharField(max_length=60)
    description = models.TextField(max_length=4000)
    category = models.CharField(max_length=20, choices=Category.choices)
    icon = models.CharField(max_length=20, choices=Icon.choices, default=Icon.USERS)
    banner = models.CharField(max_length=12, choices=Banner.choices, default=Banner.EMBER)
    rules = ArrayField(models.CharField(max_length=300), default=list, blank=True, size=MAX_RULES)
    policy = models.CharField(max_length=10, choices=Policy.choices, default=Policy.OPEN)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING, editable=False)
    # Who has made it, or to whom it was handed on.
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="owned_communities")

    members_count = models.PositiveIntegerField(default=0, editable=False)
    # Posts that stand.
    posts_count = models.PositiveIntegerField(default=0, editable=False)
    last_post_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The number of the last thing that happened in it: see `CommunityEvent`.
    last_event = models.PositiveBigIntegerField(default=0, editable=False)

    objects = CommunityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "communities"
        permissions = [("moderate_community", "Can approve and suspend communities, and see every one")]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="community_name_unique",
                violation_error_message="There is a community of this name.",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="community_has_name"),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "active", "suspended"]), name="community_state_known"
            ),
            models.CheckConstraint(
                condition=Q(policy__in=["open", "approval", "private"]), name="community_policy_known"
            ),
            models.CheckConstraint(condition=Q(rules__len__lte=MAX_RULES), name="community_rules_bounded"),
        ]
        indexes = [
            models.Index(
                fields=["-members_count", "-id"],
                condition=Q(state="active") & ~Q(policy="private"),
                name="community_largest",
            ),
            models.Index(
                models.F("last_post_at").desc(nulls_last=True),
                models.F("id").desc(),
                condition=Q(state="active") & ~Q(policy="private"),
                name="community_liveliest",
            ),
            models.Index(
                fields=["category", "-members_count", "-id"],
                condition=Q(state="active") & ~Q(policy="private"),
                name="community_of_category",
            ),
            models.Index(fields=["created_at", "id"], condition=Q(state="pending"), name="community_queue"),
            GinIndex(WORDS_OF_COMMUNITY, name="community_words"),
            GinIndex(OpClass("name", name="gin_trgm_ops"), name="community_names"),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("community:community", args=[self.pk])

    @property
    def is_active(self) -> bool:
        """Instance twin of `CommunityQuerySet.active`."""
        return self.state == self.State.ACTIVE

    @property
    def is_private(self) -> bool:
        return self.policy == self.Policy.PRIVATE

    @property
    def is_listed(self) -> bool:
        """Instance twin of `CommunityQuerySet.listed`."""
        return self.is_active and not self.is_private

    def is_visible_to(self, user) -> bool:
        """Instance twin of `CommunityQuerySet.visible_to`."""
        if self.is_readable_by(user):
            return True
        if not user.is_authenticated or not self.is_active:
            return False
        return self.invites.open().filter(user=user).exists()

    def is_readable_by(self, user) -> bool:
        """Instance twin of `CommunityQuerySet.readable_by`."""
        if self.is_listed or may_see_all(user):
            return True
        if not user.is_authenticated:
            return False
        return user.pk == self.owner_id or (self.is_active and self.memberships.filter(user=user).exists())

    @property
    def summary(self) -> str:
        """Its description in one plain line."""
        return plain_text(self.description, length=SUMMARY_LENGTH)

    @property
    def last_decision(self) -> "CommunityDecision | None":
        return self.decisions.order_by("-created_at", "-pk").first()


class CommunityDecision(models.Model):
    """What a moderator of the site decided about a community, and why; or its owner, by asking for another look."""

    class Outcome(models.TextChoices):
        APPROVED = "approved", "Approved"
        DECLINED = "declined", "Declined"
        SUSPENDED = "suspended", "Suspended"
        RESTORED = "restored", "Restored"
        SUBMITTED = "submitted", "Submitted again"

    NEEDS_NOTE = (Outcome.DECLINED, Outcome.SUSPENDED)

    community = models.ForeignKey(Community, models.CASCADE, related_name="decisions")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    note = models.CharField(max_length=500, blank=True)
    # Empty for what the site does by itself.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="community_decisions"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(outcome__in=["declined", "suspended"]) | ~Q(note=""),
                name="community_decision_says_why",
            )
        ]
        indexes = [models.Index(fields=["community", "-created_at", "-id"], name="community_decision_last")]

    def __str__(self):
        return f"community {self.community_id} {self.outcome}"
