"""The main job, end to end, on the running site: publish a model, find it, look at it, buy it, download it."""

import hashlib
import io
import re
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from PIL import Image

from accounts.models import Notification, User
from accounts.tests.factories import PASSWORD, UserFactory
from commerce.models import Order, Payment, Purchase
from commerce.tests.faults import wait_until
from config.demo.catalogue import CATALOGUE
from config.roles import MODERATORS
from core.models import OutgoingMail
from marketplace.models import Model3D, ModelFile
from marketplace.tests.factories import CategoryFactory

NEW_PASSWORD = "an anvil and a lathe 42"
PROCESSING_MS = 180_000
# The parts of a picture of an empty stage are all of a few shades of one colour.
SHADES_OF_NOTHING = 40


def verified(user: User) -> User:
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    return user


def sign_up(page, *, username: str, role: str) -> None:
    """Register, and confirm the address by the link in the mail."""
    page.goto("/accounts/signup/")
    page.locator(f"input[name=user_type][value={role}]").check(force=True)
    page.fill("input[name=email]", f"{username}@example.com")
    page.fill("input[name=username]", username)
    page.fill("input[name=password1]", NEW_PASSWORD)
    page.fill("input[name=password2]", NEW_PASSWORD)
    page.locator("input[name=terms]").check()
    page.get_by_role("button", name="Create account").click()
    page.wait_for_url("**/confirm-email/**")
    mail = OutgoingMail.objects.get(to_address=f"{username}@example.com", kind__contains="confirm")
    page.goto(re.search(r"/accounts/confirm-email/\S+", mail.text)[0])
    page.get_by_role("button", name="Yes, confirm").click()
    page.wait_for_url(lambda url: "confirm-email" not in url)


def log_in(page, user: User, password: str = PASSWORD) -> None:
    page.goto("/accounts/login/")
    page.fill("input[name=login]", user.email)
    page.fill("input[name=password]", password)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)


def upload_and_submit(page, path: Path, *, title: str, price: str) -> Model3D:
    page.goto("/upload/")
    page.set_input_files("input[name=file]", str(path))
    page.locator("[data-uploader-submit]").click()
    page.wait_for_url("**/dashboard/inventory/*/", timeout=PROCESSING_MS)
    number = int(page.url.rstrip("/").split("/")[-1])
    # Steps come live, without a reload.
    page.get_by_role("heading", name="Measured from the file").wait_for(timeout=PROCESSING_MS)
    page.locator("#file .badge", has_text="Ready").wait_for(timeout=PROCESSING_MS)
    page.fill("input[name=title]", title)
    page.fill("textarea[name=description]", "Made for **close views**, with every texture at hand.")
    page.select_option("select[name=category]", label="Curiosities")
    page.fill("input[name=tags]", "leather, aviation")
    page.locator("input[name=pricing][value=paid]").check(force=True)
    page.fill("input[name=price]", price)
    page.get_by_role("button", name="Submit for review").click()
    page.get_by_text("In review").first.wait_for()
    return Model3D.objects.get(pk=number)


def approve(page, model: Model3D) -> None:
    page.goto("/admin/marketplace/model3d/")
    page.get_by_role("link", name=model.title).first.click()
    page.get_by_role("button", name="Approve", exact=True).click()
    page.wait_for_load_state()
    model.refresh_from_db()
    assert model.status == Model3D.Status.APPROVED


def wait_for_canvas(page) -> None:
    """Wait until the 3D view has drawn the model. Playwright's own waiting would need eval, which the site forbids."""
    deadline = time.monotonic() + PROCESSING_MS / 1000
    while not page.evaluate("document.querySelector('model-viewer')?.modelIsVisible === true"):
        assert time.monotonic() < deadline, "The 3D view stayed empty."
        page.wait_for_timeout(200)


def shades(png: bytes) -> int:
    """How many different colours a picture has, roughly."""
    with Image.open(io.BytesIO(png)) as picture:
        return len(set(picture.convert("RGB").resize((96, 64)).get_flattened_data()))


def pay_in_the_sandbox(page) -> None:
    page.fill("input[name=name]", "Boris Valen")
    page.locator("select[name=country]").select_option("ES")
    page.locator("input[name=terms]").check()
    page.get_by_role("button", name=re.compile("^Pay")).click()
    page.wait_for_url("**/sandbox/pay/**")
    page.get_by_role("button", name=re.compile("^Pay")).click()
    page.wait_for_url("**/purchase/success/**")
    page.get_by_role("heading", name="Thank you").wait_for()


def guessable_addresses(file: ModelFile) -> list[str]:
    name = file.original.name
    return [
        f"/media/{name}",
        f"/media/private/{name}",
        f"/media/../private/{name}",
        f"/media/%2e%2e/private/{name}",
        f"/private/{name}",
        f"/{name}",
        f"/media/{file.sha256}.glb",
        f"/media/originals/{file.public_id}.glb",
        f"/preview/{file.public_id}/model.glb",
        f"/downloads/{file.public_id}/",
        f"/static/{name}",
        f"/media/{file.preview.name}",
        f"/media/{file.poster_source.name}",
    ]


