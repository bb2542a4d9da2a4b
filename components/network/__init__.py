"""The VPC the platform lives in: made here, or brought along."""
