"""The Django app."""

from django.apps import AppConfig


class LiveConfig(AppConfig):
    """The one app with models."""

    name = "loopbaan.live"
    label = "live"
    default_auto_field = "django.db.models.BigAutoField"
