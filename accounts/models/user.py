"""People: the account (sign-in, public figures) and the profile (what they tell about themselves)."""

import secrets
from collections.abc import Iterable

from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.files import File
from django.db import models, transaction
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils import timezone

from accounts.models.names import FoldedNames
from accounts.validators import username_validators

DELETED_NAME = "Deleted account"
# What `User.anonymise` empties.
PERSONAL_FIELDS = (
    *(
        "username",
        "email",
        "full_name",
        "bio",
        "password",
        "is_active",
        "is_verified",
        "is_staff",
        "is_superuser",
    ),
    *("last_login", "terms_accepted_at", "deletion_due_at", "deleted_at", "updated_at"),
)


class UserQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)

    def called(self, names: Iterable[str]):
        """Those with these usernames, whatever case they are written in."""
        wanted = [Upper(models.Value(name)) for name in names]
        return self.alias(upper_username=Upper("username")).filter(upper_username__in=wanted)

    def indexed(self):
        """Whose pages search engines may list: people with models on the site, unless they asked to be left out."""
        return self.active().filter(total_models__gt=0).exclude(profile__is_indexed=False)

    def creators(self):
        return self.filter(user_type=User.UserType.CREATOR)


class AccountManager(UserManager.from_queryset(UserQuerySet)):
    """Finds people by username without regard to case, so `Ana` and `ana` are one person."""

    @classmethod
    def normalize_email(cls, email):
        """In small letters as a whole: that is how allauth looks for an address."""
        return (email or "").lower()

    def get_by_natural_key(self, username):
        return self.get(username__iexact=username)


class User(AbstractUser):
    """Somebody who can sign in; counters are written in the transaction of the row they count."""

    class UserType(models.TextChoices):
        BUYER = "buyer", "Buyer"
        CREATOR = "creator", "Creator"

    class MatureContent(models.TextChoices):
        HIDE = "hide", "Leave them out"
        BLUR = "blur", "Blur them"
        SHOW = "show", "Show them"

    first_name = None
    last_name = None
    username = models.CharField(
        max_length=40,
        unique=True,
        validators=username_validators,
        error_messages={"unique": "This username is taken."},
    )
    email = models.EmailField("e-mail address", max_length=254)
    full_name = models.CharField(max_length=120, blank=True)
    bio = models.TextField(max_length=2000, blank=True)
    avatar = models.ImageField(upload_to="avatars/%Y/%m/", blank=True)
    user_type = models.CharField(max_length=10, choices=UserType.choices, default=UserType.BUYER)
    is_verified = models.BooleanField(
        "verified creator",
        default=False,
        help_text="The creator's badge; unrelated to verified e-mail addresses.",
    )
    mature_content = models.CharField(
        max_length=4,
        choices=MatureContent.choices,
        default=MatureContent.BLUR,
        help_text="What becomes of mature models in lists.",
    )
    terms_accepted_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Copied from the deletion that they asked for, so that every page can say so without a query.
    deletion_due_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Since when this is nobody's account any more; the row stays for what others have of it.
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    total_sales = models.PositiveIntegerField(default=0, editable=False)
    total_models = models.PositiveIntegerField(default=0, editable=False)
    rating = models.DecimalField(max_digits=3, decimal_places=2, default=0, editable=False)
    rating_count = models.PositiveIntegerField(default=0, editable=False)
    followers_count = models.PositiveIntegerField(default=0, editable=False)
    following_count = models.PositiveIntegerField(default=0, editable=False)
    purchases_count = models.PositiveIntegerField(default=0, editable=False)

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    # What people are found by: see `accounts.finding`.
    searchable_names = models.GeneratedField(
        expression=FoldedNames(), output_field=models.TextField(), db_persist=True
    )

    REQUIRED_FIELDS = ["email"]

    objects = AccountManager()

    class Meta:
        permissions = [("moderate_user", "Can suspend and restore people and give the creator's badge")]
        indexes = [
            GinIndex(
                fields=["searchable_names"],
                opclasses=["gin_trgm_ops"],
                condition=models.Q(is_active=True),
                name="user_searchable_names",
            ),
            # Whom only the console finds.
            GinIndex(
                fields=["searchable_names"],
                opclasses=["gin_trgm_ops"],
                condition=models.Q(is_active=False),
                name="user_names_not_active",
            ),
            models.Index(fields=["created_at"], name="user_joined"),
        ]
        # By capitals, as Django compares without regard to case.
        constraints = [
            models.UniqueConstraint(
                Upper("username"),
                name="user_username_ci_unique",
                violation_error_message="This username is taken.",
            ),
            models.UniqueConstraint(
                Upper("email"),
                name="user_email_ci_unique",
                violation_error_message="An account with this e-mail address exists.",
            ),
        ]

    def __str__(self):
        return self.username

    def get_absolute_url(self):
        return reverse("accounts:profile", args=[self.username])

    def get_full_name(self):
        return self.full_name

    def get_short_name(self):
        return self.username

    @property
    def display_name(self) -> str:
        return self.full_name or self.username

    @property
    def is_creator(self) -> bool:
        return self.user_type == self.UserType.CREATOR

    @property
    def is_deleted(self) -> bool:
        return self.deleted_at is not None

    def become_creator(self) -> None:
        """A buyer turns creator; idempotent."""
        if not self.is_creator:
            self.user_type = self.UserType.CREATOR
            self.save(update_fields=["user_type", "updated_at"])

    def replace_avatar(self, picture: File) -> None:
        """Store `picture` (see `accounts.avatars`) under a name that never repeats, and drop the one before."""
        self._set_avatar(picture)

    def remove_avatar(self) -> None:
        """Idempotent."""
        if self.avatar:
            self._set_avatar(None)

    def anonymise(self) -> None:
        """Nothing here tells any longer who it was; name and address can be taken anew. Idempotent."""
        if self.is_deleted:
            return
        self.remove_avatar()
        self.username = f"deleted-{secrets.token_hex(8)}"
        # No mail is ever delivered below `.invalid` (RFC 2606), and no two accounts share an address.
        self.email = f"{self.username}@account.invalid"
        self.full_name = DELETED_NAME
        self.bio = ""
        self.is_active = self.is_verified = self.is_staff = self.is_superuser = False
        self.last_login = self.terms_accepted_at = self.deletion_due_at = None
        self.deleted_at = timezone.now()
        self.set_unusable_password()
        # Not the counters, which others write.
        self.save(update_fields=PERSONAL_FIELDS)

    def _set_avatar(self, picture: File | None) -> None:
        previous = self.avatar.name
        storage = self.avatar.storage
        if picture is None:
            self.avatar = ""
        else:
            self.avatar.save(f"{secrets.token_urlsafe(16)}.webp", picture, save=False)
        self.save(update_fields=["avatar", "updated_at"])
        if previous:
            transaction.on_commit(lambda: storage.delete(previous))


