"""Benchmarks of Plant Vita: peer, ceiling and ourselves in one table, from one run.

`python -m benchmarks --help` says how. A benchmark is not a timed test: nothing fails because a
neighbour on the machine was noisy, and only ratios within one run mean anything.
"""
