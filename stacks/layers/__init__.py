"""The layers of a stack above its cluster, each made whole before the next; destroy is the exact reverse."""
