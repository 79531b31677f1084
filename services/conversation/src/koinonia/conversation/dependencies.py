"""What routes of conversation ask for beside what :mod:`koinonia.common.web` has."""

from typing import Annotated

from fastapi import Depends

from koinonia.common import web
from koinonia.conversation.running import Running

RunningDep = Annotated[Running, Depends(web.running)]
