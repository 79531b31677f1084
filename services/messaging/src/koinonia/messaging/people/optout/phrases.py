"""Phrases that a reasonable person understands as "text me no more" (47 CFR 64.1200(a)(10)).

A phrase is a line of words; a word in capitals stands for any of its ``PARTS``, and a question
mark makes a word optional. It has to be the whole clause, once politeness around it is taken off:
"stop by the office" and "why did you stop texting me" are not among them.
"""

import re

SINGLE = {
    *(
        "remove",
        "unsub",
        "stopit",
        "stopthis",
        "stopthat",
        "stopnow",
        "stoptexts",
        "stopeverything",
    ),
    *("cton", "cancelall", "endall", "nomore", "discontinue", "cease", "desist", "blockme"),
    *("arret", "arreter", "alto", "basta", "parar", "pare", "paren", "detener", "cancelar", "baja"),
    *("eliminar", "quitar", "desuscribir", "desuscribirme", "desinscribir", "desinscribirme"),
    *("nomas", "detente", "detenganse", "numeroequivocado", "arretez", "退订", "退訂", "停止"),
    *("wrongnumber", "thewrongnumber", "wrongperson", "thisisthewrongnumber"),
    *("donttext", "donottext", "dontcontact", "donotcontact", "stopisaid"),
    *("youhavethewrongnumber", "yougotthewrongnumber", "youhavewrongnumber"),
}
"""Words for STOP that no carrier's list holds; "cton" is "стоп". A number given to somebody else
has not agreed to anything."""

_ADJECTIVE = (
    "me|us|these|those|this|that|your|the|any|all|more|of|such|so many|church|group|mass|daily|spam"
    "|unwanted|text|sms|mms|further|future"
)
PARTS = {
    "SENDING": (
        "texting|txting|messaging|msging|sending|contacting|calling|bothering|spamming|harassing"
        "|blasting|writing"
    ),
    "GETTING": "receiving|getting|seeing",
    "TO": "to|2",
    "STOPPING": "stop|quit|cease|discontinue|end",
    "TEXT": "text|txt|message|msg|sms|contact|bother|spam|write",
    "NOT": "do not|dont|never|no longer",
    "WANT": "want|wish|need|like|care",
    "GET": "to receive|to get|to have|to see|receive|get|receiving|getting",
    "ME": (
        "me|us|to me|to us|my phone|my number|my cell|this phone|this number"
        "|to my phone|to my number|to this number"
    ),
    "MINE": "me|us|number|my cell|my cell phone|my number|my phone|my name|this number|this phone",
    "ADJECTIVES": f"(?:{_ADJECTIVE})(?: (?:{_ADJECTIVE}))*",
    "TEXTS": (
        "texts?|txts?|messages?|msgs?|sms|mms|alerts?|notifications?|reminders?|spam|stuff|these"
    ),
    "AGAIN": "again|anymore|any more|ever|ever again|at all|from now on|any longer|further",
    "OFF": "off|from|off of|off from|out of|out from|out",
    "LIST": (
        "all|everything|list|lists|texts?|messages?|group|groups|database|system|records|directory|chat|thread"
        "|group texts?|group chat|contacts|this|it|here|(?:text|texting|mailing|message|contact"
        "|phone|sms|prayer|distribution) (?:list|lists|group|messages)"
    ),
    "MENSAJES": "mensajes?|textos?|sms",
    "MANDEN": (
        "manden?|mandes|envien?|envies|escriban?|escribas|textee?n?|textees|llamen?|llames"
        "|contacten?|molesten?"
    ),
    "DEJEN": "dejen|deje|deja|dejeme|paren|pare|para",
    "ENVIAR": (
        "enviarme|mandarme|escribirme|textearme|llamarme|molestarme|enviar|mandar|escribir|textear"
        "|molestar"
    ),
    "BORREN": "borren?|borra|eliminen?|elimina|quiten?|quita|saquen?|saca",
    "QUITENME": (
        "quitenme|quiteme|quitame|borrenme|borreme|borrame|eliminenme|elimineme|eliminame|saquenme"
        "|saqueme|sacame"
    ),
}

