from koinonia.common import runtime
from koinonia.integrations.program import PROGRAM

runtime.main(PROGRAM)
