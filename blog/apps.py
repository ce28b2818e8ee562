from django.apps import AppConfig


class BlogConfig(AppConfig):
    """Articles with their comments, courses, and what members say of the site."""

    name = "blog"

    def ready(self):
        from accounts import personal_data
        from blog import keeper, reportables, waiting
        from blog.courses.room import room_for_videos
        from blog.models import BlogPost, Course
        from core.uploadhandlers import make_room
        from core.waiting import register
        from marketplace.statistics import count_views, views_adder

        count_views("post", views_adder(BlogPost))
        count_views("course", views_adder(Course))
        make_room(room_for_videos)
        reportables.register()
        register(*waiting.QUEUES)
        personal_data.register(keeper.keeper())
