"""Provider plugins of the sandbox: `pulumi-resource-aws`, `-eks` and `-kubernetes` for the real engine.

They speak the engine's own provider protocol and answer it from a moto server (AWS) and one sqlite file
(Kubernetes objects, Helm releases, AWS things moto lacks, and the creation journal). Nothing is patched.

This module stays empty of imports: a plugin's start-up is part of every `up`.
"""
