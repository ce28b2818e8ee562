"""The moderators' desk: the queue of models that wait, and the page on which one is looked at and decided."""

import re

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST, require_safe
from unfold.decorators import action, display

from core.admin import ReadOnlyAdmin
from core.desk import NEWEST_FIRST
from core.templatetags.core_tags import money_text
from marketplace.actions import review
from marketplace.actions.processing import retry as retry_processing
from marketplace.admin.filters import QueueFilter, state_tabs
from marketplace.comparison import Comparison
from marketplace.evidence import evidence_between
from marketplace.exceptions import MarketplaceError
from marketplace.forms import RejectionForm
from marketplace.models import Model3D, ModelFile, ModelReview
from marketplace.models.versions import QUEUE_ORDER
from marketplace.review_desk import Desk, next_in_queue, parse_seen, waiting_text


@admin.register(Model3D)
class Model3DAdmin(ReadOnlyAdmin):
    """What creators wrote is theirs to change; moderators decide on it."""

    list_display = ["picture", "title", "creator_name", "category", "amount", "state", "age", "reviewer"]
    list_display_links = ["picture", "title"]
    list_filter = [QueueFilter, "is_featured", "is_mature", "category"]
    list_select_related = ["creator", "category", "current_file", "review_claim__moderator"]
    search_fields = ["title", "creator__username", "creator__email"]
    search_help_text = "Title, or the creator's name or address"
    list_per_page = 50
    actions = ["approve_selected", "feature_selected", "unfeature_selected"]

    # ------------------------------------------------------------------ who may

    def has_review_permission(self, request, obj=None):
        return request.user.has_perm("marketplace.review_model3d")

    def has_view_permission(self, request, obj=None):
        return self.has_review_permission(request) or super().has_view_permission(request, obj)

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    # ------------------------------------------------------------------ the queue

    list_before_template = "admin/marketplace/model3d/states.html"

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"states": state_tabs(request), **(extra_context or {})})

    def get_ordering(self, request):
        in_queue = (
            request.GET.get(QueueFilter.parameter_name, Model3D.Status.PENDING) == Model3D.Status.PENDING
        )
        return list(QUEUE_ORDER) if in_queue else NEWEST_FIRST

    @display(description="")
    def picture(self, model):
        poster = model.current_file and model.current_file.poster_small
        if not poster:
            return "–"
        tag = '<img src="{}" alt="{}" width="64" height="48" loading="lazy">'
        return format_html(tag, poster.url, model.title)

    @display(description="Creator", ordering="creator__username")
    def creator_name(self, model):
        return model.creator.username

    @display(description="Price", ordering="price")
    def amount(self, model):
        return "Free" if model.is_free else money_text(model.price)

    @display(
        description="State",
        ordering="status",
        label={
            "In review": "info",
            "New version": "info",
            "Approved": "success",
            "Rejected": "warning",
            "Taken down": "danger",
        },
    )
    def state(self, model):
        if model.is_removed:
            return "Taken down"
        return "New version" if model.has_version_waiting else model.get_status_display()

    @display(description="Submitted", ordering="submitted_at")
    def age(self, model):
        return waiting_text(model)

    @display(description="Reviewer")
    def reviewer(self, model):
        claim = getattr(model, "review_claim", None)
        return f"{claim.moderator} is reviewing" if claim and claim.is_current else "–"

    @action(description="Approve what waits", permissions=["review"])
    def approve_selected(self, request, queryset):
        self._each(request, queryset, "approved", lambda model: review.approve(model=model, by=request.user))

    @action(description="Feature", permissions=["review"])
    def feature_selected(self, request, queryset):
        self._each(request, queryset, "featured", self._feature(request, featured=True))

    @action(description="Take out of the featured", permissions=["review"])
    def unfeature_selected(self, request, queryset):
        self._each(request, queryset, "no longer featured", self._feature(request, featured=False))

    def _feature(self, request, *, featured: bool):
        return lambda model: review.set_featured(model=model, by=request.user, featured=featured)

    def _each(self, request, queryset, done: str, decide) -> None:
        """One model that is refused does not keep the others back; each gets a word."""
        titles, unchanged = [], []
        for model in queryset.select_related("creator", "category"):
            try:
                (titles if decide(model) else unchanged).append(f"“{model}”")
            except MarketplaceError as error:
                messages.error(request, f"“{model}”: {error}")
        if titles:
            messages.success(request, f"{len(titles)} {done}: {', '.join(titles)}.")
        if unchanged:
            messages.info(request, f"Already {done}: {', '.join(unchanged)}.")

    # ------------------------------------------------------------------ one model

    def get_urls(self):
        verbs = ("approve", "reject", "undo", "feature", "take_over", "retry")
        own = [
            path(
                f"<int:pk>/{verb.replace('_', '-')}/",
                self.admin_site.admin_view(require_POST(getattr(self, f"{verb}_view"))),
                name=f"marketplace_model3d_{verb}",
            )
            for verb in verbs
        ]
        compare = path(
            "<int:pk>/compare/<int:other>/",
            self.admin_site.admin_view(require_safe(self.compare_view)),
            name="marketplace_model3d_compare",
        )
        return [*own, compare, *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        model = self.get_object(request, object_id)
        if model is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, model):
            raise PermissionDenied
        return self._desk(request, model, RejectionForm(initial=self._quoted(request, model)))

    def compare_view(self, request, pk, other):
        """The model beside another one, for whoever decides about it."""
        model = self._model_for(request, pk)
        beside = get_object_or_404(self.get_queryset(request).exclude(pk=pk), pk=other)
        desk = Desk(model, moderator=request.user, claim=None)
        evidence = desk.newest and evidence_between(desk.newest.file, beside)
        if evidence is None:
            raise Http404("There is no file to compare.")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"{model.title} beside {beside.title}",
            "original": model,
            "model": model,
            "desk": desk,
            "comparison": Comparison(evidence, viewer=request.user),
        }
        return TemplateResponse(request, "admin/marketplace/model3d/compare.html", context)

    def approve_view(self, request, pk):
        model = self._model_for(request, pk)
        seen = parse_seen(request.POST.get("seen", ""))
        return self._decided(
            request, model, "approved", lambda: review.approve(model=model, by=request.user, seen=seen)
        )

    def reject_view(self, request, pk):
        model = self._model_for(request, pk)
        form = RejectionForm(request.POST)
        if not form.is_valid():
            return self._desk(request, model, form)
        seen = parse_seen(request.POST.get("seen", ""))
        return self._decided(
            request,
            model,
            "rejected",
            lambda: review.reject(model=model, by=request.user, seen=seen, **form.cleaned_data),
        )

    def undo_view(self, request, pk):
        model = self._model_for(request, pk)
        return self._decided(
            request, model, "back in the queue", lambda: review.undo(model=model, by=request.user)
        )

    def feature_view(self, request, pk):
        model = self._model_for(request, pk)
        featured = request.POST.get("featured") == "1"
        done = "featured" if featured else "no longer featured"
        return self._decided(
            request,
            model,
            done,
            lambda: review.set_featured(model=model, by=request.user, featured=featured),
        )

    def take_over_view(self, request, pk):
        model = self._model_for(request, pk)
        review.claim(model=model, by=request.user, take_over=True)
        return HttpResponseRedirect(self._address(model))

    def retry_view(self, request, pk):
        model = self._model_for(request, pk)
        number = request.POST.get("file", "")
        if not re.fullmatch(r"[0-9]{1,18}", number):
            raise Http404("No such file.")
        file = get_object_or_404(ModelFile, model=model, pk=number)
        return self._decided(
            request, model, "being processed again", lambda: retry_processing(file=file) or True
        )

    def _quoted(self, request, model: Model3D) -> dict:
        """What the rejection form starts with where evidence is to be quoted (`?quote=` a model): a person sends it."""
        number = request.GET.get("quote", "")
        if not re.fullmatch(r"[0-9]{1,18}", number):
            return {}
        other = self.get_queryset(request).exclude(pk=model.pk).filter(pk=number).first()
        newest = Desk(model, moderator=request.user, claim=None).newest
        evidence = evidence_between(newest.file, other) if other and newest else None
        if evidence is None:
            return {}
        return {"reason": ModelReview.Reason.COPYRIGHT, "note": evidence.quotation()}

    def _model_for(self, request, pk) -> Model3D:
        if not self.has_review_permission(request):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request), pk=pk)

    def _decided(self, request, model, done: str, decide) -> HttpResponseRedirect:
        """Carry out a decision, say what came of it, and go to the next model where that was asked for."""
        try:
            if decide():
                messages.success(request, f"“{model}” is {done}.")
            else:
                messages.info(request, f"“{model}” was {done} already.")
        except MarketplaceError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(self._address(model))
        if "next" not in request.POST:
            return HttpResponseRedirect(self._address(model))
        following = next_in_queue(request.user)
        if following is None:
            messages.info(request, "Nothing else waits for you.")
            return HttpResponseRedirect(reverse("admin:marketplace_model3d_changelist"))
        return HttpResponseRedirect(self._address(following))

    def _desk(self, request, model: Model3D, form: RejectionForm) -> TemplateResponse:
        claim = None
        waits = model.status == Model3D.Status.PENDING or model.has_version_waiting
        if waits and model.may_be_reviewed_by(request.user):
            claim = review.claim(model=model, by=request.user)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": model.title,
            "original": model,
            "model": model,
            "desk": Desk(model, moderator=request.user, claim=claim),
            "form": form,
            "may_review": self.has_review_permission(request),
        }
        template = "admin/marketplace/model3d/review.html"
        return TemplateResponse(request, template, context, status=422 if form.errors else 200)

    @staticmethod
    def _address(model: Model3D) -> str:
        return reverse("admin:marketplace_model3d_change", args=[model.pk])
