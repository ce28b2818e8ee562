"""Decisions, appeals against them, and claims to somebody's work."""
