"""Whether a change is better or worse where no golden says so, from the page alone.

:func:`judge_page` takes the old and the new record of one capture and judges every field that
differs; :func:`judge_field` judges one.
"""

from harness.plausible.judgement import Judgement
from harness.plausible.judging import Ground, judge_field, judge_page

__all__ = ["Ground", "Judgement", "judge_field", "judge_page"]
