"""`python -m caseapp.cli` is the same as the `caseapp` script."""

from caseapp.cli import main

main()