PHRASES = """
    stop SENDING ME? ADJECTIVES? TEXTS? ME? AGAIN?
    quit SENDING ME? ADJECTIVES? TEXTS? ME? AGAIN?
    cease SENDING ME? ADJECTIVES? TEXTS? ME? AGAIN?
    discontinue SENDING ME? ADJECTIVES? TEXTS? ME? AGAIN?
    STOPPING GETTING ADJECTIVES? TEXTS AGAIN?
    STOPPING GETTING ADJECTIVES? TEXTS from you AGAIN?
    ADJECTIVES? TEXTS to stop
    stop with ADJECTIVES? TEXTS
    enough with ADJECTIVES? TEXTS
    no texting
    no txt
    unenroll MINE
    unlist MINE
    make it stop
    make this stop
    make these stop
    cease and desist
    stop all of this
    stop all of it
    stop all of these
    stop TO STOPPING
    stop TO unsubscribe
    stop TO cancel
    stop TO opt out
    stop TO all
    no stop
    reply stop
    text stop
    send stop
    i want out
    no more SENDING ME? ADJECTIVES? TEXTS? ME?
    stop ADJECTIVES? TEXTS ME? AGAIN?
    stop TEXT ME AGAIN?
    end ADJECTIVES? TEXTS
    discontinue ADJECTIVES? TEXTS
    no text messages
    no texts
    no sms
    be removed AGAIN?
    be removed OFF ADJECTIVES? LIST
    be taken off ADJECTIVES? LIST?
    have MINE removed
    have MINE removed OFF ADJECTIVES? LIST
    cancel ADJECTIVES? TEXTS
    no more ADJECTIVES? TEXTS ME?
    NOT ever? TEXT ME AGAIN?
    NOT ever? TEXT AGAIN
    NOT ever? send ME? ADJECTIVES? TEXTS ME? AGAIN?
    i? NOT WANT GET? ADJECTIVES? TEXTS AGAIN?
    i? NOT WANT GET? ADJECTIVES? TEXTS from you AGAIN?
    i? NOT WANT to be texted AGAIN?
    i? NOT WANT you to TEXT ME AGAIN?
    remove MINE AGAIN?
    remove MINE OFF ADJECTIVES? LIST
    take MINE off
    take MINE OFF ADJECTIVES? LIST
    delete MINE
    delete MINE OFF ADJECTIVES? LIST
    drop MINE from ADJECTIVES? LIST
    get MINE OFF ADJECTIVES? LIST
    opt MINE? out
    opt MINE? out of ADJECTIVES? LIST
    opting out
    i opt out
    unsubscribe MINE
    unsubscribe MINE? from ADJECTIVES? LIST
    stop my subscription
    cancel my? subscription
    revoke my? consent
    i revoke my? consent?
    i? withdraw my? consent
    leave MINE alone
    lose MINE
    no ME? MANDEN mas? MENSAJES?
    no me MANDEN mas? MENSAJES?
    no quiero recibir? mas? sus? MENSAJES
    no deseo recibir? mas? sus? MENSAJES
    ya no quiero recibir? mas? sus? MENSAJES?
    no mas MENSAJES
    ya no mas MENSAJES?
    DEJEN de ENVIAR mas? MENSAJES?
    favor no ENVIAR mas? MENSAJES?
    favor de no ENVIAR mas? MENSAJES?
    dejenme en paz
    dejeme en paz
    QUITENME
    QUITENME de la? su? esta? lista
    BORREN mi numero
    BORREN mi numero de la? su? esta? lista
    dar de baja
    darme de baja
    denme de baja
    deme de baja
    dame de baja
    cancelar la? mi? suscripcion
    cancele la? mi? suscripcion
    cancelen la? mi? suscripcion
    eliminarme de la? su? esta? lista
"""


def _pattern(phrase: str) -> str:
    """Matched against a clause with a space before it, so that every word begins with one."""
    return "".join(
        f"(?: (?:{PARTS.get(word.rstrip('?'), word.rstrip('?'))}))" + "?" * word.endswith("?")
        for word in phrase.split()
    )


REVOCATION = re.compile("|".join(_pattern(line) for line in PHRASES.strip().splitlines()))


def revokes(clause: str) -> bool:
    """Whether the whole of a plain clause is one of the phrases."""
    return REVOCATION.fullmatch(f" {clause}") is not None
