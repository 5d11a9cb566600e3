"""What the harness raises when the user, not the harness, has to act."""


class HarnessError(Exception):
    """A mistake or a broken input that the user can mend.

    The message is one line: what is wrong, where, and what to do next. The command line prints it
    and exits with 2; pytest shows it without a traceback of ours.
    """


class CorpusError(HarnessError):
    """A capture that cannot be trusted: wrong digest, unreadable page, broken ``capture.json``."""


class SnapshotError(HarnessError):
    """A snapshot, pending or golden file that cannot be read as what its name says."""


class ConfigError(HarnessError):
    """An unknown key, a wrong type or a missing project in the configuration."""


class NoConfigError(ConfigError):
    """There is no configuration at or above the folder."""
