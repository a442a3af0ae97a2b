"""Papers of a client: ordered on a page, printed by the job process, sealed with the file, opened at one address.

A slice above that prints registers a `Printer` for its kind of paper in the factory and calls `service.order_paper`.
"""
