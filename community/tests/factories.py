"""Communities for tests, made by the same calls as on the site where there is one."""

import factory

from accounts.tests.factories import UserFactory
from community.models import (
    Community,
    CommunityMembership,
    CommunityPost,
    PostComment,
    Role,
)


class CommunityFactory(factory.django.DjangoModelFactory):
    """An open community with its owner in it; `private`, `approval`, `pending` and `suspended` make other ones."""

    class Meta:
        model = Community
        skip_postgeneration_save = True

    class Params:
        private = factory.Trait(policy=Community.Policy.PRIVATE)
        approval = factory.Trait(policy=Community.Policy.APPROVAL)
        pending = factory.Trait(state=Community.State.PENDING)
        suspended = factory.Trait(state=Community.State.SUSPENDED)

    name = factory.Sequence(lambda number: f"Community {number}")
    description = "For those who like their edges hard and their normals weighted."
    category = Community.Category.MODELLING
    policy = Community.Policy.OPEN
    state = Community.State.ACTIVE
    owner = factory.SubFactory(UserFactory)
    members_count = 1

    @factory.post_generation
    def owners_place(self, create, extracted, **kwargs):
        CommunityMembership.objects.create(community=self, user=self.owner, role=Role.ADMIN)


class PostFactory(factory.django.DjangoModelFactory):
    """A post as it stands, without its count in the community."""

    class Meta:
        model = CommunityPost

    community = factory.SubFactory(CommunityFactory)
    author = factory.SelfAttribute("community.owner")
    body = "Look at **this** edge flow."


class PostCommentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PostComment

    post = factory.SubFactory(PostFactory)
    author = factory.SubFactory(UserFactory)
    body = "Very clean."


def member_of(community: Community, role: Role = Role.MEMBER, user=None) -> CommunityMembership:
    """Somebody who is in it, and counted."""
    made = CommunityMembership.objects.create(community=community, user=user or UserFactory(), role=role)
    community.members_count += 1
    community.save(update_fields=["members_count"])
    return made
