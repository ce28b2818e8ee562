"""Courses: what is taught, lesson by lesson, and who learns it."""

from blog.models.courses.course import Course
from blog.models.courses.enrollment import CourseEnrollment, LessonProgress
from blog.models.courses.lesson import Lesson, LessonFile

__all__ = ["Course", "CourseEnrollment", "Lesson", "LessonFile", "LessonProgress"]
