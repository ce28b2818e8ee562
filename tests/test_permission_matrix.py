"""Every address of the site, asked for by everybody: who gets what.

Things belong to `owner`. `stranger` is signed in and owns nothing of them. 302 for a visitor is the way to the login
page; things that are not theirs are 404 for everybody else. Rows with a method other than GET change things, so the
owner comes last.
"""

import uuid
from dataclasses import dataclass

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from accounts.models import DataExport, Notification
from accounts.preferences import unsubscribe_url
from accounts.tests.factories import UserFactory
from blog.actions import lessons
from blog.courses.videos import read_video
from blog.tests.factories import (
    BlogCommentFactory,
    BlogPostFactory,
    CourseEnrollmentFactory,
    CourseFactory,
)
from blog.tests.films import CAPTIONS, mp4
from commerce.actions.downloads import make_link
from commerce.actions.ordering import get_free_model
from commerce.actions.refunds import ask
from commerce.documents import certificate_for
from commerce.tests.bounty_factories import applied, bounty_picture, open_bounty, submitted, unpaid_bounty
from commerce.tests.factories import order_of, purchase_of, review_of, started_payment
from commerce.tests.payouts import requested_by
from commerce.tests.plans import first_plans, paid_periods, subscribed
from commerce.tests.refunding import credited, plan_credited
from community.tests.factories import CommunityFactory, PostCommentFactory, PostFactory, member_of
from community.tests.messaging import written_with_file
from community.tests.posting import posted
from core.models import OutgoingMail
from marketplace.models import Model3D, ModelDocument
from marketplace.previews import restricted_preview_url
from marketplace.shape_search import ShapeSearch
from marketplace.tests.factories import (
    CategoryFactory,
    CollectionFactory,
    CommentFactory,
    Model3DFactory,
    ModelDocumentFactory,
    PreviewImageFactory,
    UploadFactory,
    arrived,
)
from marketplace.tests.glb import grid_glb
from support.safety.claim_links import confirmation_url
from support.safety.sides import door_to
from support.tests.factories import DocSectionFactory, HelpArticleFactory
from support.tests.safety.making import claimed, decided, reported
from support.tests.tickets import asked, asked_with_file

pytestmark = pytest.mark.django_db

ROLES = ("visitor", "stranger", "moderator", "owner")


@dataclass
class Row:
    """Expected status by role: `visitor, stranger, moderator, owner`; `about` names what the address is about."""

    statuses: tuple[int, int, int, int]
    about: str = ""
    method: str = "get"
    data: dict | None = None


def public(**options) -> Row:
    return Row((200, 200, 200, 200), **options)


def signed_in(status: int = 200, **options) -> Row:
    return Row((302, status, status, status), **options)


def owners(status: int = 200, **options) -> Row:
    return Row((302, 404, 404, status), **options)


def seen_by_all(status: int = 200, **options) -> Row:
    """Others see the thing, and may not do this with it."""
    return Row((302, 403, 403, status), **options)


# allauth's own pages: what a visitor and what a signed-in person gets (302: it leads elsewhere).
ALLAUTH = {
    "account_login": (200, 302),
    "account_signup": (200, 302),
    "account_logout": (302, 200),
    "account_inactive": (200, 200),
    "account_reauthenticate": (302, 200),
    "account_email": (302, 200),
    "account_email_verification_sent": (200, 200),
    "account_change_password": (302, 200),
    "account_set_password": (302, 302),
    "account_reset_password": (200, 200),
    "account_confirm_login_code": (302, 302),
    "account_confirm_email": (200, 200),
    "account_reset_password_from_key_done": (200, 200),
    "account_reset_password_from_key": (200, 200),
    "account_reset_password_done": (200, 200),
    "mfa_index": (302, 200),
    "mfa_authenticate": (302, 302),
    "mfa_reauthenticate": (302, 302),
    "mfa_activate_totp": (302, 302),
    "mfa_deactivate_totp": (302, 404),
    "mfa_view_recovery_codes": (302, 404),
    "mfa_generate_recovery_codes": (302, 302),
    "mfa_download_recovery_codes": (302, 404),
    "mfa_list_webauthn": (302, 200),
    "mfa_add_webauthn": (302, 302),
    "mfa_reauthenticate_webauthn": (302, 302),
    "mfa_remove_webauthn": (302, 302),
    "mfa_edit_webauthn": (302, 302),
    "mfa_login_webauthn": (302, 302),
    "socialaccount_login_cancelled": (200, 200),
    "socialaccount_login_error": (401, 401),
    "socialaccount_signup": (302, 302),
    "socialaccount_connections": (302, 200),
    "usersessions_list": (302, 200),
}
ALLAUTH_ARGUMENTS = {
    "account_confirm_email": {"key": "no-such-key"},
    "account_reset_password_from_key": {"uidb36": "1", "key": "no-such-key"},
    "mfa_remove_webauthn": {"pk": 999999},
    "mfa_edit_webauthn": {"pk": 999999},
}

