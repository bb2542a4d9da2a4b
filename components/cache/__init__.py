"""The cache as its users see it: one Secret each, whichever server stands behind it."""
