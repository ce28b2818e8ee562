"""The tables behind `commerce/tests/test_permissions.py`: who gets what at every address of commerce.

An address that is not for somebody at all is 404 for them, and looks as if nothing were there; at one that they may
look at, what they may not do is 403. A visitor signs in first where that could help.
"""
