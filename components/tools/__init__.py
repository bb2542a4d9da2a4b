"""Tools of agents: a catalogue in the stack's config, each a server that reaches what it declares and no more."""
