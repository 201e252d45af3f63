"""Where settings come from and what they refuse."""

import pytest
from pydantic import ValidationError

from assistant.config import Settings


def test_environment_beats_dotenv_beats_toml_beats_default(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "byline.toml").write_text('model_name = "from toml"\narchive = "toml"\npassages = 7\n')
    (tmp_path / ".env").write_text("BYLINE_MODEL_NAME=from dotenv\nBYLINE_ARCHIVE=dotenv\n")
    monkeypatch.setenv("BYLINE_MODEL_NAME", "from environment")
    settings = Settings()
    assert (settings.model_name, str(settings.archive)) == ("from environment", "dotenv")
    assert (settings.passages, settings.statements) == (7, 6)


def test_a_key_is_never_shown(monkeypatch):
    monkeypatch.setenv("BYLINE_MODEL_KEY", "very-secret")
    settings = Settings(_env_file=None)
    assert "very-secret" not in repr(settings) + str(settings.model_dump_json())
    assert settings.model_key.get_secret_value() == "very-secret"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("QUESTION_CHARACTERS", "0"),
        ("PASSAGES", "many"),
        ("RETRIEVERS", '["smell"]'),
        ("MODEL_TOTAL_SECONDS", "-1"),
    ],
)
def test_a_senseless_value_is_refused(monkeypatch, name, value):
    monkeypatch.setenv(f"BYLINE_{name}", value)
    with pytest.raises(ValidationError):
        Settings(_env_file=None)
