"""The cue lexicon: words that report what somebody said, thinks, wants or holds against another.

A verb is listed once by its base form with the frames it reports in; its other forms are made by rule
or given. The groups follow the reporting verbs of English grammars (say, tell, believe, promise, judge).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from index.word_lists import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from index.types import QuotePolarity

Form = Literal["base", "third", "past", "participle", "gerund"]
"""``says`` is third, ``said`` past (or participle where both are one word), ``saying`` gerund."""


Frame = Literal["speech", "clause", "that", "listener", "infinitive", "object", "about"]
"""How a verb takes the content it reports.

speech      quoted words, and it can stand between or after them: "...", he said
clause      a clause with or without "that": he said (that) it was late
that        a clause only after "that", "whether" or a question word: he complained that ...
listener    the listener comes before the content: he told reporters that ...
infinitive  "to" with a verb: he vowed to fight
object      what it is about is its object: he praised the deal
about       what it is about follows a preposition: he called for talks, spoke of peace
"""


@dataclass(frozen=True, slots=True)
class Cue:
    """One form of a reporting verb."""

    lemma: str
    form: Form
    frames: frozenset[Frame]
    polarity: QuotePolarity
    noun: bool
    """True where the form is also a common noun ("claims"): it needs a clear subject."""


_Frames = frozenset[Frame]
_S, _C, _T, _L = (
    frozenset[Frame]({"speech"}),
    frozenset[Frame]({"clause"}),
    frozenset[Frame]({"that"}),
    frozenset[Frame]({"listener"}),
)
_I, _O, _A = (
    frozenset[Frame]({"infinitive"}),
    frozenset[Frame]({"object"}),
    frozenset[Frame]({"about"}),
)

_VERBS: tuple[tuple[_Frames, str], ...] = (
    (_S | _C, "say:said write:wrote/written add think:thought report"),
    (
        _S | _C | _O,
        """acknowledge allege announce argue assert assure:assured boast caution claim concede conclude
        confess contend counter declare emphasize emphasise exclaim explain insist joke lament muse note
        observe predict:predicted proclaim quip reason recall reckon reiterate remark respond retort reveal
        state stress tweet underline underscore volunteer warn clarify elaborate reply marvel opine posit
        hypothesize repeat:repeated speculate surmise summarize shoot:shot vent admit:admitted stipulate
        testify""",
    ),
    (
        _S | _C | _A,
        """agree complain confide comment hint worry swear:swore/sworn brag:bragged rant rail blog:blogged""",
    ),
    (
        _S | _A,
        """continue conclude crow gush scoff snap:snapped shout whisper yell chant cry plead intone chuckle
        joke bellow bark blast fume growl grumble mumble murmur mutter scream shriek sigh smile grin laugh
        jibe sneer chime chirp interject interrupt implore demur:demurred enthuse deadpan:deadpanned""",
    ),
    (_S | _O | _A | _I, "ask demand request inquire enquire wonder query answer urge call:called"),
    (
        _S | _L | _C | _I,
        """tell:told inform remind assure:assured promise warn advise notify brief caution""",
    ),
    (_S | _O, "read:read post email"),
    (_S, "go:went put:put"),
    (
        _C,
        """believe doubt fear feel:felt figure guess hope imagine know:knew/known realize realise suppose
        suspect trust think:thought assume expect bet:bet understand:understood reckon presume gather pray
        foresee:foresaw/foreseen anticipate conclude""",
    ),
    (
        _C | _O,
        """allege suggest imply confirm disclose deny mention stress recommend propose affirm reaffirm refute
        dispute forecast:forecast fear argue""",
    ),
    (
        _C,
        """indicate signal report find:found show:showed/shown demonstrate estimate project
        write:wrote/written learn:learned see:saw/seen hear:heard notice remember discover determine""",
    ),
    (_T, "decide hold:held prove maintain"),
    (
        _T | _A,
        """complain decree gripe object protest rejoice tout vow pledge threaten promise rule boast
        swear:swore/sworn dream:dreamed""",
    ),
    (
        _I,
        """want hope plan seek:sought vow pledge promise threaten refuse decline offer intend aim wish propose
        agree expect prefer:preferred desire ask pray demand hate""",
    ),
    (
        _O,
        """accuse admire applaud approve assail attack back bash belittle berate blame blast castigate
        celebrate censure challenge champion chide cite compare condemn congratulate credit criticize
        criticise decry defend demean demonize denigrate denounce deplore deride describe disavow discount
        discuss disparage dismiss disown downplay embrace endorse excoriate extol:extolled favor favour
        fault hail hammer highlight impugn insult label lambast lambaste laud love hate malign mock oppose
        portray praise question rebuff rebuke rebut:rebutted regret:regretted reject repudiate ridicule
        rip:ripped savage scold scorn shame slam:slammed slander smear support taunt thank tout trash
        trumpet cheer urge vilify welcome call:called invoke echo consider respect despise disdain resent
        retweet lecture
        outline detail pitch paint brand dub:dubbed bemoan bewail express voice reference reiterate tease
        scrutinize espouse renounce disagree want prefer:preferred advocate view assess regard skewer
        chastise reprimand admonish upbraid salute commend compliment list jab:jabbed knock pillory lampoon
        eviscerate appreciate nominate second-guess eulogize eulogise mourn honor honour heckle boo jeer shun
        snub justify pity adore dislike distrust mistrust recount exhort encourage invite instruct beg:begged
        implore beseech commemorate caricature single""",
    ),
    (
        _A,
        """call:called talk speak:spoke/spoken boast complain refer:referred point allude warn lash hint
        object react push argue apologize apologise rail press lobby speculate worry fret:fretted care
        think:thought believe joke inveigh advocate dwell:dwelt harp comment agree disagree side vouch focus
        touch elaborate expound fire turn appeal gloat:gloated marvel distance jump seize pounce reflect
        dissent quibble snipe bristle balk chafe grouse moan whine obsess reminisce opine expand insist
        decide stump
        disapprove campaign empathize empathise sympathize sympathise tick lay:laid spell shrug:shrugged brush
        wave""",
    ),
)
"""The reporting verbs by the frames they take; irregular forms follow a colon as past/participle."""

_PREPOSITIONS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        lemma: word_set(prepositions)
        for prepositions, lemmas in (
            (
                "about",
                "grouse moan whine reminisce brag care enquire gripe grumble inquire joke wonder worry",
            ),
            ("about against", "rail rant"),
            ("about against for of out", "speak"),
            ("about against of", "warn"),
            ("about for", "ask"),
            ("about of", "boast complain talk think"),
            ("about on", "speculate"),
            ("about over", "fret gloat gush obsess"),
            ("against", "inveigh protest turn"),
            ("against for", "argue campaign lobby"),
            ("at", "balk bristle chafe marvel snipe hint laugh scoff shout sneer yell"),
            ("back", "fire hit"),
            ("back for", "push"),
            ("for", "advocate apologise apologize press vouch"),
            ("for on upon", "call"),
            ("for", "stump"),
            ("from", "dissent distance"),
            ("on upon", "jump pounce seize"),
            ("against on", "decide"),
            ("of", "disapprove"),
            ("with", "empathise empathize quibble sympathise sympathize"),
            ("for to", "appeal"),
            ("for with", "plead"),
            ("in", "believe confide weigh"),
            ("of", "dream"),
            ("on", "comment dwell elaborate expand expound focus harp insist opine reflect touch"),
            ("on out", "rule"),
            ("on with", "agree"),
            ("out", "lash"),
            ("out to", "point"),
            ("to", "allude object react refer respond"),
            ("with", "disagree side"),
        )
        for lemma in lemmas.split()
    }
)
"""Which prepositions introduce what the statement is about, by lemma."""

_NOT_A_NOUN_TOO = word_set(
    """says writes adds thinks argues insists maintains believes explains acknowledges asserts declares
    emphasizes concedes contends wonders admits announces describes denies concludes knows hears sees
    reads tells informs suggests indicates reveals recalls wants hopes expects fears feels finds shows
    criticizes accuses blames praises opposes rejects endorses considers loves hates agrees complains
    notes"""
)
_ADJECTIVE_TOO = word_set("alleged supposed assured quoted understood")

_DENIED = word_set("deny refute reject dispute rebut repudiate disavow renounce rebuff disown")
_DOUBTED = word_set("doubt question challenge suspect")
_PREDICTED = word_set("predict expect forecast foresee project anticipate")
_ASKED = word_set("ask wonder inquire enquire query")

_THAT = frozenset(("that",))
_NOUNS_WITH_THAT = word_set(
    """claim claims assertion assertions statement statements suggestion suggestions belief view views
    argument arguments contention allegation allegations accusation accusations promise promises pledge
    vow warning warnings prediction predictions comment comments remark remarks declaration announcement
    admission acknowledgment insistence conclusion opinion complaint complaints denial fear fears hope
    hopes threat assurance assurances confidence concern concerns"""
)
_NOUNS_WITH_PREPOSITION: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        noun: frozenset(prepositions.split())
        for nouns, prepositions in (
            (
                """criticism criticisms condemnation denunciation endorsement embrace praise defense defence
                critique critiques mockery""",
                "of",
            ),
            ("support disdain contempt respect admiration sympathy", "for"),
            ("tribute tributes shoutout shout-out kudos", "to"),
            ("aim", "at"),
            ("issue", "with"),
            ("fun", "of at"),
            ("case", "for against"),
            ("fan critic opponent admirer booster skeptic sceptic advocate proponent backer detractor", "of"),
            ("tirade rant broadside", "against at on"),
            ("swipe swipes shot shots jab jabs dig digs potshot potshots", "at"),
            ("supporter supporters", "of"),
            ("opposition objection objections", "to"),
            ("call calls demand demands plea", "for"),
            ("attack attacks assault", "on against"),
            (
                "concern concerns doubts complaints remarks comments worries fears skepticism misgivings",
                "about",
            ),
            ("promise promises pledge vow threat refusal desire proposal plan plans", "to"),
        )
        for noun in nouns.split()
    }
)

ATTITUDES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        adjective: frozenset(prepositions.split())
        for adjectives, prepositions in (
            ("confident certain convinced sure aware afraid hopeful proud fearful", "of about"),
            (
                "optimistic pessimistic concerned worried skeptical doubtful unsure angry happy enthusiastic",
                "about of",
            ),
            ("critical supportive dismissive wary suspicious tired mindful", "of"),
            ("upbeat bullish ambivalent undecided excited bitter", "about on"),
            ("mum silent neutral", "on"),
            (
                "impressed disgusted horrified appalled shocked outraged offended thrilled delighted",
                "by with at",
            ),
            ("sympathetic hostile loyal", "to"),
            ("opposed committed open", "to"),
            (
                "alarmed surprised disappointed troubled pleased glad thankful adamant clear furious upset",
                "by at with",
            ),
        )
        for adjective in adjectives.split()
    }
)
"""Adjectives of opinion with the prepositions after them ("confident of"); all take "that" too."""

REPORTING_NOUNS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        noun: _NOUNS_WITH_PREPOSITION.get(noun, frozenset())
        | (_THAT if noun in _NOUNS_WITH_THAT else frozenset())
        for noun in sorted(_NOUNS_WITH_THAT | _NOUNS_WITH_PREPOSITION.keys())
    }
)
"""Nouns for what somebody holds with the words that open it: "claim that", "criticism of"."""


HOLDERS = word_set(
    """fan critic opponent admirer booster skeptic sceptic advocate proponent backer detractor supporter"""
)
"""Nouns for who holds an opinion: somebody "is a critic of" something."""


def prepositions_of(lemma: str) -> frozenset[str]:
    """The prepositions after which `lemma` names what the statement is about."""
    return _PREPOSITIONS.get(lemma, frozenset())


def particle_of(lemma: str) -> str | None:
    """The word that has to follow for a common verb to report ("went on", "put it"); None for most."""
    return {"go": "on", "put": "it"}.get(lemma)


_PHRASAL: Mapping[tuple[str, str], _Frames] = MappingProxyType(
    {
        ("point", "out"): _S | _C | _O,
        ("fire", "back"): _S,
        ("shoot", "back"): _S,
        ("chime", "in"): _S,
        ("call", "out"): _O,
        ("tick", "off"): _O,
        ("lay", "out"): _O,
        ("spell", "out"): _O,
        ("single", "out"): _O,
        ("shrug", "off"): _O,
        ("brush", "off"): _O,
        ("brush", "aside"): _O,
        ("wave", "off"): _O,
        ("rule", "out"): _O,
        ("laugh", "off"): _O,
    }
)
"""Verbs that with the word after them report in other frames than alone: "...", he points out."""


def read_phrasal(cue: Cue, following: str) -> Cue | None:
    """The cue that a verb makes with the word after it ("points out"); None for most."""
    frames = _PHRASAL.get((cue.lemma, following))
    return None if frames is None else replace(cue, frames=frames, noun=False)


def _polarity(lemma: str) -> QuotePolarity:
    if lemma in _DENIED:
        return "denied"
    if lemma in _DOUBTED:
        return "doubted"
    if lemma in _PREDICTED:
        return "predicted"
    return "asked" if lemma in _ASKED else "asserted"


def _inflect(entry: str) -> Iterator[tuple[str, Form]]:
    """Makes the forms of one verb; an entry may give its past and participle after a colon."""
    base, _, irregular = entry.partition(":")
    vowels = "aeiou"
    past, _, participle = irregular.partition("/")
    doubled = past.endswith("ed") and past == base + base[-1] + "ed"
    yield base, "past" if past == base else "base"
    if base.endswith(("s", "sh", "ch", "x", "z")):
        yield base + "es", "third"
    elif base.endswith("y") and base[-2] not in vowels:
        yield base[:-1] + "ies", "third"
    else:
        yield base + "s", "third"
    if not past:
        if base.endswith("e"):
            past = base + "d"
        elif base.endswith("y") and base[-2] not in vowels:
            past = base[:-1] + "ied"
        else:
            past = base + "ed"
    if past != base:
        yield past, "past"
    if participle:
        yield participle, "participle"
    if base.endswith("e") and not base.endswith(("ee", "oe")):
        yield base[:-1] + "ing", "gerund"
    elif doubled or base in _DOUBLING:
        yield base + base[-1] + "ing", "gerund"
    else:
        yield base + "ing", "gerund"


_DOUBLING = word_set("bet hit forget")


def _build_cues() -> dict[str, Cue]:
    """Makes the table of all forms; the frames of a verb listed twice are joined."""
    frames: dict[str, _Frames] = {}
    forms: dict[str, tuple[str, Form]] = {}
    for frame, entries in _VERBS:
        for entry in entries.split():
            lemma = entry.partition(":")[0]
            frames[lemma] = frames.get(lemma, frozenset()) | frame
            irregular = ":" in entry
            for form, kind in _inflect(entry):
                if form not in forms or irregular:
                    forms[form] = (lemma, kind)
    return {
        form: Cue(
            lemma,
            kind,
            frames[lemma],
            _polarity(lemma),
            (kind in ("base", "third") and form not in _NOT_A_NOUN_TOO) or form in _ADJECTIVE_TOO,
        )
        for form, (lemma, kind) in forms.items()
    }


CUES: Mapping[str, Cue] = _build_cues()
"""All forms of the reporting verbs, in lower case."""
