"""STOP, START, HELP, or none of these: what a text asks for.

There are two grades of stop. The words of the carriers and of the FCC (47 CFR 64.1200(a)(10)) are
final: alone, misspelt by one letter, with a name or courtesy around them, or with texts as their
object. What a reasonable person may mean by other words is a question that staff settle.

A carrier that matched a keyword itself knows better than this module, because its block is already
in force.
"""

import re
from enum import StrEnum

from koinonia.messaging.people.optout import people_names, phrases, plain_words, spelling


class Meaning(StrEnum):
    STOP = "stop"
    STOP_PHRASE = "stop_phrase"  # final as well, in words that no carrier acts on
    STOP_ASKED = "stop_asked"  # may ask to stop: staff settle it
    START = "start"
    START_IF_OPTED_OUT = "start_if_opted_out"  # an ordinary answer, unless a carrier matched it
    HELP = "help"
    NONE = "none"

    @property
    def stops(self) -> bool:
        return self in (Meaning.STOP, Meaning.STOP_PHRASE)


STOP = {"stop", "stopall", "unsubscribe", "unsubscribeall", "cancel", "end", "quit", "revoke"}
STOP |= {"optout", "unsubscribed"}
UNMISTAKABLE = STOP - {"cancel", "end", "quit"}  # "cancel" what?
CHURCH_WORDS = {"alto", "pare", "baja"}  # a church may use them as keywords, whatever they may ask
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
POLITE = (
    "please|pleas|plese|pls|plz|kindly|good morning|good evening|good afternoon|sir|and|again"
    "|like i said|as i said|thank you so much|sincerely|regards|blessings|lord have mercy"
    "|thanks|thank you|thx|ty|hi|hey|hello|ok|okay|just|now|already|asap"
    "|sorry|immediately|everyone|god bless|sir|maam|por favor|porfa|gracias|hola|ya|not interested"
    "|god bless you|god bless you all"
    "|im not interested|i am not interested|no longer interested|seriously"
)
WISH = (
    "i want you to|i want|you can|you may|you should"
    "|i wish|i need|i would like|i d like|id like|i ask|im asking|i am asking|you|u|to"
    "|can you|could you|would you|will you|can u|could u|would u|lets|you need|you must"
    "|how do i|how can i|how to|i said|i told you|i asked you|i have asked you|for the last time"
    "|for the (?:second|third|fourth|fifth|tenth|hundredth) time"
    "|quiero|quisiera|deseo|pueden|puede"
)
POLITE_BEFORE = re.compile(rf"(?:(?:{POLITE}) )+")
WISH_BEFORE = re.compile(rf"(?:(?:{POLITE}|{WISH}) )+")
POLITE_ALONE = re.compile(rf"(?:{POLITE})(?: (?:{POLITE}))*")
POLITE_AFTER = re.compile(rf"(?: (?:{POLITE})\b)+")
REPEATED = re.compile(r"\b(\w+)(?: \1)+\b")
TWICE = re.compile(r"^(\w{3,}?)\1+$")
LAST_WORDS = re.compile(r".* (?:please|pls|plz|but|so|then|and)(?= )")
LAUGHTER = re.compile(
    r"[😂🤣😆😹😝😜]|\b(?:a*(?:ha){2,}h?|lo+l|lmao|rofl|jk|(?:ja){2,}j?)\b", re.IGNORECASE
)
MUSIC = re.compile("[🎵🎶🎼🎤]")
CHOIR_PART = "alto"  # in Spanish "stop": alone, or beside courtesy in Spanish
SPANISH_AROUND = {"por", "favor", "porfa", "gracias", "hola", "ya"}
SUBJECT = {
    "spam",
    "wrong",
    "text",
    "texts",
    "texting",
    "message",
    "messages",
    "number",
    "member",
    "list",
}
REASON = re.compile(r" (?:because|bc|cuz|since|and|or)\b.*")


def meaning(text: str) -> Meaning:
    """What ``text`` asks for by itself."""
    text = text[: plain_words.LONGEST]
    if TAPBACK.fullmatch(text):
        return Meaning.NONE
    text = unsigned(text)
    if keyword := _keyword(plain_words.words(text)):
        return keyword
    clauses = plain_words.clauses(text)
    said = [
        spelling.corrected(plain) for written, plain in clauses if not _is_around(written, plain)
    ]
    if not said and clauses:  # "Alto", "Mary": a name alone is around nothing
        said = [clauses[0][1]]
    first_line = plain_words.words(text.strip().partition("\n")[0])  # a signature may follow
    if "\n" in text.strip() and _keyword(first_line) is Meaning.STOP:
        is_certain = _names_it(first_line, UNMISTAKABLE) or first_line.split()[0] in UNMISTAKABLE
        return Meaning.STOP if is_certain else Meaning.STOP_ASKED
    if _is_final(said, has_names=len(said) < len(clauses)):
        is_certain = any(map(_is_final_clause, said)) or not any(
            _is_around(*each) and people_names.may_be_a_word(each[0], text)
            for each in clauses
            if not POLITE_ALONE.fullmatch(each[1])
        )
        return Meaning.STOP_PHRASE if is_certain else Meaning.STOP_ASKED
    if _begins_with_stop(clauses) and not LAUGHTER.search(text):
        return Meaning.STOP_ASKED
    asks = any(
        _asks_to_stop(clause, alone=len(said) == 1) and not _is_meant_otherwise(clause, text)
        for clause in said
    )
    asks = asks or any(_asks_laughing(written) for written, _ in clauses)
    return Meaning.STOP_ASKED if asks else Meaning.NONE


