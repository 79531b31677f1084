"""``koinonia``: the command of those who run the system.

::

    koinonia dead list|show|replay|drop     events that could not be applied

A service adds commands of its own under an entry point of the group ``koinonia.operators``, whose
name is the word after ``koinonia`` and whose object is a ``typer.Typer``::

    [project.entry-points."koinonia.operators"]
    parked = "koinonia.choirs.operators:parked"

What it needs of its service's schema, :mod:`~koinonia.common.operators.service_database` opens.

Exit codes of all commands: 0 done or nothing there; 1 something is there (of commands that list)
or an error, which is told on standard error; 2 the command was not understood. A command that
changes something has ``--dry-run``. Output is a table (:func:`table`), errors are an ``AppError``
raised within :func:`run`, and neither shows a phone number or what people wrote.
"""

from koinonia.common.operators.app import build, main
from koinonia.common.operators.output import instant, run, table

__all__ = ["build", "instant", "main", "run", "table"]
