"""What kind of fact a question asks for, and which sentences hold one."""

import pytest

from assistant.answer_kinds import holds_answer, wanted_answer


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many boats sank?", "count"),
        ("What is the number of boats that sank?", "count"),
        ("How old is the captain?", "age"),
        ("At what age did the captain retire?", "age"),
        ("What percentage of voters stayed at home?", "percent"),
        ("How many per cent of voters stayed at home?", "percent"),
        ("How much did the bridge cost?", "money"),
        ("What is the price of a ticket?", "money"),
        ("What did the company pay?", "money"),
        ("How long is the bridge?", "quantity"),
        ("What was the magnitude of the earthquake?", "quantity"),
        ("When did the bridge open?", "date"),
        ("In which year did the bridge open?", "date"),
        ("What is the opening date of the bridge?", "date"),
        ("What was the ferry company's yearly revenue?", "money"),
        ("What caused the fire?", "cause"),
        ("Why did the mayor resign?", "reason"),
        ("Who opened the bridge?", "person"),
        ("By whom was the bridge opened?", "person"),
        ("After the storm, who opened the bridge?", "person"),
        ("Which bridge was opened?", "any"),
        ("What did the mayor pay tribute to?", "any"),
        ("The mayor retired on Monday. How many terms did she serve?", "count"),
        ("The company agreed to pay the town how much?", "quantity"),
    ],
)
def test_the_opening_of_a_question_says_what_kind_of_fact_it_wants(question, kind):
    assert wanted_answer(question).kind == kind


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        pytest.param("How many boats sank?", "Three boats sank.", id="a number before what it counts"),
        pytest.param("How many boats sank?", "Of the boats, 12 sank.", id="what is counted is left out"),
        pytest.param("How many people died?", "The flood killed 14 villagers.", id="people by another word"),
        pytest.param("How many times did she win?", "She won twice.", id="times as one word"),
        pytest.param("How much did the bridge cost?", "It cost 4.2 million euros.", id="money with its unit"),
        pytest.param("How much did the bridge cost?", "It cost $4 million.", id="money with its sign"),
        pytest.param("What percentage voted?", "About 60% voted.", id="per cent by its sign"),
        pytest.param("What share of voters came?", "Two thirds of voters came.", id="a fraction"),
        pytest.param("How old is Ada Hale?", "Ada Hale, 75, retired.", id="age between commas"),
        pytest.param("How old is Ada Hale?", "The 75-year-old retired.", id="age with hyphens"),
        pytest.param("How long is the bridge?", "It spans 300 metres.", id="a measure"),
        pytest.param("What caused the fire?", "The fire was caused by a candle.", id="a word of cause"),
        pytest.param("Why did Ada Hale resign?", "She was accused of theft.", id="a reason"),
        pytest.param("When does the bridge open?", "It opens on 3 May.", id="a date"),
        pytest.param("When does the bridge open?", "It opens in the autumn.", id="a season"),
        pytest.param("Who opened the bridge?", "It was Ada Hale.", id="a name"),
        pytest.param("Who opened the bridge?", "The mayor cut the ribbon.", id="a role"),
        pytest.param("Which bridge was opened?", "No name here.", id="anything where no kind is wanted"),
    ],
)
def test_a_sentence_holds_a_fact_of_the_wanted_kind(question, sentence):
    assert holds_answer(wanted_answer(question), sentence)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        pytest.param("How many boats sank?", "The boats sank.", id="no number"),
        pytest.param("How many boats sank?", "The boats sank in 2021.", id="a year counts nothing"),
        pytest.param("How many boats sank?", "It cost 40 euros.", id="money counts nothing"),
        pytest.param("How many boats sank?", "Boats sank within 3 hours.", id="another unit"),
        pytest.param(
            "How many of the 12 boats sank?", "There were 12 boats.", id="the question's own number"
        ),
        pytest.param("How much did the bridge cost?", "It took 3 years.", id="no amount of money"),
        pytest.param("What percentage voted?", "Some 4,000 voted.", id="a number that is no share"),
        pytest.param("How old is Ada Hale?", "Ada Hale retired after 30 years.", id="a time that is no age"),
        pytest.param("What caused the fire?", "The fire burned for days.", id="no word of cause"),
        pytest.param("Who opened the Iron Bridge?", "The Iron Bridge opened.", id="the question's own name"),
        pytest.param("Who opened the bridge?", "It opened on a Sunday in May.", id="a day names nobody"),
        pytest.param("Who won the race?", "At last a Colombian has won it.", id="a nationality names nobody"),
        pytest.param("When does the bridge open?", "The bridge will open.", id="no time"),
        pytest.param("When was the 2024 fair?", "The 2024 fair was held.", id="the question's own year"),
    ],
)
def test_a_sentence_without_such_a_fact_holds_no_answer(question, sentence):
    assert not holds_answer(wanted_answer(question), sentence)


def test_only_a_question_that_opens_with_a_kind_demands_it():
    assert wanted_answer("How many boats sank?").strict
    assert not wanted_answer("The storm sank how many boats?").strict


def test_the_day_of_an_article_tells_when_something_was_but_not_when_it_will_be():
    assert wanted_answer("When did the bridge open?").told_by_day
    assert not wanted_answer("When does the bridge open?").told_by_day
    assert not wanted_answer("Who opened the bridge?").told_by_day
