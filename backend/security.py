"""Who may talk to the server, and what a page of it may do: Host, Origin and response headers."""

import secrets
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.errors import ApiError

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
PORTS = {"http": 80, "ws": 80, "https": 443, "wss": 443}

BASE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
"""For everything that is not the page itself: it is data, and does nothing when opened."""


def page_policy(nonce: str) -> str:
    """Return the content security policy of the page that carries this nonce."""
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src 'self' 'nonce-{nonce}'",
            f"style-src 'self' 'nonce-{nonce}'",
            # The canvas places its layers by style attributes.
            "style-src-attr 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )


def new_nonce() -> str:
    """Return a value that nobody can guess, for one page."""
    return secrets.token_urlsafe(16)


class ResponseHeaders:
    """Puts the security headers on every response, errors included."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and complete the headers of its answer."""

        async def complete(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                headers = MutableHeaders(scope=message)
                for name, value in BASE_HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Content-Security-Policy", DATA_POLICY)
                if scope["path"].startswith("/api"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, complete)


class Guard:
    """Refuses requests for another host, and changes asked for by another site's page."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self.app = app
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on when it is meant for us and comes from our own page or no page."""
        if scope["type"] in ("http", "websocket"):
            headers = Headers(scope=scope)
            self._check_host(headers)
            _check_address(scope["path"])
            if scope["type"] == "websocket" or scope["method"] not in SAFE_METHODS:
                _check_origin(headers)
        await self.app(scope, receive, send)

    def _check_host(self, headers: Headers) -> None:
        # A page of a name that points here (DNS rebinding) must not be answered as if it were ours.
        sent = headers.getlist("host")
        name = _split(sent[0])[0] if len(sent) == 1 else ""
        if name not in self.hosts:
            raise ApiError(
                400,
                "host_not_allowed",
                f"Expected a request to one of {', '.join(sorted(self.hosts))}, got Host "
                f"{', '.join(sent)[:100]!r}. To serve under another name, set ALLOWED_HOSTS.",
            )


def _check_address(path: str) -> None:
    # A request for "http://other/" names its host there, and the Host header is not what counts.
    if not path.startswith("/"):
        raise ApiError(
            400,
            "bad_address",
            f"Expected an address that begins with /, got {path[:100]!r}. Send the path alone.",
        )


def _check_origin(headers: Headers) -> None:
    for origin in headers.getlist("origin"):
        if not _same(origin, headers["host"]):
            raise ApiError(
                403,
                "origin_not_allowed",
                f"Expected a request from this server's own page, got Origin {origin[:100]!r}. "
                "Open the app under its own address.",
            )


def _same(origin: str, host: str) -> bool:
    try:
        parts = urlsplit(origin)
        default = PORTS[parts.scheme]
        name, port = _split(parts.netloc)
    except (ValueError, KeyError):
        return False
    own_name, own_port = _split(host)
    return name == own_name and (port or default) == (own_port or default)


def _split(netloc: str) -> tuple[str, int | None]:
    """Return the lower-case host name (an IPv6 address in brackets) and the port, if any."""
    name, colon, port = netloc.rpartition(":")
    if not colon or netloc.endswith("]"):
        return netloc.lower(), None
    return (
        (name.lower(), int(port)) if port.isascii() and port.isdigit() else (netloc.lower(), None)
    )
