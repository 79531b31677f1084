"""What routes of auth ask for beside what :mod:`koinonia.common.web` has."""

from typing import Annotated

from fastapi import Depends

from koinonia.auth.running import Running
from koinonia.common import web

RunningDep = Annotated[Running, Depends(web.running)]
