"""What a creator's words say about a file, held against what was measured of it. Words and numbers in, findings out."""

from marketplace.claims.comparing import contradictions
from marketplace.claims.measures import Measures
from marketplace.claims.words import Words

__all__ = ["Measures", "Words", "contradictions"]
