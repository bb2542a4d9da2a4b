"""What OpenCost may do in AWS: ask what Spot capacity costs. List prices are a public file."""

from __future__ import annotations

from components.core.identity import PolicyDocument, document


def spot_prices() -> PolicyDocument:
    """One question; without it a Spot node counts at its on-demand price (opencost/opencost#3725)."""
    return document(
        {
            "Sid": "SpotPrices",
            "Effect": "Allow",
            "Action": ["ec2:DescribeSpotPriceHistory"],
            "Resource": "*",  # takes no resource (service authorization reference, Amazon EC2)
        }
    )
