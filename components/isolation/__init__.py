"""How a namespace is closed: who may talk to whom, how much it may use, how much of the host it may touch."""
