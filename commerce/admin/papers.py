"""Invoices, credit notes and certificates in the console: to read and to download."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.html import format_html
from unfold.decorators import display

from commerce.documents import store
from commerce.models import Certificate, CreditNote, Invoice
from commerce.views.documents import send_paper
from core.admin import ReadOnlyAdmin
from core.templatetags.core_tags import money_text


class NumberedAdmin(ReadOnlyAdmin):
    list_display = ["number", "order", "period", "amount", "issued_at", "paper"]
    list_filter = ["year"]
    list_select_related = ["order", "period"]
    exclude = ["file"]
    ordering = ["-issued_at", "-pk"]

    @display(description="Total", ordering="total")
    def amount(self, paper):
        return money_text(paper.total)

    @display(description="PDF")
    def paper(self, paper):
        address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_pdf", args=[paper.pk])
        return format_html('<a href="{}">PDF</a>', address)

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_pdf"
        view = self.admin_site.admin_view(self.pdf)
        return [path("<int:pk>/pdf/", view, name=name), *super().get_urls()]

    def pdf(self, request, pk: int):
        if not self.has_view_permission(request):
            raise PermissionDenied
        return send_paper(request, store(get_object_or_404(self.get_queryset(request), pk=pk)))


@admin.register(Invoice)
class InvoiceAdmin(NumberedAdmin):
    search_fields = [
        *("number", "order__public_id", "order__buyer__username"),
        *("period__public_id", "period__subscription__user__username"),
    ]
    search_help_text = "Number, id of the order or of the time with a plan, or the payer's name"


@admin.register(CreditNote)
class CreditNoteAdmin(NumberedAdmin):
    list_display = ["number", "title", "invoice", "amount", "issued_at", "paper"]
    list_select_related = ["invoice", "cancels"]
    search_fields = ["number", "invoice__number", "invoice__order__public_id", "refund__public_id"]
    search_help_text = "Number, that of the invoice, or the id of the order or refund"


@admin.register(Certificate)
class CertificateAdmin(ReadOnlyAdmin):
    list_display = ["number", "purchase", "state", "created_at"]
    list_select_related = ["purchase__transaction"]
    search_fields = ["public_id", "purchase__transaction__order__public_id", "purchase__user__username"]
    ordering = ["-created_at", "-pk"]

    @display(description="State")
    def state(self, certificate):
        return certificate.status.label
