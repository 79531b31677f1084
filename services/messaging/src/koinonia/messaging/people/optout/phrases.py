"""Phrases about being texted, in two grades.

``FINAL``: a word of the carriers or of the FCC as the verb, texts as its object; nobody can mean
anything else. ``ASKS``: what a reasonable person may understand as "text me no more" (47 CFR
64.1200(a)(10)), and staff can tell.

A phrase is a line of words; a word in capitals stands for any of ``phrase_parts.PARTS``, and
a question mark makes a word optional. It has to be the whole clause, once politeness around it is
taken off: "stop by the office" and "why did you stop texting me" are not among them. Only what is
listed in ``ANYWHERE`` may stand in a part of it.
"""

import re

from koinonia.messaging.people.optout.phrase_parts import PARTS

FINAL_ALONE = {
    *("remove", "removeme", "arret", "cancelall", "endall", "stopnow", "stoptexts", "stopisaid"),
    *("donttext", "donottext", "donttextme", "donottextme", "退订", "退訂", "cton"),
}
"""Words of other carriers (REMOVE, ARRET), and the plainest sentences, where nothing else is said;
"cton" is "стоп"."""

ASKS_ALONE = {
    *(
        "unsub",
        "stopit",
        "stopthis",
        "stopthat",
        "stopeverything",
        "quitit",
        "nomore",
        "discontinue",
    ),
    *("cease", "desist", "blockme", "arreter", "arretez", "alto", "basta", "yabasta", "bastaya"),
    *("parar", "pare", "paren", "parenle", "detener", "cancelar", "baja", "eliminar", "quitar"),
    *("desuscribir", "desuscribirme", "desinscribir", "desinscribirme", "nomas", "detente"),
    *("detenganse", "numeroequivocado", "停止", "dontcontact", "donotcontact", "enough"),
}
"""What asks for something where nothing else is said: "Alto" is a part of a choir, too."""

UNSPECIFIC = {
    *(
        "stopit",
        "stopthis",
        "stopthat",
        "stopeverything",
        "quitit",
        "nomore",
        "cease",
        "desist",
        "alto",
    ),
    *("basta", "yabasta", "bastaya", "parar", "pare", "paren", "parenle", "detente", "nomas"),
    *("enough", "makeitstop", "makethisstop", "makethesestop", "stopallofthis", "stopallofit"),
}
"""What names neither texts nor a list nor a number, so that laughter beside it says it is meant in
jest."""

FINAL = """
    stop SENDING ME? ADJECTIVES? TEXTS? ME? AGAIN?
    quit SENDING ME? ADJECTIVES? TEXTS? ME? AGAIN?
    stop GETTING ADJECTIVES? TEXTS AGAIN?
    stop GETTING ADJECTIVES? TEXTS from YOURS AGAIN?
    stop with ADJECTIVES? TEXTS
    stop ADJECTIVES? TEXTS ME? AGAIN?
    stop ADJECTIVES? TEXTS to ME
    stop TEXT ME AGAIN?
    ADJECTIVES? TEXTS to stop
    LAWS ADJECTIVES? TEXTS
    stop i LEFT ANY?
    stop we LEFT ANY?
    stop TO STOPPING
    stop TO unsubscribe
    stop TO cancel
    stop TO opt out
    stop TO all
    no stop
    reply stop
    text stop
    send stop
    be unsubscribed
    unsubscribe MINE AGAIN?
    unsubscribe MINE? from ADJECTIVES? LIST
    unsubscribe all
    opt MINE? out
    opt MINE? out of ADJECTIVES? LIST
    opting out
    opting out of ADJECTIVES? LIST
    i opt out
    i am opting out
    im opting out
    i hereby? REVOKE my? consent
    i hereby? REVOKE my? consent GRANTED
    REVOKE my? consent
    REVOKE my? consent GRANTED
    i am REVOKING my? consent
    im REVOKING my? consent
    i SAID stop
    i SAID stop WHEN
    ive SAID stop
    ive SAID stop WHEN
    i SAID you to stop WHEN
    i SAID you to stop
    i SAID you guys to stop
    how many times do i have to say stop
"""

