"""Phrases about being texted, in two grades.

``FINAL``: a word of the carriers or of the FCC as the verb, texts as its object; nobody can mean
anything else. ``ASKS``: what a reasonable person may understand as "text me no more" (47 CFR
64.1200(a)(10)), and staff can tell.

A phrase is a line of words; a word in capitals stands for any of its ``PARTS``, and a question
mark makes a word optional. It has to be the whole clause, once politeness around it is taken off:
"stop by the office" and "why did you stop texting me" are not among them.
"""

import re

FINAL_ALONE = {
    *("remove", "removeme", "arret", "cancelall", "endall", "stopnow", "stoptexts", "stopisaid"),
    *("donttext", "donottext", "donttextme", "donottextme", "退订", "退訂", "cton"),
}
"""Words of other carriers (REMOVE, ARRET), and the plainest sentences, where nothing else is said;
"cton" is "стоп"."""

ASKS_ALONE = {
    *("unsub", "stopit", "stopthis", "stopthat", "stopeverything", "nomore", "discontinue"),
    *("cease", "desist", "blockme", "arreter", "arretez", "alto", "basta", "yabasta", "bastaya"),
    *("parar", "pare", "paren", "parenle", "detener", "cancelar", "baja", "eliminar", "quitar"),
    *("desuscribir", "desuscribirme", "desinscribir", "desinscribirme", "nomas", "detente"),
    *("detenganse", "numeroequivocado", "停止", "dontcontact", "donotcontact", "enough"),
}
"""What asks for something where nothing else is said: "Alto" is a part of a choir, too."""

_ADJECTIVE = (
    "me|us|these|those|this|that|your|the|any|all|more|of|such|so many|church|group|mass|daily|spam"
    "|unwanted|text|sms|mms|further|future|texting|mailing"
)
PARTS = {
    "SENDING": (
        "texting|txting|messaging|msging|sending|contacting|calling|bothering|spamming|harassing"
        "|blasting|writing"
    ),
    "REVOKE": "revoke|withdraw",
    "REVOKING": "revoking|withdrawing",
    "GRANTED": (
        "to be texted|to receive texts|to receive text messages|to text messages|to texts"
        "|to get texts|to text me|to be contacted|to your texts|for texts"
    ),
    "SAID": (
        "already said|said|have said|already told|told|asked|have asked|ve said|have told"
        "|already asked|typed|texted|sent|already texted|already sent"
    ),
    "WHEN": (
        "yesterday|already|before|last week|twice|once|(?:two|three|four|five|many|several|[0-9]+)"
        " times"
    ),
    "NAME": "[a-z]+|his|her|my|their|the",
    "DEUSTEDES": "ustedes|usted|su iglesia|la iglesia|esta iglesia",
    "GETTING": "receiving|getting|seeing",
    "TO": "to|2",
    "STOPPING": "stop|quit|cease|discontinue|end",
    "LAWS": "stop|quit|end|cancel",
    "TEXT": "text|txt|message|msg|sms|contact|bother|spam|write",
    "NOT": "do not|dont|never|no longer|not to",
    "REMOVE": "remove|take|get|delete|drop|erase|scrub|pull|scratch|clear",
    "INFO": "info|information|data|details|contact info|contact information|contact|name",
    "WRONG": "wrong|incorrect",
    "WHO": "number|phone number|person|guy|man|woman|lady|phone|contact",
    "THINK": "i think|i believe|im afraid|i guess|sorry but|you must|you guys|looks like",
    "YOURS": "you|you guys|your church|the church|ya ll|yall|them",
    "WANT": "want|wish|need|like|care",
    "GET": "to receive|to get|to have|to see|receive|get|receiving|getting",
    "ME": (
        "me|us|to me|to us|my phone|my number|my cell|this phone|this number"
        "|to my phone|to my number|to this number"
    ),
    "MINE": (
        "me|us|my cell|my cell phone|my number|my phone number|my phone|my name|this number"
        "|this phone|my name and number|our number|my info|me and my number"
    ),
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
    "BORREN": "borren?|borra|eliminen?|elimina|quiten?|quita|saquen?|saca|olviden?",
    "QUITENME": (
        "quitenme|quiteme|quitame|borrenme|borreme|borrame|eliminenme|elimineme|eliminame|saquenme"
        "|saqueme|sacame"
    ),
}

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
    discontinue ADJECTIVES? TEXTS
    enough with ADJECTIVES? TEXTS
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
    i would prefer not GET ADJECTIVES? TEXTS
    id prefer not GET ADJECTIVES? TEXTS
    i would rather not GET ADJECTIVES? TEXTS
    not interested in ADJECTIVES? TEXTS
    remove MINE AGAIN?
    REMOVE MINE off
    REMOVE MINE OFF ADJECTIVES? LIST
    REMOVE this OFF ADJECTIVES? LIST
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
    THINK? you got the WRONG WHO
    THINK? youve got the WRONG WHO
    THINK? youve the WRONG WHO
    THINK? this is the WRONG WHO
    THINK? the WRONG WHO
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
    ya no ME? MANDEN mas? MENSAJES?
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
    se equivoco de numero
    se equivoco de persona
    se equivocaron de numero
    se equivocaron de persona
"""


def _pattern(phrase: str) -> str:
    """Matched against a clause with a space before it, so that every word begins with one."""
    return "".join(
        f"(?: (?:{PARTS.get(word.rstrip('?'), word.rstrip('?'))}))" + "?" * word.endswith("?")
        for word in phrase.split()
    )


FINAL_PATTERN = re.compile("|".join(_pattern(line) for line in FINAL.strip().splitlines()))
ASKS_PATTERN = re.compile("|".join(_pattern(line) for line in ASKS.strip().splitlines()))


def is_final(clause: str) -> bool:
    """Whether the whole of a plain clause is a word of the law about texts."""
    return FINAL_PATTERN.fullmatch(f" {clause}") is not None


def asks(clause: str) -> bool:
    """Whether the whole of a plain clause may ask for no more texts."""
    return ASKS_PATTERN.fullmatch(f" {clause}") is not None
