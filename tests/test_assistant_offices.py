"""The offices by which articles call somebody whom a question calls by name."""

from datetime import UTC, datetime

import pytest

from assistant.offices import find_offices, names_by_office
from assistant.statements import find_statements
from assistant.types import Question
from index.archive import Archive
from index.testing import HashEmbedder
from index.types import Article

TALKS = """\
Osman Rao telephoned Vilma Krog on Friday.

Mr Rao urged the Danish president to open the harbour.

Ms Krog wept. The Swedish president, Lena Holm, said that the harbour was closed."""
BEFORE = "The Danish president, Vilma Krog, opened a bridge. A ferry left."
OTHER = "Osman Rao urged the Danish president to sell the ferry. It was years ago."


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    with Archive.open(tmp_path_factory.mktemp("archive"), embedder=HashEmbedder()) as opened:
        published = datetime(2024, 5, 3, 9, tzinfo=UTC)
        opened.add(
            [
                Article(id=name, text=text, title=name, published=published)
                for name, text in (("talks", TALKS), ("before", BEFORE), ("other", OTHER))
            ]
        )
        yield opened


@pytest.mark.parametrize(
    ("name", "offices"),
    [("Vilma Krog", {"danish president"}), ("Lena Holm", {"swedish president"}), ("Osman Rao", set())],
)
def test_finds_the_offices_that_stand_beside_a_name(archive, name, offices):
    assert find_offices(archive, name) == offices


def test_only_the_whole_office_with_its_article_names_somebody():
    offices = frozenset({"danish president"})
    assert names_by_office("He urged the Danish\npresident to leave.", offices)
    assert not names_by_office("He urged a Danish president to leave.", offices)
    assert not names_by_office("He urged the president to leave.", offices)


@pytest.mark.parametrize("text", ["What did Rao tell Krog?", "What did Rao say about Krog?"])
def test_an_office_means_its_bearer_in_an_article_that_names_him(archive, text):
    question = Question(text=text, kind="said_about", speaker="Osman Rao", about="Krog")
    found = find_statements(archive, question, 6).quotes
    assert [quote.text for quote in found] == ["the Danish president to open the harbour"]
