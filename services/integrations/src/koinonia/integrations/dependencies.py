"""Dependencies of the routes of integrations beside those of :mod:`koinonia.common.web`."""

from typing import Annotated

from fastapi import Depends

from koinonia.common import web
from koinonia.integrations.running import Running

RunningDep = Annotated[Running, Depends(web.running)]
