"""The claims: what the guide promises, one requirement a test."""
