from django.conf import settings
from django.urls import URLPattern, path

from seatledger.faces.ui.gallery import show_gallery
from seatledger.faces.ui.theme import choose_theme

app_name = "ui"

urlpatterns: list[URLPattern] = [path("theme", choose_theme, name="theme")]

if settings.DEBUG:
    urlpatterns.append(path("gallery", show_gallery, name="gallery"))
