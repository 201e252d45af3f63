"""How an article mentions people and organisations: names, titles, roles and pronouns.

The word lists are small on purpose: they hold closed classes (titles, pronouns, kinds of organisation)
and the given names and role nouns that are frequent in news, and every rule works without an entry,
only less surely.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from index.countries import COUNTRY_ADJECTIVES
from index.speech_verbs import CUES
from index.word_lists import word_set

Gender = Literal["female", "male"]
Sort = Literal["person", "organisation", "place", "unknown"]

_UPPER = "".join(sorted(chr(code) for code in range(0x41, 0x530) if chr(code).isupper()))
"""Capitals of the Latin, Greek, Cyrillic and Armenian alphabets."""

_CAPITAL = (
    rf"(?:(?:al|el|ad|as|ash|ar|d|l)[-’'])?[{_UPPER}](?:[^\W_]|(?<=Mc)[{_UPPER}])*"
    rf"(?:[’'][{_UPPER}][^\W_]*|[-&](?=[^\W_])[^\W_]+)*"
)
_WORD = (
    r"(?:(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Lt|Col|Sgt|Rev|Prof|Hon|St|Jr|Sr|Adm|Capt|Cmdr|Maj|Sens|Reps|Atty)\."
    rf"|[{_UPPER}]\.(?:[- ]?[{_UPPER}]\.)*|{_CAPITAL})"
)
_LINK = r"(?:(?:de|del|della|di|da|das|dos|du|la|le|van|von|der|den|ter|bin|ibn|abu|ben|zu) ){0,2}"
_NAME = re.compile(
    rf"(?<![\w@#])(?=[{_UPPER}]|[adel][slrd]?h?[-’']){_WORD}(?:[ \u00a0]{_LINK}{_WORD}){{0,9}}"
)

TITLES = word_set(
    """mr. mrs. ms. miss dr. sen. rep. gov. gen. lt. col. sgt. rev. prof. hon. adm. capt. cmdr. maj. sens.
    reps. mr mrs ms dr sir dame lord lady madame monsieur senator senators congressman congresswoman
    representative governor president vice-president premier prime minister chancellor secretary general
    ambassador king queen prince princess pope cardinal archbishop bishop reverend father rabbi imam
    sheikh ayatollah professor judge justice mayor commissioner sheriff chief director chairman
    chairwoman chair speaker leader captain major colonel lieutenant sergeant admiral attorney spokesman
    spokeswoman spokesperson councilman councilwoman councilor deputy detective officer marshal
    commander candidate nominee host anchor editor reporter correspondent columnist strategist pollster
    adviser advisor aide manager treasurer assemblyman assemblywoman delegate former ex-president
    ex-wife lawyer coach founder ceo inspector superintendent whip undersecretary czar billionaire
    businessman mogul actor actress singer author historian economist activist analyst dictator
    magistrate prosecutor consul envoy challenger rival surrogate"""
)
"""Words that stand before a name and are no part of it, in lower case."""

_BEFORE_GIVEN_NAMES = word_set(
    "king queen pope prince princess sir dame lord lady father rabbi imam sheikh ayatollah"
)
"""Titles that stand before a given name: Pope Francis."""

_ONLY_TITLES = word_set(
    """president senator governor representative secretary minister mayor general judge justice speaker
    congressman congresswoman chairman sen. rep. gov. gen. attorney sheriff ambassador king queen pope
    chancellor premier mr mrs ms"""
)
"""Titles that stand for a person without a name and so are no name themselves."""

_MALE_TITLES = word_set(
    """mr. mr sir lord king prince pope cardinal father monsieur congressman chairman spokesman councilman
    assemblyman businessman actor imam sheikh ayatollah"""
)
_FEMALE_TITLES = word_set(
    """mrs. mrs ms. ms miss dame lady madame queen princess congresswoman chairwoman spokeswoman
    councilwoman assemblywoman actress ex-wife"""
)

ROLES = word_set(
    """president senator governor congressman congresswoman lawmaker minister premier chancellor secretary
    ambassador diplomat king queen prince princess pope mayor judge justice sheriff chief director
    chairman chairwoman chair speaker leader captain general colonel commander attorney lawyer spokesman
    spokeswoman spokesperson candidate nominee front-runner frontrunner host anchor editor reporter
    journalist correspondent columnist strategist pollster adviser advisor aide manager official officer
    executive billionaire businessman businesswoman mogul magnate tycoon developer actor actress singer
    author writer historian economist professor scientist researcher expert activist analyst scholar
    physician doctor nurse teacher student soldier veteran victim witness suspect resident voter
    supporter critic opponent rival ally head boss founder ceo coach player owner operative consultant
    contractor deputy envoy negotiator prosecutor investigator detective politician statesman democrat
    republican conservative liberal socialist independent texan floridian hawkeye vermonter father
    mother son daughter wife husband brother sister man woman widow mom dad spouse girl boy star
    celebrity comedian director producer filmmaker pastor priest bishop rabbi imam source insider person
    member delegate employee worker farmer driver neighbor neighbour friend representative legislator
    politico pundit commentator blogger moderator interviewer campaigner newcomer incumbent challenger
    hopeful contender entrepreneur philanthropist investor banker trader parliamentarian councillor
    councilor whip undersecretary treasurer regulator watchdog dissident attendee protester organizer
    volunteer staffer surrogate intern entertainer lobbyist donor fundraiser"""
)
"""Nouns for what a person is or does, in lower case and singular."""

_FEMALE_ROLES = word_set(
    """congresswoman chairwoman spokeswoman businesswoman queen princess actress mother daughter wife
    sister woman widow mom girl"""
)
_MALE_ROLES = word_set(
    """congressman chairman spokesman businessman king prince pope father son husband brother man dad boy
    priest imam statesman"""
)

_ORGANISATION_WORDS = word_set(
    """inc corp corporation company co ltd llc plc group committee university college school institute
    institution department ministry party journal times post news magazine radio television tv network
    council commission court agency bank association society union foundation federation club center
    centre office bureau board house senate congress parliament assembly campaign administration force
    forces army navy police guard service services fund trust league alliance coalition organization
    organisation airlines motors press herald tribune globe review gazette chronicle register observer
    guardian standard telegraph daily weekly reuters bbc cnn fox nbc abc cbs msnbc npr pbs fbi cia nsa
    nato eu un dnc rnc gop pac epa irs doj osce imf who unicef nra aclu naacp hamas hezbollah taliban
    isis isil kremlin pentagon politico breitbart facebook twitter google apple amazon microsoft
    quinnipiac gallup democrats republicans conservatives act bill law amendment treaty agreement accord
    summit convention conference caucus primary election day street avenue road hall tower hotel airport
    hospital church cathedral award awards prize cup games series war crisis states kingdom nations
    republic"""
)
_PLACE_WORDS = word_set(
    """new north south west east northern southern eastern western central san santa los las el saint fort
    mount lake united great saudi hong sri costa puerto cape middle upper lower long rhode white silicon
    wall capitol"""
)
_PLACE_ENDINGS = word_set("city county beach island islands valley river bay hills park square republic")
_PLACES = word_set(
    """america american americans britain england scotland wales ireland france germany italy spain
    portugal russia ukraine poland hungary china japan india pakistan iran iraq syria israel egypt
    turkey greece mexico canada brazil argentina australia africa europe asia washington moscow kyiv
    kiev london paris berlin brussels beijing tokyo ohio florida texas california virginia iowa nevada
    michigan wisconsin pennsylvania georgia arizona colorado illinois indiana kansas kentucky louisiana
    maine maryland massachusetts minnesota mississippi missouri montana nebraska oklahoma oregon
    tennessee utah vermont wyoming alabama alaska arkansas connecticut delaware hawaii idaho
    philadelphia chicago boston cleveland orlando miami detroit denver dallas houston atlanta seattle
    baltimore afghanistan libya yemen lebanon jordan kuwait qatar cuba venezuela colombia chile peru
    korea vietnam thailand indonesia malaysia philippines singapore sweden norway finland denmark
    netherlands belgium austria switzerland serbia croatia romania bulgaria czechia slovakia slovenia
    lithuania latvia estonia belarus moldova armenia azerbaijan kazakhstan gaza nigeria kenya ethiopia
    sudan somalia manhattan brooklyn hollywood internet benghazi flint cologne budapest geneva crimea
    donbas"""
)
DEMONYMS = COUNTRY_ADJECTIVES | word_set(
    """muslim christian jewish catholic republican democratic democrat gop liberal conservative labour labor
    tory green socialist communist latino hispanic u.s. us uk tea"""
)
"""Words for a country, creed or party that qualify a role or precede a name, in lower case."""

_NO_NAMES = word_set(
    """the a an this that these those he she it they we i you his her its their our my your who what when
    where why how which if in on at by for from to of with without within into onto over under about
    after before since until during while as and or but nor so yet because although though however
    meanwhile moreover also then now here there not no yes all any both each every few many more most
    much other others some such several one two three four five six seven eight nine ten first second
    third last next once twice only just even still again instead perhaps maybe according despite among
    against between like unlike through throughout across per via amid monday tuesday wednesday thursday
    friday saturday sunday january february march april may june july august september october november
    december jan. feb. mar. apr. jun. jul. aug. sept. sep. oct. nov. dec. today yesterday tomorrow
    nobody somebody anybody everybody noone someone anyone everyone nothing something anything everything
    neither either none therefore thus tonight eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand journalists
    reporters economists analysts negotiators investigators lawyers readers residents witnesses researchers
    scientists opening closing long none nor
    earlier later asked told read watch see photo image advertisement please is are was were be been has
    have had do does did can could will would should may might must let let's abstract full text
    contributing updated update breaking related speaking asking citing adding given based born people
    critics supporters voters officials good great well ok oh ah hello thanks thank sorry"""
)
"""Words that often start a sentence with a capital and are no name."""

_FEMALE_NAMES = word_set(
    """abigail agnes aisha alexandra alice alicia alison allison alyssa amanda amber amy ana andrea angela
    angelina anita ann anna anne annette annie april arianna ashley audrey barbara beatrice becky
    bernadette beth betsy betty beverly bonnie brenda brianna bridget brittany brooke candace carla
    carly carmen carol carole caroline carolyn cassandra catherine cathy cecilia charlotte chelsea
    cheryl chloe christina christine cindy claire clara claudia colleen connie courtney crystal cynthia
    daisy dana danielle dawn debbie deborah debra denise diana diane dianne dolores donna doris dorothy
    ebony edith eileen elaine eleanor elena elise elisabeth elizabeth ella ellen emily emma erica erin
    esther ethel eva eve evelyn faith fatima felicia fiona florence frances gabrielle gail geraldine
    gina ginger giorgia gladys glenda gloria grace greta gretchen gwen hannah harriet hazel heather
    heidi helen helena hilary hillary holly hope huma ida inez ingrid irene irina iris isabel isabella
    ivanka ivy jackie jacqueline jamie jane janet janice janine jasmine jean jeanne jeannie jen jenna
    jennifer jenny jessica jill jo joan joann joanna jodi josephine joy joyce juanita judith judy julia
    juliana julie june kamala karen kate katherine kathleen kathryn kathy katie katrina kayla keisha
    kelly kellyanne kendra kim kimberly kirsten kristen kristin kyra lara laura lauren laurie leah lena
    leslie lillian linda lindsay lindsey lisa liz lois loretta lori lorraine louise lucia lucy lydia
    lynn madeleine maggie malala mara marcia margaret maria marian marie marilyn marine marissa marjorie
    marlene marsha martha mary maureen maxine megan meghan melania melanie melinda melissa mercedes
    meredith mia michaela michele michelle mildred mimi miranda miriam molly monica nadia nancy naomi
    natalia natalie natasha nicole nicola nikki nina nora norma olga olivia olena oksana paige pam
    pamela patricia patsy patty paula pauline peggy penelope penny phyllis priscilla rachael rachel
    ramona rebecca regina renee rhonda rita roberta robin rosa rosalind rose rosemary roxanne ruby ruth
    sabrina sally samantha sandra sara sarah selena shannon sharon sheila shelby shelley sherry shirley
    sierra simone sofia sonia sonya sophia sophie stacey stacy stefanie stella stephanie sue susan
    susana suzanne svetlana sylvia tamara tammy tanya tara tatiana teresa terri theresa tiffany tina
    toni tracy trisha trudy tulsi ursula valentina valerie vanessa vera veronica vicki vicky victoria
    viola violet virginia vivian wanda wendy whitney whoopi wilma yolanda yulia yvonne zoe neera symone
    gayle reince"""
) - {"reince"}
_MALE_NAMES = word_set(
    """aaron abdul abdullah abraham adam adrian ahmed alan albert alberto alec alejandro aleksandr alex
    alexander alexei alexis alfred ali allan allen alvin andre andrei andres andrew andy angel anthony
    antonin antonio archie arnold arthur asa austin barack barney barry bart ben benjamin bernard bernie
    bert bill billy bob bobby boris brad bradley brandon brendan brent bret brett brian bruce bryan
    byron caleb calvin cameron carl carlos cary cedric chad charles charlie chester chris christian
    christopher chuck clarence clark claude clay clayton cliff clifford clint clinton clyde cody cole
    colin conor corey cory craig curt curtis dale damian damon dan daniel danny darrell darren dave
    david dean dennis denis derek derrick devin devon diego dick dirk dmitri dmitry dmytro dominic don
    donald doug douglas duncan dustin dwayne dwight dylan earl ed eddie edgar eduardo edward edwin eli
    elias elijah elliott elon emmanuel enrique eric erik ernest ernesto ethan eugene evan fabian felix
    ferdinand fernando floyd francis francisco francois frank franklin fred freddie frederick gabriel
    garrett gary gavin gene geoffrey george gerald gerard gerhard gilbert giovanni glen glenn gordon
    graham grant greg gregory grover guillermo gus guy harold harry harrison harvey hassan hector henry
    herbert herman hiroshi horace howard hubert hugh hugo ian igor ilya immanuel ira isaac isaiah ismail
    ivan jack jackson jacob jaime jake jamal james jan jared jason javier jay jeb jeff jefferson jeffrey
    jens jeremy jerome jerry jesse jesus jim jimmy joachim joaquin joe joel john johnny jon jonathan
    jordan jorge jose joseph josh joshua juan jules julian julio julius justin kanye karl keith ken
    kenneth kent kevin khalid kirk kurt kyle lance larry lawrence lee len lenny leo leon leonard leroy
    lester levi lewis liam lincoln lindsey lloyd logan lorenzo lou louis lucas luis luke luther lyle
    lyndon malcolm manuel marc marcel marco marcus mario mark marshall martin marty marvin mason mathew
    matt matthew maurice max maxim maxwell melvin michael miguel mikhail mike milo milton mitch mitchell
    mitt mohamed mohammad mohammed morgan morris moses muhammad murray nathan nathaniel ned neil nelson
    newt nicholas nick nicolas nigel nikolai noah noam noel norman oleg oleksandr oleksiy oliver omar
    omarosa oscar otto owen pablo paddy pat patrick paul pedro perry pete peter petro phil philip
    phillip pierre preston quentin rafael ralph ramon rand randall randy raphael rashid raul ray raymond
    recep reggie reginald reince rex ricardo richard rick ricky rob robert roberto rodney rodrigo roger
    roland roman ron ronald ronnie rory ross roy ruben rudolph rudy rupert russ russell ryan salman sam
    samuel santiago scott sean sebastian sergei sergey sergio seth shane shaun shawn sheldon sidney
    silvio simon spencer stan stanley stefan stephen sterling steve steven stewart stuart sven tad ted
    terence terrence terry thad theodore thomas tim timothy toby todd tom tommy tony travis trent trevor
    trey tristan tucker tyler vadym valentin vernon victor viktor vincent vitali vitaly vladimir
    volodymyr wade wallace walter warren wayne wesley wes wilbur will willard william willie winston
    wolf woodrow xavier yasser yitzhak yuri yusuf zachary zack ziad paulo luiz xi bashar benyamin
    benjamin bibi shinzo narendra rodrigo olaf keir rishi gavin khizr lamar merrick orrin strom dov
    corey"""
)
GENDERS: dict[str, Gender] = {**dict.fromkeys(_FEMALE_NAMES, "female"), **dict.fromkeys(_MALE_NAMES, "male")}
"""The gender most bearers of a given name have, by the name in lower case."""

PRONOUNS: dict[str, Gender | None] = {
    "he": "male", "him": "male", "his": "male", "himself": "male",
    "she": "female", "her": "female", "hers": "female", "herself": "female",
    "they": None, "them": None, "we": None, "i": None, "you": None, "it": None, "who": None,
}  # fmt: skip
"""Pronouns that can name a speaker, with the gender they tell."""


@dataclass(frozen=True, slots=True)
class NameMention:
    """A name as it stands in the text, its titles left out."""

    start: int
    """Offset of the first word of the name proper."""
    end: int
    name: str
    """The name proper, single spaces: "Volodymyr Zelensky", "Zelensky", "White House"."""
    titles: tuple[str, ...]
    """The lower-case words of the same capitalised run that stand before the name."""
    sort: Sort
    gender: Gender | None
    """Told by a title or the given name."""


def find_names(text: str) -> list[NameMention]:
    """Finds the names in a text, in text order.

    A capitalised word that opens a sentence is no name where the text has it in lower case too, nor where
    the text has it nowhere else with a capital and it does not speak or own anything there. A sentence or
    two are too little to expect a second mention.
    """
    once_is_enough = len(_SENTENCE_END.findall(text)) < _SENTENCES_TO_NAME_TWICE
    common = set(_LOWER_WORD.findall(text))
    mentions = [mention for match in _NAME.finditer(text) for mention in _read_run(text, match)]
    doubtful = [mention.sort == "unknown" and _opens(text, mention) for mention in mentions]
    capitals = {
        word
        for mention, opens in zip(mentions, doubtful, strict=True)
        if not opens or " " in mention.name
        for word in mention.name.split()
    }
    labels = Counter(match[1] for match in _LABEL.finditer(text))
    capitals.update(word for label, count in labels.items() if count > 1 for word in label.split())
    found: list[NameMention] = []
    for mention, opens in zip(mentions, doubtful, strict=True):
        if _PARTY_AND_STATE.fullmatch(mention.name):
            continue
        if opens and (
            mention.name.lower() in common
            or not (once_is_enough or capitals.issuperset(mention.name.split()) or _acts(text, mention))
        ):
            continue
        joined = _join_of(text, found[-1], mention) if found else None
        if joined is not None:
            found[-1] = joined
        else:
            found.append(mention)
    return found


_LABEL = re.compile(rf"^[^\S\n]*([{_UPPER}][\w.’'-]+(?: [{_UPPER}][\w.’'-]+){{0,3}}):\s", re.MULTILINE)
"""What stands before the turns of an interview; twice makes it a name."""
_SENTENCES_TO_NAME_TWICE = 3
"""Sentences from which on a text is expected to name anybody who matters more than once. By judgement."""
_SENTENCE_END = re.compile(r"[.?!…][”\"’']?(?:\s|\Z)")


def _acts(text: str, mention: NameMention) -> bool:
    """Whether a mention owns something or is followed by a verb of speech, as names are."""
    if mention.gender is not None or text.startswith(("'s", "’s"), mention.end):
        return True
    after = _NEXT_WORD.match(text, mention.end)
    cue = CUES.get(after[1]) if after else None
    return cue is not None and cue.form in ("past", "third")


_PARTY_AND_STATE = re.compile(r"[A-Z]-[A-Z]|[A-Z]\.?")
"""What is left of "R-S.C." and of a lone initial: no name."""
_NEXT_WORD = re.compile(r"(?: had| has)? ([a-z]+)")
_LOWER_WORD = re.compile(r"(?<![\w’'-])[a-z]{2,}(?![\w])")
_OPENING = re.compile(r"(?:\n|[.?!:…]\s|[“\"«‘'(])\Z")
_OF = re.compile(r" (?:of|for) (?:the )?\Z")
_OF_ORGANISATIONS = word_set(
    """university department ministry school college institute bureau house council board court office
    chamber church bank committee center centre league association society union academy museum"""
)


def _opens(text: str, mention: NameMention) -> bool:
    """Whether an untitled mention stands where any word has a capital."""
    before = _OPENING.search(text, max(0, mention.start - 3), mention.start)
    return not mention.titles and (mention.start == 0 or before is not None)


def _join_of(text: str, left: NameMention, right: NameMention) -> NameMention | None:
    """Joins "University" and "Texas": an organisation's name goes on after "of"."""
    if right.start - left.end > 8 or left.name.rpartition(" ")[2].lower() not in _OF_ORGANISATIONS:
        return None
    between = text[left.end : right.start]
    if not _OF.match(between):
        return None
    return NameMention(left.start, right.end, text[left.start : right.end], left.titles, "organisation", None)


