"""Own figures: exact numbers of the own cases for workers and leads, the cases behind them, and what is missing.

A page counts its cells from the courses of the cases that the person may count (`rules.cells`), and each cell knows its
cases: the list behind a number is the number. Whoever leads more cases than a page can count waits for a job.
Comparing workers needs a recorded works agreement.
"""
