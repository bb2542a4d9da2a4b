"""Argo CD as an optional hand-over: tenants' applications come from Git, the platform stays Pulumi's."""
