"""Many runs of one scenario: designs, definition, database, executors and preregistration."""
