from django.urls import path

from community.views.messages import conversation, inbox, message

urlpatterns = [
    path("dashboard/messages/", inbox.inbox, name="messages"),
    path("dashboard/messages/new/", inbox.new, name="new_message"),
    path("dashboard/messages/files/<uuid:attachment_id>/", message.attachment, name="message_attachment"),
    path("dashboard/messages/<uuid:conversation_id>/", conversation.conversation, name="conversation"),
    path("dashboard/messages/<uuid:conversation_id>/read/", conversation.read, name="read_messages"),
    path("dashboard/messages/<uuid:conversation_id>/mute/", conversation.mute, name="mute_conversation"),
    path(
        "dashboard/messages/<uuid:conversation_id>/acceptance/",
        conversation.acceptance,
        name="accept_conversation",
    ),
    path("dashboard/messages/<uuid:conversation_id>/<int:number>/", message.message, name="message"),
]