MATRIX = {
    "home": public(),
    "search": public(),
    "about": public(),
    "terms": public(),
    "creator_terms": public(),
    "privacy": public(),
    "licences": public(),
    "licence": public(about="licence"),
    "robots": public(),
    "sitemap_index": public(),
    "sitemap": public(about="sitemap"),
    "contact": public(),
    "status": public(),
    "healthz": public(),
    # No worker runs beside these tests.
    "readyz": Row((503, 503, 503, 503)),
    # From this machine; strangers are told nothing (config/tests/test_health.py).
    "metrics": public(),
    # Finance and administrators alone; who is not of the console is led to its login.
    "analytics": Row((302, 302, 403, 302)),
    "analytics_csv": Row((302, 302, 403, 302), about="figures"),
    "console_search": Row((302, 302, 200, 302)),
    # Whoever may see people at all; the moderator of these tests reviews models and nothing else.
    "console_person": Row((302, 302, 403, 302), about="person_number"),
    # For those who decide about reports; who reviews models need not.
    "safety_queue": Row((302, 302, 403, 302)),
    "safety_case": Row((302, 302, 403, 302), about="case"),
    # Whoever may send campaigns, and administrators.
    "emails": Row((302, 302, 403, 302)),
    # No provider carries mails here.
    "mail_events": Row((404, 404, 404, 404), about="mail_provider", method="post"),
    "set_theme": Row((302, 302, 302, 302), method="post", data={"theme": "dark"}),
    "public_media": public(about="poster"),
    "accounts:settings": signed_in(),
    "accounts:avatar": signed_in(422, method="post"),
    "accounts:creator": signed_in(302, method="post"),
    "accounts:profile": public(about="owner"),
    "accounts:profile_about": public(about="owner"),
    "accounts:followers": public(about="owner"),
    "accounts:following": public(about="owner"),
    "accounts:follow": signed_in(302, about="owner", method="post"),
    "accounts:block": signed_in(302, about="owner", method="post"),
    "accounts:social": signed_in(),
    "accounts:banner": signed_in(422, method="post"),
    "accounts:settings_privacy": signed_in(),
    "accounts:settings_blocked": signed_in(),
    "accounts:settings_data": signed_in(),
    "accounts:settings_delete": signed_in(),
    # Their owner is asked again who they are.
    "accounts:data_export": owners(302, about="data_export"),
    "marketplace:profile_collections": public(about="owner"),
    # Nobody but they themselves, unless they show them.
    "marketplace:profile_likes": Row((404, 404, 404, 200), about="owner"),
    "accounts:report": Row((302, 404, 200, 200), about="report"),
    "accounts:notifications": signed_in(),
    "accounts:notifications_delete_read": signed_in(302, method="post"),
    "accounts:settings_notifications": signed_in(),
    "accounts:unsubscribe": public(about="unsubscribe"),
    "accounts:notifications_read": signed_in(302, method="post"),
    "accounts:notification": owners(302, about="notification"),
    "accounts:notification_read": owners(302, about="notification", method="post"),
    "accounts:notification_delete": owners(302, about="notification", method="post"),
    "marketplace:grid": public(),
    "marketplace:feed": public(),
    "marketplace:category_feed": public(about="shelf"),
    "marketplace:creator_feed": public(about="owner"),
    "marketplace:categories": public(),
    "marketplace:suggestions": public(),
    "marketplace:saved_searches": signed_in(),
    # What somebody looks for is theirs alone.
    "marketplace:saved_search": owners(302, about="saved_search"),
    "marketplace:delete_saved_search": owners(302, about="saved_search", method="post"),
    "marketplace:model": Row((404, 404, 200, 200), about="draft"),
    "marketplace:sheet": Row((404, 404, 200, 200), about="draft"),
    "marketplace:sheet_data": Row((404, 404, 200, 200), about="draft"),
    "marketplace:like": Row((302, 404, 302, 302), about="draft", method="post"),
    "marketplace:collect": Row((302, 404, 200, 200), about="draft"),
    "marketplace:comments": Row((404, 404, 200, 200), about="draft"),
    "marketplace:comment": Row((404, 404, 200, 200), about="hidden_comment"),
    "marketplace:edit_comment": seen_by_all(about="comment"),
    "marketplace:like_comment": Row((302, 404, 302, 302), about="hidden_comment", method="post"),
    "marketplace:collections": public(),
    "marketplace:new_collection": signed_in(),
    "marketplace:collection": Row((404, 404, 404, 200), about="collection"),
    "marketplace:edit_collection": owners(about="collection"),
    "marketplace:follow_collection": owners(302, about="collection", method="post"),
    "marketplace:collection_item": owners(302, about="collection_item", method="post"),
    "marketplace:likes": signed_in(),
    "marketplace:viewer": Row((404, 404, 200, 200), about="draft"),
    "marketplace:viewer_qr": Row((404, 404, 200, 200), about="draft"),
    # Whoever asks, only what is open to all: the draft of the one who asks is not.
    "marketplace:oembed": Row((404, 404, 404, 404), about="draft_query"),
    "marketplace:preview": Row((404, 404, 200, 200), about="preview"),
    "marketplace:upload": Row((302, 200, 200, 200)),
    # Who asks is a script: a visitor is told so by 403. 412: the version of the protocol is not said.
    "marketplace:tus_uploads": Row((403, 200, 200, 200)),
    "marketplace:tus_upload": Row((403, 404, 404, 412), about="arriving", method="delete"),
    # Without object storage there are none, not even for their owner.
    "marketplace:s3_uploads": Row((403, 404, 404, 404), method="post"),
    "marketplace:s3_upload": Row((403, 404, 404, 404), about="arriving"),
    "marketplace:s3_parts": Row((403, 404, 404, 404), about="arriving", method="post"),
    "marketplace:s3_complete": Row((403, 404, 404, 404), about="arriving", method="post"),
    "marketplace:shape_search": signed_in(),
    # What somebody searches with is theirs alone.
    "marketplace:shape_results": owners(about="shape_search"),
    "marketplace:inventory": signed_in(),
    # A visitor gets the word to htmx to reload the page; of somebody else's models nothing is said.
    "marketplace:inventory_progress": Row((200, 204, 204, 200), about="draft_chosen"),
    # What is not theirs is as if not there: they are led back to their own.
    "marketplace:bulk": Row((302, 302, 302, 200), about="draft_chosen"),
    "marketplace:model_statistics": owners(about="draft"),
    "marketplace:model_statistics_csv": owners(about="draft"),
    "marketplace:poster": owners(422, about="draft", method="post"),
    "marketplace:schedule": owners(422, about="draft", method="post"),
    "marketplace:edit": owners(about="draft"),
    "marketplace:retract": owners(302, about="draft", method="post"),
    "marketplace:add_files": owners(422, about="draft", method="post"),
    "marketplace:upload_finish": owners(302, about="drop", method="post"),
    "marketplace:discard_upload": owners(302, about="arriving", method="post"),
    "marketplace:show_file": owners(302, about="file", method="post"),
    "marketplace:remove_file": owners(302, about="file", method="post"),
    "marketplace:picture": owners(302, about="picture", method="post"),
    "marketplace:move_picture": owners(302, about="picture", method="post", data={"position": "1"}),
    "marketplace:picture_cover": owners(302, about="picture", method="post"),
    "marketplace:delete_picture": owners(302, about="picture", method="post"),
    "marketplace:document": Row((302, 404, 200, 200), about="document"),
    "marketplace:delete_document": owners(302, about="document", method="post"),
    # A visitor gets no content, but the word to htmx to reload the page, which leads to the login.
    "marketplace:processing": Row((200, 404, 404, 302), about="draft"),
    "marketplace:retry_processing": owners(302, about="draft", method="post"),
    "marketplace:delete": owners(302, about="draft", method="post"),
    "community:communities": public(),
    "community:profile_communities": public(about="owner"),
    "community:new_community": signed_in(),
    # One that waits for review: its owner.
    "community:community": Row((404, 404, 404, 200), about="pending_community"),
    "community:edit_community": owners(about="pending_community"),
    "community:submit_community": owners(302, about="pending_community", method="post"),
    # A private one, of which `owner` is the owner.
    "community:members": Row((404, 404, 404, 200), about="private_community"),
    "community:requests": owners(about="private_community"),
    "community:invitations": owners(about="private_community"),
    "community:bans": owners(about="private_community"),
    "community:membership": owners(302, about="private_community", method="post"),
    "community:own_request": owners(302, about="private_community", method="post"),
    "community:own_invitation": owners(302, about="private_community", method="post"),
    "community:member": owners(about="community_member"),
    "community:ban": owners(422, about="community_member", method="post"),
    "community:request": owners(302, about="community_request", method="post"),
    "community:invitation": owners(405, about="community_invitation", method="post"),
    "community:lift_ban": owners(405, about="community_ban", method="post"),
    "community:comments": Row((404, 404, 404, 200), about="community_post"),
    "community:comment": Row((404, 404, 404, 200), about="community_comment"),
    "community:edit_comment": owners(about="community_comment"),
    "community:like_comment": owners(302, about="community_comment", method="post"),
    "community:comment_removal": owners(about="community_comment"),
    # Seen by everybody, and handed on by its owner alone.
    "community:owner": Row((302, 403, 403, 404), about="community", method="post"),
    "blog:posts": public(),
    "blog:feed": public(),
    "blog:category_feed": public(about="blog_category"),
    "blog:author": public(about="blog_author"),
    # A draft: its author, and who works on the blog.
    "blog:post": Row((404, 404, 404, 200), about="blog_draft"),
    "blog:like": owners(302, about="blog_draft", method="post"),
    "blog:share": Row((404, 404, 404, 404), about="blog_draft", method="post"),
    "blog:comments": Row((404, 404, 404, 200), about="blog_draft"),
    "blog:comment": Row((404, 404, 404, 200), about="blog_draft_comment"),
    "blog:edit_comment": seen_by_all(about="blog_comment"),
    "blog:like_comment": owners(302, about="blog_draft_comment", method="post"),
    "blog:courses": public(),
    "blog:course": Row((404, 404, 404, 200), about="course_draft"),
    "blog:enrollment": signed_in(302, about="course", method="post"),
    # Everybody sees that they are there; who takes the course opens them.
    "blog:lesson": Row((403, 403, 403, 200), about="course_lesson"),
    "blog:lesson_progress": Row((302, 403, 403, 302), about="course_lesson", method="post"),
    "blog:lesson_video": Row((403, 403, 403, 200), about="course_lesson"),
    "blog:lesson_captions": Row((403, 403, 403, 200), about="course_lesson"),
    "blog:lesson_file": Row((403, 403, 403, 200), about="course_file"),
    "commerce:buy_course": signed_in(about="course_priced"),
    "blog:testimonials": public(),
    "blog:testimonial": signed_in(),
    "support:help": public(),
    "support:help_suggestions": public(),
    # Drafts: nobody's but who works on them; see support/tests.
    "support:help_article": Row((404, 404, 404, 404), about="help_draft"),
    "support:help_vote": Row(
        (404, 404, 404, 404), about="help_draft", method="post", data={"helpful": "yes"}
    ),
    "support:docs": public(),
    "support:docs_section": Row((404, 404, 404, 404), about="docs_draft"),
    "support:tickets": signed_in(),
    "support:new_ticket": signed_in(),
    "support:ticket_suggestions": signed_in(),
    # Whoever asked, and support; see support/tests.
    "support:ticket": owners(about="ticket"),
    "support:read_ticket": owners(204, about="ticket", method="post", data={"number": "1"}),
    "support:ticket_resolution": owners(302, about="ticket", method="post"),
    # It is not resolved yet.
    "support:ticket_rating": owners(422, about="ticket", method="post", data={"rating": "5"}),
    "support:ticket_attachment": owners(about="ticket_attachment"),
    # Posts of a private community; whose they are is its owner.
    "community:posts": owners(302, about="private_community"),
    "community:read_community": owners(422, about="private_community", method="post"),
    "community:updates": owners(about="private_community"),
    "community:post": Row((404, 404, 404, 200), about="community_post"),
    "community:post_history": Row((404, 404, 404, 200), about="community_post"),
    "community:post_picture": Row((404, 404, 404, 200), about="community_picture"),
    "community:edit_post": owners(about="community_post"),
    "community:react": owners(302, about="community_post", method="post", data={"kind": "like"}),
    "community:share_post": owners(302, about="community_post", method="post"),
    "community:pin_post": owners(302, about="community_post", method="post"),
    "community:post_removal": owners(about="community_post"),
    "community:messages": signed_in(),
    "community:new_message": signed_in(),
    # Two people's, and nobody else's: no moderator reads them.
    "community:conversation": owners(about="conversation"),
    "community:read_messages": owners(204, about="conversation", method="post", data={"number": "1"}),
    "support:decisions": signed_in(),
    "support:decision": Row((404, 404, 404, 200), about="decision"),
    "support:appeal": Row((404, 404, 404, 422), about="decision", method="post"),
    # Whoever holds the link is in.
    "support:safety_door": Row((302, 302, 302, 302), about="safety_door"),
    "support:new_claim": public(),
    "support:confirm_claim": public(about="claim_link"),
    "support:claim": Row((404, 404, 404, 200), about="claim"),
    # Its writer reads it; whose model it is answers.
    "support:answer_claim": Row((404, 404, 404, 302), about="claim", method="post"),
    "support:withdraw_claim": Row((404, 404, 404, 302), about="claim", method="post"),
    "community:mute_conversation": owners(302, about="conversation", method="post"),
    "community:accept_conversation": owners(302, about="conversation", method="post"),
    "community:message": owners(about="message"),
    "community:message_attachment": owners(about="message_attachment"),
    "commerce:cart": public(),
    # No coupon is named: said beside the field.
    "commerce:invoice": owners(about="order_paid"),
    "commerce:credit_note": owners(about="credit_note"),
    "commerce:certificate": public(about="certificate"),
    "commerce:purchase_certificate": owners(about="purchase"),
    "commerce:certificate_pdf": owners(about="purchase"),
    "commerce:cart_coupon": Row((422, 422, 422, 422), method="post"),
    "commerce:cart_item": Row((302, 302, 302, 302), about="listed", method="post"),
    "commerce:cart_item_saved": Row((302, 302, 302, 302), about="listed", method="post"),
    "commerce:get_free": Row((302, 404, 302, 404), about="draft_of_other", method="post"),
    "commerce:checkout": signed_in(302),
    "commerce:pay": owners(about="order"),
    "commerce:cancel_order": owners(302, about="order", method="post"),
    # Of an order's payment: it leads to the order's own page.
    "commerce:payment": owners(302, about="payment"),
    "commerce:payment_state": owners(about="payment"),
    "commerce:cancel_payment": owners(302, about="payment", method="post"),
    "commerce:success": owners(about="order_query"),
    "commerce:dashboard": signed_in(),
    # Everybody their own figures.
    "commerce:dashboard_csv": signed_in(about="figures"),
    "commerce:purchases": signed_in(),
    # The owner bought; what they say of it is for everybody, and only its creator answers.
    "commerce:own_review": owners(about="purchase"),
    "commerce:reviews": public(about="review_list"),
    "commerce:review": public(about="review"),
    "commerce:review_helpful": signed_in(302, about="review", method="post"),
    "commerce:review_answer": owners(about="received_review"),
    "commerce:profile_reviews": public(about="owner"),
    "commerce:financials": signed_in(),
    "commerce:earnings_csv": signed_in(),
    "commerce:transactions": signed_in(),
    "commerce:transactions_csv": signed_in(),
    "commerce:statements": signed_in(),
    "commerce:statement": signed_in(about="month"),
    "commerce:payouts": signed_in(),
    "commerce:payout": owners(about="payout"),
    # Their owner is asked again who they are.
    "commerce:payout_details": signed_in(302),
    "commerce:refund_rules": public(),
    "commerce:refund": owners(about="purchase"),
    "commerce:removal": owners(about="free_purchase"),
    "commerce:refunds": signed_in(),
    # The buyer of it is a stranger here: it is the seller's page.
    "commerce:seller_refund": owners(about="seller_refund"),
    "commerce:make_download": owners(302, about="purchase", method="post"),
    "commerce:download": Row((404, 404, 404, 200), about="download"),
    "commerce:download_file": Row((404, 404, 404, 200), about="download_file"),
    "commerce:download_document": Row((404, 404, 404, 200), about="download_document"),
    "commerce:pricing": public(),
    "commerce:plan_order": signed_in(about="plan"),
    "commerce:plan_trial": signed_in(302, about="plan", method="post", data={"country": "US"}),
    "commerce:plan": signed_in(),
    "commerce:plan_payment": signed_in(422, method="post"),
    "commerce:plan_cancellation": signed_in(302, method="post"),
    "commerce:plan_change": signed_in(302, method="delete"),
    "commerce:plan_receipt": owners(about="plan_receipt"),
    "commerce:plan_invoice": owners(about="plan_receipt"),
    "commerce:plan_credit_note": owners(about="plan_credit_note"),
    "commerce:payment_methods": signed_in(),
    "commerce:payment_method": owners(about="plan_card"),
    "commerce:plan_card": owners(302, about="plan_card", method="post"),
    "commerce:bounties": public(),
    "commerce:new_bounty": signed_in(),
    "commerce:bounty": Row((404, 404, 404, 200), about="unpaid_bounty"),
    "commerce:edit_bounty": owners(about="unpaid_bounty"),
    "commerce:bounty_picture": owners(302, about="bounty_picture", method="post", data={"_method": "delete"}),
    "commerce:pay_bounty": owners(about="unpaid_bounty"),
    "commerce:bounty_deadline": owners(about="open_bounty"),
    "commerce:cancel_bounty": owners(about="open_bounty"),
    # Its poster sees it, and is told that it is their own.
    "commerce:bounty_application": owners(422, about="unpaid_bounty", method="post"),
    "commerce:decline_bounty_application": owners(302, about="bounty_application", method="post"),
    # For those who have applied.
    "commerce:bounty_submissions": owners(about="applied_bounty"),
    "commerce:bounty_submission": owners(about="bounty_submission"),
    "commerce:bounty_submission_preview": owners(about="bounty_submission"),
    "commerce:award_bounty": owners(about="bounty_submission"),
    "commerce:bounty_comments": Row((404, 404, 404, 200), about="unpaid_bounty"),
    "commerce:bounty_comment": Row((404, 404, 404, 200), about="hidden_bounty_comment"),
    "commerce:edit_bounty_comment": seen_by_all(about="bounty_comment"),
    "commerce:like_bounty_comment": owners(302, about="hidden_bounty_comment", method="post"),
    "commerce:my_bounties": signed_in(),
    "commerce:my_bounty_applications": signed_in(),
    "commerce:webhook": Row((400, 400, 400, 400), about="webhook", method="post"),
    "commerce:sandbox_pay": public(about="charge"),
    "commerce:sandbox_charge": public(about="charge"),
    "commerce:sandbox_confirm": Row((302, 302, 302, 302), about="charge"),
}


