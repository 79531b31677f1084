"""The people with the phones: whether they answer a text, with what and after how long."""

from collections.abc import Mapping

from koinonia.devkit.carrier.state.behaviour import Behaviour, Dice

SENTENCES = (
    "Thank you! We will be there.",
    "Please pray for my mom, she is in hospital since Friday.",
    "What time does it start?",
    "Amen 🙏",
    "Can I bring a friend?",
    "I'm out of town this week, see you next Sunday",
    "Who is this?",
    "Is there childcare?",
    "Gracias pastor, nos vemos el domingo",
    "We can bring dessert for about 20 people",
    "ok",
    "My new address is 14 Oak Street, could you update it please",
    "Sorry, can't make it. I quit smoking though, so there is that!",
    "Could someone give my dad a ride? He lives near the library.",
    "Count me in for the choir",
    'Liked "See you on Sunday"',
    "👍",
    "Is the parking lot open again?",
    "Merci beaucoup, à dimanche",
    "I would like to talk to somebody. It has been a hard month.",
    "Yes",
    "stop by at 5 if you need the keys",
)
STOP = "STOP"


def answer(behaviour: Behaviour, dice: Dice, phone: str, text: str) -> str | None:
    """What the person texts back, or None."""
    scripted = behaviour.answers.get(phone)
    if scripted is not None:
        return scripted or None
    if not dice.happens(behaviour.answer_share, "answer", phone, text):
        return None
    if dice.happens(behaviour.stop_share, "stop", phone, text):
        return STOP
    return SENTENCES[int(dice.roll("words", phone, text) * len(SENTENCES))]


def keyword(text: str, keywords: Mapping[str, str]) -> str | None:
    """Which of STOP, START, HELP the carrier sees in a text."""
    return keywords.get(text.strip().upper())
