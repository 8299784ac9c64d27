"""Security and caching headers of every answer, in one place."""

from wsgiref.headers import Headers

from flask import Flask, Response, current_app

from portal.web.settings import Settings

_SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "object-src": "'none'",
}
CONTENT_SECURITY_POLICY = "; ".join(f"{name} {value}" for name, value in _SOURCES.items())

_UNUSED_FEATURES = ("accelerometer", "camera", "geolocation", "gyroscope", "microphone", "payment", "usb")
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in _UNUSED_FEATURES),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
STRICT_TRANSPORT = "max-age=63072000; includeSubDomains"
NO_STORE = "no-store"


def set_headers(response: Response) -> Response:
    """After each request. A view that may be cached says so itself; all else is never stored."""
    settings: Settings = current_app.extensions["settings"]
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    if settings.secure:
        response.headers["Strict-Transport-Security"] = STRICT_TRANSPORT
    response.headers.setdefault("Cache-Control", NO_STORE)
    response.vary.add("HX-Request")
    return response


def add_static_headers(headers: Headers, *_: str) -> None:
    """The same for files, which never pass through the app."""
    for header in SECURITY_HEADERS.items():
        headers.add_header(*header)


def init_headers(app: Flask) -> None:
    """Register the one function."""
    app.after_request(set_headers)
