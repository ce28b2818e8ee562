"""Lessons in the console: their text, their video with captions, and what one works with."""

from django.contrib import admin, messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from unfold.admin import TabularInline
from unfold.decorators import action, display

from blog.actions import lessons
from blog.admin.lesson_form import LessonForm
from blog.admin.posts import EMBEDDING
from blog.exceptions import BlogError
from blog.models import Lesson, LessonFile
from core.admin import UsefulActionsMixin, back_to
from core.desk import ConsoleAdmin


class FileInline(TabularInline):
    model = LessonFile
    extra = 0
    fields = readonly_fields = ["name", "size"]

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return request.user.has_perm("blog.change_lesson")

    def has_delete_permission(self, request, obj=None):
        return request.user.has_perm("blog.change_lesson")

    has_view_permission = has_change_permission


@admin.register(Lesson)
class LessonAdmin(UsefulActionsMixin, ConsoleAdmin):
    form = LessonForm
    recorded_by_actions = frozenset({"deleted"})
    list_display = ["title", "course", "position", "what", "minutes", "is_preview", "is_shown"]
    list_filter = ["is_shown", "is_preview"]
    list_select_related = ["course"]
    search_fields = ["title", "course__title"]
    ordering = ["course__title", "course_id", "position"]
    autocomplete_fields = ["course"]
    readonly_fields = ["where", "video_now", "captions_now"]
    inlines = [FileInline]
    actions_detail = ["move_up", "move_down"]
    actions = None

    def get_fieldsets(self, request, obj=None):
        place = ["where"] if obj else ["course"]
        return [
            (None, {"fields": [*place, "title", "minutes", "is_preview", "is_shown"]}),
            ("Text", {"fields": ["text"], "description": EMBEDDING}),
            (
                "Video",
                {
                    "fields": [
                        *("video_now", "new_video", "without_video", "video_link"),
                        *("captions_now", "new_captions", "captions_language", "without_captions"),
                    ]
                },
            ),
            ("To work with", {"fields": ["model_address", "new_files"]}),
        ]

    @display(description="What")
    def what(self, lesson):
        return lesson.kind_label

    @display(description="Course")
    def where(self, lesson):
        return format_html(
            '<a href="{}">{}</a>, lesson {} · <a href="{}">See the lesson</a>',
            reverse("admin:blog_course_change", args=[lesson.course_id]),
            lesson.course.title,
            lesson.position,
            lesson.get_absolute_url(),
        )

    @display(description="Video now")
    def video_now(self, lesson):
        if not lesson.video:
            return "–"
        length = (
            f", {lesson.video_seconds // 60}:{lesson.video_seconds % 60:02}" if lesson.video_seconds else ""
        )
        size = f"{lesson.video_size / 1024**2:,.1f} MB"
        return format_html(
            '<a href="{}">{}{}, {}</a>', lesson.get_video_url(), lesson.get_video_kind_display(), length, size
        )

    @display(description="Captions now")
    def captions_now(self, lesson):
        if not lesson.captions:
            return "–"
        return format_html(
            '<a href="{}">{}</a>', lesson.get_captions_url(), lesson.get_captions_language_display()
        )

    def save_model(self, request, obj, form, change):
        given = form.cleaned_data
        lessons.save(lesson=obj, by=request.user, minutes=given["minutes"], media=form.media_given)
        for name, upload in given["new_files"]:
            lessons.add_file(lesson=obj, name=name, upload=upload)

    def save_formset(self, request, form, formset, change):
        formset.save(commit=False)
        for file in formset.deleted_objects:
            lessons.remove_file(file=file)

    def delete_model(self, request, obj):
        lessons.delete(lesson=obj, by=request.user)

    # What is refused only once the rows are locked is a sentence above the form, and nothing is kept of it.

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except BlogError as error:
            messages.error(request, str(error))
            return redirect(request.get_full_path())

    def delete_view(self, request, object_id, extra_context=None):
        try:
            return super().delete_view(request, object_id, extra_context)
        except BlogError as error:
            messages.error(request, str(error))
            return redirect("admin:blog_lesson_change", object_id)

    # ------------------------------------------------------------------ its place

    def has_move_permission(self, request, obj=None):
        return request.user.has_perm("blog.change_lesson")

    def useless_actions(self, lesson):
        last = lesson.course.lessons.order_by("-position").first()
        found = {"move_up"} if lesson.position == 1 else set()
        return found | ({"move_down"} if last is None or lesson.pk == last.pk else set())

    @action(
        description="Move up",
        permissions=["move"],
        icon="arrow_upward",
        dialog={
            "title": "Move this lesson up by one?",
            "description": "Save what you have changed first.",
            "form_class": None,
            "form_submit_text": "Move up",
        },
    )
    def move_up(self, request, form, object_id):
        return self._move(request, object_id, -1)

    @action(
        description="Move down",
        permissions=["move"],
        icon="arrow_downward",
        dialog={
            "title": "Move this lesson down by one?",
            "description": "Save what you have changed first.",
            "form_class": None,
            "form_submit_text": "Move down",
        },
    )
    def move_down(self, request, form, object_id):
        return self._move(request, object_id, 1)

    def _move(self, request, object_id, places: int):
        lesson = get_object_or_404(Lesson.objects.select_related("course"), pk=object_id)
        lessons.move(lesson=lesson, by=request.user, places=places)
        return back_to(request, reverse("admin:blog_lesson_change", args=[object_id]))
