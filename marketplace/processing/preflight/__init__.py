"""Looks at a GLB before any tool does, and refuses what would crash, hang or flood one.

Reads headers only: the container, the JSON description and the first bytes of each picture. Geometry is never
decoded. Run as ``python -m marketplace.processing.preflight REQUEST.json``.
"""
