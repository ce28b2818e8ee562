"""What money is paid for: an order, a subscription, a bounty. Each registers what its payments do when they end."""

from commerce.purposes.base import Kept, Purpose, Settlement, purpose_of, register

__all__ = ["Kept", "Purpose", "Settlement", "purpose_of", "register"]
