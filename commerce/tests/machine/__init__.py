"""A state machine over all of commerce: any step in any order, and after each of them the books and rights agree.

`world` has the people and what always holds; each other module adds the steps of one topic.
"""
