"""Conversations as they were: kept beside the archive, listed, searched, renamed, deleted.

They stand in a file of their own, since the index knows nothing of chat. Every method takes the user
whose conversations are meant; nobody reads another's.
"""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    create_engine,
    delete,
    event,
    func,
    insert,
    or_,
    select,
    update,
)

from assistant.types import Answer, Turn
from index.errors import BylineError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

FILE_NAME = "conversations.sqlite"
TITLE_CHARACTERS = 200

_metadata = MetaData()

_conversations = Table(
    "conversations",
    _metadata,
    Column("id", Text, primary_key=True),
    Column("user", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("changed", Text, nullable=False),  # ISO 8601, UTC
    Index("conversations_of_user", "user", "changed"),
)

_turns = Table(
    "turns",
    _metadata,
    Column("conversation", ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("question", Text, nullable=False),
    Column("text", Text, nullable=False),  # of the answer, to be searched
    Column("answer_id", Text, nullable=False, index=True),
    Column("answer", Text, nullable=False),  # JSON of `Answer.to_dict`
)


class ConversationNotFound(BylineError):
    """The user has no conversation, or no answer, with that id."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Conversation:
    """One line of the list of conversations."""

    id: str
    """Cannot be guessed."""
    title: str
    """The first question, until the user renames it."""
    changed: datetime
    turns: int


class ConversationStore:
    """One archive's conversations; the file is made on first use."""

    def __init__(self, folder: Path, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Keep conversations in `folder`, dated by `now`."""
        self._path = folder / FILE_NAME
        self._now = now
        self._writing = threading.Lock()

    def record(self, user: str, conversation: str | None, turn: Turn) -> str:
        """Keep a finished turn; without a conversation, begin one.

        Returns:
            The id of the conversation.
        """
        with self._writing, self._engine.begin() as connection:
            now = self._now().isoformat()
            if conversation is None or not self._owns(connection, user, conversation):
                conversation = secrets.token_urlsafe(12)
                row = {
                    "id": conversation,
                    "user": user,
                    "title": turn.question[:TITLE_CHARACTERS],
                    "changed": now,
                }
                connection.execute(insert(_conversations), row)
            else:
                which = update(_conversations).where(_conversations.c.id == conversation)
                connection.execute(which.values(changed=now))
            count = select(func.count()).where(_turns.c.conversation == conversation)
            connection.execute(
                insert(_turns),
                {
                    "conversation": conversation,
                    "number": connection.execute(count).scalar_one(),
                    "question": turn.question,
                    "text": turn.answer.text,
                    "answer_id": turn.answer.id,
                    "answer": json.dumps(turn.answer.to_dict(), ensure_ascii=False),
                },
            )
        return conversation

    def conversations(self, user: str, containing: str = "") -> list[Conversation]:
        """The user's conversations, newest first, or those that hold some words anywhere."""
        columns = (
            _conversations.c.id,
            _conversations.c.title,
            _conversations.c.changed,
            func.count().label("turns"),
        )
        query = (
            select(*columns).join(_turns).where(_conversations.c.user == user).group_by(_conversations.c.id)
        )
        if containing:
            words = f"%{_escape_like(containing)}%"
            said = select(_turns.c.conversation).where(
                or_(_turns.c.question.like(words, escape="\\"), _turns.c.text.like(words, escape="\\"))
            )
            query = query.where(
                or_(_conversations.c.title.like(words, escape="\\"), _conversations.c.id.in_(said))
            )
        with self._reading() as connection:
            rows = connection.execute(query.order_by(_conversations.c.changed.desc(), _conversations.c.id))
            return [
                Conversation(
                    id=row.id, title=row.title, changed=datetime.fromisoformat(row.changed), turns=row.turns
                )
                for row in rows
            ]

    def conversation(self, user: str, conversation: str) -> Conversation:
        """One of the user's conversations.

        Raises:
            ConversationNotFound: It is nobody's or somebody else's.
        """
        for each in self.conversations(user):
            if each.id == conversation:
                return each
        raise ConversationNotFound(f"no conversation {conversation!r}; it may have been deleted")

    def turns(self, user: str, conversation: str) -> list[Turn]:
        """The turns of a conversation, oldest first. Raises `ConversationNotFound`."""
        with self._reading() as connection:
            if not self._owns(connection, user, conversation):
                raise ConversationNotFound(f"no conversation {conversation!r}; it may have been deleted")
            query = select(_turns).where(_turns.c.conversation == conversation).order_by(_turns.c.number)
            return [
                Turn(row.question, Answer.from_dict(json.loads(row.answer)))
                for row in connection.execute(query)
            ]

    def answer(self, user: str, answer_id: str) -> Answer:
        """An answer that the user was given, as it was. Raises `ConversationNotFound`."""
        query = (
            select(_turns.c.answer)
            .join(_conversations)
            .where(_conversations.c.user == user, _turns.c.answer_id == answer_id)
            .order_by(_conversations.c.changed.desc())
        )
        with self._reading() as connection:
            found: str | None = connection.execute(query.limit(1)).scalar()
        if found is None:
            raise ConversationNotFound(f"no answer {answer_id!r}; its conversation may have been deleted")
        return Answer.from_dict(json.loads(found))

    def rename(self, user: str, conversation: str, title: str) -> None:
        """Give a conversation another title; an empty one changes nothing. Raises `ConversationNotFound`."""
        title = " ".join(title.split())[:TITLE_CHARACTERS]
        with self._changing(user, conversation) as connection:
            if title:
                which = update(_conversations).where(_conversations.c.id == conversation)
                connection.execute(which.values(title=title))

    def delete(self, user: str, conversation: str) -> None:
        """Delete a conversation and its answers for good. Raises `ConversationNotFound`."""
        with self._changing(user, conversation) as connection:
            connection.execute(delete(_conversations).where(_conversations.c.id == conversation))

    def close(self) -> None:
        """Let go of the file."""
        if "_engine" in self.__dict__:
            self._engine.dispose()

    @cached_property
    def _engine(self) -> Engine:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(f"sqlite:///{self._path}", connect_args={"timeout": 30})

        @event.listens_for(engine, "connect")
        def configure(connection: object, _record: object) -> None:
            for pragma in ("journal_mode=WAL", "foreign_keys=ON", "secure_delete=ON"):
                connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined] # a sqlite3 connection

        _metadata.create_all(engine)
        return engine

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _changing(self, user: str, conversation: str) -> Iterator[Connection]:
        with self._writing, self._engine.begin() as connection:
            if not self._owns(connection, user, conversation):
                raise ConversationNotFound(f"no conversation {conversation!r}; it may have been deleted")
            yield connection

    @staticmethod
    def _owns(connection: Connection, user: str, conversation: str) -> bool:
        query = select(_conversations.c.id).where(
            _conversations.c.id == conversation, _conversations.c.user == user
        )
        return connection.execute(query).first() is not None


def _escape_like(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
