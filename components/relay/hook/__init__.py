"""What runs inside the relay's pods: standard library only, but for `server` and `handler`, which know LiteLLM.

Mounted as the package `relay_hook`; imports are relative because it has that other name there.
"""
