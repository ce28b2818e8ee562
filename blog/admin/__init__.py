from blog.admin import comments, posts, testimonials

__all__ = ["comments", "posts", "testimonials"]
