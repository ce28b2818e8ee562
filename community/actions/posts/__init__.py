"""What people do with the posts of a community: writing, keeping order, reacting, passing on, reading."""

from community.actions.posts.moderating import pin, put_back, take_down, unpin
from community.actions.posts.reacting import mark_read, react, share, unreact
from community.actions.posts.writing import Change, Draft, delete, edit, publish

__all__ = [
    "Change",
    "Draft",
    "delete",
    "edit",
    "mark_read",
    "pin",
    "publish",
    "put_back",
    "react",
    "share",
    "take_down",
    "unpin",
    "unreact",
]