_Run = tuple[int, str, tuple[str, ...], Sort, Gender | None]


def _read_run(text: str, match: re.Match[str]) -> list[NameMention]:
    """Reads one run of capitalised words in its place."""
    offset = match.start()
    after_secretary = text[max(0, offset - 13) : offset].lower().endswith("secretary of ")
    return [
        NameMention(offset + start, offset + start + len(name), name, titles, sort, gender)
        for start, name, titles, sort, gender in _parse_run(match[0], after_secretary)
    ]


@lru_cache(maxsize=65_536)
def _parse_run(run: str, after_secretary: bool) -> tuple[_Run, ...]:
    """Parses a run of capitalised words; words that are no names and, in headlines, verbs part it.

    Returns:
        For each name: its offset in the run, the name, its titles, sort and gender.
    """
    parts = run.replace("\u00a0", " ").split(" ")
    lowered = [part.lower() for part in parts]
    runs: list[_Run] = []
    first = 0
    for last in range(len(parts) + 1):
        if last < len(parts) and not _parts_names(lowered, last):
            continue
        if last > first:
            skipped = 1 if after_secretary and first == 0 and last > 1 else 0
            parsed = _parse_name(parts, lowered, first + skipped, last)
            if parsed is not None:
                runs.append(parsed)
        first = last + 1
    return tuple(runs)


