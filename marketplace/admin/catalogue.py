"""Categories and tags in the moderation console."""

from django import forms
from django.contrib import admin
from django.db.models import Count
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from core.desk import ConsoleAdmin
from marketplace.actions.counting import recount_category
from marketplace.models import Category, Tag


@admin.register(Category)
class CategoryAdmin(ConsoleAdmin):
    """Shelves, in the order in which they stand. One that has models is disabled, not deleted."""

    list_display = ["name", "slug", "enabled", "order", "model_count"]
    list_filter = ["enabled"]
    search_fields = ["name", "slug"]
    ordering = ["order", "name", "pk"]
    prepopulated_fields = {"slug": ["name"]}
    fields = ["name", "slug", "description", "icon", "enabled", "order", "model_count"]
    readonly_fields = ["model_count"]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if "enabled" in form.changed_data and change:
            recount_category(category=obj)


class TagForm(forms.ModelForm):
    name = forms.CharField(max_length=40, widget=UnfoldAdminTextInputWidget)

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].lower().split())


@admin.register(Tag)
class TagAdmin(ConsoleAdmin):
    form = TagForm
    list_display = ["name", "used_by"]
    search_fields = ["name"]
    ordering = ["name", "pk"]
    list_per_page = 100

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(used=Count("models"))

    @display(description="Models", ordering="used")
    def used_by(self, tag):
        return tag.used
