"""What starts the workers of a study: this process, other processes of this machine."""
