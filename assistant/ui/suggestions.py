"""Questions that the archive can answer, made from the statements in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from index.names import same_name

if TYPE_CHECKING:
    from assistant.types import Answer
    from index.archive import Archive

SPEAKERS_READ = 12
"""Most quoted speakers looked at: enough to see what several of them speak about, read in under 0.1 s."""

QUOTATION_WORDS = range(5, 13)
"""Words of a quotation that is asked about: enough to be somebody's, few enough to be read at once."""

STATEMENTS_READ = 200
"""Statements of a speaker looked at for topics."""


def starter_questions(archive: Archive, limit: int = 4) -> list[str]:
    """A question about each of the most quoted people, on what they share with other speakers.

    The last one asks whose some quoted words are, so that a reader sees that this can be asked too.
    """
    speakers = list(
        islice((name for name, _ in archive.speakers() if _is_personal_name(name)), SPEAKERS_READ)
    )
    topics = {speaker: count_topics(archive, speaker) for speaker in speakers}
    breadth = Counter(topic for counted in topics.values() for topic in counted)
    questions = []
    for speaker, counted in topics.items():
        ranked = sorted(counted, key=lambda topic: (-min(breadth[topic], 2), -counted[topic], topic))
        # a name that one statement alone is about may be no topic anybody would ask for
        known = [topic for topic in ranked if breadth[topic] > 1 or counted[topic] > 1]
        questions.append(f"What did {speaker} say about {known[0]}?" if known else f"What did {speaker} say?")
    quoted = _quotation_question(archive, list(topics)[limit - 1 :] or list(topics))
    return [*questions[: limit - 1], quoted] if quoted else questions[:limit]


def _quotation_question(archive: Archive, speakers: Sequence[str]) -> str | None:
    """Whose words are these? Asked of the first quotation of a length that is easily read."""
    for speaker in speakers:
        for statement in archive.quotes(speaker=speaker, limit=STATEMENTS_READ):
            words = statement.text.strip("“”\"'‘’., ")
            if statement.kind == "direct" and len(words.split()) in QUOTATION_WORDS and "“" not in words:
                return f"Who said “{words}”?"
    return None


def follow_up_questions(archive: Archive, answer: Answer, limit: int = 3) -> list[str]:
    """What else the quoted people spoke about; where nobody is quoted, what is said in the cited articles."""
    speakers = dict.fromkeys(citation.speaker for citation in answer.citations if citation.speaker)
    if not speakers:
        return [f"What did {speaker} say?" for speaker in islice(_speakers_cited(archive, answer), limit)]
    asked = answer.understood.about
    questions = [
        f"What did {speaker} say about {topic}?"
        for speaker in islice(filter(_is_personal_name, speakers), 2)
        for topic, _ in count_topics(archive, speaker).most_common(3)
        if not (asked and same_name(topic, asked))
    ]
    return questions[:limit]


def _speakers_cited(archive: Archive, answer: Answer) -> Iterator[str]:
    """People who are named in full as speakers in the cited articles, in order, each once."""
    articles = dict.fromkeys(citation.article_id for citation in answer.citations)
    quotes = (quote for article in articles for quote in archive.quotes(article_id=article, limit=None))
    named = dict.fromkeys(quote.speaker for quote in quotes if quote.speaker)
    yield from filter(_is_personal_name, named)


def count_topics(archive: Archive, speaker: str) -> Counter[str]:
    """How many of a speaker's statements are about each name, their own left out; ties in order of name."""
    statements = archive.quotes(speaker=speaker, limit=STATEMENTS_READ)
    topics = sorted(topic for statement in statements for topic in statement.about)
    return Counter(topic for topic in topics if not same_name(topic, speaker))


def _is_personal_name(speaker: str) -> bool:
    """Whether the speaker is named in full rather than described ("a senior official")."""
    return speaker[:1].isupper() and " " in speaker
