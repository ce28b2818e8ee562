"""Courses in the search over everything."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from blog.courses.search import courses_matching, courses_nearly_titled
from blog.models import Course
from config.search.kinds import Kind
from marketplace.search.headlines import excerpt, headline, marked, marked_excerpt


@dataclass(frozen=True)
class CourseHit:
    """A course, its title and the part of its description that matches best, with what matches marked."""

    course: Course
    title: SafeString
    excerpt: SafeString


class Courses(Kind):
    key, label = "courses", "Courses"
    template, shown = "config/_found_courses.html", 4

    def matching(self):
        return courses_matching(self.text)

    def resembling(self):
        return courses_nearly_titled(self.text)

    def present(self, found):
        marks = {
            "marked_title": headline("title", self.text),
            "marked_words": excerpt("description", self.text),
        }
        return [
            CourseHit(course, marked(course.marked_title), marked_excerpt(course.marked_words))
            for course in found.with_card_data().annotate(**marks)
        ]
