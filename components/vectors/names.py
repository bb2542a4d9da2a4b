"""What the objects of this part are called."""

from __future__ import annotations

BOOTSTRAP = "vectors-bootstrap"
"""The job's account and pods; its own name ends with a hash of what it was given."""
LABELS = {"app.kubernetes.io/name": BOOTSTRAP}

PASSWORDS = "vectors-passwords"
"""The Secret with a file for each user, which the job alone mounts."""
READS = "milvus"
"""The Secret of who writes and searches: uri, database, username, password, token."""
SEARCHES = "milvus-reader"
"""The same of who searches and nothing else."""

ROOT_SECRET = "milvus-root"  # noqa: S105 - the name of a Secret
ROOT_KEY = "password"