def _parts_names(lowered: list[str], index: int) -> bool:
    """Whether the word at `index` of a run stands between names."""
    word = lowered[index]
    if (
        word == "will"
        and 0 < index < len(lowered) - 1
        and (lowered[index - 1] in ROLES or lowered[index - 1] in TITLES)
    ):
        return False  # the chairman Will Rogers
    if word in _NO_NAMES:
        return True
    cue = CUES.get(word)
    return (
        len(lowered) > 2
        and cue is not None
        and (cue.form == "third" or (cue.form == "past" and not cue.noun))
    )


def _parse_name(parts: list[str], lowered: list[str], first: int, last: int) -> _Run | None:
    """Parses the words from `first` to before `last` into titles and one name."""
    begin = _skip_titles(lowered, first, last)
    titles = tuple(lowered[first:begin])
    name = " ".join(parts[begin:last])
    if name.endswith(".") and len(parts[last - 1]) > 2 and lowered[last - 1] not in ("jr.", "sr."):
        name = name[:-1]
    if sum(map(str.isalpha, name)) < 2 or (last - begin == 1 and lowered[begin] in _ONLY_TITLES):
        return None
    sort = _tell_sort(lowered[begin:last], titles)
    surname_alone = last - begin == 1 and titles and _BEFORE_GIVEN_NAMES.isdisjoint(titles)
    given = "" if surname_alone else lowered[begin]  # Senator Warren is no man called Warren
    gender = _tell_gender(given, titles) if sort in ("person", "unknown") else None
    return sum(len(part) + 1 for part in parts[:begin]), name, titles, sort, gender


