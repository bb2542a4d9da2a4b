"""What proxies may do in AWS: ask the models that routes name, and nothing where there are none."""

from __future__ import annotations

from components.core.aws import Place
from components.core.identity import PolicyDocument, document
from components.gateway.spec import Catalogue, ProviderBackend


def invoke_models(place: Place, catalogue: Catalogue) -> PolicyDocument | None:
    """Invocation of exactly the Bedrock models of the catalogue; None where it has none."""
    models = sorted(
        {
            (backend.region or place.region, backend.model)
            for backend in catalogue.backends
            if isinstance(backend, ProviderBackend) and backend.provider == "bedrock"
        }
    )
    if not models:
        return None
    return document(
        {
            "Sid": "InvokeModels",
            "Effect": "Allow",
            "Action": ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
            "Resource": [
                arn
                for region, model in models
                for arn in (
                    place.arn("bedrock", f"foundation-model/{model}", region=region, account=""),
                    place.arn("bedrock", f"inference-profile/{model}", region=region),
                )
            ],
        }
    )
