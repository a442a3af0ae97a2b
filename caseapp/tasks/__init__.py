"""Tasks and deadlines (Fristen) of a client file."""
