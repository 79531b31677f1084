"""Rates that all workers share: token buckets and daily caps in Redis, taken all or none.

::

    throttle = Throttle(redis_url, "letters")
    limits = [
        Bucket("account", rate_per_second=40, burst=40),
        Bucket(f"number:{number_id}", rate_per_second=1.25, burst=5),
        DailyCap(f"t-mobile:{brand_id}", limit=2000, zone="America/Los_Angeles"),
    ]
    if await throttle.wait(limits, parts, deadline=time.monotonic() + 30) == 0:
        ...send...
    await throttle.hold("account", retry_after)     # the carrier said: not for so many seconds

Units are message parts. One script in Redis looks at every bucket and takes from all of them or
from none. The clock is that of Redis, so workers whose clocks differ agree.

**What is promised.** Over any interval of *t* seconds a bucket gives at most
``burst + rate_per_second * t`` units. Only where one request is larger than ``burst`` it is
``units + rate_per_second * t``: a full bucket lends the rest, because a text cannot be sent in
halves.

**Turns.** Who waits stands in a line at the bucket that makes it wait longest, and those behind
leave enough for those ahead: a text of ten parts is not starved by texts of one part, workers get
equal shares, and who waits for a slow number does not hold up those who only need the account.
``urgent`` goes ahead of all that are not. A waiter that died leaves the line by itself within two
seconds of its turn.

**When Redis is away** or slower than 100 ms, this process goes on alone at ``fraction`` (a quarter)
of each rate and burst, beginning with empty buckets, and at a quarter of what it last knew to be
left of a daily cap. That is neither a stop nor a flood: with up to four processes the sum stays
within the rate. After three failures in a row Redis is left alone for a second at a time; as soon
as it answers it decides again, and is told what was given meanwhile. It may come back empty: a
daily cap does not begin anew then, as long as one process remembers it.
"""

from koinonia.common.throttle.buckets import Bucket, DailyCap, Limit
from koinonia.common.throttle.shared_limits import Throttle

__all__ = ["Bucket", "DailyCap", "Limit", "Throttle"]