def _skip_titles(lowered: list[str], first: int, last: int) -> int:
    """Index of the first word that belongs to the name proper."""
    begin = first
    for index in range(first, last - 1):
        if lowered[index] in TITLES or lowered[index].removeprefix("ex-") in TITLES:
            begin = index + 1
    if begin == first:
        for index in range(first + 1, last - 1):
            if _is_initial(lowered[first]):
                break
            if (
                lowered[index] in GENDERS
                and lowered[first] not in GENDERS
                and lowered[last - 1] not in _ORGANISATION_WORDS
            ):
                return index
    while (
        begin < last - 1
        and lowered[begin] in DEMONYMS
        and last - begin > 2
        and lowered[last - 1] not in _ORGANISATION_WORDS
    ):
        begin += 1
    return begin


def _is_initial(word: str) -> bool:
    return len(word) == 2 and word[1] == "."


def _tell_sort(  # noqa: PLR0911  # one for each kind of evidence, the surest first
    words: list[str], titles: tuple[str, ...]
) -> Sort:
    """Tells what a name names, by its words and titles."""
    if words[-1] in _ORGANISATION_WORDS or any(word in _ORGANISATION_WORDS for word in words[1:]):
        return "organisation"
    if titles == ("former",) and len(words) == 1 and words[0] in _PLACES:
        return "place"  # former Ohio governor Ana Rao
    if titles and not (words[0] in _PLACE_WORDS and words[0] not in GENDERS):
        return "person"
    if words[0] in GENDERS and len(words) > 1:
        return "person"
    if words[0] in _ORGANISATION_WORDS:
        return "organisation"
    if words[0] in _PLACE_WORDS or words[-1] in _PLACES or words[-1] in _PLACE_ENDINGS or words[0] in _PLACES:
        return "place"
    if any(word in DEMONYMS for word in words):
        return "place"
    return "unknown"


def _tell_gender(given: str, titles: tuple[str, ...]) -> Gender | None:
    for title in titles:
        gender = find_title_gender(title)
        if gender:
            return gender
    return GENDERS.get(given)


def find_title_gender(title: str) -> Gender | None:
    """The gender that a lower-case title tells ("mrs."), if any."""
    if title in _FEMALE_TITLES:
        return "female"
    return "male" if title in _MALE_TITLES else None


def is_organisation_word(word: str) -> bool:
    """Whether a lower-case word says what kind of organisation a name names."""
    return word in _ORGANISATION_WORDS


def role_gender(role: str) -> Gender | None:
    """The gender a role noun tells ("spokeswoman"), if any."""
    if role in _FEMALE_ROLES:
        return "female"
    return "male" if role in _MALE_ROLES else None
