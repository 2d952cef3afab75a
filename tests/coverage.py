#!/usr/bin/env python3
# tests/coverage.py - which lines and branches of the library the tests and the corpus reach
"""usage: coverage.py [--build FOLDER] [--lines PERCENT] [--branches PERCENT] [--show] [--no-run]

Builds with gcov counters, runs the unit tests and the replay programs, and reports each file of
the library: src/ without src/cli. Branches are gcc's, without optimisation: two for each condition
of an `if`, `&&`, `||`. --show names the lines and the branches that were not reached; --no-run
reads the counters that are there. Exit status 1: below what is asked for (98 % and 95 %).

What cannot be reached and why is told in tests/README.md. A set of kernels that this processor has
not is left out, and said.
"""
import argparse
import collections
import json
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROOMS = ('base', 'kern', 'file', 'binxml', 'select', 'evt', 'text', 'vss')


def run(command, **more):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False, **more)
    if done.returncode != 0:
        print(done.stdout[-6000:])
        print('coverage: failed: %s' % ' '.join(command))
    return done.returncode


def build_and_test(folder):
    jobs = os.environ.get('CI_JOBS', '2')
    steps = (['cmake', '-S', ROOT, '-B', folder, '-DCMAKE_BUILD_TYPE=Debug',
              '-DCMAKE_C_COMPILER=gcc', '-DEVX_COVERAGE=ON'],
             ['cmake', '--build', folder, '--parallel', jobs])
    for step in steps:
        if run(step):
            return 2
    for where, _, names in os.walk(folder):
        for name in names:
            if name.endswith('.gcda'):
                os.remove(os.path.join(where, name))
    return 2 if run(['ctest', '--parallel', jobs, '-LE', 'lint|compare|standard|soak'],
                    cwd=folder) else 0


def counters(folder):
    """{file: {line: times}}, {file: {(line, index): times}} over all that was compiled and run:
    tests too, since functions of headers are compiled into them."""
    lines = collections.defaultdict(collections.Counter)
    branches = collections.defaultdict(collections.Counter)
    for where, _, names in os.walk(folder):
        for name in sorted(names):
            if not name.endswith('.gcno') or (name[:-5] + '.gcda' not in names
                                              and 'evx.dir' not in where):
                continue
            out = subprocess.run(['gcov', '--json-format', '--stdout', '--branch-probabilities',
                                  os.path.join(where, name)], stdout=subprocess.PIPE,
                                 stderr=subprocess.DEVNULL, check=True, cwd=folder).stdout
            for part in out.splitlines():
                for file in json.loads(part)['files']:
                    path = os.path.relpath(os.path.join(ROOT, file['file']), ROOT)
                    if path.split(os.sep)[:1] != ['src'] or path.split(os.sep)[1] not in ROOMS:
                        continue
                    for line in file['lines']:
                        lines[path][line['line_number']] += line['count']
                        for i, branch in enumerate(line['branches']):
                            branches[path][line['line_number'], i] += branch['count']
    return lines, branches


def not_for_this_processor():
    """Sources of which nothing can run here, where the system says what its processor has."""
    sets = {'src/kern/avx512.c': 'avx512_vbmi2', 'src/kern/avx2.c': 'avx2'}
    try:
        with open('/proc/cpuinfo', encoding='utf-8') as file:
            flags = set(file.read().split())
    except OSError:
        return []
    return [path for path, flag in sorted(sets.items()) if flag not in flags]


def percent(part, whole):
    return 100.0 * part / whole if whole else 100.0


def report(lines, branches, show):
    total = collections.Counter()
    print('%-28s %7s %8s %9s %9s' % ('file', 'lines', 'reached', 'branches', 'reached'))
    for path in sorted(lines):
        hit = sum(1 for n in lines[path].values() if n)
        taken = sum(1 for n in branches[path].values() if n)
        count = collections.Counter(lines=len(lines[path]), hit=hit, taken=taken,
                                    branches=len(branches[path]))
        total += count
        print('%-28s %7d %7.1f%% %9d %8.1f%%' % (
            path, count['lines'], percent(hit, count['lines']), count['branches'],
            percent(taken, count['branches'])))
        if show:
            for number in sorted(n for n, times in lines[path].items() if not times):
                print('    %s:%d: line not reached' % (path, number))
            missed = collections.Counter(n for (n, _), times in branches[path].items() if not times)
            for number in sorted(n for n in missed if lines[path][n]):
                print('    %s:%d: %d of its branches not taken' % (path, number, missed[number]))
    return total


def main():
    parser = argparse.ArgumentParser(description='lines and branches that are reached')
    parser.add_argument('--build', default=os.path.join(ROOT, 'build-coverage'))
    parser.add_argument('--lines', type=float, default=98.0)
    parser.add_argument('--branches', type=float, default=95.0)
    parser.add_argument('--show', action='store_true')
    parser.add_argument('--no-run', action='store_true')
    args = parser.parse_args()
    folder = os.path.abspath(args.build)
    if not args.no_run and build_and_test(folder):
        return 2
    lines, branches = counters(folder)
    for path in not_for_this_processor():
        if lines.pop(path, None) is not None:
            print('left out, since this processor has not what it is for: ' + path)
            branches.pop(path, None)
    total = report(lines, branches, args.show)
    lines = percent(total['hit'], total['lines'])
    branches = percent(total['taken'], total['branches'])
    print('coverage: lines %.2f %% (%d of %d), branches %.2f %% (%d of %d)' % (
        lines, total['hit'], total['lines'], branches, total['taken'], total['branches']))
    return 0 if lines >= args.lines and branches >= args.branches else 1


if __name__ == '__main__':
    sys.exit(main())
