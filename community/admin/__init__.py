from community.admin import comments, communities, posts

__all__ = ["comments", "communities", "posts"]
