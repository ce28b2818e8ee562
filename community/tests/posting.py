"""Posts for tests, by the same calls as on the site."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from community.actions import posts as actions
from community.actions.posts import Change, Draft
from community.models import Community, CommunityPost
from community.posting.pictures import prepared


def picture_file(name: str = "wires.png", size=(320, 240), kind: str = "PNG") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 90, 40)).save(out, kind)
    return SimpleUploadedFile(name, out.getvalue(), content_type=f"image/{kind.lower()}")


def posted(
    community: Community, author=None, body: str = "Look at **this** edge flow.", **draft
) -> CommunityPost:
    draft["pictures"] = [prepared(picture_file()) for _ in range(draft.pop("pictures", 0))]
    return actions.publish(
        community=community, author=author or community.owner, draft=Draft(body=body, **draft)
    )


def edited(post: CommunityPost, body: str, **change) -> CommunityPost:
    return actions.edit(post=post, by=post.author, change=Change(body=body, model=post.model, **change))
