from koinonia.common import runtime
from koinonia.messaging.program import PROGRAM

runtime.main(PROGRAM)
