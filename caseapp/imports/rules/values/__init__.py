"""Tolerant readers of one cell each: a cell goes in, a `Reading` comes out, and no reader ever raises."""
