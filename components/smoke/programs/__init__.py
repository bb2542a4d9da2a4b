"""Programs that run in pods, each one file of the standard library: nothing here is imported by the platform."""
