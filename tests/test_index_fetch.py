"""Getting a page: from public addresses only, within time and size, whatever the server does."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import shutil
import socket
import ssl
import subprocess
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.config import FetchLimits
from index.errors import FetchError
from index.fetch import fetch, is_public

PAGE = b"<html><body><p>The ferry sails again on Monday.</p></body></html>"
PUBLIC = "93.184.215.14"


class Server:
    """A real HTTP server on loopback whose answers a test writes, byte by byte if it likes."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.answers: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        self.requests: list[tuple[str, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer.requests.append((self.path, self.headers["Host"]))
                self.close_connection = True
                with contextlib.suppress(OSError):  # the client hangs up, as it should on a bad answer
                    outer.answers[self.path](self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def limits(self, **changed: float) -> FetchLimits:
        return FetchLimits(**({"seconds": 5.0, "private_hosts": (f"127.0.0.1:{self.port}",)} | changed))  # type: ignore[arg-type]

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def say(self, path: str, body: bytes = PAGE, status: int = 200, **headers: str) -> str:
        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            for name, value in ({"Content-Length": str(len(body))} | headers).items():
                handler.send_header(name.replace("_", "-"), value)
            handler.end_headers()
            handler.wfile.write(body)

        self.answers[path] = answer
        return self.url(path)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


def never_resolve(host: str, port: int) -> list[str]:
    raise AssertionError(f"{host}:{port} was looked up, but its form alone should have been refused")


def numeric_resolve(host: str, port: int) -> list[str]:
    """What a system resolver does with addresses in any notation, without asking the network."""
    try:
        return [socket.inet_ntoa(socket.inet_aton(host))]
    except OSError:
        return [host]


REFUSED = {
    "loopback": "http://127.0.0.1/",
    "loopback_other": "http://127.8.9.10/",
    "loopback_with_usual_port": "http://127.0.0.1:8080/",
    "loopback_https": "https://127.0.0.1/",
    "loopback_ipv6": "http://[::1]/",
    "loopback_ipv6_long": "http://[0:0:0:0:0:0:0:1]/",
    "unspecified": "http://0.0.0.0/",
    "unspecified_network": "http://0.1.2.3/",
    "unspecified_ipv6": "http://[::]/",
    "private_10": "http://10.0.0.1/",
    "private_172": "http://172.16.0.1/",
    "private_172_end": "http://172.31.255.254/",
    "private_192": "http://192.168.1.1/",
    "link_local_metadata": "http://169.254.169.254/latest/meta-data/",
    "link_local_ipv6": "http://[fe80::1]/",
    "unique_local_ipv6": "http://[fd00:ec2::254]/",
    "unique_local_ipv6_fc": "http://[fc00::1]/",
    "site_local_ipv6": "http://[fec0::1]/",
    "carrier_nat": "http://100.64.0.1/",
    "carrier_nat_end": "http://100.127.255.254/",
    "multicast": "http://224.0.0.1/",
    "multicast_end": "http://239.255.255.250/",
    "multicast_ipv6": "http://[ff02::1]/",
    "broadcast": "http://255.255.255.255/",
    "reserved": "http://240.0.0.1/",
    "benchmark_network": "http://198.18.0.1/",
    "documentation_network": "http://192.0.2.1/",
    "documentation_ipv6": "http://[2001:db8::1]/",
    "protocol_assignments": "http://192.0.0.1/",
    "relay_6to4": "http://192.88.99.1/",
    "mapped_loopback": "http://[::ffff:127.0.0.1]/",
    "mapped_metadata_hex": "http://[::ffff:a9fe:a9fe]/",
    "mapped_private": "http://[::ffff:10.0.0.1]/",
    "compatible_loopback": "http://[::127.0.0.1]/",
    "nat64_loopback": "http://[64:ff9b::7f00:1]/",
    "nat64_metadata": "http://[64:ff9b::169.254.169.254]/",
    "wrapped_6to4_private": "http://[2002:a00:1::]/",
    "wrapped_6to4_loopback": "http://[2002:7f00:1::]/",
    "teredo": "http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/",
    "discard_only": "http://[100::1]/",
    "decimal": "http://2130706433/",
    "decimal_metadata": "http://2852039166/",
    "hexadecimal": "http://0x7f000001/",
    "hexadecimal_parts": "http://0x7f.0x0.0x0.0x1/",
    "octal": "http://0177.0.0.1/",
    "octal_whole": "http://017700000001/",
    "short_form": "http://127.1/",
    "short_form_three": "http://127.0.1/",
    "mixed_notation": "http://0x7f.1/",
    "leading_zeros": "http://127.000.000.001/",
    "last_dot": "http://127.0.0.1./",
    "overflowing_decimal": "http://4294967297/",
    "full_width_digits": "http://１２７.０.０.１/",
    "circled_digits": "http://①②⑦.⓪.⓪.①/",
    "ideographic_stops": "http://127。0。0。1/",
    "user_before_private": "http://news.example@127.0.0.1/",
    "user_with_public_host": "http://127.0.0.1@news.example/",
    "user_and_password": "http://user:secret@news.example/",
    "encoded_at": "http://news.example%40127.0.0.1/",
    "backslash_host": "http://127.0.0.1\\@news.example/",
    "file": "file:///etc/passwd",
    "ftp": "ftp://news.example/",
    "gopher": "gopher://127.0.0.1:6379/_FLUSHALL",
    "data": "data:text/html,<p>x</p>",
    "javascript": "javascript:alert(1)",
    "no_scheme": "//127.0.0.1/",
    "no_host": "http:///etc/passwd",
    "empty": "",
    "port_of_redis": "http://news.example:6379/",
    "port_of_ssh": "http://news.example:22/",
    "port_of_mail": "http://news.example:25/",
    "impossible_port": "http://news.example:99999/",
    "port_zero": "http://news.example:0/",
    "line_break": "http://news.example/\r\nX-Injected: 1",
    "nul": "http://news.example\x00.evil.example/",
    "zone": "http://[fe80::1%25eth0]/",
}


@pytest.mark.parametrize("url", REFUSED.values(), ids=REFUSED.keys())
def test_addresses_outside_the_public_web_are_refused(url: str) -> None:
    def resolve(host: str, port: int) -> list[str]:
        return ["127.0.0.1"] if host.endswith(".example") else numeric_resolve(host, port)

    with pytest.raises(FetchError) as refusal:
        fetch(url, FetchLimits(seconds=3), resolve=resolve)
    assert "reached" not in str(refusal.value), "a connection was tried"


@pytest.mark.parametrize(
    "name", ["decimal", "hexadecimal_parts", "octal", "short_form", "last_dot", "user_before_private"]
)
def test_disguises_are_refused_before_any_look_up(name: str) -> None:
    with pytest.raises(FetchError):
        fetch(REFUSED[name], resolve=never_resolve)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:192.168.0.1", "100.64.1.1", "fe80::1%eth0"],
)
def test_a_name_that_stands_for_a_private_address_is_refused(address: str) -> None:
    with pytest.raises(FetchError, match="not on the public internet"):
        fetch("http://news.example/", resolve=lambda host, port: [address])


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    with pytest.raises(FetchError, match=r"192\.168\.0\.1"):
        fetch("http://news.example/", resolve=lambda host, port: [PUBLIC, "192.168.0.1"])


