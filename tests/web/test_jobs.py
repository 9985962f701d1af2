"""Background jobs of the web interface."""

import subprocess
import sys


def test_where_there_are_no_file_locks_the_command_says_so_without_a_traceback() -> None:
    script = "import sys; sys.modules['fcntl'] = None; from glasshouse.cli.main import main; main()"
    done = subprocess.run([sys.executable, "-c", script, "web"], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("The web interface needs Linux or macOS")
    assert "Traceback" not in done.stderr