ASKS = """
    cease SENDING ME? ADJECTIVES? TEXTS? ME? AGAIN?
    discontinue SENDING ME? ADJECTIVES? TEXTS? ME? AGAIN?
    STOPPING GETTING ADJECTIVES? TEXTS AGAIN?
    STOPPING GETTING ADJECTIVES? TEXTS from YOURS AGAIN?
    STOPPING SENDING ADJECTIVES? TEXTS? SOMEBODY AGAIN?
    NOT TEXT SOMEBODY AGAIN?
    discontinue ADJECTIVES? TEXTS
    enough with ADJECTIVES? TEXTS
    TIRED of? with? GETTING? ADJECTIVES? TEXTS AGAIN?
    enough already with ADJECTIVES? TEXTS
    enough ADJECTIVES? TEXTS
    no more from YOURS
    no texting
    no txt
    no text messages
    no texts
    no messages
    no sms
    unenroll MINE
    unlist MINE
    make it stop
    make this stop
    make these stop
    cease and desist
    stop all of this
    stop all of it
    stop all of these
    quit it with ADJECTIVES? TEXTS
    quit bugging ME
    stop bugging ME
    i want out
    count ME out of ADJECTIVES? TEXTS
    no more SENDING ME? ADJECTIVES? TEXTS? ME?
    no more ADJECTIVES? TEXTS ME?
    no more ADJECTIVES? TEXTS from YOURS
    be removed AGAIN?
    be removed OFF ADJECTIVES? LIST
    be taken off ADJECTIVES? LIST?
    how do i get OFF ADJECTIVES? LIST
    how can i get OFF ADJECTIVES? LIST
    get OFF ADJECTIVES? LIST
    can i be taken off ADJECTIVES? LIST
    can i be removed OFF ADJECTIVES? LIST
    have MINE removed
    have MINE removed OFF ADJECTIVES? LIST
    NOT ever? TEXT ME AGAIN?
    NOT ever? TEXT AGAIN
    NOT disturb ME AGAIN?
    NOT disturb ME with ADJECTIVES? TEXTS
    NOT ever? send ADJECTIVES? TEXTS to ME
    NOT ever? send ME? ADJECTIVES? TEXTS ME? AGAIN?
    i? NOT WANT GET? ADJECTIVES? TEXTS AGAIN?
    we? NOT WANT GET? ADJECTIVES? TEXTS AGAIN?
    i? NOT WANT any of these
    i? NOT WANT GET? ADJECTIVES? TEXTS from YOURS AGAIN?
    i? NOT WANT to be texted AGAIN?
    i? NOT WANT to be contacted AGAIN?
    we? NOT WANT to be contacted AGAIN?
    i? NOT WANT you to TEXT ME AGAIN?
    i? NOT WANT to be on ADJECTIVES? LIST AGAIN?
    i? NOT WANT to be in ADJECTIVES? TEXTLIST AGAIN?
    can i unsubscribe ANY?
    how do i unsubscribe ANY?
    unsubscribe from ANY
    i would prefer not GET ADJECTIVES? TEXTS
    id prefer not GET ADJECTIVES? TEXTS
    i would rather not GET ADJECTIVES? TEXTS
    id rather not GET ADJECTIVES? TEXTS
    i DIDNOT ask for ADJECTIVES? TEXTS
    i DIDNOT asked for ADJECTIVES? TEXTS
    i DIDNOT ask for this
    i DIDNOT ask to TEXT ME
    i DIDNOT ask to be texted
    i SAID to be REMOVED WHEN?
    i SAID to be REMOVED OFF ADJECTIVES? LIST WHEN?
    not interested in GET? ADJECTIVES? TEXTS
    no longer interested in GET? ADJECTIVES? TEXTS
    REMOVE MINE out
    unsub MINE
    unsub MINE? from ADJECTIVES? LIST
    remove MINE AGAIN?
    REMOVE MINE off
    REMOVE MINE OFF ADJECTIVES? LIST
    REMOVE this OFF ADJECTIVES? LIST
    REMOVE THEM OFF your ADJECTIVES? TEXTLIST
    remove THEIR number
    remove THEIR phone number
    delete THEIR number
    delete THEIR phone number
    remove THEIR number OFF ADJECTIVES? LIST
    delete THEIR number OFF ADJECTIVES? LIST
    delete MINE
    erase MINE
    forget MINE
    scrub MINE
    delete my INFO
    erase my INFO
    remove my INFO
    delete my INFO OFF ADJECTIVES? LIST
    cancel my? subscription
    end my? subscription
    stop my? subscription
    leave MINE alone
    lose MINE
    this is spam
    you are spamming ME
    youre spamming ME
    stop ADJECTIVES? list
    stop the? NAME texts
    stop the? NAME messages
    i did not sign up for ADJECTIVES? TEXTS
    i didnt sign up for ADJECTIVES? TEXTS
    i never signed up for ADJECTIVES? TEXTS
    i did not sign up for this
    i didnt sign up for this
    i never signed up for this
    i never agreed to ADJECTIVES? TEXTS
    i NOT consent to ADJECTIVES? TEXTS
    i did not give you permission to TEXT ME
    i never gave you permission to TEXT ME
    i didnt give you permission to TEXT ME
    you NOT have my permission to TEXT ME
    you NOT have permission to TEXT ME
    WRONG WHO
    THINK? you have WRONG WHO
    THINK? you have the WRONG WHO
    THINK? you have the WRONG FIRSTNAME
    THINK? you got the WRONG WHO
    THINK? youve got the WRONG WHO
    THINK? youve the WRONG WHO
    THINK? this is the WRONG WHO
    THINK? the WRONG WHO
    THINK? you MEANT someone else
    THINK? you MEANT somebody else
    nobody here by that name
    no one here by that name
    nobody by that name here?
    no one by that name here?
    there is no one here by that name
    this is a landline
    no one NAMED ANY
    nobody NAMED ANY
    i DIDNOT give you my number
    i already unsubscribed ANY?
    i unsubscribed already ANY?
    ive already unsubscribed ANY?
    thats enough ADJECTIVES? TEXTS
    this number WAS REASSIGNED
    this number WAS given to ANY
    IM? GETTING ADJECTIVES? TEXTS MISTAKENLY
    THISIS? not my church AGAIN?
    IWE NOTGO CHURCH AGAIN?
    NOT KEEP ME in ADJECTIVES? LIST AGAIN?
    NOT KEEP ME on ADJECTIVES? LIST AGAIN?
    NOT KEEP ME in ADJECTIVES? TEXTS AGAIN?
    NOT KEEP ME on ADJECTIVES? TEXTS AGAIN?
    unsubscribe OURS ANY
    no FIRSTNAME here
    there is no FIRSTNAME here
    THINK? you are looking for someone else
    THINK? youre looking for someone else
    THINK? you have ME confused with someone else
    this number belongs to OTHERS
    this phone belongs to OTHERS
    this is a WORK WHO
    this is a WORK line
    this is not NAME number AGAIN?
    this isnt NAME number AGAIN?
    this is no longer NAME phone
    this is no longer NAME number
    this is not NAME phone AGAIN?
    NAME NOT have this number AGAIN?
    NAME doesnt have this number AGAIN?
    NAME changed NAME number
    NAME no longer has this number
    no ME? MANDEN mas? MENSAJES?
    no ENVIAR mas? MENSAJES?
    ya? no ME? MANDEN nada
    ya no ME? MANDEN mas? MENSAJES?
    DEJEN de estar? MANDANDO mas? MENSAJES?
    ya? no es el numero de ANY
    este ya? no es el numero de ANY
    este numero ya? no es de ANY
    no ME? MANDEN mas
    no quiero recibir? mas? sus? MENSAJES
    no quiero recibir? mas? sus? MENSAJES de DEUSTEDES
    no deseo recibir? mas? sus? MENSAJES
    ya no quiero recibir? mas? sus? MENSAJES?
    no mas MENSAJES
    no mas MENSAJES de DEUSTEDES
    ya no mas MENSAJES?
    ya parenle
    DEJEN de ENVIAR mas? MENSAJES?
    favor no ENVIAR mas? MENSAJES?
    favor de no ENVIAR mas? MENSAJES?
    dejenme en paz
    dejeme en paz
    QUITENME
    QUITENME de la? su? esta? lista
    QUITENME de el? su? este? grupo
    QUITENME del grupo
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
    tiene el? numero equivocado
    tienen el? numero equivocado
    yo? no soy FIRSTNAME
    numero equivocado ANY?
    aqui no vive ANY
    se equivoco de numero
    se equivoco de persona
    se equivocaron de numero
    se equivocaron de persona
"""


