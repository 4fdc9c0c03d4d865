"""
Benchmarks. Each module has `run(gates)`, prints its figures, and returns the targets that were missed.

Figures are ratios within one run, or exact counts of requests; nothing here depends on how fast a computer is, except
where a target names seconds.
"""
