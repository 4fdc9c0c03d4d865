"""
Other people's Python, run where it can do no harm: in worker processes, within limits, with nothing but what is handed
in.
"""
