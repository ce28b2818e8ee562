"""What this marketplace is: name, money, upload limits, payment providers."""

from decimal import Decimal
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import PRODUCTION, env

SITE_NAME = env("SITE_NAME", default="Lathe")
# Absolute address for mail and canonical links: workers, which write most mails, know no request to take it from.
SITE_URL = env("SITE_URL", default="" if PRODUCTION else f"http://localhost:{env.int('PORT', default=8000)}")
if PRODUCTION and not (urlsplit(SITE_URL).scheme in ("http", "https") and urlsplit(SITE_URL).hostname):
    raise ImproperlyConfigured(
        "SITE_URL must be the site's address in production, such as https://example.org: mails link to it."
    )
# Whether search engines may list the site at all: a copy for trying things out says no.
SEARCH_ENGINES = env.bool("SEARCH_ENGINES", default=True)
# Whether programs that gather what AI is trained on may read the site; each model says besides whether it may be used.
TRAINING_CRAWLERS = env.bool("TRAINING_CRAWLERS", default=False)
CONTACT_EMAIL = env("CONTACT_EMAIL", default="hello@localhost")

# Who sells: on invoices, credit notes and certificates. The address's lines are separated by semicolons.
COMPANY_NAME = env("COMPANY_NAME", default=SITE_NAME)
COMPANY_ADDRESS = env("COMPANY_ADDRESS", default="")
COMPANY_TAX_ID = env("COMPANY_TAX_ID", default="")
COMPANY_EMAIL = env("COMPANY_EMAIL", default=CONTACT_EMAIL)

CURRENCY = env("CURRENCY", default="USD")
PLATFORM_FEE_PERCENT = Decimal(env("PLATFORM_FEE_PERCENT", default="7.5"))
# Whether creators' prices are what buyers pay, with the tax of their country in them; else it is added at checkout.
PRICES_INCLUDE_TAX = env.bool("PRICES_INCLUDE_TAX", default=False)
MAX_PRICE = Decimal(env("MAX_PRICE", default="10000.00"))
MIN_PRICE = Decimal(env("MIN_PRICE", default="1.00"))
DOWNLOAD_LIMIT = env.int("DOWNLOAD_LIMIT", default=10)
# Bytes of the video of one lesson of a course.
COURSE_VIDEO_BYTES = env.int("COURSE_VIDEO_BYTES", default=1024**3)

# Bytes of one file that the site processes at all.
MAX_UPLOAD_BYTES = env.int("MAX_UPLOAD_BYTES", default=2 * 1024**3)
# What people have without a plan that they pay for. Bytes of one file: said on the upload page before an upload
# starts, and enforced while it runs.
FREE_UPLOAD_BYTES = env.int("FREE_UPLOAD_BYTES", default=512 * 1024**2)
# Bytes that one person may keep: originals, documents, uploads under way.
STORAGE_QUOTA_BYTES = env.int("STORAGE_QUOTA_BYTES", default=20 * 1024**3)
# How many of one's models may be private, how many days statistics go back, and for how many days the proceeds of a
# sale are held before they can be paid out.
PRIVATE_MODELS = env.int("PRIVATE_MODELS", default=3)
ANALYTICS_DAYS = env.int("ANALYTICS_DAYS", default=90)
PAYOUT_HOLD_DAYS = env.int("PAYOUT_HOLD_DAYS", default=7)
# An upload that nobody goes on with is thrown away after so many hours.
UPLOAD_EXPIRY_HOURS = env.int("UPLOAD_EXPIRY_HOURS", default=48)
# Days in which a creator can bring back a model that they deleted; then drafts are erased with their files.
DELETED_MODELS_KEPT_DAYS = env.int("DELETED_MODELS_KEPT_DAYS", default=30)
# Files that one web process receives at a time; its threads (16 in the embedded default) are for pages too.
UPLOAD_LANES = env.int("UPLOAD_LANES", default=8)
# Search by shape: bytes of the file, seconds that reading it may take, searches of one person an hour, and seconds
# after which nothing of it is left.
SHAPE_SEARCH_MAX_BYTES = env.int("SHAPE_SEARCH_MAX_BYTES", default=64 * 1024**2)
SHAPE_SEARCH_SECONDS = env.int("SHAPE_SEARCH_SECONDS", default=60)
SHAPE_SEARCHES_AN_HOUR = env.int("SHAPE_SEARCHES_AN_HOUR", default=20)
SHAPE_SEARCH_KEPT_SECONDS = env.int("SHAPE_SEARCH_KEPT_SECONDS", default=900)
PREVIEW_URL_SECONDS = env.int("PREVIEW_URL_SECONDS", default=3600)

# Days in which what was never downloaded is refunded at once, and in which a refund can be asked for at all; days that
# the seller has to answer, and then support to decide.
REFUND_DAYS = env.int("REFUND_DAYS", default=14)
REFUND_ASK_DAYS = env.int("REFUND_ASK_DAYS", default=180)
REFUND_ANSWER_DAYS = env.int("REFUND_ANSWER_DAYS", default=3)
REFUND_DECIDE_DAYS = env.int("REFUND_DECIDE_DAYS", default=3)

