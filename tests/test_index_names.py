"""Names: one person under several spellings, two people with one surname kept apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.names import NameIndex, same_name


@pytest.mark.parametrize(
    ("a", "b"),
    [
        pytest.param("Zelensky", "Zelenskyy", id="doubled y"),
        pytest.param("Volodymyr Zelensky", "Vladimir Zelenskiy", id="Ukrainian and Russian form"),
        pytest.param("Sergei Lavrov", "Sergey Lavrov", id="transliteration"),
        pytest.param("Viktor Orbán", "Viktor Orban", id="accents"),
        pytest.param("Mohammed Khatami", "Mohamed Khatami", id="doubled letters"),
        pytest.param("S. Lavrov", "Sergei Lavrov", id="initial"),
        pytest.param("J.D. Vance", "JD Vance", id="initials with and without points"),
        pytest.param("Lavrov, Sergei", "Sergei Lavrov", id="comma order"),
        pytest.param("Mr. Lavrov", "Sergei Lavrov", id="Mr and surname"),
        pytest.param("Foreign Minister Sergei Lavrov", "Lavrov", id="title of two words"),
        pytest.param("Mrs Clinton", "Hillary Clinton", id="Mrs and a woman's name"),
        pytest.param("Mike Pence", "Michael Pence", id="short form"),
        pytest.param("Ursula von der Leyen", "von der Leyen", id="particles"),
        pytest.param("Xi", "Xi Jinping", id="surname first"),
        pytest.param("Al Gore", "Gore", id="given name that is also a particle"),
        pytest.param("the Kremlin", "Kremlin", id="article"),
        pytest.param("FBI", "Federal Bureau of Investigation", id="acronym"),
    ],
)
def test_names_of_one_person(a: str, b: str) -> None:
    assert same_name(a, b)
    assert same_name(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        pytest.param("Bill Clinton", "Hillary Clinton", id="given names differ"),
        pytest.param("Mr. Clinton", "Hillary Clinton", id="title of the other gender"),
        pytest.param("George W. Bush", "George H. W. Bush", id="middle initials differ"),
        pytest.param("Donald Trump", "Donald Trump Jr.", id="father and son"),
        pytest.param("Sergei Lavrov", "Sergei Shoigu", id="surnames differ"),
        pytest.param("Boris Johnson", "Boris", id="a given name alone is no surname"),
        pytest.param("", "Sergei Lavrov", id="nothing"),
    ],
)
def test_names_of_two_people(a: str, b: str) -> None:
    assert not same_name(a, b)
    assert not same_name(b, a)


SPEAKERS = {
    "Sergei Lavrov": 3,
    "Sergey Lavrov": 1,
    "Lavrov": 2,
    "Hillary Clinton": 20,
    "Bill Clinton": 2,
    "Clinton": 4,
    "Jeb Bush": 2,
    "George Bush": 3,
    "White House": 3,
}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        pytest.param("Lavrov", {"Sergei Lavrov", "Sergey Lavrov", "Lavrov"}, id="surname, all spellings"),
        pytest.param("Sergei Lavrov", {"Sergei Lavrov", "Sergey Lavrov", "Lavrov"}, id="full name"),
        pytest.param("Clinton", {"Hillary Clinton", "Clinton"}, id="surname of a dominant person"),
        pytest.param("Bill Clinton", {"Bill Clinton"}, id="the other one by full name"),
        pytest.param("Hillary", {"Hillary Clinton"}, id="given name of one person"),
        pytest.param("Bush", {"Jeb Bush", "George Bush"}, id="surname of two people"),
        pytest.param("the White House", {"White House"}, id="organisation"),
        pytest.param("Macron", set(), id="nobody"),
        pytest.param("  ", set(), id="blank"),
    ],
)
def test_finds_the_stored_names_of_who_is_asked_for(asked: str, found: set[str]) -> None:
    assert NameIndex(SPEAKERS).matches(asked) == found


def test_an_ambiguous_surname_comes_as_one_group_for_each_person() -> None:
    assert NameIndex(SPEAKERS).people("Bush") == [("George Bush",), ("Jeb Bush",)]


def test_words_that_describe_somebody_are_nobodys_name() -> None:
    index = NameIndex({"Jeb Bush": 2, "a former aide to Jeb Bush": 3})
    assert index.people("Bush") == [("Jeb Bush",)]
    assert index.people("a former aide to Jeb Bush") == [("a former aide to Jeb Bush",)]


@given(st.lists(st.text(max_size=20), max_size=8), st.text(max_size=20))
def test_any_text_can_be_stored_and_asked_for(names: list[str], asked: str) -> None:
    index = NameIndex(names)
    assert index.matches(asked) <= set(names)
    assert same_name(asked, asked) or not any(character.isalnum() for character in asked)