@pytest.fixture
def people():
    """`owner` sells and buys; everybody's address is verified."""
    made = {
        "owner": UserFactory(creator=True, username="owner"),
        "stranger": UserFactory(creator=True),
        "moderator": UserFactory(moderator=True, creator=True),
    }
    for user in made.values():
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return made


def part_of_a_conversation(about: str, message) -> dict:
    if about == "message_attachment":
        return {"attachment_id": message.attachments.get().public_id}
    number = {"number": message.number} if about == "message" else {}
    return {"conversation_id": message.conversation.public_id} | number


def part_of_a_ticket(about: str, ticket) -> dict:
    if about == "ticket":
        return {"ticket_id": ticket.public_id}
    return {"attachment_id": ticket.messages.get().attachments.get().public_id}


def arguments(about: str, owner) -> dict:
    """What the address needs, made for `owner`; `query` is put behind it, `data` is sent."""
    seller = UserFactory(creator=True)
    if about == "poster":
        return {"path": Model3DFactory(listed=True, creator=owner).current_file.poster_medium.name}
    if about == "unsubscribe":
        address = unsubscribe_url(owner, Notification.Kind.MENTION)
        return {"token": address.rstrip("/").rsplit("/", 1)[1]}
    if about == "shelf":
        return {"slug": CategoryFactory().slug}
    if about == "licence":
        return {"slug": "cc-by"}
    if about == "sitemap":
        return {"section": "pages", "part": 0}
    if about == "owner":
        return {"username": owner.username}
    if about == "data_export":
        return {"public_id": DataExport.objects.create(user=owner).public_id}
    if about == "notification":
        kind = Notification.Kind.MODEL_APPROVED
        return {"pk": Notification.objects.create(user=owner, kind=kind, title="Hello", link="/").pk}
    if about in {"conversation", "message", "message_attachment"}:
        return part_of_a_conversation(about, written_with_file(owner, UserFactory()))
    if about == "draft":
        return {"pk": Model3DFactory(with_file=True, creator=owner).pk}
    if about in {"comment", "hidden_comment"}:
        state = {"listed": True} if about == "comment" else {"with_file": True}
        comment = CommentFactory(model=Model3DFactory(creator=owner, **state), author=owner)
        return {"pk": comment.model_id, "comment_id": comment.pk}
    if about in {"collection", "collection_item"}:
        collection = CollectionFactory(owner=owner, is_public=False)
        model = {"model_id": Model3DFactory(listed=True).pk} if about == "collection_item" else {}
        return {"pk": collection.pk} | model
    if about == "report":
        return {"kind": "model", "object_id": str(Model3DFactory(with_file=True, creator=owner).pk)}
    if about == "shape_search":
        search = ShapeSearch(user=owner.pk, name="chair.glb", stored="")
        search.keep()
        return {"search_id": search.pk}
    if about == "saved_search":
        return {"pk": owner.saved_searches.create(name="Chairs", query="?q=chair").pk}
    if about == "arriving":
        return {"upload_id": UploadFactory(owner=owner).public_id}
    if about == "draft_query":
        draft = Model3DFactory(with_file=True, creator=owner)
        return {"query": f"?url={settings.SITE_URL}{draft.get_absolute_url()}"}
    if about == "draft_chosen":
        return {"query": f"?do=publish&model={Model3DFactory(with_file=True, creator=owner).pk}"}
    if about == "file":
        file = Model3DFactory(with_file=True, creator=owner).current_file
        return {"pk": file.model_id, "file_id": file.public_id}
    if about == "picture":
        picture = PreviewImageFactory(model__creator=owner)
        return {"pk": picture.model_id, "picture_id": picture.pk}
    if about == "document":
        document = ModelDocumentFactory(model__creator=owner)
        return {"pk": document.model_id, "document_id": document.public_id}
    if about == "drop":
        return {"data": {"batch": arrived(owner, uuid.uuid4(), "chair.glb", grid_glb()).batch}}
    if about == "preview":
        draft = Model3DFactory(with_file=True, creator=owner)
        return {"token": restricted_preview_url(draft.current_file).split("/")[2]}
    if about == "listed":
        return {"model_id": Model3DFactory(listed=True, creator=seller).pk}
    if about == "draft_of_other":
        return {"model_id": Model3DFactory(with_file=True, free=True, creator=seller).pk}
    if about in {"order", "order_query", "payment", "charge"}:
        order = order_of(owner, Model3DFactory(listed=True, creator=seller))
        payment = started_payment(order)
        if about == "payment":
            return {"payment_id": payment.public_id}
        if about == "charge":
            return {"charge_id": payment.provider_id}
        return {"order_id": order.public_id} if about == "order" else {"query": f"?order={order.public_id}"}
    if about == "month":
        return {"year": 2026, "month": 1}
    if about == "payout":
        return {"payout_id": requested_by(owner, "100.00").public_id}
    if about == "credit_note":
        note = credited(owner, Model3DFactory(listed=True, creator=seller))
        return {"order_id": note.invoice.order.public_id, "number": note.number}
    if about in {"order_paid", "certificate"}:
        purchase = purchase_of(owner, Model3DFactory(listed=True, creator=seller))
        order_id = purchase.transaction.order.public_id
        return (
            {"order_id": order_id}
            if about == "order_paid"
            else {"certificate_id": certificate_for(purchase).public_id}
        )
    if about == "free_purchase":
        model = Model3DFactory(listed=True, free=True, creator=seller)
        get_free_model(buyer=owner, model_id=model.pk)
        return {"purchase_id": owner.purchases.get(model=model).public_id}
    if about == "seller_refund":
        purchase = purchase_of(UserFactory(), Model3DFactory(listed=True, creator=owner))
        make_link(purchase)
        purchase.refresh_from_db()
        asked = ask(purchase=purchase, by=purchase.user, reason="quality", text="The seat is crooked.")
        return {"refund_id": asked.public_id}
    if about in {"purchase", "download"}:
        purchase = purchase_of(owner, Model3DFactory(listed=True, creator=seller))
        return (
            {"purchase_id": purchase.public_id}
            if about == "purchase"
            else {"token": make_link(purchase).get_absolute_url().strip("/").split("/")[-1]}
        )
    if about in {"review", "review_list", "received_review"}:
        sells, buys = (owner, UserFactory()) if about == "received_review" else (seller, owner)
        review = review_of(buys, Model3DFactory(listed=True, creator=sells))
        return {"model_id": review.model_id} | ({} if about == "review_list" else {"review_id": review.pk})
    if about in {"download_file", "download_document"}:
        return part_of_a_link(about, purchase_of(owner, Model3DFactory(listed=True, creator=seller)))
    if about == "plan":
        return {"slug": first_plans()["pro"].slug}
    if about == "plan_card":
        subscribed(owner, first_plans()["pro"])
        return {"card_id": owner.saved_payment_methods.get().public_id}
    if about == "plan_credit_note":
        note = plan_credited(owner)
        return {"period_id": note.invoice.period.public_id, "number": note.number}
    if about == "plan_receipt":
        return {"period_id": paid_periods(subscribed(owner, first_plans()["pro"]))[0].public_id}
    if about in {"case", "decision", "safety_door", "claim", "claim_link"}:
        return of_trust_and_safety(about, owner)
    if about == "help_draft":
        return {"slug": HelpArticleFactory().slug}
    if about in {"ticket", "ticket_attachment"}:
        return part_of_a_ticket(about, asked_with_file(owner))
    if about == "docs_draft":
        return {"slug": DocSectionFactory().slug}
    if about.startswith("blog"):
        return of_the_blog(about, owner)
    if about.startswith("course"):
        return of_a_course(about, owner)
    if "community" in about:
        return of_a_community(about, owner)
    if "bounty" in about:
        return of_a_bounty(about, owner)
    if about == "person_number":
        return {"pk": owner.pk}
    if about == "figures":
        return {"table": "days"}
    if about == "mail_provider":
        return {"provider": "postmark"}
    if about == "webhook":
        return {"provider": "sandbox"}
    return {}


