"""Presenting a run: HTML, JSON, GitHub and terminal. Nothing here judges or recomputes."""