REASONS = (
    "i LEFT ANY?",
    "we LEFT ANY?",
    "i SAID you WHEN?",
    "i SAID you guys WHEN?",
    "i SAID WHEN",
    "ive SAID you WHEN?",
    "ive SAID WHEN",
)
"""What is said beside STOP of why, by nobody who means another STOP."""
ANYWHERE = """
    PERSONS number REMOVED
    PERSONS number be REMOVED
    PERSONS phone number REMOVED
    TAKE WHOEVER off your TEXTLIST
    YOUARE BUSY? the? WRONG WHO
    YOUARE BUSY? a WRONG WHO
"""
"""What may ask to stop wherever it stands in a clause."""


def _pattern(phrase: str) -> str:
    """Matched against a clause with a space before it, so that every word begins with one."""
    return "".join(
        f"(?: (?:{PARTS.get(word.rstrip('?'), word.rstrip('?'))}))" + "?" * word.endswith("?")
        for word in phrase.split()
    )


FINAL_PATTERN = re.compile("|".join(_pattern(line) for line in FINAL.strip().splitlines()))
ANYWHERE_PATTERN = re.compile(
    "|".join(rf"{_pattern(line)}\b" for line in ANYWHERE.strip().splitlines())
)
REASON_PATTERN = re.compile("|".join(_pattern(line) for line in REASONS))
ASKS_PATTERN = re.compile("|".join(_pattern(line) for line in ASKS.strip().splitlines()))


def is_final(clause: str) -> bool:
    """Whether the whole of a plain clause is a word of the law about texts."""
    return FINAL_PATTERN.fullmatch(f" {clause}") is not None


def explains(clause: str) -> bool:
    """Whether a plain clause is a reason to end texts, which no one gives for anything else when
    it stands beside STOP."""
    return asks(clause) or REASON_PATTERN.fullmatch(f" {clause}") is not None


def asks(clause: str) -> bool:
    """Whether a plain clause may ask for no more texts, as a whole or in a part of it that nobody
    says for anything else."""
    said = f" {clause}"
    return ASKS_PATTERN.fullmatch(said) is not None or ANYWHERE_PATTERN.search(said) is not None
