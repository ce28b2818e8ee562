"""BTCPay Server by its Greenfield API: invoices in the shop's currency that are paid in coins at BTCPay's own page."""

from commerce.gateways.btcpay.gateway import BTCPayGateway

__all__ = ["BTCPayGateway"]
