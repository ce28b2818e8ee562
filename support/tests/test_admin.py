"""Help and docs in the console: who may write, what the preview shows, what the buttons do."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from accounts.tests.factories import UserFactory
from core.models import AuditEntry
from support.models import DocSection, HelpArticle
from support.tests.factories import DocSectionFactory, HelpArticleFactory, HelpCategoryFactory

pytestmark = pytest.mark.django_db

PREVIEWS = ("/admin/support/helparticle/preview/", "/admin/support/docsection/preview/")


def signed_in(client, role: str):
    user = UserFactory(staff=True)
    user.groups.add(Group.objects.get(name=role))
    client.force_login(user)
    return user


def press(client, button: str, row):
    address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{button}", args=[row.pk])
    return client.post(address, {"_form_submitted": "1"})


def fields_of(**changes) -> dict:
    return {
        "title": "How do I return a model?",
        "slug": "returns",
        "order": 10,
        "summary": "Ask in your library.",
        "content": "## One\r\n\r\nWithin {{refund_days}} days.",
        **changes,
    }


def test_moderators_do_not_write_and_agents_write_answers_but_no_docs(client):
    article, section = HelpArticleFactory(), DocSectionFactory()
    signed_in(client, "Moderators")
    assert client.get(reverse("admin:support_helparticle_changelist")).status_code == 403
    assert [client.post(preview, {"text": "x"}).status_code for preview in PREVIEWS] == [403, 403]
    assert press(client, "publish", article).status_code == 403
    signed_in(client, "Support agents")
    assert [client.post(preview, {"text": "x"}).status_code for preview in PREVIEWS] == [200, 403]
    assert press(client, "publish", article).status_code == 302
    assert press(client, "publish", section).status_code == 403
    assert client.post(reverse("admin:support_helparticle_delete", args=[article.pk])).status_code == 403
    article.refresh_from_db()
    section.refresh_from_db()
    assert (article.is_published, section.is_published) == (True, False)


def test_the_preview_is_what_readers_will_see(client):
    signed_in(client, "Editors")
    for preview in PREVIEWS:
        assert client.get(preview).status_code == 405
        page = client.post(
            preview, {"text": "## One\n\n{{refund_days}} days <script>x</script>\0"}
        ).content.decode()
        assert '<h2 id="section-one">One</h2>' in page
        assert "14 days" in page
        assert "<script" not in page


def test_an_editor_writes_shows_takes_back_and_deletes(client):
    editor, category = signed_in(client, "Editors"), HelpCategoryFactory()
    add = reverse("admin:support_helparticle_add")
    assert "refund_days" in client.get(add).content.decode()
    wrong = client.post(add, fields_of(category=category.pk, content="{{refund_dayz}}", slug="suggestions"))
    page = wrong.content.decode()
    assert "There is no figure of this name: refund_dayz." in page
    assert "a meaning of its own" in page
    assert client.post(add, fields_of(category=category.pk)).status_code == 302
    article = HelpArticle.objects.get()
    assert article.content == "## One\n\nWithin {{refund_days}} days.\n"
    assert not article.is_published
    change = reverse("admin:support_helparticle_change", args=[article.pk])
    assert client.get(change).status_code == 200
    for button in ("publish", "publish", "take_back"):
        assert press(client, button, article).status_code == 302
    client.post(reverse("admin:support_helparticle_delete", args=[article.pk]), {"post": "yes"})
    assert not HelpArticle.objects.exists()
    entries = AuditEntry.objects.filter(actor=editor).order_by("pk")
    wanted = [
        "support.helparticle.added",
        "helparticle.publish",
        "helparticle.take_back",
        "helparticle.delete",
    ]
    assert list(entries.values_list("action", flat=True)) == wanted


def test_a_section_of_the_docs_is_written(client):
    signed_in(client, "Editors")
    response = client.post(reverse("admin:support_docsection_add"), fields_of(chapter="models"))
    assert response.status_code == 302
    section = DocSection.objects.get()
    assert client.get(reverse("admin:support_docsection_change", args=[section.pk])).status_code == 200
    assert client.get(reverse("admin:support_docsection_changelist")).status_code == 200


def test_categories_are_ordered_and_one_in_use_is_not_deleted(client):
    signed_in(client, "Editors")
    article = HelpArticleFactory()
    assert client.get(reverse("admin:support_helpcategory_changelist")).status_code == 200
    address = reverse("admin:support_helpcategory_delete", args=[article.category_id])
    client.post(address, {"post": "yes"})
    assert HelpArticle.objects.filter(category=article.category_id).exists()