def part_of_a_link(about: str, purchase) -> dict:
    token = make_link(purchase).token
    if about == "download_file":
        return {"token": token, "file_id": purchase.model.current_file.public_id}
    document = ModelDocument.objects.create(
        model=purchase.model, kind="txt", name="notes.txt", file=ContentFile(b"notes", "notes.txt"), size=5
    )
    return {"token": token, "document_id": document.public_id}


def of_a_community(about: str, owner) -> dict:
    if about == "community":
        return {"pk": CommunityFactory(owner=owner).pk}
    if about == "pending_community":
        return {"pk": CommunityFactory(owner=owner, pending=True).pk}
    community, person = CommunityFactory(owner=owner, private=True), UserFactory()
    found = {"pk": community.pk}
    if about in {"community_post", "community_picture"}:
        post = posted(community, pictures=1)
        picture = {"picture_id": post.images.get().public_id} if about == "community_picture" else {}
        return found | {"post_id": post.pk, **picture}
    if about == "community_member":
        return found | {"username": member_of(community, user=person).user.username}
    if about == "community_request":
        return found | {"request_id": community.join_requests.create(user=person).pk}
    if about == "community_invitation":
        return found | {"invite_id": community.invites.create(user=person, invited_by=owner).pk}
    if about in {"community_post", "community_comment"}:
        post = PostFactory(community=community)
        found |= {"post_id": post.pk}
        return found | (
            {"comment_id": PostCommentFactory(post=post, author=owner).pk}
            if about == "community_comment"
            else {}
        )
    if about == "community_ban":
        ban = community.bans.create(user=person, reason="Spam.", banned_by=owner)
        return found | {"ban_id": ban.pk}
    return found


