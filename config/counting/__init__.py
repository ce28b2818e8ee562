"""Counters that are stored beside what they count, and how they are held against the rows again."""
