"""Reference extractors: one module for each site of the shipped corpus, and examples to copy."""
