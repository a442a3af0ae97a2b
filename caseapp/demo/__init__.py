"""A synthetic district or state for a database marked `demo`: the same seed gives the same people, dates and figures.

`rules` invents people and the course of their files from `config/demo`; `service` seals them and writes them in bulk.
"""
