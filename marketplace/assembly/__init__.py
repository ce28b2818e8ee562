"""From what was dropped to models: which files belong together, and the archives that keep them together.

Knows names and bytes, no database: `marketplace.actions.assembly` carries a plan out.
"""

from marketplace.assembly.plan import Drop, Plan, PlannedFile, PlannedModel, PlanRefused, Problem, plan_drop

__all__ = ["Drop", "Plan", "PlanRefused", "PlannedFile", "PlannedModel", "Problem", "plan_drop"]
