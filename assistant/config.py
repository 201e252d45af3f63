"""Settings of the assistant: environment (``BYLINE_``), then ``.env``, then ``byline.toml``, then defaults.

The one module that needs pydantic when it is imported; others import it where they use it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)


class Settings(BaseSettings):
    """Everything that can be set from outside. An unknown name in ``byline.toml`` is an error."""

    model_config = SettingsConfigDict(
        env_prefix="BYLINE_",
        env_file=".env",
        env_ignore_empty=True,
        toml_file="byline.toml",
        extra="ignore",
        frozen=True,
        protected_namespaces=(),
    )

    archive: Path = Path("newsroom")
    """Folder of the archive."""

    model_url: str | None = None
    """OpenAI-compatible endpoint, such as ``http://127.0.0.1:11434/v1``; None for extractive answers."""
    model_name: str | None = None
    """Model to ask the endpoint for."""
    model_key: SecretStr | None = None
    """Bearer key of the endpoint; never logged, never part of a message."""
    model_parameters: dict[str, Any] = Field(default_factory=dict)
    """More of the request's JSON, as JSON; a null leaves out a default. For a model that refuses
    ``temperature``: ``{"temperature": null, "max_tokens": null, "max_completion_tokens": 800}``."""
    model_context_window: int = Field(default=8_192, ge=1_024)
    """Tokens of prompt and answer together that the model takes."""
    model_answer_tokens: int = Field(default=800, ge=16)
    """Tokens kept free for the answer."""
    model_connect_seconds: float = Field(default=5.0, gt=0)
    """Name lookup, TCP and TLS, each attempt."""
    model_first_token_seconds: float = Field(default=30.0, gt=0)
    """From sending the request to the first token, each attempt."""
    model_between_tokens_seconds: float = Field(default=15.0, gt=0)
    """Silence after a token."""
    model_total_seconds: float = Field(default=60.0, gt=0)
    """From the first attempt to the last token."""
    model_token_budget: int | None = Field(default=None, ge=1)
    """Tokens that all answers together may take; None for no limit."""
    model_cost_budget: float | None = Field(default=None, gt=0)
    """Cost of all answers together, in the currency of the prices; None for no limit."""
    model_prompt_price: float = Field(default=0.0, ge=0)
    """For a million prompt tokens."""
    model_answer_price: float = Field(default=0.0, ge=0)
    """For a million answer tokens."""

    retrievers: tuple[Literal["keyword", "dense"], ...] = ("keyword", "dense")
    """What finds passages for a question of fact. Without ``dense`` no embedding model is ever loaded."""
    question_characters: int = Field(default=4_000, ge=1)
    """Longest question, in code points."""
    history_turns: int = Field(default=20, ge=0)
    """Earlier turns a follow-up may refer to; older ones are not read."""
    passages: int = Field(default=20, ge=1, le=200)
    """Passages read for a question of fact."""
    statements: int = Field(default=6, ge=1, le=50)
    """Statements an answer shows at most."""
    answer_words: int = Field(default=60, ge=10)
    """Words of an extractive answer to a question of fact."""
    unproved: Literal["withheld", "marked"] = "withheld"
    """What becomes of a model's sentence that nothing speaks against and nothing proves: left out, or shown
    and marked as not verified. Left out by default, since an answer is also read where no mark is seen."""
    evidence_characters: int = Field(default=6_000, ge=500)
    """Article text given to a model for one answer, in code points."""

    page_host: str = "127.0.0.1"
    """Address the page listens on; one that others can reach needs `page_users`."""
    page_port: int = Field(default=7860, ge=1, le=65_535)
    """TCP port of the page."""
    page_users: SecretStr | None = None
    """Who may open the page: ``name:password``, several parted by commas; None for everybody."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order of precedence, highest first."""
        return (
            init_settings,
            env_settings,
            dotenv_settings,
            file_secret_settings,
            TomlConfigSettingsSource(settings_cls),
        )
