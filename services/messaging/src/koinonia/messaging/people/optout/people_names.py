"""Whether a clause is nothing but a person's name: "Stop, John", "This is Mary O'Brien"."""

import re

from koinonia.messaging.people.optout import plain_words

_FIRST = """
    james john robert michael david william richard joseph thomas charles christopher daniel matthew
    anthony donald steven paul andrew joshua kenneth kevin brian george edward ronald timothy jason
    jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin scott brandon benjamin
    samuel gregory alexander patrick jack dennis jerry tyler aaron jose adam nathan henry douglas
    zachary peter kyle walter ethan jeremy harold keith roger arthur terry sean albert austin carl
    bob bobby jim jimmy tom tommy mike dave steve dan danny joe joey ken ron tim jeff greg sam ben
    alex larry matt chris nick tony fred frank ray jay phil juan luis carlos miguel pedro jorge
    mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty
    margaret sandra ashley kimberly emily donna michelle carol amanda dorothy melissa deborah
    stephanie rebecca sharon laura cynthia kathleen amy angela shirley anna brenda pamela emma
    nicole helen samantha katherine christine debra rachel carolyn janet catherine maria heather
    diane ruth julie olivia virginia kelly lauren christina joan evelyn judith andrea hannah megan
    cheryl jacqueline martha madison teresa gloria sara janice ann anne kathryn abigail sophia
    frances jean alice judy isabella julia amber denise danielle marilyn beverly theresa diana
    natalie brittany doris kayla alexis lori marie kathy jane deb debbie sue cathy kim jen beth
    carmen rosa ana luisa elena lucia guadalupe juana
"""
_NO_NAMES = """
    haha lol lmao omg amen god jesus lord christ hammer hammertime drop roll look listen wait go
    breathe pray sunday monday tuesday wednesday thursday friday saturday today tomorrow dad mom
    hunger violence thief you i we it that this he she they the a an my your our his her no yes
    not all text texts church kids children everyone everybody help start stop thanks sorry
    why what when where who how yay wow ha hallelujah halleluiah praise never always january
    february march april may june july august september october november december
"""
FIRST = frozenset(_FIRST.split())
NO_NAMES = frozenset(_NO_NAMES.split())  # words that people write with a capital
INTRODUCTION = re.compile(
    r"\W*(?:(?:hi|hello|hey|again)\W+)?"
    r"(?:this is|it.?s|i am|i.?m|my name is|from|love|signed|sincerely|regards|best)?\W*",
    re.IGNORECASE,
)
TITLE = re.compile(
    r"(?:mr|mrs|ms|miss|dr|rev|fr|pastor|father|sister|brother|deacon|elder)\b\W*", re.IGNORECASE
)
WHENCE = re.compile(
    r"(?<=\w)(?:\s+(?:from|with|at|in)\s.*|['’]s\s+(?:phone|cell|number)\W*)", re.DOTALL
)
FAMILY = re.compile(r"\W*[Tt]he [A-Z][a-z]+s(?: family)?\W*|\W*[Tt]he [A-Z][a-z]+ family\W*")
HERE = re.compile(r"\W+(?:here|again|speaking)\W*$", re.IGNORECASE)
WORD = re.compile(r"[^\W\d_][\w'’.-]*")
INTRODUCES = {"its", "this", "is", "from", "im", "i", "am", "here", "mr", "mrs", "ms"}
SENTENCE_END = r"(?<!Mr)(?<!MR)(?<!mr)(?<!rs)(?<!RS)(?<!Ms)(?<!MS)(?<![DFdf]r)(?<![Rr]ev)[.!?…]"
MOST_WORDS = 3


def is_name(clause: str) -> bool:
    """``clause`` as it was written. A first name in any case, or up to three words that begin
    with a capital and are no usual words."""
    introduction = INTRODUCTION.match(clause)
    bare = clause[introduction.end() :]  # type: ignore[union-attr]
    if introduction[0].strip():  # type: ignore[index]
        bare = WHENCE.sub("", bare)  # "this is Ruth from Tuesday Bible study"
    title = TITLE.match(bare)
    if title:
        bare = bare[title.end() :]
    if FAMILY.fullmatch(bare):
        return True
    words = WORD.findall(HERE.sub("", bare))
    if title and not words:
        return True
    if not 1 <= len(words) <= MOST_WORDS or any(c.isdigit() for c in bare):
        return False
    plain = [plain_words.words(word) for word in words]
    if set(plain) & NO_NAMES:
        return False
    return plain[0] in FIRST or all(_is_capitalised(word) for word in words)


def may_be_a_word(clause: str, text: str) -> bool:
    """Whether a name that :func:`is_name` took is one unknown word at the beginning of a sentence,
    which a phone writes with a capital: "Stop! Hilarious"."""
    words = WORD.findall(clause)
    if len(words) != 1 or plain_words.words(words[0]) in FIRST or TITLE.match(clause.strip()):
        return False
    return re.search(rf"{SENTENCE_END}\s*{re.escape(clause.strip())}", text) is not None


def stands_beside_name(words: str, keywords: set[str]) -> bool:
    """ "Stop John Smith", "Mary stop": a keyword and a known name, nothing between them."""
    said = [word for word in words.replace("opt out", "optout").split() if word not in INTRODUCES]
    if not 2 <= len(said) <= 1 + MOST_WORDS:
        return False
    if said[0] in keywords:
        return said[1] in FIRST and not set(said[1:]) & NO_NAMES
    return said[-1] in keywords and said[0] in FIRST and not set(said[:-1]) & NO_NAMES


def _is_capitalised(word: str) -> bool:
    return word[0].isupper() and (len(word.rstrip(".")) == 1 or not word.isupper())
