"""The common workload “score-and-chill” side by side with other frameworks, in one interleaved run.

    python benchmarks/peers.py --peers FOLDER --environments FOLDER [--rounds 3] [--sizes 10000,100000,1000000,10000000]

`--peers` holds the peers' scripts and their README, `--environments` the virtual environments named there (`main` at
least; what is missing is skipped by name). Every run is a fresh process; the peers of a size follow one another, round
after round, and a ratio is taken within a round. Shares of speakers and listed and the mean score are over all weeks of
a run: they agree among peers that ran as many.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

OURS = Path(__file__).with_name("sac.py")
FAST = {10**4: 100, 10**5: 50, 10**6: 30, 10**7: 10}
FRAMES = {10**4: 30, 10**5: 10, 10**6: 4}
SLOW = {10**4: 10, 10**5: 3}
PEERS = {
    # name: environment, script, variant, threads, weeks by number of agents
    "C++, hand-fused, OpenMP": ("main", "peer_cpp.py", "philox-bit", 2, FAST),
    "C++ with the same shortcuts": ("main", "peer_cpp.py", "lean-bit-nv", 2, FAST),
    "Numba, hand-fused": ("main", "peer_numba.py", "philox-bit", 2, FAST),
    "NumPy + SciPy": ("main", "peer_numpy.py", "scipy", 1, FAST),
    "JAX": ("jax", "peer_jax.py", "", 2, FRAMES),
    "Polars": ("main", "peer_polars.py", "", 2, FRAMES),
    "mesa-frames": ("frames", "peer_mesa_frames.py", "", 2, FRAMES),
    "Starsim": ("starsim", "peer_starsim.py", "", 1, FRAMES),
    "Mesa, documented idiom": ("main", "peer_mesa.py", "space", 1, SLOW),
    "AgentPy": ("main", "peer_agentpy.py", "", 1, SLOW),
    "MASON": ("MASON_CP", "java", "", 1, FRAMES),
    "AgentScript": ("AGENTSCRIPT_DIR", "node", "", 1, SLOW),
}
SHARES = ("expr_share", "listed_share", "mean_score")


def command(name: str, size: int, peers: Path, environments: Path) -> list[str] | None:
    """The command of a peer, or None where what it needs is not there."""
    if name == "Glasshouse":
        return [sys.executable, str(OURS), "--peers", str(peers), *_options(size, FAST, 2)]
    place, script, variant, threads, weeks = PEERS[name]
    if script in ("java", "node"):
        folder = os.environ.get(place)
        if folder is None:
            return None
        program = ["-cp", folder, "Sac"] if script == "java" else [str(Path(folder) / "sac.mjs")]
        return [script, *program, str(size), str(weeks[size]), *(["1"] if script == "java" else [])]
    python = environments / place / "bin" / "python"
    if not python.exists():
        return None
    return [
        str(python),
        str(peers / script),
        *_options(size, weeks, threads),
        *(["--variant", variant] if variant else []),
    ]


def _options(size: int, weeks: dict[int, int], threads: int) -> list[str]:
    return ["--n", str(size), "--ticks", str(weeks[size]), "--threads", str(threads)]


def measure(line: list[str], folder: Path) -> dict[str, float] | str:
    """One run: what it reports, or why it failed."""
    try:
        done = subprocess.run(line, cwd=folder, capture_output=True, text=True, timeout=1200, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return type(error).__name__
    found = [text for text in done.stdout.splitlines() if text.startswith("{")]
    if found:
        return dict(json.loads(found[-1]))
    return (done.stderr.strip().splitlines() or ["no output"])[-1][:100]


def main() -> None:
    """Prints a table in Markdown, one row for each peer and size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", type=Path, required=True)
    parser.add_argument("--environments", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sizes", default="10000,100000,1000000,10000000")
    given = parser.parse_args()
    peers, environments = given.peers.resolve(), given.environments.absolute()
    skipped: dict[str, str] = {}
    rates: dict[tuple[str, int], list[float]] = defaultdict(list)
    shares: dict[tuple[str, int], list[float]] = {}
    for turn in range(given.rounds):
        for size in (int(text) for text in given.sizes.split(",")):
            for name in ("Glasshouse", *PEERS):
                if name in skipped or (name in PEERS and size not in PEERS[name][4]):
                    continue
                line = command(name, size, peers, environments)
                found = measure(line, peers) if line else "not installed"
                if isinstance(found, str):
                    skipped[name] = found
                    continue
                rates[name, size].append(found["agent_steps_per_s"])
                shares[name, size] = [found[share] for share in SHARES]
                print(turn, size, name, f"{found['agent_steps_per_s'] / 1e6:.2f} M/s", file=sys.stderr, flush=True)
    table(rates, shares)
    for name, why in skipped.items():
        print(f"\nSkipped: {name} ({why}).")


def table(rates: dict[tuple[str, int], list[float]], shares: dict[tuple[str, int], list[float]]) -> None:
    """Medians, and Glasshouse's multiple of each peer's speed in the same round."""
    print("| agents | | weeks | million steps/s | Glasshouse is | speaking | listed | score |")
    print("|---|---|---|---|---|---|---|---|")
    for size in sorted({size for _, size in rates}):
        ours = rates["Glasshouse", size]
        for name in ("Glasshouse", *PEERS):
            found = rates.get((name, size))
            if not found:
                continue
            times = statistics.median(mine / other for mine, other in zip(ours, found, strict=False))
            spread = " | ".join(f"{share:.4f}" for share in shares[name, size])
            weeks = PEERS[name][4][size] if name in PEERS else FAST[size]
            print(f"| {size:,} | {name} | {weeks} | {statistics.median(found) / 1e6:.3g} | {times:.3g} × | {spread} |")


if __name__ == "__main__":
    main()
