"""What the people of the console may do: one group a role, made and kept up to date after every migration.

An administrator may give a group more; what is listed here is always there.
"""

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db.models import Q

MODERATORS = "Moderators"
AGENTS = "Support agents"
FINANCE = "Finance"
EDITORS = "Editors"
MAILERS = "Mail"
ADMINISTRATORS = "Administrators"

ROLES = {
    MODERATORS: [
        "marketplace.view_model3d",
        "marketplace.change_model3d",
        "marketplace.review_model3d",
        "marketplace.view_modelfile",
        "marketplace.view_inspection",
        "marketplace.view_finding",
        "marketplace.view_previewimage",
        "marketplace.view_modelreview",
        "marketplace.view_category",
        "marketplace.add_category",
        "marketplace.change_category",
        "marketplace.view_tag",
        "marketplace.add_tag",
        "marketplace.change_tag",
        "marketplace.delete_tag",
        "marketplace.view_synonymgroup",
        "marketplace.add_synonymgroup",
        "marketplace.change_synonymgroup",
        "marketplace.delete_synonymgroup",
        "marketplace.view_modelcomment",
        "marketplace.change_modelcomment",
        "marketplace.view_formatswitch",
        "marketplace.add_formatswitch",
        "marketplace.change_formatswitch",
        "commerce.view_bounty",
        "commerce.moderate_bounty",
        "commerce.view_bountycomment",
        "community.view_community",
        "community.moderate_community",
        "community.view_communitypost",
        "community.view_postcomment",
        "accounts.view_user",
        "accounts.moderate_user",
        "accounts.view_report",
        "support.view_moderationdecision",
        "support.decide_report",
        "support.view_appeal",
        "support.decide_appeal",
        "core.view_textfilter",
        "core.add_textfilter",
        "core.change_textfilter",
        "core.delete_textfilter",
        "support.view_copyrightclaim",
        "support.decide_copyrightclaim",
        "commerce.view_review",
        "commerce.moderate_review",
        "blog.view_testimonial",
        "blog.moderate_testimonial",
        "blog.view_blogcomment",
        "blog.change_blogcomment",
        "core.view_auditentry",
    ],
    AGENTS: [
        "accounts.view_user",
        "marketplace.view_model3d",
        "commerce.view_order",
        "commerce.view_transaction",
        "commerce.view_payment",
        "commerce.view_purchase",
        "commerce.view_coupon",
        "commerce.view_taxrate",
        "commerce.view_invoice",
        "commerce.view_creditnote",
        "commerce.view_certificate",
        "commerce.view_plan",
        "commerce.view_subscription",
        "commerce.view_subscriptionperiod",
        "commerce.grant_downloads",
        "commerce.view_review",
        "commerce.view_refund",
        "commerce.decide_refund",
        "commerce.view_dispute",
        "commerce.answer_dispute",
        "commerce.view_bounty",
        "commerce.view_bountyapplication",
        "commerce.view_bountysubmission",
        "commerce.view_escrowreturn",
        "commerce.decide_bounty",
        "support.view_helpcategory",
        "support.view_helparticle",
        "support.add_helparticle",
        "support.change_helparticle",
        "support.view_docsection",
        "support.view_supportticket",
        "support.answer_supportticket",
        "support.view_cannedanswer",
        "support.add_cannedanswer",
        "support.change_cannedanswer",
        "support.delete_cannedanswer",
        "core.view_outgoingmail",
        "core.change_outgoingmail",
        "core.view_mailsuppression",
        "core.delete_mailsuppression",
    ],
    FINANCE: [
        "accounts.view_user",
        "commerce.view_order",
        "commerce.view_transaction",
        "commerce.view_payment",
        "commerce.view_purchase",
        "commerce.view_webhookevent",
        "commerce.view_ledgermovement",
        "commerce.view_ledgerentry",
        "commerce.view_providercall",
        "commerce.refund_payment",
        "commerce.view_coupon",
        "commerce.add_coupon",
        "commerce.change_coupon",
        "commerce.view_couponuse",
        "commerce.view_invoice",
        "commerce.view_creditnote",
        "commerce.view_certificate",
        "commerce.view_taxrate",
        "commerce.add_taxrate",
        "commerce.change_taxrate",
        "commerce.delete_taxrate",
        "commerce.view_plan",
        "commerce.add_plan",
        "commerce.change_plan",
        "commerce.view_subscription",
        "commerce.view_subscriptionperiod",
        "commerce.manage_subscription",
        "commerce.view_payout",
        "commerce.approve_payout",
        "commerce.pay_payout",
        "commerce.view_payoutbatch",
        "commerce.reveal_payoutdetails",
        "commerce.view_refund",
        "commerce.restart_refund",
        "commerce.view_siteday",
        "commerce.view_dispute",
        "commerce.answer_dispute",
        "commerce.view_proceedshold",
        "commerce.settle_hold",
        "commerce.view_bounty",
        "commerce.view_escrowreturn",
        "core.export_lists",
    ],
    EDITORS: [
        "blog.view_blogpost",
        "blog.add_blogpost",
        "blog.change_blogpost",
        "blog.delete_blogpost",
        "blog.view_blogtag",
        "blog.add_blogtag",
        "blog.change_blogtag",
        "blog.delete_blogtag",
        "support.view_helpcategory",
        "support.add_helpcategory",
        "support.change_helpcategory",
        "support.delete_helpcategory",
        "support.view_helparticle",
        "support.add_helparticle",
        "support.change_helparticle",
        "support.delete_helparticle",
        "support.view_docsection",
        "support.add_docsection",
        "support.change_docsection",
        "support.delete_docsection",
        "blog.view_course",
        "blog.add_course",
        "blog.change_course",
        "blog.delete_course",
        "blog.view_lesson",
        "blog.add_lesson",
        "blog.change_lesson",
        "blog.delete_lesson",
        "blog.view_courseenrollment",
    ],
    MAILERS: [
        "core.view_outgoingmail",
        "core.change_outgoingmail",
        "core.preview_mail",
        "core.view_mailsuppression",
        "core.add_mailsuppression",
        "core.delete_mailsuppression",
        "support.view_mailcampaign",
        "support.add_mailcampaign",
        "support.change_mailcampaign",
        "support.delete_mailcampaign",
        "support.send_mailcampaign",
    ],
}
# Everything that the others may do, and what none of them needs. What a role may, and who has one, is for superusers:
# whoever could give roles could give themselves all. Who runs the site by the command line is one.
ROLES[ADMINISTRATORS] = sorted(
    {
        *(permission for role in ROLES.values() for permission in role),
        "accounts.view_notification",
        "core.export_lists",
        "core.view_mailsuppression",
        "core.add_mailsuppression",
        "core.delete_mailsuppression",
    }
)
# The apps whose permissions the roles name.
APPS = ("core", "accounts", "marketplace", "blog", "community", "commerce", "support")


def ensure_roles(using: str = "default", **_kwargs) -> None:
    """Make the groups and give them their permissions. Idempotent.

    Raises:
        LookupError: a role names a permission that does not exist.
    """
    for label in APPS:
        # The signal comes app by app: those after ours have not made their permissions yet.
        create_permissions(apps.get_app_config(label), verbosity=0, using=using)
    for name, wanted in ROLES.items():
        rule = Q()
        for permission in wanted:
            label, codename = permission.split(".")
            rule |= Q(content_type__app_label=label, codename=codename)
        found = list(Permission.objects.using(using).filter(rule).select_related("content_type"))
        if len(found) != len(wanted):
            missing = set(wanted) - {f"{item.content_type.app_label}.{item.codename}" for item in found}
            raise LookupError(f"The role {name} names permissions that do not exist: {sorted(missing)}")
        group, _ = Group.objects.using(using).get_or_create(name=name)
        group.permissions.add(*found)
