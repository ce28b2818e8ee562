"""Coupons and tax rates in the console: finance makes and changes them, and every change is recorded."""

from django import forms
from django.contrib import admin
from unfold.decorators import display

from commerce.models import Coupon, CouponUse, TaxRate
from core.admin import ReadOnlyAdmin
from core.desk import EVERYTHING, ConsoleAdmin
from core.models import AuditEntry


class RecordedAdmin(ConsoleAdmin):
    """Rows that change what people pay: who changed what is in the audit log.

    The row is locked while its form is saved, so that what happens at the same time is neither lost nor undone.
    """

    recorded_by_actions = EVERYTHING
    # Of the entries in the audit log: "<what>.add", "<what>.change", "<what>.delete".
    recorded_as = ""

    def get_object(self, request, object_id, from_field=None):
        row = super().get_object(request, object_id, from_field)
        if row is None or request.method != "POST":
            return row
        return self.get_queryset(request).select_for_update(no_key=True).filter(pk=row.pk).first()

    def save_model(self, request, obj, form, change):
        if change:
            obj.save(update_fields=[*form.changed_data, "updated_at"])
        else:
            obj.save()
        values = {name: str(form.cleaned_data[name]) for name in form.changed_data}
        self._record(request, "change" if change else "add", obj, **values)

    def delete_model(self, request, obj):
        self._record(request, "delete", obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        for row in queryset:
            self.delete_model(request, row)

    def _record(self, request, what: str, obj, **values) -> None:
        AuditEntry.record(actor=request.user, action=f"{self.recorded_as}.{what}", target=obj, **values)


class CouponForm(forms.ModelForm):
    class Meta:
        model = Coupon
        fields = ["code", "percent", "max_uses", "expires_at", "is_active"]

    def clean_max_uses(self) -> int | None:
        wanted, used = self.cleaned_data["max_uses"], self.instance.used_count
        if wanted is not None and wanted < used:
            raise forms.ValidationError(f"It has been used {used} times already.")
        return wanted


@admin.register(Coupon)
class CouponAdmin(RecordedAdmin):
    """Never deleted: orders keep what they cost, and a coupon that is switched off is as good as gone."""

    form = CouponForm
    recorded_as = "coupon"
    list_display = ["code", "percent_off", "uses", "expires_at", "is_active", "created_at"]
    list_filter = ["is_active"]
    search_fields = ["code"]
    ordering = ["-created_at", "-pk"]

    def has_delete_permission(self, request, obj=None):
        return False

    @display(description="Off", ordering="percent")
    def percent_off(self, coupon):
        return f"{coupon.percent_text} %"

    @display(description="Uses", ordering="used_count")
    def uses(self, coupon):
        return f"{coupon.used_count} of {coupon.max_uses}" if coupon.max_uses else str(coupon.used_count)


@admin.register(CouponUse)
class CouponUseAdmin(ReadOnlyAdmin):
    list_display = ["coupon", "user", "order", "status", "created_at"]
    list_filter = ["status"]
    list_select_related = ["coupon", "user", "order"]
    search_fields = ["coupon__code", "user__username", "order__public_id"]
    search_help_text = "Coupon, the person's name, or the order id"
    ordering = ["-created_at", "-pk"]


@admin.register(TaxRate)
class TaxRateAdmin(RecordedAdmin):
    """A new rate is a new row with the day on which it begins; orders keep the one they were made with."""

    recorded_as = "tax_rate"
    list_display = ["country", "name", "rate", "valid_from"]
    list_filter = ["country"]
    search_fields = ["country", "name"]
    ordering = ["country", "-valid_from", "-pk"]

    @display(description="Rate", ordering="percent")
    def rate(self, row):
        return f"{row.percent.normalize():f} %"
