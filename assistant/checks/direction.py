"""Do things go the same way: up or down, before or after, won or lost, for or against?

Where the claim has a word and its aligned window has the opposite instead, the claim is turned round, unless
exactly one of them negates it ("did not rise", "fell").
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from assistant.checks.finding import Finding
from assistant.checks.negation import NEGATIONS
from assistant.words import Word, fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.alignment import Comparison, Gap, Unit

_OPPOSITES = """
    rise increase climb gain jump surge soar grow advance rally rebound | fall decrease drop decline slip
        plunge slump tumble shrink sink dip slide
    up upward | down downward
    higher above over exceed | lower below under
    more greater larger bigger | less fewer smaller
    most highest largest biggest maximum greatest | least lowest smallest minimum
    before prior | after following
    earlier | later
    early | late
    win gain victory winner clinch | lose loss loser
    beat | lose
    first | last
    support back favour favor endorse | oppose
    accept approve welcome | reject refuse disapprove decline
    agree | disagree
    allow permit legalise legalize | ban forbid prohibit bar block outlaw prevent
    confirm admit acknowledge | deny
    praise hail applaud laud | criticise criticize condemn blast slam denounce
    begin start launch open commence | end finish stop close halt cease
    buy purchase acquire | sell
    hire appoint recruit | fire sack dismiss
    join enter | leave quit exit
    arrive | depart
    strengthen | weaken
    improve | worsen deteriorate
    succeed success | fail failure
    accelerate speed | slow
    expand widen extend lengthen | contract narrow shorten reduce cut curb
    raise lift boost hike | lower cut reduce slash
    add | remove subtract
    create | destroy abolish eliminate
    include | exclude omit
    remember | forget
    love like | hate dislike
    friend ally | enemy foe rival
    guilty convicted | innocent acquitted cleared
    convict | acquit
    legal lawful | illegal unlawful
    true | false untrue
    right correct | wrong incorrect
    good better best | bad worse worst
    strong stronger strongest | weak weaker weakest
    safe safer safest | dangerous unsafe
    public | private
    rich richer richest wealthy | poor poorer poorest
    expensive dear costly | cheap cheaper cheapest
    high | low
    long longer longest | short shorter shortest
    old older oldest | young younger youngest new newer newest
    fast faster fastest quick quickest | slow slower slowest
    hot hotter hottest warm warmest | cold colder coldest cool
    easy easier easiest | hard harder hardest difficult
    positive | negative
    optimistic | pessimistic
    likely | unlikely
    possible | impossible
    same | different
    inside | outside
    north northern | south southern
    east eastern | west western
    left | right
    major | minor
    top | bottom
    male man men | female woman women
    son | daughter
    husband | wife
    father | mother
    brother | sister
    always | never
    all every everyone | none nobody
    many | few
    often frequently | rarely seldom
    profit | loss
    surplus | deficit
    import | export
    demand | supply
    borrow | lend
    save | spend
    attack | defend
    arrest detain jail | release free
    alive | dead
    survive | die
    kill | injure wound hurt
    born | died
    peace | war
    hope | fear
    trust | distrust
    increase | reduce cut
    for | against
    with | without
    temporary | permanent
    majority | minority
    asset | liability
    teacher | student
    encourage | discourage
    push | pull
    sooner | later
    past | future
    day | night
    morning | evening
    ahead | behind
    forward | backward back
    victory | defeat
    presence | absence
    present | absent
    capture seize | liberate release
    build construct | demolish destroy
    protect | threaten endanger
    continue resume restart reopen restore | suspend pause halt stop interrupt shut
    welcome applaud cheer embrace | condemn denounce boo snub shun
    expand grow enlarge swell | shrink dwindle
    enter | withdraw
    stay remain | leave depart
    uphold affirm | overturn strike reverse
    sign | veto
    pass | fail
    advance | retreat
    deploy | withdraw
    promote | demote
    permit authorise authorize | veto
    enable | disable
    hide conceal | reveal disclose expose
    attract | repel
    praise | mock ridicule
    unite | divide split
    cause | avoid prevent
    rescue save | kill abandon
    heal cure | injure wound
    connect | disconnect
    lead | trail
    exceed | miss
    double triple | halve
    ease relax loosen | tighten toughen
    thrive flourish prosper | struggle suffer
    embrace adopt | reject abandon scrap
    keep retain | abandon drop
    extradite expel deport | admit
    empty | full
    opposition | support
    opponent critic | supporter backer ally
    seller | buyer
    winner | loser
    victim | attacker
    employer | employee
    landlord | tenant
    success | failure
    strength | weakness
    advantage | disadvantage
    optimism | pessimism
    growth | decline
    rise | fall
    popular | unpopular
    usual common | rare unusual
    domestic | foreign
    civilian | military
    modern | ancient
    wet rainy | dry
    rural | urban
    guilty | innocent
    voluntary | mandatory compulsory
    mild | severe
    serious critical grave | stable slight
    busy busiest | quiet quietest
    near nearest close closest | far farthest furthest
    deep deepest | shallow
    widest | narrowest
    heaviest | lightest
    tall tallest | short shortest
    narrow | wide
    heavy | light
    maximum | minimum
    entrance | exit
    arrival | departure
    superior | inferior
    friendly | hostile
    open | shut
    conservative | progressive
    visible | invisible
    calm | nervous anxious
    cautious | reckless
    sharply steeply | slightly
    heavily | lightly
    quickly rapidly | slowly
    voluntarily | forcibly
    unanimously | narrowly
    honest | dishonest
    happy glad pleased | sad unhappy angry upset
