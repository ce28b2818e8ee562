"""What the page of one model shows: pictures, measures, findings."""

from dataclasses import dataclass
from functools import cached_property

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.safestring import SafeString

from core.markdown import plain_text, render_markdown
from core.robots import robots_words
from marketplace.cards import cards_of
from marketplace.gallery import GALLERY_VIEWS, Frame
from marketplace.models import Finding, Model3D, ModelFile, ModelReview
from marketplace.previews import preview_url, restricted_preview_url
from marketplace.processing.types import Step
from marketplace.suitability import length_text, uses_of

MORE_BY_CREATOR = 4
DESCRIPTION_LENGTH = 200


@dataclass(frozen=True)
class State:
    """A model's state in words; `level` is that of the component `alert`."""

    level: str
    title: str
    message: str


def state_of(model: Model3D) -> State:
    """The first reason, the gravest first, why `model` is not listed."""
    if model.removed_at is not None:
        reason = f" Reason: {model.removal_reason}" if model.removal_reason else ""
        return State("bad", "Removed by moderation.", f"Nobody else sees this page.{reason}")
    if model.deleted_at is not None:
        return State("info", "Deleted by its creator.", "Those who have it can still download it.")
    if model.status != Model3D.Status.APPROVED:
        return _UNAPPROVED[model.status]
    if model.current_file_id is None:
        return State("info", "No file is ready.", "The page opens to others when a file has been processed.")
    if not model.is_published:
        return State("info", "Unpublished.", "The creator has switched it off; nobody else sees this page.")
    if model.visibility == Model3D.Visibility.PRIVATE:
        return State("info", "Private.", "Only its creator sees this page.")
    if model.visibility == Model3D.Visibility.UNLISTED:
        return State("info", "Unlisted.", "Everyone with the link sees this page; no list shows it.")
    return State("info", "Not listed.", "Its category or its creator's account is switched off.")


_UNAPPROVED = {
    Model3D.Status.DRAFT: State(
        "info", "Draft.", "Only you see this page. Submit the model for review to publish it."
    ),
    Model3D.Status.PENDING: State(
        "info", "In review.", "A moderator looks at it; then the page opens to everyone."
    ),
    Model3D.Status.REJECTED: State(
        "bad", "Rejected.", "See the reviewer's reason, mend the model and submit it again."
    ),
}


