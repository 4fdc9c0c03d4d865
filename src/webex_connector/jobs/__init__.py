"""
Durable runs: begun by people and by schedules, gone on with after a crash, cancelled between two batches.
"""
