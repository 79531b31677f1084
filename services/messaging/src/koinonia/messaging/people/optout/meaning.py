"""STOP, START, HELP, or none of these: what a text asks for.

Keywords: Telnyx's defaults, the words of the FCC, and those of other carriers. A carrier that
matched a keyword itself knows better than this module, because its block is already in force.
"""

import re
from enum import StrEnum

from koinonia.messaging.people.optout import phrases, plain_words


class Meaning(StrEnum):
    STOP = "stop"
    STOP_PHRASE = "stop_phrase"  # in words that no carrier acts on
    START = "start"
    START_IF_OPTED_OUT = "start_if_opted_out"  # an ordinary answer, unless a carrier matched it
    HELP = "help"
    NONE = "none"

    @property
    def stops(self) -> bool:
        return self in (Meaning.STOP, Meaning.STOP_PHRASE)


STOP = {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"}
UNMISTAKABLE = {"stop", "stopall", "unsubscribe", "revoke", "optout"}  # "cancel" what?
KEYWORDS = (
    (STOP, Meaning.STOP),
    ({"start", "unstop"}, Meaning.START),
    ({"yes"}, Meaning.START_IF_OPTED_OUT),
    ({"help", "info", "ayuda"}, Meaning.HELP),
)

# A phone shows a reaction to one of our texts as a text that quotes it.
TAPBACK = re.compile(
    r"\s*(?:(?:dis)?liked|loved|laughed at|emphasi[sz]ed|questioned|reacted .{1,20} to"
    r"|removed an? .{1,20} from|\W{1,8} to)\s*[“\"«„].*",
    re.IGNORECASE | re.DOTALL,
)
SIGNATURE = re.compile(
    r"[-–—~|\s]{0,9}(?:(?:sent|enviado) (?:from|via|using|desde|de)\b|get outlook for).{0,60}",
    re.IGNORECASE | re.DOTALL,
)
# "STOP CHOIR" of a church without that keyword; "Stop laughing" is what people say.
SHOUTED = re.compile(r"\W*STOP\W+(?!BY\b|IN\b|AT\b|OVER\b|SIGN\b|LIGHT\b)[A-Z0-9]+(?<!ING)\W*")
POLITE = (
    "please|pls|plz|kindly|thanks|thank you|thx|ty|hi|hey|hello|ok|okay|just|now|already|asap"
    "|sorry|immediately|everyone|god bless|sir|maam|por favor|porfa|gracias|hola|ya|not interested"
    "|im not interested|i am not interested|no longer interested|seriously"
)
WISH = (
    "i want|i wish|i need|i would like|i d like|id like|i ask|im asking|i am asking|you|u|to"
    "|can you|could you|would you|will you|can u|could u|would u|lets|you need|you must"
    "|how do i|how can i|how to|i said|i told you|i asked you|i have asked you|for the last time"
    "|quiero|quisiera|deseo|pueden|puede"
)
POLITE_BEFORE = re.compile(rf"(?:(?:{POLITE}) )+")
WISH_BEFORE = re.compile(rf"(?:(?:{POLITE}|{WISH}) )+")
POLITE_ALONE = re.compile(rf"(?:{POLITE})(?: (?:{POLITE}))*")
POLITE_AFTER = re.compile(rf"(?: (?:{POLITE}))+")
REPEATED = re.compile(r"\b(\w+)(?: \1)+\b")
TWICE = re.compile(r"^(\w{3,}?)\1+$")
LAST_WORDS = re.compile(r".* (?:please|pls|plz|but|so|then)(?= )")
SUBJECT = {"spam", "text", "texts", "texting", "message", "messages", "number", "member", "list"}
REASON = re.compile(r" (?:because|bc|cuz|since|and|or)\b.*")


def meaning(text: str) -> Meaning:
    """What ``text`` asks for by itself."""
    if TAPBACK.fullmatch(text):
        return Meaning.NONE
    text = unsigned(text)
    if keyword := _keyword(plain_words.words(text)):
        return keyword
    clauses = [each for each in plain_words.clauses(text) if not POLITE_ALONE.fullmatch(each)]
    if (
        SHOUTED.fullmatch(text)
        or _ends_it(clauses)
        or any(_asks_to_stop(clause, alone=len(clauses) == 1) for clause in clauses)
    ):
        return Meaning.STOP_PHRASE
    first_line = plain_words.words(text.strip().partition("\n")[0])  # a signature may follow
    return Meaning.STOP if _keyword(first_line) is Meaning.STOP else Meaning.NONE


def unsigned(text: str) -> str:
    """Without what a phone writes below: "Sent from my iPhone"."""
    found = SIGNATURE.search(text)
    return text[: found.start()] if found and found.end() == len(text) else text


def _keyword(words: str) -> Meaning | None:
    """A keyword alone, repeated, in parts ("stop-all", "S T O P") or with letters held down."""
    compact = words.replace(" ", "")
    forms = {compact, REPEATED.sub(r"\1", words), TWICE.sub(r"\1", compact)}
    for keywords, meant in KEYWORDS:
        if forms & keywords:
            return meant
    if words and set(words.split()) <= STOP:
        return Meaning.STOP
    held_down = {_single_letters(form) for form in forms}
    return Meaning.STOP if held_down & {_single_letters(word) for word in STOP} else None


def _single_letters(word: str) -> str:
    return re.sub(r"(.)\1+", r"\1", word)


def _ends_it(clauses: list[str]) -> bool:
    """ "This is spam, stop": a bare keyword at the end of words about texting."""
    about = {word for clause in clauses[:-1] for word in clause.split()}
    return bool(about & SUBJECT) and _names_it(clauses[-1], UNMISTAKABLE)


def _asks_to_stop(clause: str, *, alone: bool) -> bool:
    once = REPEATED.sub(r"\1", clause)
    if phrases.revokes(once):  # before politeness goes: "ya no quiero", "u"
        return True
    if phrases.revokes(once.removeprefix("stop ")):  # "STOP unsubscribe me"
        return True
    if phrases.revokes(LAST_WORDS.sub("", once).strip()):  # "we moved so please take us off"
        return True
    polite = _bare(POLITE_BEFORE, once)
    wished = _bare(WISH_BEFORE, once)
    return (
        _names_it(polite, STOP | phrases.SINGLE if alone or polite != once else {"unsubscribe"})
        or (wished != polite and _names_it(wished, UNMISTAKABLE))
        or any(phrases.revokes(REASON.sub("", bare)) for bare in (polite, wished))
    )


def _bare(before: re.Pattern[str], clause: str) -> str:
    match = before.match(clause)
    return POLITE_AFTER.sub("", clause[match.end() if match else 0 :])


def _names_it(words: str, keywords: set[str]) -> bool:
    return words.replace(" ", "") in keywords
