"""Who works here, and as what: only administrators say so, and the audit log keeps what it was before."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as BaseGroupAdmin
from django.contrib.auth.models import Group

from accounts.models import User
from core.desk import ConsoleAdmin
from core.models import AuditEntry

admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(BaseGroupAdmin, ConsoleAdmin):
    """What `config.roles` gives a role it has again after the next migration."""

    def save_related(self, request, form, formsets, change):
        before = _permissions_of(form.instance) if change else []
        super().save_related(request, form, formsets, change)
        _note(
            request, form.instance, "role.changed", {"permissions": (before, _permissions_of(form.instance))}
        )


class RolesMixin:
    """Of the page of a person."""

    def save_form(self, request, form, change):
        """Before anything is stored: what they may do now."""
        request.roles_before = _roles_of(User.objects.get(pk=form.instance.pk)) if change else {}
        return super().save_form(request, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        before, after = request.roles_before, _roles_of(form.instance)
        _note(
            request,
            form.instance,
            "user.roles_changed",
            {name: (before.get(name, [] if name != "staff" else ""), value) for name, value in after.items()},
        )


def _roles_of(user: User) -> dict:
    kinds = [name for name in ("is_staff", "is_superuser") if getattr(user, name)]
    return {
        "staff": ", ".join(kinds),
        "roles": sorted(user.groups.values_list("name", flat=True)),
        "permissions": sorted(user.user_permissions.values_list("codename", flat=True)),
    }


def _permissions_of(group: Group) -> list[str]:
    return sorted(group.permissions.values_list("codename", flat=True))


def _note(request, target, action: str, parts: dict[str, tuple]) -> None:
    """One entry with what was and what is, where anything is otherwise."""
    changed = {name: {"before": old, "after": new} for name, (old, new) in parts.items() if old != new}
    if changed:
        AuditEntry.record(actor=request.user, action=action, target=target, **changed)
