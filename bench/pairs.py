# bench/pairs.py - two commands in turn, many times: medians, and the ratio pair by pair
"""A machine changes its speed from second to second, and less so from one run to the next one. So
two commands are compared by the ratio within a pair of runs, one behind the other; who begins
changes from pair to pair; the median of the ratios counts.
"""
import os
import statistics
import subprocess
import tempfile


class Run:
    """What one run of a command took."""
    def __init__(self, line):
        wall, user, system, peak, status = (int(word) for word in line.split())
        self.ms = wall / 1e6
        self.cpu_ms = (user + system) / 1e3
        self.peak_mib = peak / 1024
        self.status = status


class Runs:
    def __init__(self, runs):
        self.runs = runs
        self.ms = statistics.median(run.ms for run in runs)
        self.cpu_ms = statistics.median(run.cpu_ms for run in runs)
        self.peak_mib = max(run.peak_mib for run in runs)


class Pair:
    """ratio: how many times longer the second one takes than the first one."""
    def __init__(self, first, second):
        self.first, self.second = Runs(first), Runs(second)
        ratios = sorted(b.ms / a.ms for a, b in zip(first, second))
        self.ratio = statistics.median(ratios)
        self.low, self.high = ratios[len(ratios) // 4], ratios[-1 - len(ratios) // 4]
        self.cpu_ratio = statistics.median(b.cpu_ms / max(a.cpu_ms, 0.001)
                                           for a, b in zip(first, second))


class Clock:
    """measure: the program of measure.c; cpus: where commands run, as in '1' or '0,1'."""
    SOUND = (0, 1, 10)                   # evx: losses are no failure, nor is a backup left open

    def __init__(self, measure, rounds):
        self.measure, self.rounds = measure, rounds
        handle, self.file = tempfile.mkstemp()
        os.close(handle)

    def close(self):
        os.unlink(self.file)

    def once(self, command, cpus):
        subprocess.run([self.measure, self.file, cpus] + command, check=True)
        with open(self.file, encoding='ascii') as file:
            run = Run(file.read())
        if run.status not in self.SOUND:
            raise SystemExit('status %d: %s' % (run.status, ' '.join(command)))
        return run

    def alone(self, command, cpus):
        """After a run that warms the page cache."""
        self.once(command, cpus)
        return Runs([self.once(command, cpus) for _ in range(self.rounds)])

    def pair(self, first, second, cpus, cpus_second=None):
        cpus_second = cpus_second or cpus
        self.once(first, cpus)
        self.once(second, cpus_second)
        one, two = [], []
        for i in range(self.rounds):
            for which in ((0, 1), (1, 0))[i % 2]:
                if which == 0:
                    one.append(self.once(first, cpus))
                else:
                    two.append(self.once(second, cpus_second))
        return Pair(one, two)
