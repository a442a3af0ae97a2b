"""Rights of the client: erasing a file with two people, who has seen it, and the pages that check the house itself."""
