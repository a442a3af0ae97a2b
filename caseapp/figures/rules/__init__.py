"""Pure rules of the own figures: periods, cells, stock, what is missing, works agreements and comparisons."""
