#!/usr/bin/env python3
# tests/faults/faults.py - every system call of a run fails in every way, one at a time
"""usage: faults.py --evx build/evx [--every N] [--jobs N] [--verbose] CORPUS
       faults.py --evx build/evx --shim preload.so [--seeds N] CORPUS

The first form needs strace. Each command runs once undisturbed, then once for each call that it
makes and each way in which that call can fail. What may come of it:

  absorbed   the same output and the same status: the fault made no difference
  said       another status, or the same one that is no 0, and words about it on standard error;
             the output is whole lines, and a whole document where it is one
  output     status 4: the output failed

and anything else is wrong: the clean status with another output (silent loss), a half line with any
status but 4, words missing, a crash, a hang. --every N tries each Nth call only.

The second form preloads a library that cuts reads and writes short and interrupts them, by seed: no
output, status or word may change. Then each allocation fails, alone and with all that follow; that
is judged as above. Exit status 77: skipped, and said why.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

TIMEOUT = 60
LOGS = ('ring-order.evtx', 'stuck.evtx', 'clean.evt')

COMMANDS = {
    'dump': ['dump', '-t1', 'logs'],
    'dump, threads': ['dump', '-t2', '-ojsonl', 'logs/ring-order.evtx'],
    'dump -f': ['dump', '-t1', '--root', '--no-confirm-overwrite', '-f', 'out/text', '--ledger',
                'out/ledger', 'logs'],
    'dump --recover': ['dump', '--recover', '-ojsonl', 'logs'],
    'sessions': ['sessions', 'logs'],
    'sessions --json': ['sessions', '--json', 'logs'],
    'verify': ['verify', 'logs'],
    'verify --json': ['verify', '--json', 'logs'],
    'info --json': ['info', '--json', 'logs'],
    'carve': ['carve', 'logs/ring-order.evtx', 'logs/clean.evt'],
}
DOCUMENTS = ('sessions --json', 'verify --json', 'info --json')

FAULTS = {
    'read': ('EINTR', 'EIO', 'EAGAIN', 'end'),
    'pread64': ('EINTR', 'EIO', 'EAGAIN', 'end'),
    'write': ('EINTR', 'EIO', 'ENOSPC', 'EPIPE', 'EAGAIN'),
    'openat': ('EINTR', 'EIO', 'EACCES', 'EMFILE'),
    'close': ('EINTR', 'EIO', 'ENOSPC'),
    'fstat': ('EIO',),
    'newfstatat': ('EIO', 'EACCES'),
    'getdents64': ('EINTR', 'EIO'),
    'lseek': ('EIO',),
    'ioctl': ('EIO',),
    'mmap': ('ENOMEM',),
    'munmap': ('EINVAL',),
    'brk': ('stays',),
    'mprotect': ('ENOMEM',),
    'clone3': ('EAGAIN', 'ENOSYS'),
    'rt_sigaction': ('EINVAL',),
    'prctl': ('EINVAL',),
    'landlock_create_ruleset': ('ENOSYS', 'ENOMEM'),
    'landlock_add_rule': ('EINVAL', 'ENOMEM'),
    'landlock_restrict_self': ('EPERM',),
    'seccomp': ('ENOSYS', 'ENOMEM'),
    'clock_gettime': ('EINVAL',),
}
# What cannot be told: a blob may end anywhere.
NO_END = ('carve',)

Result = collections.namedtuple('Result', 'status out files err')


class Bench:
    """A folder with logs; each run has its own folder for outputs."""

    def __init__(self, evx, corpus, top):
        self.evx, self.top = os.path.abspath(evx), top
        self.made = 0
        os.mkdir(os.path.join(top, 'logs'))
        for name in LOGS:
            shutil.copy(os.path.join(corpus, 'exchange', name), os.path.join(top, 'logs'))

    def folder(self):
        self.made += 1
        path = os.path.join(self.top, 'run-%d' % self.made)
        os.mkdir(path)
        os.symlink(os.path.join(self.top, 'logs'), os.path.join(path, 'logs'))
        os.mkdir(os.path.join(path, 'out'))
        return path

    def run(self, words, before=(), environment=None):
        path = self.folder()
        # `logs` is a link, given by name; the folder behind it is what is read
        done = subprocess.run(list(before) + [self.evx] + words, cwd=path, timeout=TIMEOUT,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, check=False,
                              env=dict(os.environ, **(environment or {})))
        files = {}
        for name in sorted(os.listdir(os.path.join(path, 'out'))):
            with open(os.path.join(path, 'out', name), 'rb') as file:
                files[name] = file.read()
        shutil.rmtree(path)
        return Result(done.returncode, done.stdout, files, done.stderr)


# ---- what came of it ----------------------------------------------------------------------------

def whole(command, r):
    """Does the output end as it should? None, or what is wrong with it."""
    texts = [r.out] + list(r.files.values())
    if any(text and not text.endswith(b'\n') for text in texts):
        return 'half a line'
    if command in DOCUMENTS and r.out:
        try:
            json.loads(r.out)
        except ValueError as error:
            return 'no JSON: %s' % error
    if command == 'dump -f' and r.files.get('text') and b'</Events>' not in r.files['text'][-20:]:
        return 'the document is not closed'
    return None


def judge(command, fault, clean, r):
    """(kind, why): absorbed, said, output; or wrong."""
    same = r.out == clean.out and r.files == clean.files
    if r.status < 0 or r.status >= 128:
        return 'wrong', 'ended by signal: status %d' % r.status
    if r.status == 4:
        if fault != 'EPIPE' and r.err in (b'', clean.err):
            return 'wrong', 'status 4 without a word'
        return 'output', ''
    bad = whole(command, r)
    if bad:
        return 'wrong', bad
    if r.status == clean.status and same:
        return 'absorbed', ''
    if r.status == 0:
        return 'wrong', 'silent loss: status 0 with another output'
    if r.err == clean.err:
        return 'wrong', 'status %d without a word' % r.status
    return 'said', str(r.status)


# ---- strace -------------------------------------------------------------------------------------

def calls_of(bench, words):
    """{call: (first index behind the loader's, last index)} of the main thread; of calls that any
    thread makes in its turn, as many as all of them make."""
    path = os.path.join(bench.top, 'trace')
    bench.run(words, ['strace', '-f', '-qq', '-o', path, '-e', 'trace=' + ','.join(FAULTS)])
    first, last = collections.Counter(), collections.Counter()
    ours, main = False, None
    with open(path, encoding='latin-1') as file:
        for line in file:
            match = re.match(r'(\d+) +(\w+)\((\w*)', line)
            if not match:
                continue
            thread, call, argument = match.groups()
            main = main or thread
            ours |= call == 'rt_sigaction' and argument == 'SIGPIPE'
            if thread != main and call != 'pread64':
                continue
            last[call] += 1
            if not ours:
                first[call] += 1
    return {name: (first[name] + 1, last[name]) for name in FAULTS if last[name] > first[name]}


def inject(bench, words, call, fault, index):
    what = 'retval=0' if fault in ('end', 'stays') else 'error=' + fault
    return bench.run(words, ['strace', '-f', '-qq', '--seccomp-bpf', '-o', '/dev/null',
                             '-e', 'trace=' + call,
                             '-e', 'inject=%s:%s:when=%d' % (call, what, index)])


def plan(bench, args):
    """[(command, call, fault, index)], and the clean result of each command."""
    jobs, clean = [], {}
    for command, words in COMMANDS.items():
        clean[command] = bench.run(words)
        for call, (first, last) in calls_of(bench, words).items():
            for fault in FAULTS[call]:
                if fault == 'end' and command in NO_END:
                    continue
                jobs += [(command, call, fault, index) for index in range(first, last + 1)]
    return jobs[::args.every], clean


def attempt(bench, clean, job):
    command, call, fault, index = job
    try:
        r = inject(bench, COMMANDS[command], call, fault, index)
    except subprocess.TimeoutExpired:
        return job, 'wrong', 'it hangs'
    kind, why = judge(command, fault, clean[command], r)
    if kind == 'wrong':
        why += ': ' + repr(r.err[-160:])
    return job, kind, why


def put_table(found):
    """{(call, fault): Counter of kinds}"""
    print('%-24s %-7s %6s %9s %6s %7s %6s' % ('call', 'fault', 'runs', 'absorbed', 'said',
                                              'output', 'wrong'))
    total = collections.Counter()
    for (call, fault), kinds in sorted(found.items()):
        total += kinds
        print('%-24s %-7s %6d %9d %6d %7d %6d' % (
            call, fault, sum(kinds.values()), kinds['absorbed'], kinds['said'], kinds['output'],
            kinds['wrong']))
    print('%-24s %-7s %6d %9d %6d %7d %6d' % (
        'all', '', sum(total.values()), total['absorbed'], total['said'], total['output'],
        total['wrong']))
    return total


def strace_works():
    if not shutil.which('strace'):
        return 'no strace'
    done = subprocess.run(['strace', '-qq', '-o', '/dev/null', '-e', 'trace=none', 'true'],
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return None if done.returncode == 0 else 'nobody may be traced here'


def every_call(bench, args):
    missing = strace_works()
    if missing:
        print('faults: skipped: %s' % missing)
        return 77
    jobs, clean = plan(bench, args)
    found, wrong = collections.defaultdict(collections.Counter), []
    by_command = collections.defaultdict(collections.Counter)
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for job, kind, why in pool.map(lambda job: attempt(bench, clean, job), jobs):
            found[job[1:3]][kind] += 1
            by_command[job[0]][kind] += 1
            if kind == 'wrong':
                wrong.append('WRONG %s: %s, %s, call %d: %s' % (job + (why,)))
            elif args.verbose:
                print('%s: %s, %s, call %d: %s %s' % (job + (kind, why)))
    for line in wrong:
        print(line)
    total = put_table(found)
    for command, kinds in by_command.items():
        print('%-24s %s' % (command, ', '.join('%d %s' % (n, kind)
                                               for kind, n in sorted(kinds.items()))))
    print('faults: %d runs, %d wrong' % (sum(total.values()), len(wrong)))
    return 1 if wrong else 0


# ---- short reads and writes ---------------------------------------------------------------------

def short(bench, args):
    wrong = runs = 0
    for command, words in COMMANDS.items():
        clean = bench.run(words)
        for seed in range(1, args.seeds + 1):
            r = bench.run(words, environment={'LD_PRELOAD': os.path.abspath(args.shim),
                                              'SHORT_IO_SEED': str(seed)})
            runs += 1
            if r != clean:
                wrong += 1
                print('WRONG %s, seed %d: status %d, not %d; %r' % (
                    command, seed, r.status, clean.status, r.err[-200:]))
    print('short reads and writes: %d runs, %d wrong' % (runs, wrong))
    return 1 if wrong else 0


def no_memory(bench, args):
    """Until allocations of that number are made no more."""
    kinds, wrong = collections.Counter(), 0
    for command, words in COMMANDS.items():
        clean = bench.run(words)
        for behind in ('', '+'):
            number = calm = 0
            while calm < 8 and number < 10 * args.seeds:
                number += 1
                try:
                    r = bench.run(words, environment={'LD_PRELOAD': os.path.abspath(args.shim),
                                                      'NO_MEMORY': '%d%s' % (number, behind)})
                    kind, why = judge(command, 'ENOMEM', clean, r)
                except subprocess.TimeoutExpired:
                    kind, why = 'wrong', 'it hangs'
                calm = calm + 1 if kind == 'absorbed' else 0
                kinds[kind] += 1
                if kind == 'wrong':
                    wrong += 1
                    print('WRONG %s, allocation %d%s: %s: %r' % (command, number, behind, why,
                                                                 r.err[-200:]))
    print('no memory: %s' % ', '.join('%d %s' % (n, kind) for kind, n in sorted(kinds.items())))
    return 1 if wrong else 0


def main():
    parser = argparse.ArgumentParser(description='every system call fails, one at a time')
    parser.add_argument('--evx', required=True)
    parser.add_argument('--shim')
    parser.add_argument('--seeds', type=int, default=200)
    parser.add_argument('--every', type=int, default=1)
    parser.add_argument('--jobs', type=int, default=2)
    parser.add_argument('--verbose', action='store_true')
    parser.add_argument('corpus')
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix='evx-faults-') as top:
        bench = Bench(args.evx, args.corpus, top)
        if args.shim:
            return max(short(bench, args), no_memory(bench, args))
        return every_call(bench, args)


if __name__ == '__main__':
    sys.exit(main())
