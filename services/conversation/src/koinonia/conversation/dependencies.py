"""What routes of conversation depend on, in addition to :mod:`koinonia.common.web`."""

from typing import Annotated

from fastapi import Depends

from koinonia.common import web
from koinonia.conversation.running import Running

RunningDep = Annotated[Running, Depends(web.running)]
