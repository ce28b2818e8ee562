"""The form of a lesson in the console: what cannot be is said beside its field."""

from django import forms
from django.core.exceptions import ValidationError
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminTextInputWidget,
    UnfoldAdminURLInputWidget,
    UnfoldBooleanSwitchWidget,
)

from blog.actions import lessons
from blog.admin.markdown import MarkdownWidget
from blog.courses.putting_in import FILES, check_captions, check_video_link, file_name
from blog.courses.videos import read_video
from blog.models import Lesson
from blog.models.courses.lesson import LONGEST, MAX_FILES, MAX_LESSONS
from blog.reading import MODEL_ADDRESS
from marketplace.models import Model3D


class SeveralFiles(UnfoldAdminFileFieldWidget):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several at once, each with the name that it is handed on under."""

    widget = SeveralFiles

    def clean(self, data, initial=None):
        given = data if isinstance(data, list) else [data] if data else []
        return [(file_name(upload), upload) for upload in given]


class LessonForm(forms.ModelForm):
    new_video = forms.FileField(
        label="Video",
        required=False,
        widget=UnfoldAdminFileFieldWidget,
        help_text="MP4 or WebM. It takes the place of the one that is there.",
    )
    without_video = forms.BooleanField(
        label="Take the video away", required=False, widget=UnfoldBooleanSwitchWidget
    )
    video_link = forms.URLField(
        label="Link to a video elsewhere",
        required=False,
        max_length=200,
        assume_scheme="https",
        widget=UnfoldAdminURLInputWidget,
        help_text="On YouTube or Vimeo, instead of a file.",
    )
    new_captions = forms.FileField(
        label="Captions",
        required=False,
        widget=UnfoldAdminFileFieldWidget,
        help_text="WebVTT (.vtt), of the video: who does not hear it reads them.",
    )
    without_captions = forms.BooleanField(
        label="Take the captions away", required=False, widget=UnfoldBooleanSwitchWidget
    )
    model_address = forms.CharField(
        label="Model to open",
        required=False,
        max_length=200,
        widget=UnfoldAdminTextInputWidget,
        help_text="The address of a model on this site.",
    )
    minutes = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=LONGEST,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text="How long it takes; empty for the length of its video and the reading time of its text.",
    )
    new_files = FilesField(
        label="Files to add", required=False, help_text=f"To work with: {', '.join(sorted(FILES))}."
    )

    class Meta:
        model = Lesson
        fields = ["course", "title", "text", "video_link", "captions_language", "is_preview", "is_shown"]
        widgets = {"text": MarkdownWidget(attrs={"rows": 20})}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            # A lesson stays in its course.
            self.fields.pop("course", None)
            self.initial["model_address"] = (
                self.instance.model.get_absolute_url() if self.instance.model else ""
            )
            was_said = self.instance.minutes != self.instance.measured_minutes
            self.initial["minutes"] = self.instance.minutes if was_said else None

    def clean_new_video(self):
        upload = self.cleaned_data["new_video"]
        return (upload, read_video(upload)) if upload else None

    def clean_new_captions(self):
        upload = self.cleaned_data["new_captions"]
        if upload:
            check_captions(upload)
        return upload

    def clean_video_link(self) -> str:
        link = self.cleaned_data["video_link"]
        if link:
            check_video_link(link)
        return link

    def clean_model_address(self) -> Model3D | None:
        address = self.cleaned_data["model_address"].strip()
        if not address:
            return None
        match = MODEL_ADDRESS.fullmatch(address)
        model = Model3D.objects.listed().filter(pk=match[1]).first() if match else None
        if model is None and not self._is_kept(address):
            raise ValidationError("No model that everybody may see has this address.", code="unknown")
        return model or self.instance.model

    def clean(self):
        super().clean()
        given = self.cleaned_data
        self.instance.model = given.get("model_address") or None
        keeps_video = bool(self.instance.video) and not given.get("without_video")
        has_video = keeps_video or bool(given.get("new_video"))
        if given.get("video_link") and has_video and not self.errors:
            self.add_error("video_link", "A file or a link: take the video away, or leave this empty.")
        if given.get("new_captions") and not has_video and not self.errors:
            self.add_error("new_captions", "Captions belong to a video file.")
        if not self.errors and not (
            has_video or given.get("video_link") or given.get("text", "").strip() or self.instance.model
        ):
            raise ValidationError("Give it a text, a video or a model.", code="empty")
        self._check_room(given)

    @property
    def media_given(self) -> lessons.Media:
        given = self.cleaned_data
        return lessons.Media(
            video=given["new_video"],
            captions=given["new_captions"],
            without_video=given["without_video"],
            without_captions=given["without_captions"],
        )

    def _check_room(self, given: dict) -> None:
        kept = self.instance.files.count() if self.instance.pk else 0
        if len(given.get("new_files") or ()) + kept > MAX_FILES:
            self.add_error("new_files", f"A lesson has {MAX_FILES} files at most.")
        course = given.get("course")
        if course is not None and course.lessons.count() >= MAX_LESSONS:
            self.add_error("course", f"A course has {MAX_LESSONS} lessons at most.")

    def _is_kept(self, address: str) -> bool:
        return self.instance.model is not None and self.instance.model.get_absolute_url() == address
