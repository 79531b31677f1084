"""What a word in capitals stands for in ``phrases``: alternatives of a regular expression."""

from koinonia.messaging.people.optout import people_names

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
    "REMOVED": "removed|taken off|taken out|deleted|unsubscribed|left alone",
    "WHEN": (
        "yesterday|already|before|last (?:week|month|year|time)|twice|once"
        "|(?:two|three|four|five|many|several|[0-9]+) times"
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
    "TEXTLIST": (
        "lists?|texts?|messages?|group texts?|group chat|thread|chat|text group|database|system"
        "|records|contacts|directory|(?:text|texting|mailing|message|contact|phone|sms)"
        " (?:list|lists|group)"
    ),
    "THEM": (
        "(?:him|her|them)|my (?:late )?(?:mom|mother|dad|father|husband|wife|son|daughter|brother"
        "|sister|grandma|grandmother|grandpa|grandfather|parents|aunt|uncle|friend)"
    ),
    "THEIR": (
        "(?:his|her|their)|my (?:late )?(?:moms|mothers|dads|fathers|husbands|wifes|sons|daughters"
        "|brothers|sisters|grandmas|grandmothers|grandpas|grandfathers|parents|aunts|uncles)"
    ),
    "MEANT": "want|wanted|meant|mean|need|texted",
    "IM": "i am|im|we are",
    "IWE": "i|we",
    "WAS": "was|has been|is|got",
    "REASSIGNED": "reassigned|recycled|changed|disconnected|reassigned to me",
    "MISTAKENLY": "by mistake|by accident|in error|mistakenly",
    "THISIS": "this is|its|it is|thats|that is|you are|youre",
    "NOTGO": (
        "(?:dont|do not|no longer|never) (?:go to|attend|belong to|come to)"
        "|(?:have |ve )?(?:left|quit)|am not a member of|am no longer a member of"
    ),
    "CHURCH": "(?:this|your|that|the) church",
    "OURS": "me|us|my|our|this|from|him|her|them|both|all",
    "SOMEBODY": (
        "(?:to )?(?:(?:him|her|them)|(?:his|her|their) (?:phone|number|cell)"
        "|my (?:wife|husband|mom|mother|dad|father|son|daughter|kids|family|parents))"
    ),
    "NAMED": "named|called|here named|here called|here with that name|with that name",
    "KEEP": "include|put|add|keep|have",
    "PERSONS": "my|our|this|his|her|their",
    "TAKE": "take|remove|delete|get|drop|scratch",
    "WHOEVER": r"(?:\w+ ){0,3}\w+",
    "YOUARE": "you|youre|you are|you have|youve|you guys|you all|yall",
    "BUSY": r"(?:\w+ ){0,2}\w+",
    "OTHERS": (
        "a business|a company|a school|an office|a store|someone else|somebody else"
        "|another person|a different person|my employer|my work|my job|my company"
    ),
    "WORK": "business|work|company|office|school|store|government|hospital",
    "LEFT": (
        "moved|have moved|ve moved|no longer live|dont live|do not live|no longer attend"
        "|dont attend|do not attend|no longer go|am not a member|am no longer a member"
    ),
    "TIRED": (
        "(?:(?:i am|im|we are|getting) )?(?:so |really |very )?(?:done|tired|sick|sick and tired"
        "|fed up)"
    ),
    "DIDNOT": "did not|didnt|never",
    "FIRSTNAME": "|".join(sorted(people_names.FIRST)),
    "ANY": ".{1,60}",
    "MANDANDO": "mandando|enviando|escribiendo|texteando|molestando|llamando",
    "MENSAJES": "mensajes?|textos?|sms",
    "MANDEN": (
        "manden?|mandes|envien?|envies|escriban?|escribas|textee?n?|textees|llamen?|llames"
        "|contacten?|molesten?"
    ),
    "DEJEN": "dejen|deje|deja|dejeme|dejenme|dejame|paren|pare|para",
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
