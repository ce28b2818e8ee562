"""How much of what they may keep people use, and what is left: storage, private models."""

from dataclasses import dataclass
from typing import Self

from django.db.models import Sum
from django.template.defaultfilters import filesizeformat

from accounts.entitlements import entitlements_of
from accounts.models import User
from core.locks import lock_until_commit
from marketplace.models import Model3D, ModelDocument, ModelFile, Upload


@dataclass(frozen=True)
class PrivateModels:
    """How many of one person's models are private, and how many may be.

    What they deleted and can still bring back counts: bringing it back so never takes more than there is room for.
    """

    used: int
    limit: int
    way_out: str

    @classmethod
    def of(cls, user: User) -> Self:
        private = Model3D.objects.filter(visibility=Model3D.Visibility.PRIVATE)
        limits = entitlements_of(user)
        used = (private.owned_by(user) | private.deleted_by(user)).count()
        return cls(used, limits.private_models, limits.way_out)

    @property
    def has_room(self) -> bool:
        return self.used < self.limit

    @property
    def refusal(self) -> str:
        """Why there is no room for one more, and what to do."""
        models = "1 model" if self.used == 1 else f"{self.used} models"
        return (
            f"You have {models} that only you can see (deleted ones count until they are erased), and at most"
            f" {self.limit} can be private. Make another one public or unlisted first. {self.way_out}"
        )


@dataclass(frozen=True)
class Quota:
    """Bytes of one person: the originals and documents they keep and the uploads they have announced.

    Pictures and what the site derives from a file are not counted: they are small, or not of their making.
    """

    used: int
    limit: int

    @classmethod
    def of(cls, user: User) -> Self:
        files = ModelFile.objects.filter(model__creator=user).aggregate(total=Sum("size"))["total"] or 0
        documents = ModelDocument.objects.filter(model__creator=user).aggregate(total=Sum("size"))["total"]
        announced = Upload.objects.owned_by(user).alive().total_size()
        return cls(files + (documents or 0) + announced, entitlements_of(user).storage_bytes)

    @property
    def left(self) -> int:
        return max(self.limit - self.used, 0)

    def has_room_for(self, size: int) -> bool:
        return size <= self.left

    @property
    def short(self) -> str:
        """How much is used, beside a bar."""
        return f"{filesizeformat(self.used)} of {filesizeformat(self.limit)}"

    @property
    def sentence(self) -> str:
        """How much is used and left, for people."""
        return (
            f"You use {filesizeformat(self.used)} of {filesizeformat(self.limit)};"
            f" {filesizeformat(self.left)} are left."
        )


def lock_storage_of(user_id: int) -> None:
    """Hold off everything else that takes storage of this person until the transaction ends.

    Whoever checks a quota takes this before, or several uploads at once would each see the same room. Lock order: rows
    of uploads, this, models.
    """
    lock_until_commit(f"marketplace.storage:{user_id}")


def lock_private_models_of(user_id: int) -> None:
    """Hold off whoever else makes a model of this person private until the transaction ends.

    Taken before the model's row, by whoever asks whether there is room for one more.
    """
    lock_until_commit(f"marketplace.private:{user_id}")
