"""Fills the demo's blog, and lets its people say what they think of the site: linked with the models that are there.

Everything goes through the calls of the console and of readers, and is dated back. What is there already is left as it
is.
"""

import io
import random
import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify
from PIL import Image, ImageDraw, ImageFilter

from accounts.models import Activity, Notification, User
from blog.actions import comments, likes, posts, testimonials
from blog.actions.pictures import set_picture
from blog.models import BlogComment, BlogLike, BlogPost, BlogTag, Testimonial
from blog.pictures import SIZES, post_webps
from config.demo.catalogue.entry import DemoModel
from config.demo.catalogue.society import MEMBERS
from config.demo.catalogue.writing import POSTS, TESTIMONIALS, DemoPost
from marketplace.models import Model3D

_MODEL = re.compile(r"^\{\{model:([a-z0-9-]+)\}\}\n*", re.MULTILINE)
# The studio behind the models of a post's picture: its middle and its edge.
STUDIO = ((252, 250, 247), (214, 208, 200))
WARM = ((255, 240, 230), (226, 190, 168))
MOST_ON_A_PICTURE = 3


def write(entries: Iterable[DemoModel]) -> None:
    """After the models of `entries`, and the people of the demo, are there."""
    models = models_by_slug(entries)
    people = {person.username: person for person in User.objects.filter(is_demo=True)}
    for entry in POSTS:
        if not BlogPost.objects.filter(slug=entry.slug).exists():
            _write(entry, models, people)
    for said in TESTIMONIALS:
        if not Testimonial.objects.filter(author=people[said.author]).exists():
            row = testimonials.submit(
                author=people[said.author], text=said.text, rating=said.rating, company=said.company
            )
            testimonials.approve(testimonial=row, by=people["moderator"])
            row.refresh_from_db()
            testimonials.set_featured(testimonial=row, by=people["moderator"], featured=said.is_featured)


def models_by_slug(entries: Iterable[DemoModel]) -> dict[str, Model3D]:
    """Those of `entries` that are on the site."""
    found = Model3D.objects.listed().filter(creator__is_demo=True).with_card_data()
    shown = {(model.creator.username, model.title): model for model in found}
    return {
        entry.slug: shown[entry.creator, entry.title]
        for entry in entries
        if (entry.creator, entry.title) in shown
    }


def _write(entry: DemoPost, models: dict[str, Model3D], people: dict[str, User]) -> None:
    post = BlogPost.objects.create(
        author=people[entry.author],
        title=entry.title,
        slug=entry.slug,
        excerpt=entry.excerpt,
        content=with_addresses(entry.text, models),
        category=entry.category,
        is_featured=entry.is_featured,
    )
    post.tags.set(
        [BlogTag.objects.get_or_create(slug=slugify(name), defaults={"name": name})[0] for name in entry.tags]
    )
    shown = [models[slug] for slug in entry.models if slug in models][:MOST_ON_A_PICTURE]
    if shown:
        picture = picture_of(shown, colours=WARM if entry.is_featured else STUDIO)
        set_picture(subject=post, pictures=post_webps(picture))
        post.refresh_from_db()
        post.picture_alt = " and ".join(model.title for model in shown)
        post.save(update_fields=["picture_alt", "updated_at"])
    posts.publish(post=post, by=people["moderator"])
    since = timezone.now() - timedelta(days=entry.days_ago, hours=3)
    _answer(entry, post, people)
    _date_back(post, since)


def with_addresses(text: str, models: dict[str, Model3D]) -> str:
    """The text with the addresses of its models; one that is not on the site is left out."""

    def address(match: re.Match) -> str:
        model = models.get(match[1])
        return f"{model.get_absolute_url()}\n\n" if model else ""

    return _MODEL.sub(address, text)


