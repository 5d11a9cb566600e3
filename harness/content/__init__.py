"""Which lines of a page are its content, told from the page alone, and what a text has of them.

:class:`Reference` is a page with the chance of each line; its ``compare`` says which of two texts
is the better content. The weights come from ``tools/fit_content_model.py``.
"""

from harness.content.contrast import Held, Soft
from harness.content.coverage import Text, text_of
from harness.content.model import Model, read_model
from harness.content.reference import Estimate, Reference

__all__ = ["Estimate", "Held", "Model", "Reference", "Soft", "Text", "read_model", "text_of"]
