"""PayPal by its REST API: orders that the buyer approves at PayPal, and that we capture then."""

from commerce.gateways.paypal.gateway import PayPalGateway

__all__ = ["PayPalGateway"]
