"""Made-up marketplaces: every rule of the database holds, every counter is right, and they can be taken away."""

import io
import re
from decimal import Decimal

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count, F, Sum

from accounts.models import User
from accounts.tests.factories import UserFactory
from commerce.models import LedgerMovement, Order, Payment, Purchase, Transaction
from commerce.money import split
from config.scale.bare import missing_vector_indexes
from config.scale.copying import money
from config.scale.seeding import TABLES
from config.scale.words import COMMON, rare_words
from marketplace.models import (
    Category,
    Collection,
    Finding,
    Fingerprint,
    Model3D,
    ModelComment,
    ModelFile,
    SearchSuggestion,
    Tag,
)
from marketplace.search import Criteria, search
from marketplace.shapes import similar_to
from marketplace.suitability import targets_of
from marketplace.tests.factories import Model3DFactory

COUNT = 500


def seed_scale(*arguments: str) -> str:
    out = io.StringIO()
    call_command("seed_scale", *arguments, stdout=out)
    return out.getvalue()


def load(*arguments: str) -> str:
    return seed_scale(str(COUNT), "--no-pictures", *arguments)


def definitions() -> set[str]:
    """Every index, constraint and trigger of the tables that are loaded."""
    names = [table._meta.db_table for table in TABLES]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT indexdef FROM pg_indexes WHERE tablename = ANY(%(names)s)
            UNION SELECT conname || pg_get_constraintdef(oid) FROM pg_constraint
            WHERE conrelid = ANY(%(names)s::regclass[])
            UNION SELECT tgname || tgenabled::text FROM pg_trigger
            WHERE tgrelid = ANY(%(names)s::regclass[]) AND NOT tgisinternal
            """,
            {"names": names},
        )
        # PostgreSQL writes the types of listed words in one of two ways.
        return {
            re.sub(r"::(character varying|text)(\[\])?|[()]", "", found) for (found,) in cursor.fetchall()
        }


def test_nothing_is_loaded_in_production(db, settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production"):
        load()


def test_nothing_is_loaded_beside_real_data_unless_forced(db):
    Model3DFactory(listed=True)
    with pytest.raises(CommandError, match="real data"):
        load()
    assert Model3D.objects.count() == 1
    load("--force")
    assert Model3D.objects.count() == 1 + COUNT


def test_a_size_that_makes_no_marketplace_is_refused(db):
    for count in ("0", "-5", "99", "10000001"):
        with pytest.raises(CommandError, match="how many models"):
            seed_scale(count, "--no-pictures")
    with pytest.raises(CommandError, match="how many models"):
        seed_scale()


def test_a_second_one_is_not_loaded_over_the_first(db):
    load()
    with pytest.raises(CommandError, match="--clear"):
        load()


def test_nothing_is_taken_away_where_nothing_was_loaded(db):
    with pytest.raises(CommandError, match="No made-up marketplace"):
        seed_scale("--clear")


def test_every_counter_is_the_number_of_its_rows(db):
    load()
    out = io.StringIO()
    call_command("recount", "--dry-run", stdout=out)
    assert "Everything counts right." in out.getvalue()


def test_trending_is_what_the_clock_would_make_of_it(db):
    load()
    out = io.StringIO()
    call_command("refresh_trending", stdout=out)
    # Sums of fractions may differ in their last place.
    assert int(out.getvalue().split()[0]) <= COUNT // 100
    assert Model3D.objects.filter(trending_score__gt=0).count() > COUNT // 20


def test_search_vectors_are_those_that_triggers_write(db):
    load()
    out = io.StringIO()
    call_command("reindex_search", stdout=out)
    assert f"0 of {COUNT} models had other words" in out.getvalue()


def test_what_is_listed_is_what_the_rules_say(db):
    load()
    listed = set(Model3D.objects.listed().values_list("pk", flat=True))
    models = Model3D.objects.select_related("creator", "category")
    assert {model.pk for model in models if model.is_listed} == listed
    assert COUNT * 0.8 < len(listed) < COUNT
    assert set(models.values_list("status", flat=True)) == set(Model3D.Status.values)


def test_the_measures_of_a_model_are_those_of_its_file(db):
    load()
    for model in Model3D.objects.select_related("current_file__inspection").prefetch_related(
        "current_file__findings"
    ):
        measured = model.current_file.inspection
        assert (model.poly_count, model.texture_resolution) == (measured.triangles, measured.max_texture_size)
        assert model.targets == targets_of(measured)
        assert model.has_pbr == measured.has_pbr
        findings = model.current_file.findings.all()
        assert model.is_validated == (not any(finding.severity == "error" for finding in findings))
        assert model.is_clean == (not any(finding.severity in ("error", "warning") for finding in findings))


def test_money_adds_up_and_nobody_buys_from_themselves(db):
    load()
    for order in Order.objects.annotate(lines=Sum("transactions__amount")):
        assert order.total == order.lines
    assert not Order.objects.filter(total__gt=0, payments__isnull=True).exists()
    for payment in Payment.objects.select_related("order"):
        assert (payment.amount, payment.status) == (payment.order.total, payment.order.status)
    for line in Transaction.objects.select_related("model"):
        assert line.platform_fee == split(line.amount).platform_fee
        assert (line.amount, line.title) == (line.model.price, line.model.title)
    call_command("audit_ledger", stdout=io.StringIO())
    assert LedgerMovement.objects.count() == Transaction.objects.completed().filter(amount__gt=0).count() > 0
    assert Purchase.objects.count() == Transaction.objects.completed().count() > 0
    assert not Purchase.objects.filter(user=F("model__creator")).exists()


def test_a_word_is_common_and_some_are_rare(db):
    load()
    share = search(Criteria(text=COMMON)).count() / Model3D.objects.listed().count()
    assert 0.12 < share < 0.28
    assert 1 <= search(Criteria(text=rare_words(1)[0])).count() <= 30


def test_popularity_is_uneven(db):
    load()
    likes = sorted(Model3D.objects.values_list("likes", flat=True), reverse=True)
    assert sum(likes[: COUNT // 10]) > sum(likes) / 4


def test_models_have_similar_shapes(db):
    load()
    models = Model3D.objects.listed()
    near = [similar_to(model, among=models, limit=8) for model in models.order_by("pk")[:10]]
    assert sum(map(len, near)) >= 10


@pytest.mark.full
def test_the_same_seed_makes_the_same_marketplace(db):
    def titles() -> list[str]:
        load()
        found = list(Model3D.objects.order_by("pk").values_list("title", "price", "likes", "sales_count"))
        seed_scale("--clear")
        return found

    assert titles() == titles()


@pytest.mark.full
def test_another_seed_makes_another_one(db):
    load("--seed", "2")
    second = list(Model3D.objects.order_by("pk").values_list("title", flat=True))
    seed_scale("--clear")
    load()
    assert second != list(Model3D.objects.order_by("pk").values_list("title", flat=True))


@pytest.mark.full
def test_loading_and_taking_away_leave_the_database_as_it_was(db):
    own = Model3DFactory(listed=True, tags=["wood"])
    before = definitions()
    load("--force")
    assert definitions() == before
    assert missing_vector_indexes() == []
    assert SearchSuggestion.objects.exclude(model=own).exists()
    said = seed_scale("--clear")
    assert f"{COUNT} models and all about them are gone." in said
    assert definitions() == before
    assert list(Model3D.objects.all()) == [own]
    assert list(User.objects.all()) == [own.creator]
    assert list(Tag.objects.values_list("name", flat=True)) == ["wood"]
    assert set(SearchSuggestion.objects.values_list("text", flat=True)) == {own.title, "wood"}
    assert list(Category.objects.values_list("model_count", flat=True)) == [1]
    for table in (ModelFile, Finding, Fingerprint, ModelComment, Collection, Order):
        assert table.objects.exclude(pk=own.current_file_id).count() == 0


def test_what_somebody_did_with_made_up_models_is_not_taken_away(db):
    load()
    fan = UserFactory()
    fan.model_likes.create(model=Model3D.objects.first())
    with pytest.raises(CommandError, match="not made up"):
        seed_scale("--clear")
    assert Model3D.objects.count() == COUNT


def test_the_next_row_of_each_table_is_numbered_after_them(db):
    load()
    assert Model3DFactory(listed=True, tags=["after"]).pk > COUNT
    assert Model3D.objects.count() == COUNT + 1


def test_the_index_of_shapes_is_built_apart_when_asked(db):
    said = load("--no-vector-index")
    assert "Not built: fingerprint_nearest" in said
    assert [index.name for _model, index in missing_vector_indexes()] == ["fingerprint_nearest"]
    assert "Vector index fingerprint_nearest built separately" in seed_scale("--vector-index")
    assert missing_vector_indexes() == []
    assert "No vector index is missing." in seed_scale("--vector-index")


def test_amounts_keep_their_cents(db):
    cents = np.array([0, 1, 99, 100, 1234567, 99999999])
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE amounts (amount numeric(12, 2)) ON COMMIT DROP")
        with cursor.copy("COPY amounts FROM STDIN WITH (FORMAT BINARY)") as copy:
            copy.write(b"PGCOPY\n\xff\r\n\0" + bytes(8))
            for value in money(cents):
                raw = value.tobytes()
                copy.write(b"\0\1" + len(raw).to_bytes(4, "big") + raw)
            copy.write(b"\xff\xff")
        cursor.execute("SELECT amount FROM amounts")
        assert [amount for (amount,) in cursor.fetchall()] == [Decimal(int(value)) / 100 for value in cents]


def test_nobody_made_up_can_sign_in(db):
    load()
    assert not any(person.has_usable_password() for person in User.objects.all())
    assert not User.objects.filter(is_demo=False).exists()


def test_each_model_has_a_file_measured_once(db):
    load()
    assert ModelFile.objects.values("model").annotate(files=Count("pk")).filter(files=1).count() == COUNT
    assert not ModelFile.objects.filter(inspection__isnull=True).exists()


@pytest.mark.full
def test_every_model_shows_the_pictures_of_its_category(db):
    assert "pictures of 10 categories rendered" in seed_scale(str(COUNT))
    for model in (
        Model3D.objects.select_related("current_file").order_by("category", "pk").distinct("category")
    ):
        file = model.current_file
        assert all(stored.storage.exists(stored.name) for stored in file.stored_files())
        assert len(file.stored_files()) == 6
    seed_scale("--clear")
    assert not any(stored.storage.exists(stored.name) for stored in file.stored_files())