"""


def _read_opposites() -> dict[str, frozenset[str]]:
    opposites: dict[str, set[str]] = {}
    lines: list[str] = []
    for line in _OPPOSITES.strip().splitlines():
        if line.startswith("        "):
            lines[-1] += line
        else:
            lines.append(line)
    for line in lines:
        one, other = ([fold(word) for word in side.split()] for side in line.split("|"))
        for word in one:
            opposites.setdefault(word, set()).update(other)
        for word in other:
            opposites.setdefault(word, set()).update(one)
    return {word: frozenset(others - {word}) for word, others in opposites.items()}


OPPOSITES = _read_opposites()
"""For each stem the stems that mean its opposite."""
_LONGEST_TURN = 3
"""Units on either side between which a word of grammar ("for", "after") can be turned: in a longer stretch
told in other words the opposite one belongs to something else."""


def check_direction(comparison: Comparison) -> Finding:
    """Compares words of direction in the claim with their opposites in the aligned window."""
    if not any(_opposites(unit) for unit in comparison.units) or not comparison.blocks:
        return Finding(name="direction", passed=None, detail="no word of direction")
    for gap in comparison.gaps:
        for own in gap.claim:
            turned = _find_opposite(own, gap, comparison)
            if turned is not None and not _negated_once(gap):
                return Finding(
                    name="direction",
                    passed=False,
                    detail=f"the claim says “{own.text}”, the source “{turned.text}”",
                    contradicts=True,
                )
    return Finding(name="direction", passed=True, detail="no word is turned round")


def _find_opposite(own: Unit, gap: Gap, comparison: Comparison) -> Unit | None:
    """The opposite of a claim's word at the same place, or anywhere when the word itself is nowhere."""
    opposites = _opposites(own)
    if not opposites:
        return None
    if own.content or max(len(gap.claim), len(gap.window)) <= _LONGEST_TURN:
        here = _first(gap.window, opposites)
        if here is not None:
            return here
    if not own.content or any(_stems(own) <= _stems(unit) for unit in comparison.window_units):
        return None
    left_out = [unit for other in comparison.gaps for unit in other.window]
    return _first([unit for unit in left_out if unit.content], opposites)


def _opposites(unit: Unit) -> frozenset[str]:
    """The opposites of a word, or of any word of a number or date ("first", "last month")."""
    return frozenset().union(*(OPPOSITES.get(stem, frozenset()) for stem in _stems(unit)))


def _stems(unit: Unit) -> frozenset[str]:
    if isinstance(unit.value, Word):
        return frozenset({unit.key})
    return frozenset(fold(word) for word in unit.text.split() if word.isalpha())


def _first(units: Sequence[Unit], stems: frozenset[str]) -> Unit | None:
    """The first unit that has one of the stems; ``year-old`` is an age and the opposite of nothing."""
    return next(
        (
            unit
            for before, unit in pairwise((None, *units))
            if unit is not None
            and not stems.isdisjoint(_stems(unit))
            and not (before is not None and unit.key == "old" and before.key == "year")
        ),
        None,
    )


def _negated_once(gap: Gap) -> bool:
    own = sum(unit.key in NEGATIONS for unit in gap.claim)
    theirs = sum(unit.key in NEGATIONS for unit in gap.window)
    return own % 2 != theirs % 2
