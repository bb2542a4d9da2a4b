"""The captured plan: what a program would register, and every report that is a pure function of it.

Nothing is imported here, so that `agentic --help` does not pay for the cloud SDKs.
"""
