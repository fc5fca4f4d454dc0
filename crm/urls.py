"""All addresses of the site."""


urlpatterns: list = []
