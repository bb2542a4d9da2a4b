"""Collections of vectors, who may search them, and the job that makes both in Milvus."""
