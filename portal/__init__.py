"""The face: Flask application, accounts, pages, and the tables of what people did. WSGI: `portal:create_app()`."""

from portal.web.factory import create_app

__all__ = ["create_app"]
