"""Words of the law that are misspelt by one letter: left out, added, another, or two swapped."""

# Words that people mean as they write them, one letter from a word of the law.
_REAL = """
    shop step top tops stops stoop stoops stomp strop slop slops swop atop stow sop sto estop
    stope stoup quite quiet quits quid quip quilt quint quiz suit quot unit cancer cancels
    chancel cancels evoke revote revokes revoice optouts unsubscribes subscribe shopall topall
    stopcall stopally cancele cancela cancelo quita quito stoa stot stob
"""
REAL_WORDS = frozenset(_REAL.split())
MISSPELT = ("stop", "unsubscribe", "cancel", "quit", "revoke", "optout", "stopall")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
SHORT = 4  # another letter makes too many words of "stop" and "quit": only a neighbour on the keys
KEYS = {"s": "adwzxe", "t": "ryfg", "o": "ipkl", "p": "ol", "q": "wa", "u": "yijh", "i": "uok"}


def _misspellings(word: str) -> set[str]:
    parts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    found = {head + tail[1:] for head, tail in parts if tail}
    found |= {head + tail[1] + tail[0] + tail[2:] for head, tail in parts if len(tail) > 1}
    found |= {head + letter + tail for head, tail in parts for letter in LETTERS}
    if len(word) > SHORT:
        found |= {head + letter + tail[1:] for head, tail in parts if tail for letter in LETTERS}
    else:
        found |= {head + key + tail[1:] for head, tail in parts if tail for key in KEYS[tail[0]]}
    return found - {word} - REAL_WORDS


MEANT = {
    misspelt: word
    for word in reversed(MISSPELT)
    for misspelt in _misspellings(word)
    if len(misspelt) > 2
}
"""The word of the law by each of its misspellings."""
for _word in MISSPELT:
    MEANT.pop(_word, None)


def corrected(words: str) -> str:
    """The words with every misspelt word of the law as it is spelt."""
    compact = words.replace(" ", "")
    if MEANT.get(compact) == "optout":  # in two words: "opt uot"
        return "optout"
    return " ".join(MEANT.get(word, word) for word in words.split())
