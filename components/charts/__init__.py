"""What every chart component shares: pins, images, the one way to install a release, and pods as data."""
