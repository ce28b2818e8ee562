"""What the demo's people buy, sell, ask back, contest, subscribe to and want made, over the past weeks.

Everything goes through the calls that people's own deeds go through, and money through the sandbox, one deed after
another at the time when it happened: the books hold. What is there already is left as it is.
"""

from config.demo.trade.populating import populate

__all__ = ["populate"]
