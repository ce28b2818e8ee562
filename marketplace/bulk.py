"""What a creator can do with several of their models at once: what would happen to each, and why not to some.

A deed says beforehand, in a sentence a model, what it will do, by `effect`; and does it, by `carry_out`. Both are asked
again under the models' locks by `marketplace.actions.bulk`.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import ClassVar

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format

from core.templatetags.core_tags import money_text
from marketplace.actions import deletion, processing, publishing
from marketplace.exceptions import TransitionRefused
from marketplace.forms.tags import MAX_TAGS
from marketplace.models import Model3D, ModelFile

# A page shows fewer; more can only be asked for by hand.
MOST = 100
CENT = Decimal("0.01")
BACK_TO_REVIEW = "It goes back to review, and off the marketplace until then."


class Deed:
    """One thing to do with each model of a selection; `question` and `label` are for the page that asks."""

    question: ClassVar[str]
    label: ClassVar[str]
    done: ClassVar[str]
    # Whether the page that asks warns with a red button.
    is_harsh: ClassVar[bool] = False

    def models_of(self, user):
        """Those that it can be done with."""
        return Model3D.objects.owned_by(user)

    def effect(self, model: Model3D) -> str:
        """What will happen to `model`, as a sentence.

        Raises:
            TransitionRefused: nothing will; the reason is the message.
        """
        raise NotImplementedError

    def carry_out(self, model: Model3D) -> None:
        """Do it; the caller holds the model's lock and has asked for the effect."""
        raise NotImplementedError


@dataclass(frozen=True)
class Publish(Deed):
    question = "Publish {what}?"
    label = "Publish"
    done = "Published"

    def effect(self, model: Model3D) -> str:
        if model.is_removed:
            raise TransitionRefused("Moderation has taken it off the site.")
        if model.is_published:
            raise TransitionRefused(
                "It is published already."
                if model.status == Model3D.Status.APPROVED
                else "It is published as soon as it is approved; hand it in for review."
            )
        if model.status == Model3D.Status.APPROVED:
            return f"Is on the marketplace at once ({model.get_visibility_display().lower()})."
        return "Is on the marketplace as soon as it is approved."

    def carry_out(self, model: Model3D) -> None:
        publishing.publish(model=model)


@dataclass(frozen=True)
class Unpublish(Deed):
    question = "Take {what} off the marketplace?"
    label = "Unpublish"
    done = "Taken off the marketplace"

    def effect(self, model: Model3D) -> str:
        if model.is_removed:
            raise TransitionRefused("Moderation has taken it off the site.")
        if not model.is_published:
            raise TransitionRefused("It is not published.")
        if model.status == Model3D.Status.APPROVED:
            return "Nobody finds it any more; those who have it keep it."
        return "Stays hidden when it is approved, until you publish it."

    def carry_out(self, model: Model3D) -> None:
        model.unpublish()


@dataclass(frozen=True)
class ChangePrice(Deed):
    """By a percentage (`factor`), or to an amount (`amount`, 0 for free)."""

    question = "Change the price of {what}?"
    label = "Change prices"
    done = "Price changed"

    factor: Decimal | None = None
    amount: Decimal | None = None

    def price_of(self, model: Model3D) -> Decimal:
        if self.amount is not None:
            return self.amount
        return (model.price * self.factor).quantize(CENT, rounding=ROUND_HALF_UP)

    def effect(self, model: Model3D) -> str:
        price = self.price_of(model)
        if self.factor is not None and not model.is_paid:
            raise TransitionRefused("It is free: a percentage of nothing is nothing.")
        if price == model.price:
            raise TransitionRefused("It has this price already.")
        if price and price < settings.MIN_PRICE:
            raise TransitionRefused(
                f"{money_text(price)} would be less than the lowest price, {money_text(settings.MIN_PRICE)}."
            )
        if price > settings.MAX_PRICE:
            raise TransitionRefused(
                f"{money_text(price)} would be more than the highest price, {money_text(settings.MAX_PRICE)}."
            )
        change = f"{_price_words(model.price)} → {_price_words(price)}"
        return change if model.is_paid == bool(price) else f"{change}; its preview is made anew."

    def carry_out(self, model: Model3D) -> None:
        publishing.edit_model(model=model, tags=_tags(model), price=self.price_of(model))


