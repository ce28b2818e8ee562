"""What only a browser can show: passkeys, live notifications, pages under the strict policy, accessibility."""

import contextlib
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from playwright.sync_api import TimeoutError as NotYet

from accounts.models import Notification, User
from accounts.notifications import notify
from accounts.tests.factories import PASSWORD, UserFactory
from core.mail import send
from core.models import OutgoingMail

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NEW = "a rather good one 42"


@pytest.fixture
def user(live_site):
    user = UserFactory(username="ana", email="ana@example.com", creator=True)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def authenticator(page):
    """A device with a passkey store that always says yes."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return session, session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def tell(user, **fields):
    """From another thread, as a web process would: Playwright keeps an event loop in the test's own."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(_tell, user, fields).result()


def _tell(user, fields):
    notify(user=user, kind=Notification.Kind.SALE, **fields)
    connection.close()


def log_in(page, password=PASSWORD, path="/dashboard/settings/"):
    page.goto(f"/accounts/login/?next={path}")
    page.get_by_label("E-mail or username").fill("ana")
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


def add_passkey(page, *, alone: bool):
    page.goto("/accounts/2fa/webauthn/add/")
    if page.get_by_role("heading", name="Confirm that it is you").is_visible():
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Name").fill("Laptop")
    page.get_by_label("Log in with it alone").set_checked(alone)
    page.get_by_role("button", name="Add").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()


def log_out(page):
    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Log out").click()
    page.wait_for_url("**/")


@pytest.mark.full
def test_a_passkey_that_the_person_does_not_confirm_adds_nothing(page, user, authenticator):
    session, device = authenticator
    session.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    log_in(page)
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("button", name="Add").click()
    page.get_by_text("It was cancelled, or took too long").wait_for()
    assert not Authenticator.objects.exists()


@pytest.mark.full
def test_a_passkey_is_added_and_logs_in_by_itself(page, user, authenticator):
    log_in(page)
    add_passkey(page, alone=True)
    assert Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN).wrap().is_passwordless
    log_out(page)
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Log in with a passkey").click()
    page.get_by_label(re.compile("^Account of")).wait_for()
    page.goto("/dashboard/settings/")
    assert page.get_by_label("Full name").input_value() == user.full_name


@pytest.mark.full
def test_a_security_key_is_the_second_step_and_guards_its_own_removal(page, user, authenticator):
    log_in(page)
    add_passkey(page, alone=False)
    log_out(page)
    log_in(page)
    page.get_by_role("button", name="Use a passkey or security key").click()
    page.get_by_label("Full name").wait_for()

    page.goto("/accounts/2fa/webauthn/")
    page.get_by_role("link", name="Remove Laptop").click()
    page.get_by_role("heading", name="Confirm that it is you").wait_for()
    assert not page.get_by_label("Password").is_visible()
    page.get_by_role("link", name="Use a security key").click()
    page.get_by_role("button", name="Use my passkey").click()
    page.get_by_role("button", name="Remove").click()
    page.get_by_text("No passkey yet").wait_for()
    assert not Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN).exists()


def follow_in_mail(page, link: str, expected) -> None:
    """Click the link in the mail that is shown, until what it leads to is there."""
    # The sandboxed frame is drawn by a process of its own: a click before its first picture reaches nobody.
    for _ in range(10):
        page.frame_locator("iframe").get_by_role("link", name=link).click()
        with contextlib.suppress(NotYet):
            expected.wait_for(timeout=3_000)
            break


@pytest.mark.full
def test_a_visitor_signs_up_and_confirms_by_the_mail_in_the_outbox(page, live_site):
    page.goto("/accounts/signup/")
    page.get_by_role("radio", name="Creator").check()
    page.get_by_label("E-mail address").fill("eve@example.com")
    page.get_by_label("Username").fill("eve")
    page.get_by_label("Password", exact=True).fill(NEW)
    page.get_by_label("Password again").fill(NEW)
    page.get_by_label("I accept the terms").check()
    page.get_by_role("button", name="Create account").click()
    page.get_by_role("heading", name="Check your e-mail").wait_for()

    page.goto("/dev/mail/?to=eve")
    page.get_by_role("link", name="Confirm your e-mail address").click()
    confirm = page.get_by_role("button", name="Yes, confirm")
    follow_in_mail(page, "Confirm my address", confirm)
    confirm.click()
    page.get_by_label(re.compile("^Account of")).wait_for()
    assert User.objects.get(username="eve").is_creator
    assert OutgoingMail.objects.filter(kind="accounts/welcome", to_address="eve@example.com").exists()


