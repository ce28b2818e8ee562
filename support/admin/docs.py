"""The desk of the docs."""

from django.contrib import admin

from support.admin.writing import DocsMarkdownWidget, WritingAdmin, WritingForm, fields_of
from support.models import DocSection


class SectionForm(WritingForm):
    class Meta:
        model = DocSection
        fields = ["title", "slug", "chapter", "order", "summary", "content"]
        widgets = {"content": DocsMarkdownWidget(attrs={"rows": 30})}


@admin.register(DocSection)
class DocSectionAdmin(WritingAdmin):
    form = SectionForm
    list_display = ["title", "chapter", "order", "state", "updated_at"]
    list_filter = ["status", "chapter"]
    ordering = ["chapter", "order", "title", "pk"]

    def get_fieldsets(self, request, obj=None):
        return fields_of("chapter")
