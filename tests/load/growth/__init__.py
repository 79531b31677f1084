"""How cost grows: each main path at a size, at ten times and at a hundred times of it.

The exponent is that of cost = size ^ exponent: 1 where twice as much takes twice as long, 0 where
it takes no longer. Work may grow a little faster than its size (1.1), a page may not (0.1).
"""