def test_a_name_is_looked_up_once_so_that_a_second_answer_changes_nothing(server: Server) -> None:
    """DNS rebinding: the name server says something else the second time."""
    server.say("/")
    asked: list[str] = []

    def flip(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    limits = FetchLimits(private_hosts=(f"news.example:{server.port}",))
    page = fetch(f"http://news.example:{server.port}/", limits, resolve=flip)

    assert page.content == PAGE
    assert asked == ["news.example"]
    assert server.requests == [("/", f"news.example:{server.port}")]  # Host keeps the name


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/",
        "http://127.0.0.1:80/admin",
        "//10.0.0.1/",
        "http://[::1]/",
        "http://2130706433/",
        "file:///etc/passwd",
        "http://user@127.0.0.1/",
        "http://127.0.0.1:22/",
    ],
)
def test_a_redirect_is_judged_like_the_first_address(server: Server, location: str) -> None:
    url = server.say("/", b"", 302, Location=location)
    with pytest.raises(FetchError) as refusal:
        fetch(url, server.limits())
    assert "reached" not in str(refusal.value), "a connection was tried"


def test_redirects_are_followed_and_the_final_address_is_told(server: Server) -> None:
    server.say("/story")
    server.say("/b", b"", 308, Location="story")
    url = server.say("/a", b"", 301, Location="/b")
    page = fetch(url, server.limits())
    assert (page.url, page.final_url, page.content) == (url, server.url("/story"), PAGE)


