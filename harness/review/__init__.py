"""Deciding about the changes of a run: what a person accepts is written, what is refused is told.

``decisions`` is the format, ``fold`` what a journal of them amounts to, ``disk`` what lies on disk
about a case, ``writes`` how an output becomes a snapshot and back, ``goldens`` how a value becomes
a golden, ``apply`` puts these together under the journal's lock. ``server`` and ``terminal`` are
two faces of ``apply``; only the server needs the extra ``review``.
"""