def picture_of(models: list[Model3D], *, colours) -> ContentFile:
    """The models' posters side by side in a studio."""
    width, height = SIZES["picture_large"]
    canvas = studio(width, height, colours)
    place = width // len(models)
    for number, model in enumerate(models):
        with model.current_file.poster_large.open("rb") as stored:
            poster = Image.open(stored).convert("RGBA")
        poster = poster.crop(poster.getbbox())
        # Neighbours overlap a little, as things on a table do.
        room = (min(place * 1.12, width * 0.62), height * (0.78 if len(models) < MOST_ON_A_PICTURE else 0.66))
        scale = min(room[0] / poster.width, room[1] / poster.height)
        poster = poster.resize(
            (round(poster.width * scale), round(poster.height * scale)), Image.Resampling.LANCZOS
        )
        left = place * number + (place - poster.width) // 2
        top = round(height * 0.86) - poster.height
        _shadow(canvas, left, top, poster.width, poster.height)
        canvas.alpha_composite(poster, (max(left, 0), max(top, 0)))
    buffer = io.BytesIO()
    canvas.convert("RGB").save(buffer, "PNG")
    return ContentFile(buffer.getvalue(), "picture.png")


def studio(width: int, height: int, colours) -> Image.Image:
    """A round light in front of a wall."""
    light = Image.radial_gradient("L").resize((width * 2, height * 2), Image.Resampling.BICUBIC)
    light = light.crop((width // 2, round(height * 0.55), width // 2 + width, round(height * 0.55) + height))
    middle, edge = (Image.new("RGB", (width, height), colour) for colour in colours)
    return Image.composite(edge, middle, light).convert("RGBA")


def _shadow(canvas: Image.Image, left: int, top: int, width: int, height: int) -> None:
    shade = Image.new("RGBA", canvas.size, (0, 0, 0, 0))
    floor = top + height
    ImageDraw.Draw(shade).ellipse(
        (left + width * 0.08, floor - 26, left + width * 0.92, floor + 22), fill=(40, 30, 20, 110)
    )
    canvas.alpha_composite(shade.filter(ImageFilter.GaussianBlur(18)))


def _answer(entry: DemoPost, post: BlogPost, people: dict[str, User]) -> None:
    post.refresh_from_db()
    chance = random.Random(f"post {entry.slug}")
    members = [people[member.username] for member in MEMBERS]
    for fan in chance.sample(members, chance.randint(4, len(members))):
        likes.like(post=post, by=fan)
    for remark in entry.remarks:
        said = comments.post_comment(post=post, author=people[remark.author], body=remark.text)
        for username, words in remark.answers:
            answer = comments.post_comment(post=post, author=people[username], body=words, parent=said)
            comments.like(comment=answer, by=people[remark.author])
    post.refresh_from_db()
    views = round((90 + 40 * post.likes) * chance.uniform(0.8, 1.6))
    BlogPost.objects.filter(pk=post.pk).update(views=F("views") + views, shares=views // 45)


def _date_back(post: BlogPost, since: datetime) -> None:
    """What was written just now happened after the post came, sooner rather than later."""
    chance = random.Random(f"times {post.slug}")
    span = timezone.now() - since
    BlogPost.objects.filter(pk=post.pk).update(published_at=since, created_at=since - timedelta(days=2))
    Activity.objects.about(post).filter(verb=Activity.Verb.PUBLISHED).update(created_at=since)
    for like in BlogLike.objects.filter(post=post):
        BlogLike.objects.filter(pk=like.pk).update(created_at=since + span * chance.random() ** 2)
    when = since + span * 0.1
    for comment in BlogComment.objects.filter(post=post).order_by("pk"):
        when += (timezone.now() - when) * chance.uniform(0.1, 0.4)
        BlogComment.objects.filter(pk=comment.pk).update(created_at=when)
        told = Notification.objects.filter(link=comment.get_absolute_url())
        told.update(created_at=when)
    others = Activity.objects.about(post).exclude(verb=Activity.Verb.PUBLISHED)
    others.update(created_at=since + span * 0.3)
