"""The web application's doors: who may come in, and what a browser is told."""

import base64
import re

import pytest
from starlette.testclient import TestClient

from assistant import Assistant, Settings
from assistant.ui.server import UnsafeBind, UsersUnreadable, create_app, is_loopback, read_users
from index import Archive
from index.testing import HashEmbedder

OFFLINE = Settings(model_url=None, _env_file=None)
USERS = {"ada": "correct horse", "ben": "battery staple"}


def login(name, password):
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    with Archive.open(tmp_path_factory.mktemp("newsroom"), embedder=HashEmbedder()) as opened:
        yield opened


@pytest.fixture(scope="module")
def client(archive):
    return TestClient(create_app(archive, Assistant(archive, settings=OFFLINE)), base_url="http://127.0.0.1")


@pytest.fixture(scope="module")
def guarded(archive):
    app = create_app(archive, Assistant(archive, settings=OFFLINE), host="0.0.0.0", users=USERS)
    return TestClient(app, base_url="http://news.example")


def test_health_says_how_many_articles_there_are(client):
    assert client.get("/healthz").json() == {"status": "ok", "articles": 0}


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "news.example"])
def test_a_public_address_without_users_is_refused(archive, host):
    with pytest.raises(UnsafeBind, match=re.escape(host)):
        create_app(archive, Assistant(archive, settings=OFFLINE), host=host)


@pytest.mark.parametrize(
    ("host", "only_here"),
    [
        ("127.0.0.1", True),
        ("localhost", True),
        ("::1", True),
        ("[::1]", True),
        ("127.9.9.9", True),
        ("0.0.0.0", False),
    ],
)
def test_loopback_is_what_only_this_machine_can_reach(host, only_here):
    assert is_loopback(host) == only_here


def test_users_are_read_from_the_settings():
    settings = Settings(page_users="ada:correct horse, ben:a:b", _env_file=None)
    assert read_users(settings) == {"ada": "correct horse", "ben": "a:b"}
    assert read_users(OFFLINE) == {}


@pytest.mark.parametrize("written", ["ada", "ada:", ":secret", "ada:x,,"])
def test_users_that_cannot_be_read_are_refused_without_naming_a_password(written):
    with pytest.raises(UsersUnreadable, match="name:password") as refused:
        read_users(Settings(page_users=written, _env_file=None))
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("path", ["/", "/healthz", "/page/page.js", "/gradio_api/info", "/no/such/page"])
def test_every_response_carries_the_security_headers(client, path):
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "'unsafe-inline'" not in re.search(r"script-src [^;]*", policy)[0]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_every_script_of_the_page_carries_the_nonce_of_its_response(client):
    first, second = client.get("/"), client.get("/")
    nonce = re.search(r"'nonce-([^']+)'", first.headers["content-security-policy"])[1]
    assert nonce not in second.text
    scripts = re.findall(r"<script[^>]*>", first.text)
    assert scripts
    assert all(f'nonce="{nonce}"' in script for script in scripts)


def test_the_page_names_no_outside_address(client):
    html = re.sub(r"<script.*?</script>", "", client.get("/").text, flags=re.DOTALL)
    assert not re.findall(r'(?:src|href|content)="https?://[^"]*"', html)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "localhost.evil"])
def test_another_host_name_is_refused(client, host):
    assert client.get("/healthz", headers={"Host": host}).status_code == 421


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://["},
    ],
)
def test_another_sites_request_is_refused(client, headers):
    assert client.post("/gradio_api/component_server/", json={}, headers=headers).status_code == 403


def test_its_own_requests_pass(client):
    assert (
        client.post("/gradio_api/queue/join", json={}, headers={"Origin": "http://127.0.0.1"}).status_code
        != 403
    )


@pytest.mark.parametrize(
    "path", ["/", "/healthz", "/page/page.js", "/answers/x", "/gradio_api/info", "/config"]
)
def test_with_users_every_address_needs_a_password(guarded, path):
    assert guarded.get(path).status_code == 401
    assert guarded.get(path, headers=login("ada", "wrong")).status_code == 401
    assert guarded.get(path, headers=login("nobody", "correct horse")).status_code == 401
    assert guarded.get(path, headers={"Authorization": "Basic !!"}).status_code == 401
    assert guarded.get(path, headers=login(*next(iter(USERS.items())))).status_code != 401


@pytest.mark.parametrize(
    "path", ["/gradio_api/file=/etc/passwd", "/gradio_api/file=../pyproject.toml", "/page/../server.py"]
)
def test_files_of_the_machine_are_not_served(client, path):
    response = client.get(path)
    assert response.status_code in {403, 404}
    assert "root:" not in response.text


def test_an_unknown_answer_and_another_users_conversation_are_the_same_404(guarded, archive):
    from assistant.conversations import ConversationStore
    from assistant.types import Answer, Question, Turn

    answer = Answer(
        id="a1", question="q", standalone_question="q", understood=Question(text="q"), text="No.", claims=(),
        citations=(), withheld=(), abstained=True, reason=None, mode="extractive", model=None,
    )  # fmt: skip
    kept = ConversationStore(archive.folder).record("ada", None, Turn("q", answer))
    for path in ("/answers/a1", f"/conversations/{kept}.json"):
        assert guarded.get(path, headers=login("ada", USERS["ada"])).status_code == 200
        assert guarded.get(path, headers=login("ben", USERS["ben"])).status_code == 404
    assert guarded.get("/answers/a2", headers=login("ada", USERS["ada"])).status_code == 404
