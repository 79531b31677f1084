"""Auth's subcommands of ``koinonia``, one file each."""
