"""How large an import may be."""

from datetime import timedelta

MB = 1024 * 1024
MOST_BYTES = 25 * MB
MOST_UNPACKED = 200 * MB  # of an .xlsx, which is a zip
MOST_CELLS = 4_000_000  # of an .xlsx, from its first cell to its last, empty ones too
MOST_ROWS = 200_000
MOST_COLUMNS = 200
LONGEST_CELL = 10_000  # characters
MOST_JOBS = 50  # of a church, kept at one time
ROWS_OF_A_PART = 1_000  # read, sealed and written at once
KEPT = timedelta(days=30)
