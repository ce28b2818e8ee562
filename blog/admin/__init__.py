from blog.admin import posts, testimonials

__all__ = ["posts", "testimonials"]