def run_main_job(open_page, path: Path, title: str) -> None:
    CategoryFactory(name="Curiosities", slug="curiosities")
    moderator = verified(UserFactory(staff=True, username="ana"))
    moderator.groups.add(Group.objects.get(name=MODERATORS))

    creator_page = open_page()
    sign_up(creator_page, username="mira", role="creator")
    model = upload_and_submit(creator_page, path, title=title, price="24.00")

    moderator_page = open_page()
    log_in(moderator_page, moderator)
    approve(moderator_page, model)
    assert Notification.objects.filter(user=model.creator, kind=Notification.Kind.MODEL_APPROVED).exists()
    assert (
        OutgoingMail.objects.filter(recipient=model.creator, kind="marketplace/model_approved").count() == 1
    )

    # Somebody else finds it by words of the title and sees it in 3D.
    buyer_page = open_page()
    sign_up(buyer_page, username="boris", role="buyer")
    buyer_page.goto("/")
    buyer_page.locator("header input[type=search]").first.fill(title.split()[0].lower()[:5])
    buyer_page.keyboard.press("Enter")
    buyer_page.get_by_role("link", name=title).first.click()
    buyer_page.wait_for_url("**/model/**")
    with buyer_page.expect_response(lambda answer: "/preview/" in answer.url and answer.ok):
        start = buyer_page.locator("[data-viewer-start]")
        if start.count() and start.first.is_visible():
            start.first.click()
    wait_for_canvas(buyer_page)
    canvas = buyer_page.locator("model-viewer").first.screenshot()
    assert shades(canvas) > SHADES_OF_NOTHING

    buyer_page.get_by_role("button", name="Buy and download").click()
    buyer_page.wait_for_url("**/checkout/**")
    pay_in_the_sandbox(buyer_page)
    with buyer_page.expect_download() as downloading:
        buyer_page.get_by_role("button", name=re.compile("^Download")).first.click()
    received = Path(downloading.value.path())
    sent = hashlib.sha256(path.read_bytes()).hexdigest()
    assert hashlib.sha256(received.read_bytes()).hexdigest() == sent

    buyer = User.objects.get(username="boris")
    purchase = Purchase.objects.get(user=buyer, model=model)
    assert Order.objects.get(buyer=buyer).status == Order.Status.COMPLETED
    assert Payment.objects.get(order__buyer=buyer).status == Payment.Status.COMPLETED
    assert (
        purchase.transaction.platform_fee + purchase.transaction.seller_amount == purchase.transaction.amount
    )
    wait_until(lambda: Order.objects.get(buyer=buyer).told_at is not None, "buyer and creator were told")
    assert OutgoingMail.objects.filter(recipient=buyer, kind="commerce/receipt").count() == 1
    assert OutgoingMail.objects.filter(recipient=model.creator, kind="commerce/sale").count() == 1

    # The original is nobody else's.
    link = purchase.links.get().get_absolute_url()
    stranger_page = open_page()
    log_in(stranger_page, verified(UserFactory()))
    visitor_page = open_page()
    for page in (visitor_page, stranger_page):
        for address in [link, *guessable_addresses(model.files.get())]:
            answer = page.request.get(address, max_redirects=0)
            assert answer.status in {302, 404}, address
            if answer.status == 302:
                assert "/accounts/login/" in answer.headers["location"]

    # The tenth download works, the eleventh says why not.
    Purchase.objects.filter(pk=purchase.pk).update(download_count=9)
    buyer_page.goto("/dashboard/purchases/")
    with buyer_page.expect_download() as downloading:
        buyer_page.get_by_role("button", name=re.compile("^Download")).first.click()
    assert hashlib.sha256(Path(downloading.value.path()).read_bytes()).hexdigest() == sent
    buyer_page.goto("/dashboard/purchases/")
    buyer_page.get_by_text("All 10 downloads used").wait_for()
    token = buyer_page.evaluate("document.querySelector('input[name=csrfmiddlewaretoken]').value")
    refused = buyer_page.request.post(
        f"/dashboard/purchases/{purchase.public_id}/downloads/",
        form={"csrfmiddlewaretoken": token},
        headers={"Referer": buyer_page.url},
    )
    assert refused.status == 403
    assert "10 downloads" in refused.text()
    purchase.refresh_from_db()
    assert purchase.download_count == settings.DOWNLOAD_LIMIT


@pytest.mark.full
def test_a_creator_publishes_and_somebody_buys_exactly_the_same_bytes(open_page, tmp_path):
    entry = next(entry for entry in CATALOGUE if entry.slug == "phone-stand")
    path = tmp_path / "stand.glb"
    path.write_bytes(entry.build())
    run_main_job(open_page, path, "Telephone stand")


@pytest.mark.full
def test_the_main_job_works_for_a_large_real_file(open_page, samples_dir):
    run_main_job(open_page, samples_dir / "glb" / "FlightHelmet.big.glb", "Flight helmet of the fifties")
