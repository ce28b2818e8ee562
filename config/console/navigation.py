"""What stands beside every page of the console: where somebody may go, by what it is about."""

from django.contrib import admin
from django.urls import reverse

# An app of the console -> the part of the navigation that it belongs to, in their order.
PARTS = {
    "marketplace": "Models",
    "community": "Community",
    "accounts": "People",
    "auth": "People",
    "support": "Support",
    "commerce": "Money",
    "blog": "Writing",
    "core": "System",
}
OTHER = "Other"
# Lists without a page of their own here.
ELSEWHERE = {"mailcampaign", "siteday"}


def groups(request) -> list[dict]:
    """The parts, each with the lists that the person may see; a new list finds its place by its app."""
    items: dict[str, list[dict]] = {part: [] for part in [*PARTS.values(), OTHER]}
    for app in admin.site.get_app_list(request):
        part = PARTS.get(app["app_label"], OTHER)
        items[part] += [
            {"title": model["name"], "link": model["admin_url"]}
            for model in app["models"]
            if model["admin_url"] and model["model"]._meta.model_name not in ELSEWHERE
        ]
    parts = [
        {
            "title": part,
            "collapsible": True,
            # A path of the console begins with no other's; compared whole, since unfold looks for parts of it.
            "items": [{**item, "active": request.path.startswith(item["link"])} for item in found],
        }
        for part, found in items.items()
        if found
    ]
    return [{"items": _first(request)}, *parts]


def _first(request) -> list[dict]:
    pages = [
        ("Overview", "space_dashboard", reverse("admin:index")),
        ("Search", "search", reverse("console_search")),
    ]
    if request.user.has_perm("commerce.view_siteday"):
        pages.append(("Revenue and analytics", "monitoring", reverse("analytics")))
    if request.user.has_perm("support.view_mailcampaign"):
        pages.append(("Send e-mail", "mail", reverse("emails")))
    return [
        {"title": title, "icon": icon, "link": link, "active": request.path == link}
        for title, icon, link in pages
    ]
