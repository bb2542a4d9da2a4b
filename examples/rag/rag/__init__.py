"""An agent that answers from documents, and says so when it finds nothing: LangGraph, Milvus, and any model."""
