"""Goals of a client: steps of both sides, scores, results, and what the dated histories say about them."""
