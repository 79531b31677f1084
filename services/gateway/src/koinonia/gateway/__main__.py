from koinonia.common import runtime
from koinonia.gateway.program import PROGRAM

runtime.main(PROGRAM)