def _asks_laughing(written: str) -> bool:
    """ "stop texting me lol": laughter beside words that name texts takes nothing back."""
    if not LAUGHTER.search(written):
        return False
    quiet = spelling.corrected(plain_words.words(LAUGHTER.sub(" ", written)))
    asks = _is_final_clause(quiet) or _asks_to_stop(quiet, alone=False)
    return asks and not _is_meant_otherwise(quiet, written)


def _begins_with_stop(clauses: list[tuple[str, str]]) -> bool:
    """ "STOP. I asked you before": the word in capitals, a sentence of its own, before others that
    are not."""
    written, plain = clauses[0] if clauses else ("", "")
    shouts = any(other.isupper() for other, _ in clauses[1:])
    return len(clauses) > 1 and plain == "stop" and written.isupper() and not shouts


def _is_meant_otherwise(clause: str, text: str) -> bool:
    """Whether what may ask to stop something is said in jest, or is a part of a choir."""
    said = _bare(POLITE_BEFORE, REPEATED.sub(r"\1", clause)).replace(" ", "")
    if said == CHOIR_PART:
        around = set(plain_words.words(text).split()) - {CHOIR_PART}
        return MUSIC.search(text) is not None or bool(around - SPANISH_AROUND)
    return said in phrases.UNSPECIFIC and LAUGHTER.search(text) is not None


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
    if words and set(words.split()) - {"1"} and set(words.split()) - {"1"} <= STOP:
        return Meaning.STOP
    if spelling.corrected(words).replace(" ", "") in STOP:
        return Meaning.STOP
    held_down = {_single_letters(form) for form in forms if form not in spelling.REAL_WORDS}
    return Meaning.STOP if held_down & {_single_letters(word) for word in STOP} else None


def _single_letters(word: str) -> str:
    return re.sub(r"(.)\1+", r"\1", word)


def _is_around(written: str, plain: str) -> bool:
    """Whether a clause is courtesy or a name, and says nothing of texts."""
    if POLITE_ALONE.fullmatch(plain):
        return True
    said = spelling.corrected(plain).replace(" ", "")
    if said in STOP | phrases.FINAL_ALONE | phrases.ASKS_ALONE or said.startswith("stop"):
        return False
    return people_names.is_name(written) and not set(plain.split()) & UNMISTAKABLE


def _is_final(said: list[str], *, has_names: bool) -> bool:
    """The law's words are all that is said, or they speak of texts."""
    if not said:
        return False
    alone = len(said) == 1
    keywords = STOP | phrases.FINAL_ALONE
    if alone and people_names.stands_beside_name(said[0], UNMISTAKABLE):
        return True
    if alone and _names_it(_bare(POLITE_BEFORE, said[0]), keywords if not has_names else STOP):
        return True
    if alone and _names_it(_bare(WISH_BEFORE, said[0]), UNMISTAKABLE):
        return True
    if any(_is_final_clause(clause) for clause in said):
        return True
    named = {clause for clause in said if _names_it(_bare(POLITE_BEFORE, clause), UNMISTAKABLE)}
    if named and any(phrases.explains(clause) for clause in said if clause not in named):
        return True  # "Stop. Wrong number."
    about = {word for clause in said[:-1] for word in clause.split()}
    return bool(about & SUBJECT or any(map(phrases.asks, said[:-1]))) and _names_it(
        _bare(POLITE_BEFORE, said[-1]), UNMISTAKABLE
    )


def _is_final_clause(clause: str) -> bool:
    once = REPEATED.sub(r"\1", clause)
    polite, wished = _bare(POLITE_BEFORE, once), _bare(WISH_BEFORE, once)
    last = _bare(POLITE_BEFORE, LAST_WORDS.sub("", once).strip())
    return (
        polite == "unsubscribe"
        or any(phrases.is_final(REASON.sub("", bare)) for bare in (once, polite, wished, last))
        or phrases.is_final(once.removeprefix("stop "))
        or (wished != polite and wished in ("unsubscribe", "optout", "opt out"))
    )


def _asks_to_stop(clause: str, *, alone: bool) -> bool:
    once = REPEATED.sub(r"\1", clause)
    polite, wished = _bare(POLITE_BEFORE, once), _bare(WISH_BEFORE, once)
    last = _bare(POLITE_BEFORE, LAST_WORDS.sub("", once).strip())
    # Before politeness goes: "ya no quiero", "you have the wrong number".
    for bare in (once, polite, wished, last):
        if phrases.asks(bare) or phrases.asks(REASON.sub("", bare)):
            return True
    if alone and _names_it(polite, phrases.ASKS_ALONE):
        return True
    return polite != once and _names_it(polite, STOP | phrases.FINAL_ALONE)


def _bare(before: re.Pattern[str], clause: str) -> str:
    match = before.match(clause)
    return POLITE_AFTER.sub("", clause[match.end() if match else 0 :])


def _names_it(words: str, keywords: set[str]) -> bool:
    return words.replace(" ", "") in keywords
