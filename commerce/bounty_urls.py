from django.urls import path

from commerce.views.bounties import awarding, browsing, comments, dashboard, posting, working

urlpatterns = [
    path("bounties/", browsing.index, name="bounties"),
    path("bounties/new/", posting.new, name="new_bounty"),
    path("bounties/<int:pk>/", browsing.bounty, name="bounty"),
    path("bounties/<int:pk>/edit/", posting.edit, name="edit_bounty"),
    path("bounties/<int:pk>/pictures/<int:picture_id>/", posting.picture, name="bounty_picture"),
    path("bounties/<int:pk>/pay/", posting.pay, name="pay_bounty"),
    path("bounties/<int:pk>/deadline/", posting.deadline, name="bounty_deadline"),
    path("bounties/<int:pk>/cancellation/", posting.cancellation, name="cancel_bounty"),
    path("bounties/<int:pk>/application/", working.application, name="bounty_application"),
    path(
        "bounties/<int:pk>/applications/<uuid:application_id>/refusal/",
        working.decline,
        name="decline_bounty_application",
    ),
    path("bounties/<int:pk>/submissions/", working.submit, name="bounty_submissions"),
    path("bounties/<int:pk>/submissions/<uuid:submission_id>/", working.submission, name="bounty_submission"),
    path(
        "bounties/<int:pk>/submissions/<uuid:submission_id>/preview/",
        working.preview,
        name="bounty_submission_preview",
    ),
    path("bounties/<int:pk>/submissions/<uuid:submission_id>/award/", awarding.award, name="award_bounty"),
    path("bounties/<int:pk>/comments/", comments.views.comments, name="bounty_comments"),
    path("bounties/<int:pk>/comments/<int:comment_id>/", comments.views.comment, name="bounty_comment"),
    path(
        "bounties/<int:pk>/comments/<int:comment_id>/edit/",
        comments.views.edit_comment,
        name="edit_bounty_comment",
    ),
    path(
        "bounties/<int:pk>/comments/<int:comment_id>/like/",
        comments.views.like_comment,
        name="like_bounty_comment",
    ),
    path("dashboard/bounties/", dashboard.mine, name="my_bounties"),
    path("dashboard/bounties/applications/", dashboard.applied, name="my_bounty_applications"),
]
