#!/usr/bin/env python3
# tests/compare/compare_evtx_dump.py - evx and the Rust tool evtx_dump print the same, counted
"""Run evx and evtx_dump 0.12 on every .evtx file below the folders and compare what they print.

usage: compare_evtx_dump.py --evx build/evx --rival evtx_dump [options] FOLDER...

Five modes are run: xml, json, jsonl, jsonl with separate attributes, xml without indentation. In
each, output is cut into records, and equal records are counted in order. A file is equal when its
whole output is, byte for byte, in xml, json and jsonl. The exit status is 1 when evx has fewer
records than the rival in any file and any mode, or when fewer than --least per cent of the files
are equal; it is 77 when there is nothing to compare.

The rival comes from `cargo install evtx --version 0.12.2`.
"""
import argparse
import difflib
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

MODES = (
    ('xml', ['-o', 'xml']),
    ('json', ['-o', 'json']),
    ('jsonl', ['-o', 'jsonl']),
    ('separate', ['-o', 'jsonl', '--separate-json-attributes']),
    ('flat', ['-o', 'xml', '--no-indent']),
)
WHOLE = ('xml', 'json', 'jsonl')         # a file that is equal in these is called equal
BANNER = re.compile(rb'^Record \d+\n(?=<\?xml |\{)', re.M)


def find(folders):
    for top in folders:
        if os.path.isfile(top):
            yield top
        for folder, below, names in os.walk(top):
            below.sort()
            for name in sorted(names):
                if name.lower().endswith('.evtx'):
                    yield os.path.join(folder, name)


def sample(files, count):
    """Evenly spread, the same ones each time."""
    if not count or count >= len(files):
        return files
    return [files[i * len(files) // count] for i in range(count)]


def run(command, timeout):
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, timeout=timeout, check=False)
    except subprocess.TimeoutExpired as late:
        return late.stdout or b'', 'timeout'
    return done.stdout, done.returncode


def records(mode, text):
    if mode in ('jsonl', 'separate'):
        return text.splitlines(keepends=True)
    starts = [match.start() for match in BANNER.finditer(text)] + [len(text)]
    return [text[a:b] for a, b in zip(starts, starts[1:])]


def equal_records(ours, theirs):
    """How many records are the same and in the same order."""
    if len(ours) == len(theirs):
        return sum(a == b for a, b in zip(ours, theirs))
    numbers = {}
    a, b = ([numbers.setdefault(r, len(numbers)) for r in side] for side in (ours, theirs))
    matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks())


def first_difference(ours, theirs):
    for i, (a, b) in enumerate(zip(ours, theirs)):
        if a != b:
            at = next((k for k, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
            low = max(0, at - 60)
            return 'record %d, byte %d\n      ours   %r\n      theirs %r' % (
                i + 1, at, a[low:at + 60], b[low:at + 60])
    return 'one side has %d records more' % abs(len(ours) - len(theirs))


def compare_file(options, path):
    """[(mode, ours, theirs, equal records, whole output equal, first difference, status)]"""
    out = []
    for mode, flags in MODES:
        ours, status = run([options.evx, 'dump', '-t', '1'] + flags + [path], options.timeout)
        theirs, _ = run([options.rival, '-t', '1'] + flags + [path], options.timeout)
        mine, other = records(mode, ours), records(mode, theirs)
        words = None if ours == theirs else first_difference(mine, other)
        out.append((mode, len(mine), len(other), equal_records(mine, other), ours == theirs, words,
                    status))
    return out


def report(options, files, results):
    sums = {mode: [0, 0, 0, 0] for mode, _ in MODES}
    equal, fewer, more, crashed = 0, [], [], []
    for path, modes in zip(files, results):
        equal += all(whole for mode, _, _, _, whole, _, _ in modes if mode in WHOLE)
        for mode, ours, theirs, same, whole, words, status in modes:
            row = sums[mode]
            row[0] += ours
            row[1] += theirs
            row[2] += same
            row[3] += whole
            if ours < theirs:
                fewer.append('%s, %s: %d, rival %d' % (path, mode, ours, theirs))
            if ours > theirs and mode == 'jsonl':
                more.append('%s: %d, rival %d' % (path, ours, theirs))
            if status not in (0, 1, 3):
                crashed.append('%s, %s: status %s' % (path, mode, status))
            if not whole and options.show > 0 and mode in WHOLE:
                options.show -= 1
                print('DIFFERENT %s, %s: %s' % (path, mode, words))
    for title, lines in (('more records than the rival', more),
                         ('FEWER RECORDS', fewer), ('STATUS', crashed)):
        if lines:
            print('%s:\n  %s' % (title, '\n  '.join(lines)))
    print('%-9s %9s %9s %9s %9s %12s' % ('mode', 'ours', 'theirs', 'identical', 'different',
                                         'files equal'))
    for mode, _ in MODES:
        ours, theirs, same, whole = sums[mode]
        print('%-9s %9d %9d %9d %9d %12d' % (mode, ours, theirs, same, max(ours, theirs) - same,
                                             whole))
    percent = 100.0 * equal / len(files)
    print('%d of %d files are equal in all of xml, json, jsonl: %.2f %%' % (equal, len(files),
                                                                            percent))
    return 1 if fewer or crashed or percent < options.least else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--evx', required=True)
    parser.add_argument('--rival', default='evtx_dump')
    parser.add_argument('--sample', type=int, default=0, help='only so many files, evenly spread')
    parser.add_argument('--least', type=float, default=95.0, help='per cent of files (95)')
    parser.add_argument('--show', type=int, default=0, help='print so many first differences')
    parser.add_argument('--jobs', type=int, default=os.cpu_count() or 1)
    parser.add_argument('--timeout', type=int, default=120, help='seconds for one run')
    parser.add_argument('folders', nargs='+')
    options = parser.parse_args()
    files = sample(list(find(options.folders)), options.sample)
    if not files or not shutil.which(options.rival):
        print('skipped: %s' % ('no .evtx files' if not files else 'no ' + options.rival))
        return 77
    if not shutil.which(options.evx):
        parser.error('no such program: ' + options.evx)
    with ThreadPoolExecutor(options.jobs) as pool:
        results = list(pool.map(lambda path: compare_file(options, path), files))
    return report(options, files, results)


if __name__ == '__main__':
    sys.exit(main())
