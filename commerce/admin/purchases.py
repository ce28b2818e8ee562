"""Purchases in the console: support grants downloads."""

from django import forms
from django.contrib import admin, messages
from django.core.validators import MaxValueValidator, MinValueValidator
from django.shortcuts import get_object_or_404
from django.urls import reverse
from unfold.decorators import action
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from commerce.actions.downloads import MAX_GRANT, grant_downloads
from commerce.admin.shared import back_to
from commerce.models import Purchase
from core.admin import ReadOnlyAdmin
from core.desk import NEWEST_FIRST


class GrantForm(BaseDialogForm):
    more = forms.IntegerField(
        label="How many more downloads",
        initial=5,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_GRANT)],
        widget=UnfoldAdminIntegerFieldWidget,
    )


@admin.register(Purchase)
class PurchaseAdmin(ReadOnlyAdmin):
    list_display = [
        "public_id",
        "user",
        "thing",
        "download_count",
        "download_limit",
        "created_at",
        "revoked_at",
    ]
    list_filter = [("revoked_at", admin.EmptyFieldListFilter)]
    list_select_related = ["user", "model", "course"]
    search_fields = [
        "public_id",
        "user__username",
        "user__email",
        "transaction__title",
        "transaction__order__public_id",
    ]
    search_help_text = "Purchase or order id, the person's name or e-mail address, the model's title"
    ordering = NEWEST_FIRST
    actions_detail = ["grant"]

    def has_grant_permission(self, request, obj=None):
        return request.user.has_perm("commerce.grant_downloads")

    @action(
        description="Grant more downloads",
        permissions=["grant"],
        icon="download",
        dialog={
            "title": "Grant more downloads?",
            "description": "They are added to what the purchase allows, and recorded.",
            "form_class": GrantForm,
            "form_submit_text": "Grant",
        },
    )
    def grant(self, request, form, object_id):
        purchase = get_object_or_404(Purchase, pk=object_id)
        grant_downloads(purchase, more=form.cleaned_data["more"], by=request.user)
        messages.success(request, f"{purchase.downloads_left} downloads are left now.")
        return back_to(request, reverse("admin:commerce_purchase_change", args=[object_id]))
