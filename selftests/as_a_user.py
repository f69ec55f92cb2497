"""What a process of a self-test must not have, since no user of the suite has it."""

# Hypothesis comes with requirements-dev.txt, is a plugin of every pytest then, and a third of its start.
NO_HYPOTHESIS = {"PYTEST_ADDOPTS": "-p no:hypothesispytest"}
