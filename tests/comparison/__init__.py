"""Two sides over the same captures."""
