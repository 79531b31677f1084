"""What the API answers, as the demo reads it: by name, without types of ours."""

from typing import Any

Json = Any  # Any: a JSON body of the API; the demo's sums say whether it is the right one
