from koinonia.auth.program import PROGRAM
from koinonia.common import runtime

runtime.main(PROGRAM)
