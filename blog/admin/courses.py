"""The desk for courses: written here, shown and taken back by buttons, with their lessons below."""

from decimal import Decimal
from functools import partial

from django import forms
from django.conf import settings
from django.contrib import admin
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import action, display
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminImageFieldWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from accounts.models import User
from blog.actions import courses
from blog.actions.pictures import set_picture
from blog.admin.markdown import MarkdownWidget
from blog.admin.posts import EMBEDDING
from blog.exceptions import BlogError
from blog.models import Course, CourseEnrollment, Lesson
from blog.pictures import post_webps
from core.admin import ReadOnlyAdmin, ReadOnlyInline, UsefulActionsMixin, do_and_say
from core.desk import ConsoleAdmin

COLOURS = {"Draft": "warning", "Published": "success"}


class CourseForm(forms.ModelForm):
    teacher = forms.CharField(
        label="Instructor",
        max_length=150,
        widget=UnfoldAdminTextInputWidget,
        help_text="The user name of whoever teaches it.",
    )
    price = forms.DecimalField(
        required=False, max_digits=12, decimal_places=2, min_value=0, widget=UnfoldAdminDecimalFieldWidget
    )
    picture = forms.FileField(
        required=False,
        widget=UnfoldAdminImageFieldWidget,
        help_text="JPEG, PNG or WebP, at least 960 x 540 pixels; cut to 16:9 around its middle.",
    )
    without_picture = forms.BooleanField(
        label="Take the picture away", required=False, widget=UnfoldBooleanSwitchWidget
    )

    class Meta:
        model = Course
        fields = ["title", "slug", "difficulty", "price", "summary", "description", "picture_alt"]
        widgets = {"description": MarkdownWidget(attrs={"rows": 18})}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["price"].help_text = (
            f"{settings.CURRENCY}, from {settings.MIN_PRICE} to {settings.MAX_PRICE:,}, of which we keep"
            f" {settings.PLATFORM_FEE_PERCENT} %; empty or 0: free. Who takes it already keeps it."
        )
        if self.instance.pk:
            self.initial["teacher"] = self.instance.instructor.username

    def clean_teacher(self) -> User:
        name = self.cleaned_data["teacher"].strip()
        person = User.objects.active().filter(username__iexact=name).first()
        is_kept = self.instance.pk and self.instance.instructor.username == name
        if person is None and not is_kept:
            raise forms.ValidationError("Nobody of this name has an active account.", code="unknown")
        return person or self.instance.instructor

    def clean_price(self) -> Decimal:
        price = self.cleaned_data["price"] or Decimal("0.00")
        if price and not settings.MIN_PRICE <= price <= settings.MAX_PRICE:
            raise forms.ValidationError(
                f"From {settings.MIN_PRICE} to {settings.MAX_PRICE:,}, or 0.", code="out_of_bounds"
            )
        return price

    def clean_picture(self):
        upload = self.cleaned_data["picture"]
        return post_webps(upload) if upload else None

    def clean(self):
        super().clean()
        teacher = self.cleaned_data.get("teacher")
        if teacher is not None:
            self.instance.instructor = teacher
        if teacher is not None and self.cleaned_data.get("price") and not teacher.is_creator:
            self.add_error("teacher", "Who sells is a creator: they become one in their settings.")


class LessonInline(ReadOnlyInline):
    model = Lesson
    fields = ["position", "title", "what", "minutes", "is_preview", "is_shown"]
    readonly_fields = ["position", "what"]
    ordering = ["position", "pk"]
    per_page = 50

    @display(description="What")
    def what(self, lesson):
        return lesson.kind_label

    def get_queryset(self, request):
        return super().get_queryset(request).defer("text")