def of_the_blog(about: str, owner) -> dict:
    if about == "blog_category":
        return {"category": "tutorials"}
    post = BlogPostFactory(author=owner, published="draft" not in about)
    if about == "blog_author":
        return {"username": owner.username}
    if about == "blog_draft":
        return {"slug": post.slug}
    return {"slug": post.slug, "comment_id": BlogCommentFactory(post=post, author=owner).pk}


def of_a_course(about: str, owner) -> dict:
    if about == "course_draft":
        return {"slug": CourseFactory(instructor=owner).slug}
    course = CourseFactory(published=True, price=29 if about == "course_priced" else 0)
    if about in {"course", "course_priced"}:
        return {"slug": course.slug}
    CourseEnrollmentFactory(course=course, user=owner)
    lesson, video = course.lessons.get(), ContentFile(mp4(), "a.mp4")
    media = lessons.Media(video=(video, read_video(video)), captions=ContentFile(CAPTIONS.encode(), "a.vtt"))
    lessons.save(lesson=lesson, by=course.instructor, media=media)
    found = {"slug": course.slug, "lesson_id": lesson.pk}
    if about == "course_file":
        given = lessons.add_file(lesson=lesson, name="a.blend", upload=ContentFile(b"BLENDER", "a.blend"))
        found["file_id"] = given.public_id
    return found


