"""The rules of docs and design that no linter knows: floors of the models, names of files, what must not be tracked."""

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model

from config.embedded import BASE_DIR
from core import mail_previews
from core.desk import ConsoleAdmin

# From the ground up. A model points at its own floor or a lower one.
FLOORS = ["core", "accounts", "marketplace", "blog", "community", "commerce", "support", "config"]
# On one floor, and strangers to each other.
SIBLINGS = {"blog", "community"}
LONGEST_MODULE = 300
# Folders and modules that are better left whole than split, and why.
LONG_MODULES = {"config/demo/builders/": "one function a demo model, each read by itself"}
# Imports inside functions that are not there to dodge a cycle, and why.
LATE_IMPORTS = {"config/celery.py": "models can be imported only once the worker has set Django up"}
# Names that say nothing about what is inside.
EMPTY_NAMES = {"utils", "helpers", "misc", "common", "stuff"}
REGISTRIES = [".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"))]
REGISTRIES += [".".join(parts) for parts in (("deb", "debian", "org"), ("unpkg", "com"), ("jsdelivr", "net"))]
UNFINISHED = re.compile("|".join([r"\bTO" + "DO\\b", r"\bFIX" + "ME\\b", r"\bXX" + "X\\b"]))
INLINE = re.compile(
    r"""<style[\s>]|\sstyle=["']|\son[a-z]+=["']|<script(?![^>]*\b(?:src|type="application/))"""
)


@cache
def tracked_files() -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=BASE_DIR, capture_output=True, text=True, check=False
    )
    if listing.returncode:
        pytest.skip("not a git checkout")
    return [path for name in listing.stdout.split("\0") if name and (path := BASE_DIR / name).is_file()]


def relative(path: Path) -> str:
    return str(path.relative_to(BASE_DIR))


def modules() -> list[Path]:
    """Our own Python modules, without migrations."""
    ours = [
        path for path in tracked_files() if path.suffix == ".py" and relative(path).split("/")[0] in FLOORS
    ]
    return [path for path in ours if "migrations" not in path.parts]


def text_of(path: Path) -> str:
    return path.read_text(errors="replace")


def test_no_model_points_at_a_higher_floor():
    upward = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in FLOORS
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model is not None
        # Everybody knows people, but only as the user model.
        if field.related_model._meta.app_label in FLOORS and field.related_model is not get_user_model()
        if FLOORS.index(field.related_model._meta.app_label) > FLOORS.index(model._meta.app_label)
        or {field.related_model._meta.app_label, model._meta.app_label} == SIBLINGS
    ]
    assert upward == []


def test_no_model_orders_itself_behind_the_reader():
    ordered = [
        model._meta.label
        for model in apps.get_models()
        if model._meta.app_label in FLOORS
        and model._meta.ordering
        and "ordering" in vars(model._meta)["original_attrs"]
    ]
    assert ordered == []


def test_every_list_of_the_console_writes_into_the_audit_log():
    """`core.desk.ConsoleAdmin` does; who changes rows by actions of their own says so there."""
    silent = [
        model._meta.label
        for model, desk in admin.site._registry.items()
        if not isinstance(desk, ConsoleAdmin)
    ]
    assert silent == []


def test_no_module_has_an_empty_name():
    assert [relative(path) for path in modules() if path.stem in EMPTY_NAMES] == []


def test_no_module_grows_past_reading():
    grown = {
        relative(path): lines
        for path in modules()
        if "tests" not in path.parts and (lines := text_of(path).count("\n")) > LONGEST_MODULE
    }
    assert {name: lines for name, lines in grown.items() if not name.startswith(tuple(LONG_MODULES))} == {}
    assert [name for name in LONG_MODULES if not any(long.startswith(name) for long in grown)] == []


def test_no_import_of_our_own_hides_in_a_function():
    hidden = []
    for path in modules():
        if relative(path) in LATE_IMPORTS:
            continue
        for function in ast.walk(ast.parse(text_of(path))):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            # AppConfig.ready is where Django wants receivers to be imported.
            if function.name == "ready" and path.name == "apps.py":
                continue
            for node in ast.walk(function):
                names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                if any(name.split(".")[0] in FLOORS for name in names):
                    hidden.append(f"{relative(path)}:{node.lineno}")
    assert hidden == []


def test_no_tracked_file_names_a_package_registry():
    named = [
        f"{relative(path)}: {host}"
        for path in tracked_files()
        for host in REGISTRIES
        if host in text_of(path)
    ]
    assert named == []


def test_the_npm_lock_keeps_no_addresses():
    assert '"resolved"' not in text_of(BASE_DIR / "package-lock.json")


def test_nothing_is_left_for_later():
    sources = [path for path in tracked_files() if path.suffix in {".py", ".html", ".js", ".mjs", ".css"}]
    assert [relative(path) for path in sources if UNFINISHED.search(text_of(path))] == []


def test_no_template_carries_what_the_content_security_policy_forbids():
    pages = [
        path
        for path in tracked_files()
        if path.suffix == ".html" and not {"email", "admin", "unfold"} & set(path.parts)
    ]
    inline = []
    for path in pages:
        for number, line in enumerate(re.sub(r"{#.*?#}", "", text_of(path)).splitlines(), 1):
            if INLINE.search(line):
                inline.append(f"{relative(path)}:{number}: {line.strip()}")
    assert inline == []


def test_every_component_opens_by_naming_its_variables():
    folder = BASE_DIR / "templates" / "components"
    components = [path for path in tracked_files() if path.suffix == ".html" and folder in path.parents]
    silent = [relative(path) for path in components if not text_of(path).startswith(("{#", "{% comment"))]
    assert silent == []


def test_every_mail_has_made_data_for_its_preview():
    """In `config.mail_samples`: staff see it there, and config/tests/test_mail_samples.py looks at its style."""
    assert [kind for kind in mail_previews.kinds() if not mail_previews.samples_of(kind)] == []


def test_every_setting_is_described_for_operators():
    described = set(re.findall(r"^#?([A-Z0-9_]+)=", text_of(BASE_DIR / ".env.example"), re.MULTILINE))
    read = set()
    for path in (BASE_DIR / "config" / "settings").glob("*.py"):
        read |= set(re.findall(r"""\benv(?:\.[a-z_]+)?\(\s*["']([A-Z0-9_]+)""", text_of(path)))
    # How the parts of one site talk among themselves, set by the programs that start them.
    internal = {"DATABASE_POOL", "STRIPE_API_BASE"}
    assert read - described - internal == set()
