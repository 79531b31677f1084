"""What follows from the ledger, by itself: pure, and whatever the order of arrival."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from koinonia.messaging.people.consent.consent_state import replay
from koinonia.messaging.people.consent.entries import ConsentKind, ConsentMethod, Entry

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
OWN = (ConsentMethod.KEYWORD, ConsentMethod.CARRIER)


def entry(
    kind: ConsentKind,
    method: ConsentMethod = ConsentMethod.KEYWORD,
    minute: int = 0,
    *,
    by_carrier: bool = False,
    is_lift: bool = False,
) -> Entry:
    return Entry(
        phone_index="p",
        phone_sealed="s",
        kind=kind,
        method=method,
        at=NOON + timedelta(minutes=minute),
        by_carrier=by_carrier,
        is_lift=is_lift,
    )


YES, NO = ConsentKind.GRANTED, ConsentKind.REVOKED
ENTRIES = st.builds(
    entry,
    st.sampled_from([kind for kind in ConsentKind if kind.decides]),
    st.sampled_from(ConsentMethod),
    st.integers(0, 4),
    by_carrier=st.booleans(),
    is_lift=st.booleans(),
)


QUESTIONS = st.builds(
    entry,
    st.sampled_from([ConsentKind.ASKED, ConsentKind.KEPT]),
    st.sampled_from([ConsentMethod.KEYWORD, ConsentMethod.STAFF]),
    st.integers(0, 4),
)


def is_revoked(*entries: Entry) -> bool | None:
    state = replay(entries)
    return state.is_revoked if state else None


def test_nothing_is_known_of_a_phone_of_which_nothing_was_said() -> None:
    assert replay([]) is None


@given(
    st.lists(ENTRIES, max_size=8).flatmap(
        lambda some: st.tuples(st.just(some), st.permutations(some))
    )
)
def test_the_order_of_arrival_does_not_matter(both: tuple[list[Entry], list[Entry]]) -> None:
    assert replay(both[0]) == replay(both[1])


@given(st.lists(ENTRIES, max_size=5), st.lists(QUESTIONS, max_size=5))
def test_a_question_and_an_ordinary_answer_decide_nothing(
    said: list[Entry], questions: list[Entry]
) -> None:
    assert replay([*questions, *said]) == replay(said)


@given(st.lists(ENTRIES, max_size=8), st.sampled_from(OWN), st.integers(0, 4))
def test_a_persons_newest_word_counts_and_at_the_same_instant_no_does(
    said: list[Entry], method: ConsentMethod, minute: int
) -> None:
    newest = entry(NO, method, minute)
    earlier = [each for each in said if each.method not in OWN or each.at <= newest.at]
    assert is_revoked(*earlier, newest)


@given(st.lists(ENTRIES, max_size=8))
def test_nobody_but_the_phone_lifts_its_own_stop(said: list[Entry]) -> None:
    others = [each for each in said if each.method not in OWN]
    assert is_revoked(entry(NO, minute=-1), *others) is True


@given(st.lists(ENTRIES.filter(lambda each: not each.is_lift), max_size=8))
def test_entering_a_phone_again_lifts_nothing(said: list[Entry]) -> None:
    entered = [each for each in said if each.kind is YES and each.method not in OWN]
    assert is_revoked(entry(NO, ConsentMethod.STAFF, minute=-1), *entered) is True


def test_staff_may_take_back_what_staff_recorded() -> None:
    lift = entry(YES, ConsentMethod.STAFF, 2, is_lift=True)
    assert is_revoked(entry(NO, ConsentMethod.STAFF, 1), lift) is False
    assert is_revoked(entry(NO, ConsentMethod.STAFF, 1), entry(NO, minute=1), lift) is True


def test_a_start_lifts_what_staff_recorded() -> None:
    assert is_revoked(entry(NO, ConsentMethod.STAFF, 1), entry(YES, minute=2)) is False


def test_a_second_stop_keeps_the_time_of_the_first() -> None:
    state = replay([entry(NO, ConsentMethod.STAFF, 1), entry(NO, minute=3, by_carrier=True)])
    assert state
    assert (state.since, state.is_own, state.is_blocked) == (
        NOON + timedelta(minutes=1),
        True,
        True,
    )


def test_the_carriers_block_ends_with_a_start() -> None:
    state = replay([entry(NO, by_carrier=True), entry(YES, minute=1)])
    assert state
    assert not state.is_blocked
