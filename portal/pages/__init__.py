"""The landing page, help, service health: pages that belong to no feature."""

from flask import Flask

from portal.pages.views import blueprint
from portal.web.registries import Offer, on_landing, on_navigation


def register(app: Flask) -> None:
    """Add the pages."""
    app.register_blueprint(blueprint)
    on_navigation("Find a plan", "pages.landing", order=10)
    on_navigation("Help", "pages.help_page", order=80)
    on_landing(
        Offer(
            "Not sure how it works?",
            "What prices, credits and estimates mean, and how to reach a person.",
            "Read the answers",
            "pages.help_page",
            order=90,
        )
    )
