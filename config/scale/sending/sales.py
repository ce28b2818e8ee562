"""Orders, their lines and payments, purchases, downloads, and the days' figures."""

from collections.abc import Iterator
from uuid import UUID

import numpy as np
from django.conf import settings

from accounts.models import User
from commerce.actions.downloads import LINK_LIFETIME
from commerce.models import DownloadLink, Order, Payment, Purchase, Transaction
from config.scale.copying import copy_arrays, copy_lines, moments, money, uuids
from config.scale.numbers import Numbers
from config.scale.sending.people import MAIL_DOMAIN
from config.scale.world import World
from marketplace.models import DailyStats, License, Model3D, ModelFile

ORDER_COLUMNS = (
    "id", "public_id", "checkout_key", "buyer_id", "status", "currency", "subtotal", "total", "billing_name",
    "billing_email", "billing_country", "terms_accepted_at", "created_at", "updated_at", "completed_at",
    "told_at",
)  # fmt: skip
PAYMENT_COLUMNS = (
    "id", "public_id", "payer_id", "order_id", "method", "provider", "provider_id", "status", "amount", "currency",
    "failure_message", "check_at", "created_at", "updated_at", "completed_at",
)  # fmt: skip
LINE_COLUMNS = (
    "id", "transaction_id", "order_id", "buyer_id", "seller_id", "model_id", "title", "license", "amount",
    "platform_fee", "seller_amount", "payment_method", "payment_status", "created_at", "updated_at",
    "completed_at",
)  # fmt: skip
BILLING = f"Somebody\tsomebody@{MAIL_DOMAIN}\tES"


def send(world: World, numbers: Numbers, titles: list[str]) -> None:
    """`titles` are those of the models, by place: every line keeps its model's."""
    sales, rng = world.sales, world.rng("public ids of sales")
    numbers.give(Order, sales.orders)
    copy_lines(Order, ORDER_COLUMNS, _orders(world, numbers, rng))
    copy_lines(Payment, PAYMENT_COLUMNS, _payments(world, numbers, rng))
    numbers.give(Transaction, sales.lines)
    copy_lines(Transaction, LINE_COLUMNS, _lines(world, numbers, rng, titles))
    _send_purchases(world, numbers, rng)
    _send_days(world, numbers)


def _ids(rng: np.random.Generator, count: int) -> list[UUID]:
    return [UUID(bytes=value.tobytes()) for value in uuids(rng, count)]


def _amount(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def _orders(world: World, numbers: Numbers, rng) -> Iterator[str]:
    sales = world.sales
    rows = zip(
        numbers.of(Order, np.arange(sales.orders)).tolist(), _ids(rng, sales.orders), _ids(rng, sales.orders),
        numbers.of(User, sales.buyer).tolist(), sales.failed.tolist(), sales.total.tolist(),
        moments(sales.ordered_at).tolist(), strict=True,
    )  # fmt: skip
    for key, public_id, checkout_key, buyer, failed, total, at in rows:
        status, completed = ("failed", "\\N") if failed else ("completed", at)
        amount = _amount(total)
        yield (
            f"{key}\t{public_id}\t{checkout_key}\t{buyer}\t{status}\t{settings.CURRENCY}\t{amount}\t{amount}"
            f"\t{BILLING}\t{at}\t{at}\t{at}\t{completed}\t{completed}"
        )


def _payments(world: World, numbers: Numbers, rng) -> Iterator[str]:
    """Of every order that costs something."""
    sales = world.sales
    paid = np.flatnonzero(sales.total > 0)
    rows = zip(
        numbers.give(Payment, len(paid)).tolist(), _ids(rng, len(paid)), _ids(rng, len(paid)),
        numbers.of(User, sales.buyer[paid]).tolist(), numbers.of(Order, paid).tolist(),
        sales.failed[paid].tolist(), sales.total[paid].tolist(), moments(sales.ordered_at[paid]).tolist(), strict=True,
    )  # fmt: skip
    for key, public_id, provider_id, payer, order, failed, total, at in rows:
        ending = ("failed", "The card was declined.", "\\N") if failed else ("completed", "", at)
        status, message, completed = ending
        yield (
            f"{key}\t{public_id}\t{payer}\t{order}\tcard\tsandbox\t{provider_id}\t{status}\t{_amount(total)}"
            f"\t{settings.CURRENCY}\t{message}\t{at}\t{at}\t{at}\t{completed}"
        )


def _lines(world: World, numbers: Numbers, rng, titles: list[str]) -> Iterator[str]:
    sales, models = world.sales, world.models
    licenses = License.values
    rows = zip(
        numbers.of(Transaction, np.arange(sales.lines)).tolist(), _ids(rng, sales.lines),
        numbers.of(Order, sales.order).tolist(), numbers.of(User, sales.buyer[sales.order]).tolist(),
        numbers.of(User, models.creator[sales.model]).tolist(), sales.model.tolist(),
        numbers.of(Model3D, sales.model).tolist(), models.license[sales.model].tolist(), sales.cents.tolist(),
        sales.fee.tolist(), sales.bought.tolist(), moments(sales.ordered_at[sales.order]).tolist(), strict=True,
    )  # fmt: skip
    for key, public_id, order, buyer, seller, place, model, license_, cents, fee, bought, at in rows:
        status, completed = ("completed", at) if bought else ("failed", "\\N")
        yield (
            f"{key}\t{public_id}\t{order}\t{buyer}\t{seller}\t{model}\t{titles[place]}\t{licenses[license_]}"
            f"\t{_amount(cents)}\t{_amount(fee)}\t{_amount(cents - fee)}\t{'card' if cents else 'none'}"
            f"\t{status}\t{at}\t{at}\t{completed}"
        )


def _send_purchases(world: World, numbers: Numbers, rng) -> None:
    sales, downloads = world.sales, world.sales.downloads
    bought = np.flatnonzero(sales.bought)
    copy_arrays(
        Purchase,
        len(bought),
        {
            "id": numbers.give(Purchase, len(bought)),
            "public_id": uuids(rng, len(bought)),
            "user_id": numbers.of(User, sales.buyer[sales.order[bought]]),
            "model_id": numbers.of(Model3D, sales.model[bought]),
            "transaction_id": numbers.of(Transaction, bought),
            "download_count": np.bincount(downloads.who, minlength=len(bought)),
            "download_limit": settings.DOWNLOAD_LIMIT,
            "created_at": sales.ordered_at[sales.order[bought]],
        },
    )
    copy_arrays(
        DownloadLink,
        downloads.count,
        {
            "id": numbers.give(DownloadLink, downloads.count),
            "public_id": uuids(rng, downloads.count),
            "purchase_id": numbers.of(Purchase, downloads.who),
            "file_id": numbers.of(ModelFile, downloads.what),
            "created_at": downloads.at,
            "expires_at": downloads.at + np.timedelta64(LINK_LIFETIME),
        },
    )


def _send_days(world: World, numbers: Numbers) -> None:
    days = world.days
    copy_arrays(
        DailyStats,
        days.count,
        {
            "id": numbers.give(DailyStats, days.count),
            "model_id": numbers.of(Model3D, days.model),
            "day": days.day,
            "views": days.views,
            "likes": days.likes,
            "downloads": days.downloads,
            "sales": days.sales,
            "revenue": money(days.revenue),
        },
    )
