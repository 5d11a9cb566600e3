"""The subcommands, one a module: parse, call, print, exit code."""
