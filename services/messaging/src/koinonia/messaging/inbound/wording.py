"""The words of our confirmations. One part each, for a church and a ministry with names of usual
length; none of them is advertising (47 CFR 64.1200(a)(12))."""

NAMELESS = "Your church"  # between a church's registration and our hearing of it


def stopped(church: str) -> str:
    return (
        f"{church}: You are unsubscribed and will get no more messages from us. "
        "Reply START to get them again."
    )


def started(church: str, *, again: bool) -> str:
    return (
        f"{church}: You are subscribed{' again' if again else ''}. Msg frequency varies. "
        "Msg & data rates may apply. Reply HELP for help, STOP to opt out."
    )


def helped(church: str, contact: str | None) -> str:
    whom = f"For help, contact {contact}. " if contact else ""
    return (
        f"{church}: {whom}Msg frequency varies. Msg & data rates may apply. Reply STOP to opt out."
    )


def left(church: str, ministry: str, keyword: str) -> str:
    return (
        f"{church}: You will get no more messages of {ministry}. Reply START {keyword} to get "
        "them again, STOP to end all messages from us."
    )


def joined(church: str, ministry: str, keyword: str | None) -> str:
    own = f"STOP {keyword} to end them, " if keyword else ""
    return (
        f"{church}: You get messages of {ministry}. Msg & data rates may apply. "
        f"Reply {own}STOP to end all{'' if keyword else ' messages from us'}."
    )


def still_stopped(church: str, ministry: str) -> str:
    return (
        f"{church}: You said STOP to all our messages, so you get none of {ministry}. "
        "Reply START to get messages again."
    )


def with_way_out(answer: str) -> str:
    """What a church answers to somebody who just agreed to texts."""
    return f"{answer} Reply STOP to opt out."
