"""The aws package of the sandbox: a table of types whose calls go to a moto server.

How to add a type is in `row.py`; the rows are in `table/`, a module a service.
"""
