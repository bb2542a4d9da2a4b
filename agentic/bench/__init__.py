"""How fast a capture is, against the least that the SDK itself needs for the same registrations."""
