"""Dependencies of analytics' routes beside those of :mod:`koinonia.common.web`."""

from typing import Annotated

from fastapi import Depends

from koinonia.analytics.running import Running
from koinonia.common import web

RunningDep = Annotated[Running, Depends(web.running)]