def of_a_bounty(about: str, owner) -> dict:
    if about == "applied_bounty":
        return {"pk": applied(open_bounty(), owner).bounty_id}
    is_hidden = about in {"unpaid_bounty", "bounty_picture", "hidden_bounty_comment"}
    bounty = unpaid_bounty(owner) if is_hidden else open_bounty(owner)
    found = {"pk": bounty.pk}
    if about == "bounty_picture":
        return found | {"picture_id": bounty_picture(bounty).pk}
    if about == "bounty_application":
        return found | {"application_id": applied(bounty).public_id}
    if about == "bounty_submission":
        return found | {"submission_id": submitted(bounty).public_id}
    if about in {"bounty_comment", "hidden_bounty_comment"}:
        return found | {"comment_id": bounty.comments.create(author=owner, body="Which era?").pk}
    return found


def of_trust_and_safety(about: str, owner) -> dict:
    model = Model3DFactory(listed=True, creator=UserFactory() if "claim" in about else owner)
    if about == "case":
        report = reported(model, owner)
        return {"content_type_id": report.content_type_id, "object_id": report.object_id}
    if "claim" in about:
        claim = claimed(model, claimant=owner)
        return (
            {"public_id": claim.public_id}
            if about == "claim"
            else {"token": confirmation_url(claim).rstrip("/").split("/")[-1]}
        )
    decision = decided(model, owner)
    if about == "decision":
        return {"public_id": decision.public_id}
    return {"token": door_to(decision, "owner").rstrip("/").split("/")[-1]}