# Days in which moderators usually decide about a model: said to its creator, and shown in their queue.
REVIEW_DAYS = env.int("REVIEW_DAYS", default=3)
# Trust and safety, in days: in which moderators look at reports and new claims, hear appeals, and decide claims that
# were answered; that an owner has to mend something, either side to appeal, and a creator to answer a claim.
REPORT_DECIDE_DAYS = env.int("REPORT_DECIDE_DAYS", default=3)
APPEAL_DECIDE_DAYS = env.int("APPEAL_DECIDE_DAYS", default=7)
CLAIM_DECIDE_DAYS = env.int("CLAIM_DECIDE_DAYS", default=7)
MEND_DAYS = env.int("MEND_DAYS", default=14)
APPEAL_DAYS = env.int("APPEAL_DAYS", default=30)
CLAIM_ANSWER_DAYS = env.int("CLAIM_ANSWER_DAYS", default=10)
# So long a mailed link to a decision or a claim lets in who cannot log in; its page sends a new one afterwards.
SAFETY_LINK_DAYS = env.int("SAFETY_LINK_DAYS", default=60)

# Pages of search and marketplace that one address without an account may ask for a minute; 0 for any number.
VISITOR_LISTS_A_MINUTE = env.int("VISITOR_LISTS_A_MINUTE", default=240)

# What accounts may write in their first hours: links in one text, and comments, posts and messages an hour.
NEW_ACCOUNT_HOURS = env.int("NEW_ACCOUNT_HOURS", default=24)
NEW_ACCOUNT_LINKS = env.int("NEW_ACCOUNT_LINKS", default=2)
NEW_ACCOUNT_TEXTS_AN_HOUR = env.int("NEW_ACCOUNT_TEXTS_AN_HOUR", default=30)

# Hours within which a ticket is to be answered, by how urgent it is: what the desk's queue is ordered by, and what is
# said to whoever asks.
SUPPORT_DUE_HOURS = {
    "high": env.int("SUPPORT_HIGH_HOURS", default=4),
    "medium": env.int("SUPPORT_MEDIUM_HOURS", default=24),
    "low": env.int("SUPPORT_LOW_HOURS", default=72),
}

# Days that the copy of somebody's data can be downloaded, and that a deleted account can still be kept.
DATA_EXPORT_DAYS = env.int("DATA_EXPORT_DAYS", default=7)
ACCOUNT_DELETION_DAYS = env.int("ACCOUNT_DELETION_DAYS", default=14)

# Who takes each way of paying; empty where it is not offered.
_SANDBOX = "" if PRODUCTION else "sandbox"
# Bounties: bounds of a budget, days that a deadline may lie ahead, and days after it in which the poster chooses.
BOUNTY_MINIMUM = Decimal(env("BOUNTY_MINIMUM", default="10.00"))
BOUNTY_MAXIMUM = Decimal(env("BOUNTY_MAXIMUM", default="50000.00"))
BOUNTY_LONGEST_DAYS = env.int("BOUNTY_LONGEST_DAYS", default=180)
BOUNTY_JUDGING_DAYS = env.int("BOUNTY_JUDGING_DAYS", default=14)

PAYMENT_CARD = env("PAYMENT_CARD", default=_SANDBOX)
PAYMENT_PAYPAL = env("PAYMENT_PAYPAL", default=_SANDBOX)
PAYMENT_CRYPTO = env("PAYMENT_CRYPTO", default=_SANDBOX)
# What providers were asked and answered is kept so many days.
PROVIDER_CALLS_KEPT_DAYS = env.int("PROVIDER_CALLS_KEPT_DAYS", default=180)
# How long the sandbox's slow payments take.
SANDBOX_SLOW_SECONDS = env.int("SANDBOX_SLOW_SECONDS", default=15)
STRIPE_SECRET_KEY = env("STRIPE_SECRET_KEY", default="")
STRIPE_PUBLISHABLE_KEY = env("STRIPE_PUBLISHABLE_KEY", default="")
STRIPE_WEBHOOK_SECRET = env("STRIPE_WEBHOOK_SECRET", default="")
PAYPAL_CLIENT_ID = env("PAYPAL_CLIENT_ID", default="")
PAYPAL_CLIENT_SECRET = env("PAYPAL_CLIENT_SECRET", default="")
PAYPAL_WEBHOOK_ID = env("PAYPAL_WEBHOOK_ID", default="")
PAYPAL_API_BASE = env("PAYPAL_API_BASE", default="https://api-m.paypal.com")
BTCPAY_URL = env("BTCPAY_URL", default="")
BTCPAY_API_KEY = env("BTCPAY_API_KEY", default="")
BTCPAY_STORE_ID = env("BTCPAY_STORE_ID", default="")
BTCPAY_WEBHOOK_SECRET = env("BTCPAY_WEBHOOK_SECRET", default="")
# How refunds are paid out.
BTCPAY_PAYOUT_METHOD = env("BTCPAY_PAYOUT_METHOD", default="BTC-CHAIN")
# Only tests and proxies change it.
STRIPE_API_BASE = env("STRIPE_API_BASE", default="")

# The smallest payout; above the other amount two people approve. Hours for which new payout details cannot be used.
PAYOUT_MINIMUM = Decimal(env("PAYOUT_MINIMUM", default="25.00"))
PAYOUT_SECOND_APPROVAL_ABOVE = Decimal(env("PAYOUT_SECOND_APPROVAL_ABOVE", default="500.00"))
PAYOUT_DETAILS_WAIT_HOURS = env.int("PAYOUT_DETAILS_WAIT_HOURS", default=48)
# Fernet keys, the newest first; in development one is made of SECRET_KEY.
PAYOUT_ENCRYPTION_KEYS = env.list("PAYOUT_ENCRYPTION_KEYS", default=[])
