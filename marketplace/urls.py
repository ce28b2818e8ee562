"""Addresses of the marketplace."""

from django.urls import path

from marketplace.views import (
    attachments,
    collections,
    comments,
    edit,
    files,
    grid,
    inventory,
    model,
    oembed,
    preview,
    processing,
    upload,
    viewer,
)
from marketplace.views.uploads import multipart, tus

app_name = "marketplace"

urlpatterns = [
    path("upload/", upload.upload, name="upload"),
    path("upload/finish/", upload.finish, name="upload_finish"),
    path("upload/unfinished/<uuid:upload_id>/discard/", upload.discard, name="discard_upload"),
    path("uploads/", tus.uploads, name="tus_uploads"),
    path("uploads/<uuid:upload_id>/", tus.upload, name="tus_upload"),
    path("uploads/s3/", multipart.uploads, name="s3_uploads"),
    path("uploads/s3/<uuid:upload_id>/", multipart.upload, name="s3_upload"),
    path("uploads/s3/<uuid:upload_id>/parts/", multipart.parts, name="s3_parts"),
    path("uploads/s3/<uuid:upload_id>/complete/", multipart.complete, name="s3_complete"),
    path("dashboard/inventory/", inventory.inventory, name="inventory"),
    path("dashboard/inventory/<int:pk>/", edit.edit, name="edit"),
    path("dashboard/inventory/<int:pk>/delete/", edit.delete, name="delete"),
    path("dashboard/inventory/<int:pk>/retract/", edit.retract, name="retract"),
    path("dashboard/inventory/<int:pk>/files/", upload.add_files, name="add_files"),
    path("dashboard/inventory/<int:pk>/files/<uuid:file_id>/show/", files.show, name="show_file"),
    path("dashboard/inventory/<int:pk>/files/<uuid:file_id>/remove/", files.remove, name="remove_file"),
    path(
        "dashboard/inventory/<int:pk>/pictures/<int:picture_id>/",
        attachments.picture,
        name="picture",
    ),
    path(
        "dashboard/inventory/<int:pk>/pictures/<int:picture_id>/move/",
        attachments.move_picture,
        name="move_picture",
    ),
    path(
        "dashboard/inventory/<int:pk>/pictures/<int:picture_id>/delete/",
        attachments.delete_picture,
        name="delete_picture",
    ),
    path(
        "dashboard/inventory/<int:pk>/documents/<uuid:document_id>/",
        attachments.document,
        name="document",
    ),
    path(
        "dashboard/inventory/<int:pk>/documents/<uuid:document_id>/delete/",
        attachments.delete_document,
        name="delete_document",
    ),
    path("dashboard/inventory/<int:pk>/processing/", processing.processing, name="processing"),
    path("dashboard/inventory/<int:pk>/processing/retry/", processing.retry, name="retry_processing"),
    path("marketplace/", grid.grid, name="grid"),
    path("model/<int:pk>/", model.model, name="model"),
    path("collections/", collections.index, name="collections"),
    path("collections/new/", collections.new, name="new_collection"),
    path("collections/<int:pk>/", collections.collection, name="collection"),
    path("collections/<int:pk>/edit/", collections.edit, name="edit_collection"),
    path("collections/<int:pk>/follow/", collections.follow, name="follow_collection"),
    path("collections/<int:pk>/models/<int:model_id>/", collections.item, name="collection_item"),
    path("likes/", collections.likes, name="likes"),
    path("model/<int:pk>/collect/", collections.collect, name="collect"),
    path("model/<int:pk>/like/", model.like, name="like"),
    path("model/<int:pk>/comments/", comments.comments, name="comments"),
    path("model/<int:pk>/comments/<int:comment_id>/", comments.comment, name="comment"),
    path("model/<int:pk>/comments/<int:comment_id>/edit/", comments.edit_comment, name="edit_comment"),
    path("model/<int:pk>/comments/<int:comment_id>/like/", comments.like_comment, name="like_comment"),
    path("view/<int:pk>/", viewer.viewer, name="viewer"),
    path("view/<int:pk>/qr.svg", viewer.qr_code, name="viewer_qr"),
    path("oembed/", oembed.oembed, name="oembed"),
    path("preview/<str:token>/model.glb", preview.preview, name="preview"),
]
