"""Similar words and near vectors in the database: what search by text and by shape is built on."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations
from pgvector.django import VectorExtension


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0010_likes_comments_collections")]

    operations = [TrigramExtension(), VectorExtension()]