@pytest.mark.full
def test_a_forgotten_password_is_set_anew_by_the_mail_in_the_outbox(page, user):
    page.goto("/accounts/password/reset/")
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_role("button", name="Send the link").click()
    page.get_by_role("heading", name="Check your e-mail").wait_for()

    page.goto("/dev/mail/?to=ana")
    page.get_by_role("link", name="Set a new password").click()
    first = page.locator("[name=password1]")
    follow_in_mail(page, "Set a new password", first)
    first.fill(NEW)
    page.locator("[name=password2]").fill(NEW)
    page.get_by_role("button", name="Save the new password").click()
    page.wait_for_url(lambda url: "/reset/key/" not in url or "done" in url)
    user.refresh_from_db()
    assert user.check_password(NEW)


@pytest.mark.full
def test_a_notification_appears_on_an_open_page_and_leads_on(page, user):
    log_in(page)
    page.get_by_label("Full name").wait_for()
    with page.expect_event("websocket") as opened:
        page.reload()
    opened.value.wait_for_event("framereceived")
    tell(user, title="Oak chair was sold", link="/accounts/email/")
    page.get_by_label("Notifications, 1 unread").first.wait_for()
    page.get_by_role("status").get_by_role("link", name="Oak chair was sold").click()
    page.wait_for_url("**/accounts/email/")
    assert user.notifications.unread().count() == 0


@pytest.mark.full
def test_a_moderator_suspends_somebody_in_the_consoles_dialog(page, user):
    EmailAddress.objects.filter(user=user).delete()
    chief = UserFactory(username="chief", admin=True)
    EmailAddress.objects.create(user=chief, email=chief.email, verified=True, primary=True)
    page.goto(f"/admin/accounts/user/{user.pk}/change/")
    page.get_by_label("E-mail or username").fill("chief")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.locator("a, button").filter(has_text="Suspend").first.click()
    dialog = page.locator("#dialog")
    dialog.locator("textarea").fill("Stolen models")
    dialog.get_by_role("button", name="Suspend").click()
    page.get_by_text("ana: suspended").first.wait_for()
    user.refresh_from_db()
    assert not user.is_active


PUBLIC_PAGES = ["login/", "signup/", "password/reset/", "password/reset/done/", "confirm-email/", "inactive/"]
OWN_PAGES = [
    *(
        "/dashboard/settings/",
        "/notifications/",
        "/accounts/email/",
        "/accounts/password/change/",
        "/accounts/2fa/",
    ),
    *("/accounts/sessions/", "/accounts/3rdparty/", "/profile/ana/", "/dev/mail/"),
    *(f"/dashboard/settings/{name}/" for name in ("data", "delete", "privacy", "notifications", "blocked")),
    *("/dashboard/social/", "/profile/ana/about/", "/profile/ana/followers/"),
]


@pytest.mark.full
@pytest.mark.parametrize(
    ("width", "scheme"), [(320, "light"), (1440, "dark"), (1440, "light"), (320, "dark")]
)
def test_no_page_breaks_accessibility_or_runs_over_its_width(open_page, user, scheme, width):
    for number in range(3):
        tell(user, title=f"Sale {number}", link="/")
    send(kind="accounts/welcome", to=user)
    page = open_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    problems = {}

    def look(path):
        page.goto(path)
        violations = [
            f"{item['id']}: {item['nodes'][0]['html'][:150]}"
            for item in Axe().run(page).response["violations"]
        ]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            violations.append("wider than the window")
        if violations:
            problems[path] = violations

    for name in PUBLIC_PAGES:
        look(f"/accounts/{name}")
    log_in(page)
    page.get_by_label("Full name").wait_for()
    for path in OWN_PAGES:
        look(path)
    assert problems == {}
