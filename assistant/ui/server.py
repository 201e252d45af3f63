"""The web application: FastAPI with the page mounted in it, guarded on every way in.

What a browser may do is said in the response headers: scripts come from this server or carry the
nonce of their page, and nothing else is loaded from anywhere. A page of another site cannot send
requests here, frame it, or reach it under a name of its own (DNS rebinding).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import ipaddress
import os
import re
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from index.errors import BylineError

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.applications import Starlette
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from assistant.answering import Assistant
    from assistant.config import Settings
    from index.archive import Archive

STATIC = Path(__file__).with_name("static")
QUIET = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
}
"""Set before Gradio is imported, which would otherwise call home at the start."""

EVAL_RUNS = Path("eval-results")
"""Where ``byline eval run`` writes unless it is told otherwise."""

UPLOAD_LIMIT = "50mb"
"""Size of one uploaded file; the same as `index.config.ExtractLimits.file_bytes`."""


class UnsafeBind(BylineError):
    """The page would be open to the network without a password."""


class UsersUnreadable(BylineError):
    """The setting with the page's users is not in its form."""


def serve(
    archive: Archive,
    assistant: Assistant,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    users: Mapping[str, str] | None = None,
    runs: Path = EVAL_RUNS,
) -> None:
    """Serve the page until interrupted.

    Args:
        archive: Open archive; the caller closes it.
        assistant: What answers.
        host: Address to listen on.
        port: TCP port.
        users: Passwords by user name; None lets everybody in who can connect.
        runs: Folder of eval runs, for the room that shows them.

    Raises:
        UnsafeBind: `host` is reachable from outside and there are no users.
    """
    import uvicorn

    app = create_app(archive, assistant, host=host, users=users, runs=runs)
    archive.prepare()
    uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False)


def create_app(
    archive: Archive,
    assistant: Assistant,
    *,
    host: str = "127.0.0.1",
    users: Mapping[str, str] | None = None,
    runs: Path = EVAL_RUNS,
) -> FastAPI:
    """The whole application, ready for an ASGI server. Raises `UnsafeBind` like `serve`."""
    if not users and not is_loopback(host):
        raise UnsafeBind(
            f"refused to listen on {host} without a password: everybody on the network could read and change "
            "the archive. Set BYLINE_PAGE_USERS='name:password', or listen on 127.0.0.1"
        )
    os.environ.update(QUIET)
    import gradio
    from fastapi import FastAPI
    from fastapi.responses import HTMLResponse
    from fastapi.staticfiles import StaticFiles

    from assistant import mcp
    from assistant.api import create_router
    from assistant.conversations import ConversationStore
    from assistant.ui.history import document_routes, user_of
    from assistant.ui.page import build_page, theme
    from assistant.ui.render import render_api

    tools = mcp.create_mcp_app(archive, assistant) if mcp.is_installed() else None
    app = FastAPI(
        title="byline",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=None if tools is None else _lifespan_of(tools),
    )
    if tools is not None:
        app.router.routes.extend(tools.routes)

    @app.get("/healthz", include_in_schema=False)
    def health() -> dict[str, str | int]:
        return {"status": "ok", "articles": archive.stats().articles}

    store = ConversationStore(archive.folder)
    app.include_router(document_routes(store))
    app.include_router(create_router(archive, assistant))
    described = app.openapi()

    @app.get("/api", include_in_schema=False, response_class=HTMLResponse)
    def describe_api() -> str:
        return render_api(described)

    app.mount("/page", StaticFiles(directory=STATIC), name="page")
    gradio.mount_gradio_app(
        app,
        build_page(archive, assistant, store, runs),
        path="/",
        server_name=host,
        theme=theme(),
        allowed_paths=[],
        show_error=False,
        run_history=False,
        footer_links=[],
        max_file_size=UPLOAD_LIMIT,
        auth_dependency=user_of if users else None,
        ssr_mode=False,
        mcp_server=False,
    )
    app.add_middleware(PageMiddleware)
    app.add_middleware(GateMiddleware, host=host, users=dict(users or {}))
    return app


def _lifespan_of(part: Starlette) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Starts and stops an application whose routes another one has taken over."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with part.router.lifespan_context(part):
            yield

    return lifespan


def read_users(settings: Settings) -> dict[str, str]:
    """Passwords by user name, as `Settings.page_users` has them.

    Raises:
        UsersUnreadable: A user is not written as ``name:password``.
    """
    if settings.page_users is None:
        return {}
    users: dict[str, str] = {}
    for number, pair in enumerate(settings.page_users.get_secret_value().split(","), start=1):
        name, colon, password = pair.strip().partition(":")
        if not (name and colon and password):
            raise UsersUnreadable(
                f"user {number} of BYLINE_PAGE_USERS is not written as name:password; "
                "write for example BYLINE_PAGE_USERS='ada:long password'"
            )
        users[name] = password
    return users


