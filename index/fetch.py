"""One page from the web, at a known cost and from a public address only.

An address in a feed, a page or a user's hand may point into the network that byline runs in. So a
name is resolved once, every address it stands for is judged, and the connection goes to a judged
address while ``Host`` and TLS keep the name: a second answer of the name server changes nothing.
Each redirect goes through the same checks. Bodies are decoded here, piece by piece, because a
decoder without a limit makes 67 MB of a 64 KB gzip chunk at once.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
import threading
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from typing import TYPE_CHECKING, TypeAlias

from index.config import FetchLimits
from index.errors import FetchError

if TYPE_CHECKING:
    import httpx

Resolve: TypeAlias = Callable[[str, int], list[str]]
"""Host name and port -> IP addresses, in the order to try them; raises OSError."""

USUAL_PORTS = frozenset({80, 443, 8080, 8443})
"""Where the web is served; a news page on another port is most likely another service."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HEADERS = {
    "User-Agent": "byline/0.1 (news archive)",
    "Accept": "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, "
    "application/xml;q=0.9, text/*;q=0.8, */*;q=0.1",
    "Accept-Encoding": "gzip, deflate",
}
_UNREADABLE = ("image/", "audio/", "video/", "font/", "application/pdf", "application/zip")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_RELAYS = (ipaddress.ip_network("192.88.99.0/24"), ipaddress.ip_network("2001::/32"))
"""6to4 relays and Teredo: public by the registry, but what is behind them is not known."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """What an address returned."""

    url: str
    """As asked."""
    final_url: str
    """After redirects."""
    content: bytes
    """The decompressed body."""
    content_type: str
    """Media type in lower case without parameters; empty where the server names none."""
    fetched: datetime
    """When the body was complete, UTC."""


def resolve_name(host: str, port: int) -> list[str]:
    """Ask the system for the addresses of a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def fetch(url: str, limits: FetchLimits | None = None, *, resolve: Resolve = resolve_name) -> Page:
    """Get a page.

    Args:
        url: An http or https address.
        limits: Time, size and redirects that it may cost, and private hosts that are allowed.
        resolve: Looks up host names.

    Raises:
        FetchError: The address is refused, cannot be reached, answers with an error or with
            something that is no text, or costs more than the limits.
    """
    limits = limits or FetchLimits()
    return _run_apart(partial(_fetch, url, limits, resolve), url, limits.seconds)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, also inside its IPv6 wrappings."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is None and (ip in _NAT64 or int(ip) >> 32 == 0):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if ip.is_site_local:
            return False
    if any(ip.version == relay.version and ip in relay for relay in _RELAYS):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and not ip.is_unspecified


def _run_apart(start: Callable[[], Awaitable[Page]], url: str, seconds: float) -> Page:
    """Await a page in a thread of its own, for so long: the caller may have an event loop running."""
    result: Future[Page] = Future()

    async def run() -> Page:
        try:
            async with asyncio.timeout(seconds):
                return await start()
        except TimeoutError as error:
            raise FetchError(f"{url} was not complete within {seconds:g} s; try again later") from error

    def work() -> None:
        try:
            result.set_result(asyncio.run(run()))
        except BaseException as error:  # noqa: BLE001  # raised again in the caller's thread
            result.set_exception(error)

    threading.Thread(target=work, daemon=True, name="byline-fetch").start()
    return result.result()


async def _fetch(url: str, limits: FetchLimits, resolve: Resolve) -> Page:
    target = _parse(url)
    for _ in range(limits.redirects + 1):
        answer = await _get(target, limits, resolve)
        if isinstance(answer, _Body):
            return Page(
                url=url,
                final_url=str(target),
                content=answer.content,
                content_type=answer.content_type,
                fetched=datetime.now(UTC),
            )
        target = answer
    raise FetchError(f"{url} redirects more than {limits.redirects} times; give the address it ends at")


@dataclass(frozen=True, slots=True)
class _Body:
    content: bytes
    content_type: str


async def _get(target: httpx.URL, limits: FetchLimits, resolve: Resolve) -> _Body | httpx.URL:
    """Return the body of one address, or where it redirects to."""
    import httpx

    addresses = await _checked_addresses(target, limits, resolve)
    host = target.host
    for remaining, address in enumerate(addresses, start=1 - len(addresses)):
        request_url = target.copy_with(host=address)
        try:
            # A client for each hop: no cookie of one site can reach another on the same address.
            async with (
                httpx.AsyncClient(verify=_tls(), trust_env=False, timeout=limits.seconds) as client,
                client.stream(
                    "GET",
                    request_url,
                    headers={**_HEADERS, "Host": target.netloc.decode("ascii")},
                    extensions={"sni_hostname": host},
                ) as response,
            ):
                return await _read_answer(response, target, limits)
        except httpx.ConnectError as error:
            if remaining == 0:
                raise FetchError(f"{target} cannot be reached: {error or 'no connection'}") from error
        except (httpx.HTTPError, httpx.StreamError, ssl.SSLError, OSError) as error:
            raise FetchError(
                f"{target} broke off: {error or type(error).__name__}; try again later"
            ) from error
    raise FetchError(f"{target} has no address")


async def _read_answer(response: httpx.Response, target: httpx.URL, limits: FetchLimits) -> _Body | httpx.URL:
    if response.status_code in _REDIRECTS and "location" in response.headers:
        return _parse(response.headers["location"], base=target)
    if response.status_code != 200:
        raise FetchError(
            f"{target} answered {response.status_code} {response.reason_phrase}; open it in a browser"
        )
    content_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type.startswith(_UNREADABLE):
        raise FetchError(f"{target} is {content_type}; give the address of a page, a feed or a text")
    encoding = response.headers.get("content-encoding", "").strip().lower()
    content = await _decode(response.aiter_raw(), encoding, limits.decoded_bytes, str(target))
    return _Body(content, content_type)


