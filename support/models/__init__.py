from support.models.docs import DocSection
from support.models.help import HelpArticle, HelpCategory, HelpVote
from support.models.loaded import LoadedFile

__all__ = ["DocSection", "HelpArticle", "HelpCategory", "HelpVote", "LoadedFile"]
