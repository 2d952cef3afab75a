#!/usr/bin/env python3
# bench/rivals.py - evx beside evtx_dump and dd: equal work first, then time and memory
"""usage: rivals.py [options] [FOLDER with real logs]         (default ../shared/evtx)

Builds a release, makes logs out of real chunks (mix.py) and of stated shape (shapes.c), compares
what both programs write, then runs them in turn (pairs.py) and writes bench/RESULTS.md: machine,
compiler, commit, command, numbers. Without a folder there are no real logs, and without evtx_dump
(cargo install evtx --version 0.12.2) evx is measured alone. Linux only.

  --quick   is all alive? 2 MiB, two pairs, the report goes to standard output
  --only    some sections: mixes,logs,shapes,sessions,threads,files,growth
"""
import argparse
import datetime
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile

import mix
import pairs

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
sys.path.append(os.path.join(ROOT, 'tests', 'compare'))
import compare_evtx_dump as compare      # noqa: E402: it stands beside the tests that use it
MIXES = (('all', ''), ('security', 'security'), ('sysmon', 'sysmon'),
         ('powershell', 'powershell'))
SHAPES = ('small', 'logon', 'many', 'long', 'cyrillic', 'cjk', 'arrays', 'deep', 'forwarded')
MODES = (('jsonl', ['-o', 'jsonl']), ('xml', ['-o', 'xml']),
         ('separate', ['-o', 'jsonl', '--separate-json-attributes']))
SECTIONS = ('mixes', 'logs', 'shapes', 'sessions', 'threads', 'files', 'growth')


def words_of(command, cwd=ROOT):
    done = subprocess.run(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          text=True, check=False)
    return done.stdout.strip()


class Bench:
    def __init__(self, options, work):
        self.options, self.work = options, work
        self.evx = options.evx or os.path.join(options.build, 'evx')
        tools = os.path.join(options.build, 'bench')
        self.mkshapes = os.path.join(tools, 'mkshapes')
        self.clock = pairs.Clock(os.path.join(tools, 'measure'), options.rounds)
        self.rival = shutil.which('evtx_dump')
        cpus = sorted(os.sched_getaffinity(0))
        self.cpu = str(cpus[-1])
        self.two = ','.join(str(cpu) for cpu in cpus[-2:])
        self.real = options.folder if os.path.isdir(options.folder) else None
        self.lines = []

    # ---- logs ----------------------------------------------------------------------------------

    def path(self, name):
        return os.path.join(self.work, name)

    def mixed(self, name, word, mib):
        """A path, or None where there are no such logs."""
        pool = mix.chunks([self.real], word) if self.real else None
        if not pool:
            return None
        path = self.path('mix-%s-%d.evtx' % (name, mib))
        mix.write(path, pool, mib * mix.CHUNKS_A_MIB)
        return path

    def shaped(self, name, mib):
        path = self.path('shape-%s-%d.evtx' % (name, mib))
        subprocess.run([self.mkshapes, name, str(mib), path], check=True)
        return path

    # ---- commands ------------------------------------------------------------------------------

    def ours(self, flags, path, threads=1):
        return [self.evx, 'dump', '-t', str(threads)] + flags + [path]

    def theirs(self, flags, path, threads=1):
        return [self.rival, '-t', str(threads)] + flags + [path]

    def ours_all(self, flags, folder):
        """One call for all logs of a folder whose names say so."""
        return [self.evx, 'dump', '-t', '1'] + flags + list(mix.logs([folder]))

    def theirs_each(self, flags, folder):
        """The rival on each of the same logs."""
        return ['sh', '-c', 'p=$1; shift; f=$1; shift; for log do "$p" -t 1 $f "$log"; done', 'sh',
                self.rival, ' '.join(flags)] + list(mix.logs([folder]))

    # ---- equal work ----------------------------------------------------------------------------

    @staticmethod
    def output(command):
        return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, check=False).stdout

    def same(self, mode, ours, theirs, damaged=False):
        """(records, words): what both write, or how they differ, and why if that is known."""
        ours, theirs = self.output(ours), self.output(theirs)
        mine, other = compare.records(mode, ours), compare.records(mode, theirs)
        if ours == theirs:
            return len(mine), 'equal'
        same, kinds, unexplained = compare.compare_records(mode, mine, other, damaged)
        words = '%d equal; ' % same + ', '.join('%d %s' % (n, kind)
                                                for kind, n in kinds.most_common())
        if unexplained:
            words += ', %d UNEXPLAINED' % len(unexplained)
        if len(mine) != len(other):
            words += '; the rival has %d' % len(other)
        return len(mine), words

    # ---- the report ----------------------------------------------------------------------------

    def say(self, line=''):
        self.lines.append(line)
        print(line, file=sys.stderr, flush=True)

    def section(self, title, words, columns):
        self.say('\n## %s\n\n%s\n' % (title, words))
        self.row(columns)
        self.row(['---'] * len(columns))

    def row(self, cells):
        self.say('| ' + ' | '.join(str(cell) for cell in cells) + ' |')

    def compare(self, name, mode, flags, path):
        """A row: the two programs over one log."""
        mib = os.path.getsize(path) / 2 ** 20
        if not self.rival:
            runs = self.clock.alone(self.ours(flags, path), self.cpu)
            self.row([name, mode, '', 'not compared', '%.1f' % runs.ms, '',
                      '%.0f' % (mib / runs.ms * 1e3), '', '', '', '%.1f' % runs.peak_mib, ''])
            return
        count, words = self.same(mode, self.ours(flags, path), self.theirs(flags, path))
        pair = self.clock.pair(self.ours(flags, path), self.theirs(flags, path), self.cpu)
        self.row([name, mode, count, words, '%.1f' % pair.first.ms, '%.1f' % pair.second.ms,
                  '%.0f' % (mib / pair.first.ms * 1e3)] + ratios(pair)
                 + ['%.1f' % pair.first.peak_mib, '%.1f' % pair.second.peak_mib])

    def two_rows(self, name, first, second, mode=None, damaged=False):
        """A row for any two commands; with a mode they write records, which are compared."""
        notes = list(self.same(mode, first, second, damaged)) if mode else []
        pair = self.clock.pair(first, second, self.cpu)
        self.row([name, '%.1f' % pair.first.ms, '%.1f' % pair.second.ms] + ratios(pair)
                 + ['%.1f' % pair.first.peak_mib, '%.1f' % pair.second.peak_mib] + notes)