def test_too_many_redirects_end(server: Server) -> None:
    url = server.say("/loop", b"", 302, Location="/loop")
    with pytest.raises(FetchError, match="more than 3 times"):
        fetch(url, server.limits())
    assert len(server.requests) == 4


def test_no_cookie_travels_from_one_hop_to_the_next(server: Server) -> None:
    seen: list[str | None] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        seen.append(handler.headers["Cookie"])
        handler.send_response(200)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    server.answers["/b"] = answer
    fetch(server.say("/a", b"", 302, Location="/b", Set_Cookie="id=1"), server.limits())
    assert seen == [None]


def test_proxy_variables_of_the_environment_are_ignored(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert fetch(server.say("/"), server.limits()).content == PAGE


def test_a_page_can_be_fetched_inside_a_running_event_loop(server: Server) -> None:
    url = server.say("/")

    async def inside() -> bytes:
        return fetch(url, server.limits()).content

    assert asyncio.run(inside()) == PAGE


ZLIB_RAW = zlib.compressobj(wbits=-15)
RAW_DEFLATE = ZLIB_RAW.compress(PAGE) + ZLIB_RAW.flush()


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("identity", PAGE),
        ("gzip", gzip.compress(PAGE)),
        ("x-gzip", gzip.compress(PAGE)),
        ("gzip", gzip.compress(PAGE[:20]) + gzip.compress(PAGE[20:])),
        ("deflate", zlib.compress(PAGE)),
        ("deflate", RAW_DEFLATE),
    ],
    ids=["identity", "gzip", "x_gzip", "gzip_of_two_members", "deflate", "deflate_without_header"],
)
def test_bodies_are_decompressed(server: Server, encoding: str, body: bytes) -> None:
    page = fetch(
        server.say("/", body, Content_Encoding=encoding, Content_Type="Text/HTML; charset=utf-8"),
        server.limits(),
    )
    assert page.content == PAGE
    assert page.content_type == "text/html"


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_compression_bomb_stops_at_the_limit_and_never_unfolds_in_memory(
    server: Server, encoding: str
) -> None:
    """60 MB of zeros in 60 KB: httpx's own decoder makes 67 MB of one 64 KB chunk."""
    compressor = zlib.compressobj(9, wbits=31 if encoding == "gzip" else 15)
    body = b"".join(compressor.compress(bytes(1_000_000)) for _ in range(60)) + compressor.flush()
    url = server.say("/", body, Content_Encoding=encoding)

    tracemalloc.start()
    with pytest.raises(FetchError, match="larger than 5,000,000 bytes"):
        fetch(url, server.limits())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 20_000_000


def test_a_body_of_exactly_the_limit_is_taken(server: Server) -> None:
    url = server.say("/", gzip.compress(bytes(1_000)), Content_Encoding="gzip")
    assert len(fetch(url, server.limits(decoded_bytes=1_000)).content) == 1_000
    with pytest.raises(FetchError, match="larger than 999"):
        fetch(url, server.limits(decoded_bytes=999))


@pytest.mark.parametrize(
    ("encoding", "body", "reason"),
    [
        ("gzip", gzip.compress(PAGE)[:-12], "cut off"),
        ("gzip", b"no gzip at all", "damaged"),
        ("deflate", zlib.compress(PAGE)[:-6], "cut off"),
        ("br", b"\x0b\x02\x80", "not asked for"),
        ("gzip, gzip", gzip.compress(gzip.compress(PAGE)), "not asked for"),
        ("zstd", b"", "not asked for"),
    ],
    ids=["gzip_cut", "not_gzip", "deflate_cut", "brotli", "gzip_twice", "zstd"],
)
def test_damaged_and_unwanted_compression_is_refused(
    server: Server, encoding: str, body: bytes, reason: str
) -> None:
    with pytest.raises(FetchError, match=reason):
        fetch(server.say("/", body, Content_Encoding=encoding), server.limits())


