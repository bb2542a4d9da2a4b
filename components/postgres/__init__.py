"""The relational database: one instance, a role and a database for each user of it."""
