from django.apps import AppConfig


class BlogConfig(AppConfig):
    """Articles with their comments, and what members say of the site."""

    name = "blog"

    def ready(self):
        from accounts import personal_data
        from blog import keeper, reportables
        from blog.models import BlogPost
        from marketplace.statistics import count_views, views_adder

        count_views("post", views_adder(BlogPost))
        reportables.register()
        personal_data.register(keeper.keeper())