class UserProfile(models.Model):
    """What a person shows of themselves besides name and picture."""

    user = models.OneToOneField(User, models.CASCADE, related_name="profile")
    phone = models.CharField(max_length=30, blank=True)
    country = models.CharField(max_length=80, blank=True)
    city = models.CharField(max_length=80, blank=True)
    website = models.URLField(blank=True)
    twitter = models.CharField(max_length=60, blank=True)
    instagram = models.CharField(max_length=60, blank=True)
    portfolio_url = models.URLField(blank=True)
    banner = models.ImageField(upload_to="banners/%Y/%m/", blank=True)
    is_indexed = models.BooleanField("may be found by search engines", default=True)
    shows_likes = models.BooleanField("everyone may see what I like", default=False)
    shows_location = models.BooleanField("everyone may see where I am", default=True)
    skills = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    software = ArrayField(models.CharField(max_length=40), default=list, blank=True)

    def __str__(self):
        return f"profile of {self.user_id}"

    @classmethod
    def of(cls, user: User) -> "UserProfile":
        """The profile of a person; made where there is none yet (an account of the command line, say)."""
        return cls.objects.get_or_create(user=user)[0]

    def replace_banner(self, picture: File | None) -> None:
        """Store `picture` (see `accounts.avatars`) under a new name, or none, and drop the one before."""
        previous, storage = self.banner.name, self.banner.storage
        if picture is None:
            self.banner = ""
        else:
            self.banner.save(f"{secrets.token_urlsafe(16)}.webp", picture, save=False)
        self.save(update_fields=["banner"])
        if previous:
            transaction.on_commit(lambda: storage.delete(previous))

    @property
    def place(self) -> str:
        return ", ".join(part for part in (self.city, self.country) if part)

    def links(self) -> list[dict[str, str]]:
        """Where else the person is found: `label` and `url` of each."""
        found = [
            ("Website", self.website),
            ("Portfolio", self.portfolio_url),
            ("X", f"https://x.com/{self.twitter}" if self.twitter else ""),
            ("Instagram", f"https://www.instagram.com/{self.instagram}/" if self.instagram else ""),
        ]
        return [{"label": label, "url": url} for label, url in found if url]
