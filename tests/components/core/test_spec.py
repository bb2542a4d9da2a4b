from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from components.core import spec
from components.core.spec import Spec


class Sample(Spec):
    name: str


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        Sample.model_validate({"name": "a", "nmae": "b"})


def test_what_was_read_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Sample(name="a").name = "b"


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (
            spec.DnsLabel,
            ["a", "a-b", "a" * 63],
            ["", "A", "1a", "a-", "-a", "a_b", "a.b", "a" * 64, "é", "a\n"],
        ),
        (spec.EnvironmentName, ["dev", "a" * 12], ["d", "a" * 13, "Dev"]),
        (spec.ClusterName, ["ai", "a" * 32], ["a", "a" * 33]),
        (spec.Region, ["us-east-1", "us-gov-west-1"], ["us-east", "us-east-1a", "useast1", "us-east-\u0661"]),
        (spec.Zone, ["us-east-1a"], ["us-east-1", "use1-az1", "us-east-1-bos-1a"]),
        (spec.VpcId, ["vpc-12345678", "vpc-0123456789abcdef0"], ["vpc-1", "vpc-GGGGGGGG", "subnet-12345678"]),
        (
            spec.IamPrincipalArn,
            ["arn:aws:iam::111122223333:role/path/x", "arn:aws-cn:iam::111122223333:user/a@b.c"],
            [
                *("arn:aws:sts::111122223333:assumed-role/x/me", "arn:aws:iam::111122223333:root", "*"),
                *("arn:aws:iam::111122223333:role/*", "arn:aws:iam::111122223333:group/x"),
            ],
        ),
        (
            spec.SecretArn,
            ["arn:aws:secretsmanager:us-east-1:111122223333:secret:a/b-AbCdEf"],
            ["arn:aws:secretsmanager:us-east-1:111122223333:secret:*", "sk-live-0123", "arn:aws:ssm:::x"],
        ),
    ],
)
def test_a_name_has_the_shape_that_its_service_takes(kind: object, good: list[str], bad: list[str]) -> None:
    adapter = TypeAdapter(kind)
    for text in good:
        assert adapter.validate_python(text) == text
    for text in bad:
        with pytest.raises(ValidationError):
            adapter.validate_python(text)