def client_of(user) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def names() -> set[str]:
    """Every named address of the site but those of the admin and of debugging."""

    def walk(resolver, namespaces):
        for entry in resolver.url_patterns:
            if isinstance(entry, URLPattern):
                if entry.name:
                    yield ":".join([*namespaces, entry.name])
            elif entry.namespace != "admin":
                yield from walk(entry, [*namespaces, *filter(None, [entry.namespace])])

    return set(walk(get_resolver(), []))


# In DEBUG only, and for everybody; providers only where keys are set, at addresses that lead away from the site.
DEBUG_ONLY = {"styleguide", "styleguide_error", "dev_mail", "dev_mail_detail", "dev_mail_html"}
PROVIDERS = {name for name in names() if name.startswith(("google_", "github_", "discord_"))}


def test_every_address_is_in_the_matrix():
    assert names() - DEBUG_ONLY - PROVIDERS == set(MATRIX) | set(ALLAUTH)


@pytest.mark.parametrize("name", MATRIX)
def test_everybody_gets_what_is_theirs_and_nothing_else(name, people):
    row = MATRIX[name]
    found = arguments(row.about, people["owner"])
    address = reverse(
        name, kwargs={key: value for key, value in found.items() if key not in {"query", "data"}}
    )
    address += found.get("query", "")
    answers = {}
    for role in ROLES:
        answer = getattr(client_of(people.get(role)), row.method)(address, row.data or found.get("data", {}))
        answers[role] = answer.status_code
        if role == "visitor" and answer.status_code == 302 and row.statuses[1] != 302:
            assert answer.url.startswith(reverse("account_login")), answer.url
    assert answers == dict(zip(ROLES, row.statuses, strict=True))


