"""The service that counts what each tenant uses, over all proxies."""