@admin.register(Course)
class CourseAdmin(UsefulActionsMixin, ConsoleAdmin):
    """Whether a course is shown is no field to edit: there are buttons for it, and the audit log says who pressed."""

    form = CourseForm
    list_display = [
        *(
            "title",
            "instructor",
            "difficulty",
            "price",
            "state",
            "lessons_count",
            "duration",
            "enrolled_count",
            "views",
        ),
    ]
    list_filter = ["status", "difficulty", "is_free"]
    list_select_related = ["instructor"]
    search_fields = ["title", "slug", "instructor__username"]
    ordering = ["-created_at", "-pk"]
    readonly_fields = ["picture_now", "more"]
    fieldsets = [
        (None, {"fields": ["title", "slug", "teacher", "difficulty", "price", "more"]}),
        ("Text", {"fields": ["summary", "description"], "description": EMBEDDING}),
        ("Picture", {"fields": ["picture_now", "picture", "without_picture", "picture_alt"]}),
    ]
    inlines = [LessonInline]
    actions_detail = ["publish", "take_back"]
    # One at a time: what somebody takes is not deleted.
    actions = None

    @display(description="State", ordering="status", label=COLOURS)
    def state(self, course):
        return course.get_status_display()

    @display(description="Picture now")
    def picture_now(self, course):
        if not course.picture_small:
            return "–"
        return format_html('<img src="{}" alt="" width="240" height="135">', course.picture_small.url)

    @display(description="Lessons")
    def more(self, course):
        """Where a lesson is written, and where all of this looks like what readers see."""
        if not course.pk:
            return "They are written once the course is saved."
        return format_html(
            '<a href="{}?course={}">Write a lesson</a> · <a href="{}">See the course</a>',
            reverse("admin:blog_lesson_add"),
            course.pk,
            course.get_absolute_url(),
        )

    def get_queryset(self, request):
        return super().get_queryset(request).defer("description")

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ["title"]}

    def get_changeform_initial_data(self, request):
        return {"teacher": request.user.username} | super().get_changeform_initial_data(request)

    def save_model(self, request, obj, form, change):
        # Counts and state change meanwhile: of a course that is there only what the form holds is written.
        obj.save(update_fields=[*form.Meta.fields, "instructor", "updated_at"] if change else None)
        pictures = form.cleaned_data.get("picture")
        if pictures or form.cleaned_data.get("without_picture"):
            set_picture(subject=obj, pictures=pictures)

    def has_delete_permission(self, request, obj=None):
        is_taken = obj is not None and obj.enrollments.exists()
        return not is_taken and super().has_delete_permission(request, obj)

    def delete_model(self, request, obj):
        courses.delete(course=obj, by=request.user)

    # ------------------------------------------------------------------ showing it

    def has_publish_permission(self, request, obj=None):
        return request.user.has_perm("blog.change_course")

    def useless_actions(self, course):
        return {"publish"} if course.is_published else {"take_back"}

    @action(
        description="Publish",
        permissions=["publish"],
        icon="public",
        dialog={
            "title": "Publish this course?",
            "description": "Everybody sees it from now on, with its lessons. Save what you have changed first.",
            "form_class": None,
            "form_submit_text": "Publish",
        },
    )
    def publish(self, request, form, object_id):
        return self._do(request, object_id, courses.publish, "The course is published.")

    @action(
        description="Take back",
        permissions=["publish"],
        icon="visibility_off",
        dialog={
            "title": "Make this course a draft again?",
            "description": "Nobody finds it any more. Who takes it already goes on with it.",
            "form_class": None,
            "form_submit_text": "Take back",
        },
    )
    def take_back(self, request, form, object_id):
        return self._do(request, object_id, courses.take_back, "The course is a draft again.")

    def _do(self, request, object_id, call, done: str):
        act = partial(call, course=get_object_or_404(Course, pk=object_id), by=request.user)
        return do_and_say(request, self.opts, object_id, act, done, refused=BlogError)


@admin.register(CourseEnrollment)
class CourseEnrollmentAdmin(ReadOnlyAdmin):
    list_display = ["user", "course", "created_at", "seen_at", "completed_at"]
    list_select_related = ["user", "course"]
    search_fields = ["user__username", "course__title"]
    ordering = ["-created_at", "-pk"]
