"""The subcommands, one a module: parse, call, print, exit code."""

CLEAN, DRIFT, MISTAKE = 0, 1, 2
"""Exit codes: nothing to do, something drifted, something the user has to mend."""
