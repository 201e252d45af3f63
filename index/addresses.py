"""Web addresses: which are usable, and which two name the same article."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

LONGEST_ADDRESS = 2_000
"""Characters; longer addresses are refused (browsers and servers stop at about the same length)."""

_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f<>\"\\]")
_UNENCODED = re.compile(r"[ ^`{|}]")


def is_web_address(source: str) -> bool:
    """Whether a source as typed by a user is meant as an address and not as a file."""
    return source[:8].lower().startswith(("http://", "https://"))


def canonical_url(url: str) -> str | None:
    """Bring an address into the one form that byline stores, or None if it is not a web address.

    Tracking parameters, the fragment and default ports go; scheme and host become lower case.
    An address with a user name, a control character, a quotation mark, a backslash or an angle
    bracket in it is not accepted.
    """
    from courlan import normalize_url

    url = url.strip()
    if len(url) > LONGEST_ADDRESS or not is_web_address(url) or _FORBIDDEN.search(url):
        return None
    url = _UNENCODED.sub(lambda match: f"%{ord(match[0]):02X}", url)
    try:
        parts = urlsplit(url)
        if not parts.hostname or parts.username is not None or parts.password is not None:
            return None
        _ = parts.port  # raises ValueError where it is no number
        return str(normalize_url(parts._replace(fragment="")))
    except ValueError:
        return None


def address_key(url: str) -> str:
    """What two spellings of one article's canonical address have in common.

    Outlets serve the same article with and without ``https``, ``www.`` and a last slash.
    """
    parts = urlsplit(url)
    host = parts.netloc.removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}?{parts.query}"


def host_name(url: str) -> str | None:
    """The host as a reader knows it, without ``www.``."""
    host = urlsplit(url).hostname
    return host.removeprefix("www.") if host else None
