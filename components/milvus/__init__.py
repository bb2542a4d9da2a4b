"""Milvus: vectors and their search, its objects and its log in S3, its metadata in an etcd of its own."""