@pytest.mark.parametrize("name", ALLAUTH)
def test_pages_of_sign_in_answer_visitors_and_people(name, people):
    address = reverse(name, kwargs=ALLAUTH_ARGUMENTS.get(name, {}))
    answers = tuple(client_of(user).get(address).status_code for user in (None, people["stranger"]))
    assert answers == ALLAUTH[name]


def test_what_does_not_exist_looks_like_what_is_not_yours(people):
    """A made-up number and somebody else's thing give the same answer, so neither tells that the other exists."""
    draft = Model3DFactory(with_file=True, creator=people["owner"])
    client = client_of(people["stranger"])
    for name in ("marketplace:model", "marketplace:viewer", "marketplace:edit", "marketplace:processing"):
        theirs = client.get(reverse(name, args=[draft.pk]))
        nothing = client.get(reverse(name, args=[draft.pk + 10_000]))
        assert theirs.status_code == nothing.status_code == 404
    assert client.get(reverse("commerce:pay", args=[uuid.uuid4()])).status_code == 404


def test_no_address_of_the_console_answers_anybody_but_its_people(people):
    listed, beside = Model3DFactory.create_batch(2, listed=True)
    OutgoingMail.objects.create(kind="test", to_address="a@example.com", subject="s", text="t")
    model_list = reverse("admin:marketplace_model3d_changelist")
    ticket = asked(people["owner"])
    for user in (None, people["stranger"], people["owner"]):
        client = client_of(user)
        for address in (
            reverse("admin:index"),
            model_list,
            reverse("admin:marketplace_model3d_change", args=[listed.pk]),
            reverse("admin:marketplace_model3d_compare", args=[listed.pk, beside.pk]),
            reverse("admin:accounts_user_changelist"),
            reverse("admin:commerce_order_changelist"),
            reverse("admin:core_outgoingmail_changelist"),
            reverse("admin:support_supportticket_changelist"),
            reverse("admin:support_supportticket_change", args=[ticket.pk]),
            reverse("admin:support_supportticket_figures"),
            reverse("admin:core_outgoingmail_previews"),
            reverse("admin:core_outgoingmail_frame"),
            reverse("admin:support_mailcampaign_add"),
        ):
            answer = client.get(address)
            assert answer.status_code == 302
            assert answer.url.startswith(reverse("admin:login"))
    moderator = client_of(people["moderator"])
    assert moderator.get(reverse("admin:commerce_order_changelist")).status_code == 403
    assert moderator.get(reverse("admin:core_outgoingmail_changelist")).status_code == 403
    assert moderator.get(reverse("admin:support_supportticket_changelist")).status_code == 403
    assert moderator.get(reverse("admin:support_supportticket_change", args=[ticket.pk])).status_code == 403
    assert moderator.get(reverse("admin:core_outgoingmail_previews")).status_code == 403
    assert moderator.get(reverse("admin:support_mailcampaign_add")).status_code == 403
    assert Model3D.objects.get(pk=listed.pk).status == Model3D.Status.APPROVED
