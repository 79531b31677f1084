from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from koinonia.billing import periods

ANCHORS = st.datetimes(datetime(2024, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@given(ANCHORS, st.timedeltas(timedelta(0), timedelta(days=3000)))
def test_a_moment_lies_in_the_month_it_is_given(anchor: datetime, later: timedelta) -> None:
    starts, ends = periods.month_at(anchor, anchor + later)
    assert starts <= anchor + later < ends
    assert timedelta(days=28) <= ends - starts <= timedelta(days=31)


@given(ANCHORS)
def test_months_follow_each_other_without_a_gap(anchor: datetime) -> None:
    months = [periods.month_at(anchor, anchor)]
    for _ in range(24):
        months.append(periods.month_at(anchor, months[-1][1]))
    assert all(before[1] == after[0] for before, after in pairwise(months))


def test_the_end_of_january_is_followed_by_the_ends_of_february_and_march() -> None:
    anchor = datetime(2027, 1, 31, 9, tzinfo=UTC)
    assert periods.month_at(anchor, anchor)[1] == datetime(2027, 2, 28, 9, tzinfo=UTC)
    march = datetime(2027, 3, 1, tzinfo=UTC)
    assert periods.month_at(anchor, march)[1] == datetime(2027, 3, 31, 9, tzinfo=UTC)
