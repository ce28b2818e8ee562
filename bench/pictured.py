"""The pages that `bench.screenshots` pictures, by name: who looks, and where.

{model}, {own}, {viewer} and {edit} are found on the site. "PAGE -> PATTERN" is the first link on PAGE to an address
that looks like PATTERN (`fnmatch`).
"""

_SITE = {
    "home": (None, "/"),
    "grid": (None, "/marketplace/"),
    "grid-search": (None, "/marketplace/?q=lamp"),
    "grid-nothing": (None, "/marketplace/?q=zzzzzz"),
    "model": (None, "{model}"),
    "model-owned": ("creator", "{own}"),
    "viewer": (None, "{viewer}"),
    "profile": (None, "/profile/creator/"),
    "profile-reviews": (None, "/profile/creator/reviews/"),
    "login": (None, "/accounts/login/"),
    "signup": (None, "/accounts/signup/"),
    "password-reset": (None, "/accounts/password/reset/"),
    "about": (None, "/about/"),
    "terms": (None, "/terms/"),
    "creator-terms": (None, "/creator-terms/"),
    "privacy": (None, "/privacy/"),
    "licences": (None, "/licences/"),
    "contact": (None, "/contact/"),
    "status": (None, "/status/"),
    "help": (None, "/help/"),
    "help-search": (None, "/help/?q=refund"),
    "help-article": (None, "/help/refund/"),
    "docs": (None, "/docs/"),
    "docs-section": (None, "/docs/formats/"),
    "not-found": (None, "/nothing-here/"),
    "styleguide": (None, "/styleguide/"),
    "communities": (None, "/community/"),
    "community": ("buyer", "/community/ -> /community/[0-9]*/"),
    "community-new": ("creator", "/community/new/"),
    "community-post": ("creator", "/search/?kind=discussions&q=joint -> /community/*/posts/*"),
    "messages": ("buyer", "/dashboard/messages/"),
    "conversation": ("buyer", "/dashboard/messages/ -> /dashboard/messages/*-*/"),
    "notifications": ("creator", "/notifications/"),
    "settings": ("creator", "/dashboard/settings/"),
    "settings-email": ("creator", "/accounts/email/"),
    "settings-mfa": ("creator", "/accounts/2fa/"),
    "settings-sessions": ("creator", "/accounts/sessions/"),
    "upload": ("creator", "/upload/"),
    "upload-as-buyer": ("buyer", "/upload/"),
    "inventory": ("creator", "/dashboard/inventory/"),
    "edit": ("creator", "{edit}"),
    "dev-mail": (None, "/dev/mail/"),
}
_COMMERCE = {
    "cart": ("buyer", "/cart/"),
    "cart-empty": (None, "/cart/"),
    "checkout": ("buyer", "/checkout/"),
    "purchases": ("buyer", "/dashboard/purchases/"),
    "success": ("buyer", "/dashboard/purchases/ -> /purchase/success/?*"),
    "refund": ("buyer", "/dashboard/purchases/ -> /dashboard/purchases/*/refund/"),
    "certificate-settings": ("buyer", "/dashboard/purchases/ -> /dashboard/purchases/*/certificate/"),
    "refund-rules": (None, "/refunds/"),
    "refunds": ("creator", "/dashboard/refunds/"),
    "refund-answer": ("creator", "/dashboard/refunds/ -> /dashboard/refunds/*-*"),
    "reviews": (None, "{own}#reviews"),
    "dashboard": ("creator", "/dashboard/"),
    "dashboard-as-buyer": ("buyer", "/dashboard/"),
    "financials": ("creator", "/dashboard/financials/"),
    "financials-empty": ("buyer", "/dashboard/financials/"),
    "transactions": ("creator", "/dashboard/financials/transactions/"),
    "transactions-refunds": ("creator", "/dashboard/financials/transactions/?kind=refund"),
    "statements": ("creator", "/dashboard/financials/statements/"),
    "payouts": ("creator", "/dashboard/financials/payouts/"),
    "payout-details": ("creator", "/dashboard/financials/details/"),
    "payment-methods": ("buyer", "/dashboard/settings/payment/"),
    "pricing": (None, "/pricing/"),
    "pricing-as-subscriber": ("creator", "/pricing/"),
    "plan-order": ("buyer", "/pricing/pro/"),
    "plan": ("creator", "/dashboard/settings/plan/"),
    "plan-none": ("buyer", "/dashboard/settings/plan/"),
    "bounties": (None, "/bounties/"),
    "bounties-nothing": (None, "/bounties/?q=zzzzzz"),
    "bounty": ("creator", "/bounties/ -> /bounties/[0-9]*"),
    "bounty-new": ("buyer", "/bounties/new/"),
    "bounties-mine": ("buyer", "/dashboard/bounties/"),
    "bounty-own": ("buyer", "/dashboard/bounties/ -> /bounties/[0-9]*"),
    "bounties-applied": ("creator", "/dashboard/bounties/applications/"),
}
_CONSOLE = {
    "admin": ("moderator", "/admin/"),
    "admin-queue": ("moderator", "/admin/marketplace/model3d/"),
    "admin-analytics": ("admin", "/admin/analytics/"),
    "admin-stuck": ("admin", "/admin/commerce/payment/stuck/"),
}
# Each list of commerce in the console, and the first row's own page.
_ROWS = [
    "order", "transaction", "purchase", "payment", "webhookevent", "providercall", "refund", "dispute", "payout",
    "payoutbatch", "invoice", "creditnote", "certificate", "coupon", "couponuse", "taxrate", "plan", "subscription",
    "subscriptionperiod", "bounty", "bountysubmission", "escrowreturn", "review", "ledgermovement", "ledgerentry",
]  # fmt: skip
for _row in _ROWS:
    _list = f"/admin/commerce/{_row}/"
    _CONSOLE[f"admin-{_row}-list"] = ("admin", _list)
    _CONSOLE[f"admin-{_row}"] = ("admin", f"{_list} -> {_list}*/change/*")
PAGES = _SITE | _COMMERCE | _CONSOLE