def is_loopback(host: str) -> bool:
    """Whether only this machine can connect to the address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class GateMiddleware:
    """Who may come in: the right host name, no other site's requests, a user where users are set."""

    def __init__(self, app: ASGIApp, host: str, users: Mapping[str, str]) -> None:
        self._app = app
        self._users = users
        # behind a password the name under which a proxy publishes the page is the operator's choice
        self._only_loopback_names = is_loopback(host) and not users

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request, or say why it is refused."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        user = self._user(headers.get("authorization", ""))
        refusal = self._refusal(scope.get("method", "GET"), headers, user)
        if refusal is None:
            await self._app({**scope, "byline_user": user or ""}, receive, send)
            return
        from starlette.responses import PlainTextResponse

        status, words = refusal
        challenge = {"WWW-Authenticate": 'Basic realm="byline", charset="UTF-8"'} if status == 401 else {}
        await PlainTextResponse(words, status, headers=challenge)(scope, receive, send)

    def _refusal(self, method: str, headers: Mapping[str, str], user: str | None) -> tuple[int, str] | None:
        host = headers.get("host", "")
        if self._only_loopback_names and not is_loopback(_host_name(host)):
            return 421, f"this page answers to localhost only, not to {host[:100]!r}"
        if method not in {"GET", "HEAD", "OPTIONS"} and _is_foreign(headers, host):
            return 403, "requests from other sites are refused"
        if self._users and user is None:
            return 401, "a user name and a password are needed"
        return None

    def _user(self, authorization: str) -> str | None:
        kind, _, encoded = authorization.partition(" ")
        try:
            name, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        expected = self._users.get(name, secrets.token_hex())  # an unknown name takes as long as a known one
        is_right = hmac.compare_digest(password.encode(), expected.encode())
        return name if kind.lower() == "basic" and is_right else None


def _host_name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _is_foreign(headers: Mapping[str, str], host: str) -> bool:
    if headers.get("sec-fetch-site", "same-origin") in {"cross-site", "same-site"}:
        return True
    origin = headers.get("origin")
    return origin is not None and origin.partition("://")[2] != host


class PageMiddleware:
    """Security headers on every response; on the page itself a nonce for its scripts, and our files.

    Gradio's page starts with inline scripts. They get a nonce, so that the policy can refuse every
    other inline script and every event handler in an attribute. Its components compile templates at
    run time, which is why ``unsafe-eval`` stands in the policy.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and prepare what comes back."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        head: Message | None = None
        page: list[bytes] = []

        async def send_guarded(message: Message) -> None:
            nonlocal head
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_security_headers(nonce)]
                if _is_html(message):
                    head = message
                    return
            elif head is not None and message["type"] == "http.response.body":
                page.append(message.get("body", b""))
                if message.get("more_body"):
                    return
                body = _prepare_page(b"".join(page), nonce)
                await send(_with_length(head, len(body)))
                await send({"type": "http.response.body", "body": body})
                return
            await send(message)

        if scope["path"] == "/":  # an encoded page could not be prepared
            scope = {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]}
        await self._app(scope, receive, send_guarded)


def _security_headers(nonce: str) -> list[tuple[bytes, bytes]]:
    policy = "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' 'nonce-{nonce}' 'unsafe-eval'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "frame-src 'none'",
            "object-src 'none'",
            "base-uri 'self'",
        )
    )
    headers = {
        "content-security-policy": policy,
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), microphone=(), geolocation=()",
    }
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def _is_html(start: Message) -> bool:
    return any(name == b"content-type" and value.startswith(b"text/html") for name, value in start["headers"])


def _with_length(start: Message, length: int) -> Message:
    others = [pair for pair in start["headers"] if pair[0] != b"content-length"]
    return {**start, "headers": [*others, (b"content-length", str(length).encode())]}


def _prepare_page(page: bytes, nonce: str) -> bytes:
    html = page.decode()
    # text inside the page's JSON has no "<" (Gradio writes it as an escape), so these are its own tags
    html = re.sub(r"<script(?=[\s>])", f'<script nonce="{nonce}"', html)
    html = re.sub(r'<meta\s+(?:property|name)="(?:og|twitter):[^>]*/>\s*', "", html)
    ours = "".join(
        (
            '<meta name="color-scheme" content="light dark">',
            f'<link rel="stylesheet" href="page/style.css?{_version("style.css")}">',
            f'<script nonce="{nonce}" src="page/page.js?{_version("page.js")}"></script>',
        )
    )
    return html.replace("</head>", f"{ours}</head>", 1).encode()


def _version(name: str) -> str:
    """Changes with the file, so that a browser never keeps an old one."""
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
