"""The blog's desk: posts are written here, and shown at once, at an hour, or not any more."""

from datetime import UTC
from functools import partial

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.html import format_html
from django.views.decorators.http import require_POST
from unfold.decorators import action, display
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminImageFieldWidget, UnfoldAdminTextInputWidget, UnfoldBooleanSwitchWidget

from accounts.models import User
from blog.actions import posts
from blog.actions.pictures import set_picture
from blog.admin.markdown import MarkdownWidget, preview
from blog.exceptions import BlogError
from blog.models import BlogPost, BlogTag
from blog.pictures import post_webps
from core.admin import UsefulActionsMixin, do_and_say
from core.desk import ConsoleAdmin

EMBEDDING = "The address of a model, alone in a paragraph, shows the model there."
COLOURS = {"Draft": "warning", "Scheduled": "info", "Published": "success"}


class HourInput(UnfoldAdminTextInputWidget):
    input_type = "datetime-local"


class ScheduleForm(BaseDialogForm):
    when = forms.DateTimeField(label="When (UTC)", input_formats=["%Y-%m-%dT%H:%M"], widget=HourInput)


class PostForm(forms.ModelForm):
    picture = forms.FileField(
        required=False,
        widget=UnfoldAdminImageFieldWidget,
        help_text="JPEG, PNG or WebP, at least 960 x 540 pixels; cut to 16:9 around its middle.",
    )
    without_picture = forms.BooleanField(
        label="Take the picture away", required=False, widget=UnfoldBooleanSwitchWidget
    )

    class Meta:
        model = BlogPost
        fields = [
            "title",
            "slug",
            "category",
            "tags",
            "author",
            "excerpt",
            "content",
            "picture_alt",
            "is_featured",
        ]
        widgets = {"content": MarkdownWidget(attrs={"rows": 24})}

    def clean_picture(self):
        upload = self.cleaned_data["picture"]
        return post_webps(upload) if upload else None


@admin.register(BlogPost)
class BlogPostAdmin(UsefulActionsMixin, ConsoleAdmin):
    """Whether a post is shown is no field to edit: there are buttons for it, and the audit log says who pressed."""

    form = PostForm
    recorded_by_actions = frozenset({"deleted"})
    list_display = [
        "title",
        "author",
        "category",
        "state",
        "published_at",
        "views",
        "likes",
        "comments_count",
    ]
    list_filter = ["status", "category", "is_featured"]
    list_select_related = ["author"]
    search_fields = ["title", "slug", "author__username"]
    ordering = ["-created_at", "-pk"]
    autocomplete_fields = ["tags"]
    readonly_fields = ["picture_now"]
    fieldsets = [
        (None, {"fields": ["title", "slug", "category", "tags", "author", "is_featured"]}),
        (
            "Text",
            {
                "fields": ["excerpt", "content"],
                "description": EMBEDDING,
            },
        ),
        ("Picture", {"fields": ["picture_now", "picture", "without_picture", "picture_alt"]}),
    ]
    actions_detail = ["publish", "schedule", "take_back"]

    @display(description="State", ordering="status", label=COLOURS)
    def state(self, post):
        return post.get_status_display()

    @display(description="Picture now")
    def picture_now(self, post):
        if not post.picture_small:
            return "–"
        return format_html('<img src="{}" alt="" width="240" height="135">', post.picture_small.url)

    def get_queryset(self, request):
        return super().get_queryset(request).defer("content")

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ["title"]}

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Whoever works here may be named as the author, and who is named already stays it."""
        if db_field.name == "author":
            named = request.resolver_match.kwargs.get("object_id")
            is_author = Q(blog_posts__pk=named) if named else Q()
            people = User.objects.active().filter(Q(is_staff=True) | is_author).distinct()
            kwargs |= {"queryset": people.order_by("username"), "initial": request.user.pk}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        pictures = form.cleaned_data.get("picture")
        if pictures or form.cleaned_data.get("without_picture"):
            set_picture(subject=obj, pictures=pictures)

    def delete_model(self, request, obj):
        posts.delete(post=obj, by=request.user)

    def delete_queryset(self, request, queryset):
        for post in queryset:
            posts.delete(post=post, by=request.user)

    # ------------------------------------------------------------------ the preview

    def get_urls(self):
        own = path("preview/", self.admin_site.admin_view(self.preview_view), name="blog_blogpost_preview")
        return [own, *super().get_urls()]

    def preview_view(self, request):
        writes_lessons = request.user.has_perm("blog.change_lesson")
        if not (self.has_change_permission(request) or self.has_add_permission(request) or writes_lessons):
            raise PermissionDenied
        return require_POST(preview)(request)

    # ------------------------------------------------------------------ showing it

    def has_publish_permission(self, request, obj=None):
        return request.user.has_perm("blog.change_blogpost")

    def useless_actions(self, post):
        return {
            BlogPost.Status.DRAFT: {"take_back"},
            BlogPost.Status.SCHEDULED: set(),
            BlogPost.Status.PUBLISHED: {"publish", "schedule"},
        }[post.status]

    @action(
        description="Publish",
        permissions=["publish"],
        icon="public",
        dialog={
            "title": "Publish this post?",
            "description": "Everybody sees it from now on. Save what you have changed first.",
            "form_class": None,
            "form_submit_text": "Publish",
        },
    )
    def publish(self, request, form, object_id):
        return self._do(request, object_id, posts.publish, "The post is published.")

    @action(
        description="Schedule",
        permissions=["publish"],
        icon="schedule",
        dialog={
            "title": "Publish this post later?",
            "description": "It is shown within a minute of the hour.",
            "form_class": ScheduleForm,
            "form_submit_text": "Schedule",
        },
    )
    def schedule(self, request, form, object_id):
        when = form.cleaned_data["when"].replace(tzinfo=UTC)
        return self._do(request, object_id, posts.schedule, "The post is scheduled.", when=when)

    @action(
        description="Take back",
        permissions=["publish"],
        icon="visibility_off",
        dialog={
            "title": "Make this post a draft again?",
            "description": "Nobody but who works on the blog sees it. Its comments and likes stay.",
            "form_class": None,
            "form_submit_text": "Take back",
        },
    )
    def take_back(self, request, form, object_id):
        return self._do(request, object_id, posts.take_back, "The post is a draft again.")

    def _do(self, request, object_id, call, done: str, **options):
        act = partial(call, post=get_object_or_404(BlogPost, pk=object_id), by=request.user, **options)
        return do_and_say(request, self.opts, object_id, act, done, refused=BlogError)


class TagForm(forms.ModelForm):
    name = forms.CharField(max_length=40, widget=UnfoldAdminTextInputWidget)

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].lower().split())


@admin.register(BlogTag)
class BlogTagAdmin(ConsoleAdmin):
    form = TagForm
    list_display = ["name", "slug"]
    search_fields = ["name"]
    ordering = ["name", "pk"]
    fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    list_per_page = 100