@dataclass(frozen=True)
class ChangeTags(Deed):
    """Add `names`, or with `remove` take them away."""

    question = "Change the tags of {what}?"
    label = "Change tags"
    done = "Tags changed"

    names: tuple[str, ...] = ()
    remove: bool = False

    def tags_of(self, model: Model3D) -> list[str]:
        tags = _tags(model)
        if self.remove:
            return [tag for tag in tags if tag not in self.names]
        return [*tags, *(name for name in self.names if name not in tags)]

    def effect(self, model: Model3D) -> str:
        before, after = _tags(model), self.tags_of(model)
        if after == before:
            raise TransitionRefused("It has none of them." if self.remove else "It has them all already.")
        if len(after) > MAX_TAGS:
            raise TransitionRefused(f"It would have {len(after)} tags; {MAX_TAGS} are the most.")
        changed = ", ".join(sorted(set(after) ^ set(before)))
        words = f"Loses {changed}." if self.remove else f"Gets {changed}."
        return f"{words} {BACK_TO_REVIEW}" if model.status == Model3D.Status.APPROVED else words

    def carry_out(self, model: Model3D) -> None:
        publishing.edit_model(model=model, tags=self.tags_of(model))


@dataclass(frozen=True)
class Retry(Deed):
    question = "Process the failed files of {what} again?"
    label = "Try again"
    done = "Being processed again"

    def effect(self, model: Model3D) -> str:
        failed = _failed(model)
        if not failed:
            raise TransitionRefused("None of its files has failed.")
        names = ", ".join(
            f"{file.get_format_display()} from “{file.get_step_display().lower()}” on" for file in failed
        )
        return f"{names}."

    def carry_out(self, model: Model3D) -> None:
        for file in _failed(model):
            processing.retry(file=file)


@dataclass(frozen=True)
class Delete(Deed):
    question = "Delete {what}?"
    label = "Delete"
    done = "Deleted"
    is_harsh = True

    def effect(self, model: Model3D) -> str:
        until = date_format(timezone.now() + timedelta(days=settings.DELETED_MODELS_KEPT_DAYS), "j F Y")
        undo = f"You can bring it back until {until}."
        if model.published_at is not None:
            return f"Leaves the marketplace; those who have it keep it. {undo}"
        return f"{undo} Then its files are erased."

    def carry_out(self, model: Model3D) -> None:
        deletion.delete_model(model=model)


@dataclass(frozen=True)
class Restore(Deed):
    question = "Bring {what} back?"
    label = "Bring back"
    done = "Brought back"

    def models_of(self, user):
        return Model3D.objects.deleted_by(user)

    def effect(self, model: Model3D) -> str:
        if model.status == Model3D.Status.APPROVED and model.was_published and not model.is_removed:
            return "Is on the marketplace again."
        return f"Is among your models again ({model.get_status_display().lower()})."

    def carry_out(self, model: Model3D) -> None:
        deletion.restore_model(model=model)


@dataclass(frozen=True)
class Purge(Deed):
    question = "Erase {what} for good?"
    label = "Erase for good"
    done = "Erased"
    is_harsh = True

    def models_of(self, user):
        return Model3D.objects.deleted_by(user)

    def effect(self, model: Model3D) -> str:
        if not model.is_nobodys:
            raise TransitionRefused("It was in review or on the marketplace: its record stays, off the site.")
        return "Its files, pictures and details are gone for good."

    def carry_out(self, model: Model3D) -> None:
        deletion.purge_model(model=model)


def _tags(model: Model3D) -> list[str]:
    """In the order of their names; without a query where they were prefetched."""
    return sorted(tag.name for tag in model.tags.all())


def _failed(model: Model3D) -> list[ModelFile]:
    """The newest files that failed, also where they were to become a new version."""
    newest: dict[str, ModelFile] = {}
    for file in sorted(model.files.all(), key=lambda file: file.version):
        newest[file.format] = file
    return [file for file in newest.values() if file.state == ModelFile.State.FAILED]


def _price_words(price: Decimal) -> str:
    return money_text(price) if price else "free"
