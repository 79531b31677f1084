"""Dependencies of messaging's routes, beside those of :mod:`koinonia.common.web`."""

from typing import Annotated

from fastapi import Depends

from koinonia.common import web
from koinonia.messaging.running import Running

RunningDep = Annotated[Running, Depends(web.running)]
