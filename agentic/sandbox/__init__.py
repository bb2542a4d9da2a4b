"""The stack on this machine: the real engine, our providers, an AWS that lives in memory."""
