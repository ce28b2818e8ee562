"""The file engine: a GLB and paths in, measures and pictures out. No ORM, no Django, no state between calls.

``steps.run_step`` runs one step of the pipeline in a child process that is limited in time and memory; ``types`` holds
what goes in and comes out. This module stays empty of imports because every tool process loads it first.
"""
