"""Statistical disclosure control for linked tables of counts over a tree of areas."""