async def _decode(pieces: AsyncIterator[bytes], encoding: str, limit: int, url: str) -> bytes:
    """Decompress a body, at no moment holding much more than `limit` bytes of it."""
    if encoding in {"", "identity"}:
        decoder: _Decoder = _Plain()
    elif encoding in {"gzip", "x-gzip", "deflate"}:
        decoder = _Inflater(encoding)
    else:
        raise FetchError(f"{url} is compressed as {encoding[:40]!r}, which was not asked for")
    content = bytearray()
    try:
        async for piece in pieces:
            content += decoder.decode(piece, limit + 1 - len(content))
            if len(content) > limit:
                raise FetchError(
                    f"{url} is larger than {limit:,} bytes; save the article as a file and add that"
                )
    except zlib.error as error:
        raise FetchError(f"{url} sent damaged {encoding} data: {error}") from error
    if not decoder.is_complete():
        raise FetchError(f"{url} was cut off before its end; try again later")
    return bytes(content)


class _Plain:
    """No compression."""

    def decode(self, piece: bytes, room: int) -> bytes:
        return piece[:room]

    def is_complete(self) -> bool:
        return True


class _Inflater:
    """Gzip (also of several members) or deflate (with and without its zlib header), up to a length."""

    def __init__(self, encoding: str) -> None:
        self._is_gzip = encoding != "deflate"
        self._stream: zlib._Decompress | None = None

    def decode(self, piece: bytes, room: int) -> bytes:
        decoded = bytearray()
        while piece and len(decoded) < room:
            if self._stream is None or (self._stream.eof and self._is_gzip):
                self._stream = zlib.decompressobj(self._window(piece))
            decoded += self._stream.decompress(piece, room - len(decoded))
            piece = self._stream.unconsumed_tail or self._stream.unused_data
            if self._stream.eof and not self._is_gzip:
                break
        return bytes(decoded)

    def is_complete(self) -> bool:
        return self._stream is None or self._stream.eof

    def _window(self, start: bytes) -> int:
        """The ``wbits`` of zlib: gzip, zlib, or a bare deflate stream as some servers send it."""
        if self._is_gzip:
            return 16 + zlib.MAX_WBITS
        return zlib.MAX_WBITS if start[0] & 0x0F == 8 else -zlib.MAX_WBITS


_Decoder: TypeAlias = _Plain | _Inflater


def _parse(url: str, base: httpx.URL | None = None) -> httpx.URL:
    """Parse an address with the one parser that is also used to connect, and judge its form."""
    import httpx

    try:
        target = base.join(url) if base is not None else httpx.URL(url.strip())
        host = target.raw_host.decode("ascii")
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise FetchError(f"{url[:200]!r} is no web address: {error}") from error
    if target.scheme not in {"http", "https"} or not host:
        raise FetchError(f"{url[:200]!r} is no http or https address")
    if target.userinfo:
        raise FetchError(f"{target.copy_with(userinfo=b'')} was given with a user name; give it without")
    if _is_disguised_address(host):
        raise FetchError(f"{url[:200]!r} writes an IP address in an unusual form; give the host's name")
    return target.copy_with(fragment=None)


def _is_disguised_address(host: str) -> bool:
    """Whether the last label is a number but the whole no plain IP address: 2130706433, 0x7f.1, 127.1."""
    last = host.rstrip(".").rpartition(".")[2].lower()
    if not (last.isdigit() or last.startswith("0x")):
        return False
    try:
        return str(ipaddress.ip_address(host)) != host
    except ValueError:
        return True


async def _checked_addresses(target: httpx.URL, limits: FetchLimits, resolve: Resolve) -> list[str]:
    """Resolve a host and return its addresses, all of which may be connected to."""
    host = target.raw_host.decode("ascii").strip("[]")
    port = target.port or (443 if target.scheme == "https" else 80)
    is_allowed = f"{target.host}:{port}" in limits.private_hosts
    if port not in USUAL_PORTS and not is_allowed:
        raise FetchError(
            f"{target} asks for port {port}; pages come from {', '.join(map(str, sorted(USUAL_PORTS)))}"
        )
    try:
        addresses = await _in_thread(resolve, host, port)
    except (OSError, UnicodeError) as error:
        raise FetchError(f"the host {host} of {target} is not known: {error}") from error
    refused = [address for address in addresses if not is_public(address)]
    if refused and not is_allowed:
        raise FetchError(
            f"{target} leads to {refused[0]}, which is not on the public internet; save the page as a file"
        )
    return addresses


async def _in_thread(resolve: Resolve, host: str, port: int) -> list[str]:
    """Look a name up without holding the deadline: a thread that hangs is left behind."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[str]] = loop.create_future()

    def report(setter: Callable[..., None], value: object) -> None:
        def deliver() -> None:
            if not answer.done():
                setter(value)

        if not loop.is_closed():
            loop.call_soon_threadsafe(deliver)

    def work() -> None:
        try:
            report(answer.set_result, resolve(host, port))
        except (OSError, UnicodeError) as error:
            report(answer.set_exception, error)

    threading.Thread(target=work, daemon=True, name="byline-resolve").start()
    return await answer


@cache
def _tls() -> ssl.SSLContext:
    """The certificates to trust; reading them takes longer than most pages."""
    import httpx

    return httpx.create_ssl_context(trust_env=False)