COLUMNS = ['log', 'mode', 'records', 'output', 'evx, ms', 'evtx_dump, ms', 'evx, MiB/s',
           'times as long', 'middle half', 'by processor time', 'evx peak, MiB',
           'evtx_dump peak, MiB']
BESIDE = ['what', 'evx, ms', 'other, ms', 'times as long', 'middle half', 'by processor time',
          'evx peak, MiB', 'other peak, MiB']


def ratios(pair):
    return ['**%.2f**' % pair.ratio, '%.2f-%.2f' % (pair.low, pair.high), '%.2f' % pair.cpu_ratio]


def mixes(b):
    if not b.real:
        return
    b.section('Real chunks', 'Mixes of %d MiB, one thread, one processor; `dump` beside '
              '`evtx_dump`, both `-t 1`.' % b.options.mib, COLUMNS)
    for name, word in MIXES:
        path = b.mixed(name, word, b.options.mib)
        for mode, flags in MODES if path else ():
            b.compare(name, mode, flags, path)
        if path:
            os.unlink(path)


def real_logs(b):
    if not (b.real and b.rival):
        return
    b.section('All real logs in one call', 'Few chunks are like another here. `evtx_dump` takes '
              'one file a call, so it begins anew for each; one thread.',
              BESIDE + ['records', 'output'])
    for mode, flags in MODES:
        b.two_rows(mode, b.ours_all(flags, b.real), b.theirs_each(flags, b.real), mode, True)


def shapes(b):
    b.section('Stated shapes', 'Made by `mkshapes`, %d MiB each; otherwise as above.'
              % b.options.mib, COLUMNS)
    for name in SHAPES:
        path = b.shaped(name, b.options.mib)
        for mode, flags in MODES:
            b.compare(name, mode, flags, path)
        os.unlink(path)


def sessions(b):
    mib = b.options.big
    b.section('Questions', '`evx sessions` over %d MiB beside `dd bs=256k of=/dev/null`: how many '
              'times as long `dd` takes is the speed in parts of that of `dd`. `exchange`: 1 %% '
              'backup events, a night\'s in one place; `exchange-even`: some in each chunk. Then a '
              'filter beside all of `evtx_dump`, which has none.' % mib, BESIDE)
    logs = [(name, b.mixed, word) for name, word in MIXES]
    logs += [(name, b.shaped, None) for name in ('daily', 'exchange', 'exchange-even')]
    for name, make, word in logs:
        path = make(name, mib) if word is None else make(name, word, mib)
        if path:
            b.two_rows('sessions, %s, beside dd' % name, [b.evx, 'sessions', path],
                       ['dd', 'bs=256k', 'if=' + path, 'of=/dev/null'])
            os.unlink(path)
    path = b.mixed('security', 'security', b.options.mib)
    if path and b.rival:
        b.two_rows('dump --event-id 4624, security, beside evtx_dump',
                   b.ours(['-o', 'jsonl', '--event-id', '4624'], path),
                   b.theirs(['-o', 'jsonl'], path))


