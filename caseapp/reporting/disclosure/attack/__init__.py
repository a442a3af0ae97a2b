"""An attacker who sees only releases and what is public, and the measure of what he finds out.

He knows the method and its parameters, exact totals per applicant (towns publish them), and for differencing that
exactly one person joined or left. He does not know the statistics key. `verdict.attack` runs everything on a state
whose truth is known; `releases` needs no truth and works on any frozen release.
"""