class Showcase:
    """A model as `viewer` may see it; nothing is asked of the database before a template needs it."""

    def __init__(self, model: Model3D, *, viewer):
        self.model = model
        self.viewer = viewer
        self.file: ModelFile | None = model.current_file

    @property
    def is_public(self) -> bool:
        return self.model.is_open_to_all

    @cached_property
    def is_liked(self) -> bool:
        """Whether the viewer likes it."""
        return self.viewer.is_authenticated and self.model.like_rows.filter(user=self.viewer).exists()

    @cached_property
    def follows_creator(self) -> bool:
        """Whether the viewer follows the creator."""
        return (
            self.viewer.is_authenticated and self.viewer.follows.filter(followed=self.model.creator).exists()
        )

    @property
    def creator_note(self) -> str:
        """The line under the creator's name: how many models, and how buyers rate them where they did."""
        creator = self.model.creator
        if not creator.total_models:
            return ""
        note = f"{creator.total_models:,} model{'' if creator.total_models == 1 else 's'}"
        if creator.rating_count:
            note += f" · {creator.rating:.1f} ★ ({creator.rating_count:,})"
        return note

    @cached_property
    def preview_url(self) -> str:
        """Empty where only pictures are shown."""
        if self.file is None:
            return ""
        # The reverse of current_file is not loaded with it.
        self.file.model = self.model
        return preview_url(self.file) if self.is_public else restricted_preview_url(self.file)

    @cached_property
    def inspection(self):
        return getattr(self.file, "inspection", None) if self.file else None

    @property
    def _sprite(self) -> dict:
        """How the turntable's frames lie in its picture, as the step that drew it says; empty before that."""
        is_drawn = self.model.turntable_url and self.inspection
        return self.inspection.details.get(Step.TURNTABLE, {}) if is_drawn else {}

    @property
    def sprite_width(self) -> int:
        return self._sprite.get("columns", 0) * self._sprite.get("width", 0)

    @property
    def sprite_height(self) -> int:
        return self._sprite.get("rows", 0) * self._sprite.get("height", 0)

    @property
    def frames(self) -> list[Frame]:
        """Views for the gallery; none before the turntable is rendered."""
        sprite = self._sprite
        if not sprite:
            return []
        grid = {name: sprite[name] for name in ("columns", "width", "height")}
        return [
            Frame(number=eighth * sprite["frames"] // 8, label=label, **grid)
            for eighth, label in GALLERY_VIEWS.items()
        ]

    @cached_property
    def files(self) -> list[ModelFile]:
        """All formats that a buyer gets, the shown one first."""
        if self.file is None:
            return []
        found = self.model.files.included().processed().newest_of_each_format().select_related("inspection")
        return sorted(found, key=lambda file: (file.format != self.file.format, file.pk))

    @property
    def may_have_versions(self) -> bool:
        """Whether anything came before what is shown now: most models need not be asked for their history."""
        return any(file.version > 1 for file in self.files)

    @cached_property
    def documents(self) -> list:
        """The texts that ride with the model."""
        return list(self.model.documents.order_by("name", "pk"))

    @cached_property
    def preview_images(self) -> list:
        """The creator's pictures that follow the 3D view, in their order."""
        return [picture for picture in self._pictures if not picture.is_cover]

    @property
    def cover(self):
        """The picture that the gallery opens with; None where it opens with the 3D view."""
        return next((picture for picture in self._pictures if picture.is_cover), None)

    @cached_property
    def _pictures(self) -> list:
        return list(self.model.preview_images.order_by("order", "pk"))

    @cached_property
    def tags(self) -> list:
        return list(self.model.tags.order_by("name"))

    @property
    def robots(self) -> str:
        """What programs that read the page may not do with it; empty where they may do all."""
        return robots_words(is_indexed=self.model.is_indexed, may_train=self.model.ai_training_allowed)

    @property
    def starts_by_itself(self) -> bool:
        return not self.model.is_mature

    @property
    def viewer_class(self) -> str:
        return "is-mature-hidden" if self.model.is_mature else ""

    @property
    def state(self) -> State:
        """Why the model is not listed, for those who see its page all the same."""
        return state_of(self.model)

    @cached_property
    def description_html(self):
        return render_markdown(self.model.description)

    @cached_property
    def summary(self) -> str:
        """One line for `<meta>` and for search engines."""
        text = plain_text(self.model.description, length=DESCRIPTION_LENGTH)
        return text or f"{self.model.title}, a 3D model by {self.model.creator.display_name}."

    @cached_property
    def findings(self) -> list[Finding]:
        """What the inspection found and buyers should know, the worst first."""
        return list(self.file.findings.open().for_buyers().worst_first()) if self.file else []

    @property
    def finding_counts(self) -> dict[str, int]:
        counts = dict.fromkeys(Finding.Severity.values, 0)
        for finding in self.findings:
            counts[finding.severity] += 1
        return counts

    @cached_property
    def approval(self) -> ModelReview | None:
        """The review by a person that stands."""
        return (
            self.model.reviews_by_moderators.filter(outcome=ModelReview.Outcome.APPROVED, undone_at=None)
            .order_by("-created_at", "-pk")
            .first()
        )

    @property
    def uses(self) -> list:
        return uses_of(self.inspection) if self.inspection else []

    @property
    def specs(self) -> list[dict]:
        """Measured specifications as the component `spec_list` wants them."""
        if self.inspection is None:
            return []
        return [{"label": label, "value": value, "is_measured": True} for label, value in self._measures()]

    def _measures(self) -> list[tuple[str, str]]:
        found = self.inspection
        size = found.dimensions
        measures = [
            ("Triangles", f"{found.triangles:,}"),
            ("Vertices", f"{found.vertices:,}"),
            ("Meshes", f"{found.meshes:,}"),
            ("Draw calls", f"{found.draw_calls:,}"),
            ("Materials", f"{found.materials:,}"),
            ("Textures", _textures(found)),
        ]
        if found.textures:
            measures.append(("Texture memory", filesizeformat(found.texture_memory)))
        measures += [
            ("Animations", f"{found.animations:,}" if found.animations else "None"),
            ("Rig", f"{found.joints:,} joints" if found.is_rigged else "None"),
            ("UV sets", f"{found.uv_sets}" if found.uv_sets else "None"),
            ("Vertex colours", "Yes" if found.has_vertex_colors else "No"),
        ]
        if size is not None:
            sides = " × ".join(length_text(side) for side in size)
            measures.append(("Width × height × depth", f"{sides}{_unit_note(found)}"))
        if found.is_watertight is not None:
            measures.append(("Watertight", "Yes" if found.is_watertight else "No"))
        return [*measures, ("File", f"{self.file.get_format_display()}, {filesizeformat(self.file.size)}")]

    @property
    def more_cards(self) -> list[SafeString]:
        """The creator's newest other models."""
        listed = Model3D.objects.listed().suited_to(self.viewer)
        models = listed.filter(creator=self.model.creator_id).exclude(pk=self.model.pk)
        newest = models.newest_first().card_stamps()[:MORE_BY_CREATOR]
        return cards_of(newest, eager=0, viewer=self.viewer)

    @property
    def crumbs(self) -> list[dict]:
        crumbs = [{"label": "Models", "url": reverse("marketplace:grid")}]
        if self.model.category:
            crumbs.append({"label": self.model.category.name, "url": self.model.category.get_absolute_url()})
        return crumbs


def _unit_note(found) -> str:
    """Says so where the file does not tell its unit and trade's usual one was taken."""
    units = found.details.get(Step.CONVERT, {}).get("units", {})
    return f" ({units['name']}s assumed)" if units.get("assumed") else ""


def _textures(found) -> str:
    if not found.textures:
        return "None"
    return f"{found.textures:,}, up to {found.max_texture_size:,} px"
