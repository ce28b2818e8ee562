from blog.admin import comments, courses, lessons, posts, testimonials

__all__ = ["comments", "courses", "lessons", "posts", "testimonials"]
