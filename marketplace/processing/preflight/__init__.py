"""Looks at a file of any format before any tool does, and refuses what would crash, hang or flood one.

Sizes, counts, names and nesting are compared with what is there; geometry and pictures are never decoded. Run as
``python -m marketplace.processing.preflight REQUEST.json``.
"""