def threads(b):
    path = b.mixed('all', '', b.options.mib) or b.shaped('logon', b.options.mib)
    b.section('Threads', 'On two processors. The last line is what the machine can give: the same '
              'in two processes at once, each of which does all of the work.',
              ['what', 'one, ms', 'two, ms', 'times as fast', 'one, peak MiB', 'two, peak MiB'])
    one = b.ours(['-o', 'jsonl'], path)
    lines = [('evx dump -t 1, -t 2', one, b.ours(['-o', 'jsonl'], path, 2), 1)]
    if b.rival:
        lines.append(('evtx_dump -t 1, -t 2', b.theirs(['-o', 'jsonl'], path),
                      b.theirs(['-o', 'jsonl'], path, 2), 1))
    lines.append(('evx dump -t 1, once and in two processes', one,
                  ['sh', '-c', '"$@" & "$@"; wait', 'sh'] + one, 2))
    for name, first, second, work in lines:
        pair = b.clock.pair(first, second, b.two)
        b.row([name, '%.1f' % pair.first.ms, '%.1f' % pair.second.ms,
               '**%.2f**' % (work / pair.ratio), '%.1f' % pair.first.peak_mib,
               '%.1f' % pair.second.peak_mib])
    os.unlink(path)


def small_files(b):
    folder, count = b.path('many'), b.options.files
    pool = mix.chunks([b.real]) if b.real else None
    if not pool:
        shaped = b.shaped('daily', 1)
        os.makedirs(b.path('pool'), exist_ok=True)
        os.rename(shaped, b.path('pool/one.evtx'))
        pool = mix.chunks([b.path('pool')])
    mix.write_many(folder, pool, count)
    if b.rival:
        b.section('%d files of 68 KiB' % count, 'One call of `evx dump -t 1 -o jsonl` beside '
                  '`evtx_dump` called for each.', BESIDE + ['records', 'output'])
        for mode, flags in MODES[:2]:
            b.two_rows(mode, b.ours_all(flags, folder), b.theirs_each(flags, folder), mode)
    shutil.rmtree(folder)


def growth(b):
    b.section('Growth', 'One log of real chunks (or of shape `logon`), longer and longer; one '
              'processor, `-t 2` on two. Time a MiB must not grow, nor memory.',
              ['MiB', 'jsonl -t 1, ms', 'ms a MiB', 'peak, MiB', 'jsonl -t 2, ms', 'peak, MiB',
               'sessions, ms', 'ms a MiB', 'peak, MiB'])
    mib = 1
    while mib <= b.options.most:
        path = b.mixed('all', '', mib) or b.shaped('logon', mib)
        one = b.clock.alone(b.ours(['-o', 'jsonl'], path), b.cpu)
        two = b.clock.alone(b.ours(['-o', 'jsonl'], path, 2), b.two)
        asks = b.clock.alone([b.evx, 'sessions', path], b.cpu)
        b.row([mib, '%.1f' % one.ms, '%.3f' % (one.ms / mib), '%.1f' % one.peak_mib,
               '%.1f' % two.ms, '%.1f' % two.peak_mib, '%.1f' % asks.ms,
               '%.3f' % (asks.ms / mib), '%.1f' % asks.peak_mib])
        os.unlink(path)
        mib *= 4


