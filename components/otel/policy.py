"""What the gateway may do in AWS: write to one log group, and hand in trace segments."""

from __future__ import annotations

from components.core.aws import Place
from components.core.identity import PolicyDocument, document
from components.otel.names import log_group


def writer(place: Place) -> PolicyDocument:
    """Streams and events of the pods' own group; it cannot make, read or delete a group."""
    group = place.arn("logs", f"log-group:{log_group(place)}")
    return document(
        {
            "Sid": "WriteLogs",
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            "Resource": [group, f"{group}:*"],
        },
        {
            "Sid": "WriteTraces",
            "Effect": "Allow",
            "Action": ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
            # These two take no resource (service authorization reference, AWS X-Ray).
            "Resource": ["*"],
        },
    )
