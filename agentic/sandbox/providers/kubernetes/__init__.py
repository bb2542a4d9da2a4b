"""The kubernetes package of the sandbox: objects and releases in an embedded store, checked as a server would."""
