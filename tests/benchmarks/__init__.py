"""How fast, told as ratios: `python -m tests.benchmarks` from the checkout."""