def head(b, argv):
    cpu = re.search(r'^model name\s*: (.*)$', open('/proc/cpuinfo', encoding='utf-8').read(), re.M)
    compiler = 'unknown'
    cache = os.path.join(b.options.build, 'CMakeCache.txt')
    if os.path.exists(cache):
        with open(cache, encoding='utf-8') as file:
            found = re.search(r'^CMAKE_C_COMPILER:\w+=(.*)$', file.read(), re.M)
        compiler = words_of([found.group(1), '--version']).split('\n')[0] if found else compiler
    changed = [line for line in words_of(['git', 'status', '--porcelain']).split('\n')
               if line and not line.endswith('bench/RESULTS.md')]
    commit = words_of(['git', 'rev-parse', '--short=12', 'HEAD']) or 'unknown'
    bench = words_of([b.evx, 'bench', '--rounds', '1', '--json',
                      os.path.join(ROOT, 'corpus', 'exchange', 'stuck.evtx')])
    kernels = re.search(r'"kernels":"(\w+)"', bench)
    b.say('# Results\n')
    b.say('Written by `bench/rivals.py %s`; not by hand. Medians of %d runs of each, in turn; who '
          'begins changes.\nThe page cache is warm, output goes to /dev/null. Ratios are taken '
          'pair by pair, and their median is shown;\n`middle half` is where half of them lie. A '
          'line says `equal` when both outputs are so,\nbyte for byte; else how many records are, '
          'and which of the deviations that evx(1) lists explain the others.\n'
          % (' '.join(argv), b.options.rounds))
    b.row(['', ''])
    b.row(['---', '---'])
    b.row(['date', datetime.datetime.now(datetime.timezone.utc).strftime('%Y-%m-%d %H:%M UTC')])
    b.row(['commit', commit + (' and %d changed files' % len(changed) if changed else '')])
    b.row(['machine', '%s, %d processors, %s' % (cpu.group(1) if cpu else platform.machine(),
                                                 os.cpu_count(), platform.system() + ' '
                                                 + platform.release())])
    b.row(['compiler', compiler + ', Release'])
    b.row(['evx', '%s, kernels %s' % (words_of([b.evx, '--version']),
                                      kernels.group(1) if kernels else 'unknown')])
    b.row(['evtx_dump', words_of([b.rival, '--version']) if b.rival else 'not on the PATH'])
    b.row(['load when it began', '%.1f %.1f %.1f (what others do is noise)' % os.getloadavg()])


def build(options):
    if options.evx and os.path.exists(os.path.join(options.build, 'bench', 'measure')):
        return
    quiet = {'stdout': subprocess.DEVNULL, 'cwd': ROOT, 'check': True}
    subprocess.run(['cmake', '-S', ROOT, '-B', options.build, '-DCMAKE_BUILD_TYPE=Release',
                    '-DEVX_BENCH=ON', '-DBUILD_TESTING=OFF'], **quiet)
    subprocess.run(['cmake', '--build', options.build, '--parallel', '2', '--target', 'evx_cli',
                    'mkshapes', 'measure'], **quiet)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('folder', nargs='?', default=os.path.join(ROOT, '..', 'shared', 'evtx'))
    parser.add_argument('--quick', action='store_true')
    parser.add_argument('--only', default=','.join(SECTIONS))
    parser.add_argument('--rounds', type=int, default=11)
    parser.add_argument('--mib', type=int, default=64, help='of mixes and shapes')
    parser.add_argument('--big', type=int, default=256, help='MiB for sessions')
    parser.add_argument('--files', type=int, default=1000)
    parser.add_argument('--most', type=int, default=1024, help='MiB to which growth goes')
    parser.add_argument('--build', default=os.path.join(ROOT, 'build-bench'))
    parser.add_argument('--evx', help='this program instead of the one in the build')
    parser.add_argument('--work', help='folder for logs; removed behind itself')
    parser.add_argument('--out', help='the report (default bench/RESULTS.md)')
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.mib, options.big, options.files = 2, 2, 2, 20
        options.most = 4
    unknown = set(options.only.split(',')) - set(SECTIONS)
    if unknown:
        parser.error('no such section: ' + ', '.join(sorted(unknown)))
    return options


def others(path):
    """The sections that instructions.sh has written: they stay."""
    if not os.path.exists(path):
        return ''
    with open(path, encoding='utf-8') as file:
        parts = file.read().split('\n## ')
    return ''.join('\n## ' + part.rstrip('\n') + '\n' for part in parts[1:]
                   if part.startswith(('Instructions', 'Steps')))


def main():
    options = arguments()
    build(options)
    work = tempfile.mkdtemp(prefix='evx-bench-', dir=options.work)
    b = Bench(options, work)
    try:
        head(b, sys.argv[1:])
        for name, run in zip(SECTIONS, (mixes, real_logs, shapes, sessions, threads, small_files,
                                        growth)):
            if name in options.only.split(','):
                run(b)
        b.say('\nLoad when it ended: %.1f %.1f %.1f.' % os.getloadavg())
    finally:
        shutil.rmtree(work)
        b.clock.close()
    text = '\n'.join(b.lines) + '\n'
    if options.quick and not options.out:
        sys.stdout.write(text)
        return
    path = options.out or os.path.join(HERE, 'RESULTS.md')
    kept = others(path)
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text + kept)


if __name__ == '__main__':
    main()
