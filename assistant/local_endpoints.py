"""Looks for a model server on this machine, so that one can be offered; it is never used unasked."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass

KNOWN_SERVERS = (
    ("Ollama", "http://127.0.0.1:11434/v1"),
    ("llama.cpp", "http://127.0.0.1:8080/v1"),
    ("vLLM", "http://127.0.0.1:8000/v1"),
    ("LM Studio", "http://127.0.0.1:1234/v1"),
)
"""Model servers and the base URL of each where its default port was kept."""

SECONDS = 0.3
"""For one server to answer; on loopback a live one takes a few milliseconds."""

MAX_BYTES = 100_000
"""Of a list of models."""


@dataclass(frozen=True, slots=True)
class LocalEndpoint:
    """A model server found on this machine."""

    server: str
    """What usually listens there ("Ollama"); another program may."""
    url: str
    """For ``BYLINE_MODEL_URL``."""
    models: tuple[str, ...]
    """Names for ``BYLINE_MODEL_NAME``, sorted."""


def find_local_endpoints(servers: tuple[tuple[str, str], ...] = KNOWN_SERVERS) -> list[LocalEndpoint]:
    """The servers that answer a request for their list of models; sends nothing beyond loopback."""
    found = []
    for server, url in servers:
        models = list_models(url)
        if models is not None:
            found.append(LocalEndpoint(server, url, models))
    return found


def list_models(url: str) -> tuple[str, ...] | None:
    """Names of the models at an endpoint; None where nothing there speaks the protocol."""
    import httpx

    body, started = b"", time.monotonic()
    try:
        with (
            httpx.Client(timeout=SECONDS, trust_env=False) as client,
            client.stream("GET", f"{url}/models", headers={"Accept-Encoding": "identity"}) as response,
        ):
            for data in response.iter_raw():
                body += data
                if len(body) > MAX_BYTES or time.monotonic() - started > SECONDS:
                    return None
    except httpx.HTTPError:
        return None
    return _read_names(body) if response.status_code == 200 else None


def _read_names(body: bytes) -> tuple[str, ...] | None:
    try:
        listed = json.loads(body)["data"]
        return tuple(sorted(str(model["id"]) for model in listed))
    except (ValueError, RecursionError, KeyError, TypeError):
        return None
