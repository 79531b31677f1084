from koinonia.analytics.program import PROGRAM
from koinonia.common import runtime

runtime.main(PROGRAM)
