"""Builds the application. The order matters and is the same for every page.

settings, database, request id, origin, form token, policy and scope, features, template helpers, errors, headers.
"""

import secrets
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, g
from flask_htmx import HTMX
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.web import shoppers
from portal.web.database import finish, init_database
from portal.web.errors import init_errors
from portal.web.features import load_models, register_features
from portal.web.headers import init_headers
from portal.web.intake import MOST_FIELDS, check_intake
from portal.web.logs import init_logs
from portal.web.origin import refuse_foreign_forms, refuse_unreadable_hosts
from portal.web.permissions import enforce
from portal.web.sessions import SqlSessions
from portal.web.settings import ROOT, Settings, read_settings
from portal.web.static_files import init_static_files
from portal.web.templating import init_templating

csrf = CSRFProtect()


class Swaps(HTMX):
    """True when the browser asks for a piece of a page."""

    def __bool__(self) -> bool:
        """Going back asks through htmx as well, but for the whole page."""
        return super().__bool__() and not self.history_restore_request


htmx = Swaps()


class Portal(Flask):
    """Flask, except that the records are committed before the answer is given."""

    session_interface = SqlSessions()

    def dispatch_request(self) -> Response:
        """Run the view, then commit or undo. What the commit raises is answered by the error pages."""
        response = self.make_response(super().dispatch_request())
        finish(response)
        return response


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """The WSGI application.

    `config` replaces the environment (same names, text values) and may carry Flask settings beside them.
    Raises SettingsError when a setting is missing or wrong.
    """
    settings = read_settings(config and {name: str(value) for name, value in config.items()})
    app = Portal("portal", root_path=str(ROOT / "portal"), template_folder=str(ROOT / "templates"), static_folder=None)
    _configure(app, settings, config or {})
    init_logs(app)
    init_database(app, settings)
    _init_requests(app)
    load_models()
    register_features(app)
    init_templating(app)
    init_errors(app)
    init_headers(app)
    init_static_files(app, settings)
    _trust_proxies(app, settings)
    return app


def _configure(app: Flask, settings: Settings, given: Mapping[str, Any]) -> None:
    app.extensions["settings"] = settings
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=settings.body_bytes,
        MAX_FORM_MEMORY_SIZE=settings.body_bytes,
        MAX_FORM_PARTS=MOST_FIELDS,
        TRUSTED_HOSTS=list(settings.hosts) or None,
        WTF_CSRF_TIME_LIMIT=None,  # the token lives as long as the browser session it is derived from
        WTF_CSRF_SSL_STRICT=False,  # origin.py checks Origin and Sec-Fetch-Site, with and without TLS
    )
    app.config.update({name: value for name, value in given.items() if name in ("TESTING", "PROPAGATE_EXCEPTIONS")})


def _init_requests(app: Flask) -> None:
    app.before_request(_number_request)
    app.before_request(refuse_unreadable_hosts)
    app.before_request(refuse_foreign_forms)
    app.before_request(check_intake)
    csrf.init_app(app)
    htmx.init_app(app)
    login = LoginManager(app)
    login.session_protection = None
    app.extensions["login"] = login
    app.before_request(enforce)
    app.after_request(shoppers.send_cookie)


def _number_request() -> None:
    g.request_id = secrets.token_hex(16)


def _trust_proxies(app: Flask, settings: Settings) -> None:
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)
