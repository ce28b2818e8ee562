from blog.models.comment import BlogComment, BlogCommentLike
from blog.models.courses import Course, CourseEnrollment, Lesson, LessonFile, LessonProgress
from blog.models.post import BlogLike, BlogPost, BlogTag
from blog.models.testimonial import Testimonial

__all__ = [
    "BlogComment",
    "BlogCommentLike",
    "BlogLike",
    "BlogPost",
    "BlogTag",
    "Course",
    "CourseEnrollment",
    "Lesson",
    "LessonFile",
    "LessonProgress",
    "Testimonial",
]
