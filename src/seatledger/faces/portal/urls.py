"""The portal's addresses, under the name `portal`."""

from django.urls import URLPattern

app_name = "portal"
urlpatterns: list[URLPattern] = []