def test_an_endless_body_stops_at_the_limit(server: Server) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(b"x" * 65_536)

    server.answers["/"] = answer
    with pytest.raises(FetchError, match="larger than"):
        fetch(server.url(), server.limits())


def drip_body(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    for _ in range(1_000):
        handler.wfile.write(b"x")
        time.sleep(0.05)


def drip_headers(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for _ in range(1_000):
        handler.wfile.write(b"x")
        time.sleep(0.05)


def say_nothing(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(10)


@pytest.mark.parametrize("answer", [drip_body, drip_headers, say_nothing])
def test_the_deadline_holds_against_a_server_that_only_drips(
    server: Server, answer: Callable[[BaseHTTPRequestHandler], None]
) -> None:
    server.answers["/"] = answer
    began = time.monotonic()
    with pytest.raises(FetchError, match=r"within 0\.5 s"):
        fetch(server.url(), server.limits(seconds=0.5))
    assert time.monotonic() - began < 1.5


def test_the_deadline_holds_against_a_name_server_that_never_answers() -> None:
    def hang(host: str, port: int) -> list[str]:
        time.sleep(5)
        return [PUBLIC]

    began = time.monotonic()
    with pytest.raises(FetchError, match=r"within 0\.3 s"):
        fetch("http://news.example/", FetchLimits(seconds=0.3), resolve=hang)
    assert time.monotonic() - began < 1.5


def test_a_body_shorter_than_announced_is_an_error(server: Server) -> None:
    with pytest.raises(FetchError, match="broke off"):
        fetch(server.say("/", PAGE, Content_Length="5000"), server.limits())


@pytest.mark.parametrize("status", [204, 304, 400, 401, 403, 404, 410, 429, 500, 503])
def test_other_answers_than_200_are_errors_with_their_number(server: Server, status: int) -> None:
    with pytest.raises(FetchError, match=str(status)):
        fetch(server.say("/", b"", status), server.limits())


def test_pictures_and_documents_are_refused_by_their_type(server: Server) -> None:
    with pytest.raises(FetchError, match="image/png"):
        fetch(server.say("/", b"x", Content_Type="image/png"), server.limits())


def test_a_closed_port_is_named() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(FetchError, match="cannot be reached"):
        fetch(f"http://127.0.0.1:{port}/", FetchLimits(private_hosts=(f"127.0.0.1:{port}",)))


def test_an_unknown_host_is_named() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(FetchError, match=r"host news\.example .* is not known"):
        fetch("https://news.example/", resolve=unknown)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_judged_alike_in_every_ipv6_wrapping(address: object) -> None:
    assert is_public(f"::ffff:{address}") == is_public(str(address))
    assert is_public(f"64:ff9b::{address}") == is_public(str(address))


@pytest.mark.parametrize("address", [PUBLIC, "8.8.8.8", "2606:4700::6810:84e5", "::ffff:8.8.8.8"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for news.example, signed by itself, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("needs the openssl command to make a certificate")
    folder = tmp_path_factory.mktemp("tls")
    cert, key = folder / "cert.pem", folder / "key.pem"
    subject = ["-subj", "/CN=news.example", "-addext", "subjectAltName=DNS:news.example"]
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
    ]
    subprocess.run(
        [*command, "-keyout", key, "-out", cert, "-days", "2", *subject], check=True, capture_output=True
    )
    return cert, key


@pytest.mark.parametrize(("host", "is_trusted"), [("news.example", True), ("other.example", False)])
def test_tls_is_checked_for_the_name_although_the_connection_goes_to_an_address(
    certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, host: str, is_trusted: bool
) -> None:
    cert, key = certificate
    names_asked: list[str] = []
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)
    context.sni_callback = lambda _socket, name, _context: names_asked.append(name)
    server = Server(context)
    server.say("/")
    monkeypatch.setattr("index.fetch._tls", lambda: ssl.create_default_context(cafile=str(cert)))
    limits = FetchLimits(seconds=5, private_hosts=(f"{host}:{server.port}",))
    url = f"https://{host}:{server.port}/"
    try:
        if is_trusted:
            assert fetch(url, limits, resolve=lambda *_: ["127.0.0.1"]).content == PAGE
        else:
            with pytest.raises(FetchError, match="certificate"):
                fetch(url, limits, resolve=lambda *_: ["127.0.0.1"])
    finally:
        server.close()
    assert names_asked == [host]
