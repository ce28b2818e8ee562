"""The help's desk: categories, and questions with their answers."""

from django.contrib import admin
from django.db.models import Count
from unfold.decorators import display

from core.desk import ConsoleAdmin
from support.admin.writing import HelpMarkdownWidget, WritingAdmin, WritingForm, fields_of
from support.models import HelpArticle, HelpCategory


class ArticleForm(WritingForm):
    class Meta:
        model = HelpArticle
        fields = ["title", "slug", "category", "order", "summary", "content"]
        widgets = {"content": HelpMarkdownWidget(attrs={"rows": 24})}


@admin.register(HelpArticle)
class HelpArticleAdmin(WritingAdmin):
    form = ArticleForm
    list_display = ["title", "category", "order", "state", "helpful", "unhelpful", "updated_at"]
    list_filter = ["status", "category"]
    list_select_related = ["category"]
    ordering = ["category__order", "order", "title", "pk"]
    readonly_fields = ["helpful", "unhelpful"]

    def get_fieldsets(self, request, obj=None):
        return fields_of("category", counts=obj is not None)


@admin.register(HelpCategory)
class HelpCategoryAdmin(ConsoleAdmin):
    list_display = ["name", "slug", "order", "articles_count"]
    search_fields = ["name"]
    ordering = ["order", "name", "pk"]
    fields = ["name", "slug", "description", "icon", "order"]
    list_per_page = 100

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(articles_count=Count("articles"))

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ["name"]}

    @display(description="Articles", ordering="articles_count")
    def articles_count(self, category):
        return category.articles_count
