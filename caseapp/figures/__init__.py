"""Own figures: exact numbers of the own cases for workers and leads, the cases behind them, and what is missing."""
