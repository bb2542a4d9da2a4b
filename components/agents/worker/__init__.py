"""What empties an agent's queue: a program of its own, standard library only, run in the image of Python as it is."""
