"""Communities under /community/, messages under /dashboard/messages/."""

from django.urls import include, path

from community.views import browsing, founding, joining, members, team
from community.views.posts import reading

app_name = "community"

_ONE = "community/<int:pk>/"

urlpatterns = [
    path("", include("community.message_urls")),
    path("profile/<str:username>/communities/", browsing.of_person, name="profile_communities"),
    path("", include("community.comment_urls")),
    path("community/", browsing.index, name="communities"),
    path("community/new/", founding.new, name="new_community"),
    path(_ONE, browsing.community, name="community"),
    path(f"{_ONE}posts/", include("community.post_urls")),
    path(f"{_ONE}read/", browsing.read, name="read_community"),
    path(f"{_ONE}updates/", reading.updates, name="updates"),
    path(f"{_ONE}edit/", founding.edit, name="edit_community"),
    path(f"{_ONE}submission/", founding.submission, name="submit_community"),
    path(f"{_ONE}membership/", joining.membership, name="membership"),
    path(f"{_ONE}request/", joining.own_request, name="own_request"),
    path(f"{_ONE}invitation/", joining.own_invitation, name="own_invitation"),
    path(f"{_ONE}members/", members.index, name="members"),
    path(f"{_ONE}members/<str:username>/", members.member, name="member"),
    path(f"{_ONE}members/<str:username>/ban/", team.ban, name="ban"),
    path(f"{_ONE}owner/", team.owner, name="owner"),
    path(f"{_ONE}requests/", team.requests, name="requests"),
    path(f"{_ONE}requests/<int:request_id>/", team.request, name="request"),
    path(f"{_ONE}invitations/", team.invitations, name="invitations"),
    path(f"{_ONE}invitations/<int:invite_id>/", team.invitation, name="invitation"),
    path(f"{_ONE}bans/", team.bans, name="bans"),
    path(f"{_ONE}bans/<int:ban_id>/", team.lift, name="lift_ban"),
]
