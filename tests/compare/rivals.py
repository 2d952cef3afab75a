#!/usr/bin/env python3
# tests/compare/rivals.py - logs that known readers fail on: what each reader does, what evx does
"""usage: rivals.py --evx build/evx --make build/tests/mkdefects [--evtx-dump FILE]
                 [--evtxexport FILE] [--only-evx] [--table FILE]

Each log has one defect. The kit writes it; every reader that is installed reads it, on one thread,
with limits: 1 GiB of address space, 20 s, 256 MiB of output. The table says how many of the records
that are there each reader gives, and what became of it. evx itself is judged: it must give all
records but those that are bombs, end by itself within 2 s, and say what it left out.
"""
import argparse
import collections
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

MEMORY, SECONDS, OUTPUT = 1 << 30, 20, 256 << 20
OURS = 2.0                           # seconds of a processor that evx may take

# name: what is wrong with it; how many records may be refused, since they are bombs
DEFECTS = collections.OrderedDict([
    ('name-links-in-a-circle', ('two names of the table link to each other', 0)),
    ('name-table-with-a-wild-entry', ('an unused entry of the name table points outside', 0)),
    ('name-with-markup', ('an element is called `A><B"`', 0)),
    ('three-arrays-of-1000', ('one element, three arrays of 1,000 items', 0)),
    ('nested-10-to-the-8', ('a nested value that is named 10 times, 8 deep', 1)),
    ('nested-20-to-the-5', ('the same, 20 times, 5 deep', 1)),
    ('quotes-15000-times-7000', ('a value of 15,000 quotes, named 7,000 times', 1)),
    ('quotes-4000-times-2500', ('a value of 4,000 quotes, named 2,500 times', 1)),
    ('depth-60-times-200', ('60 values inside each other, 200 elements in each', 1)),
    ('free-space-in-the-header', ('free space offset 256, checksums right', 0)),
    ('free-space-behind-the-chunk', ('free space offset 131,072, checksums right', 0)),
    ('last-record-id-too-low', ('the chunk header names record 2 of 5 as the last', 0)),
    ('chunk-header-size-129', ('the second chunk says that its header has 129 bytes', 0)),
    ('one-record-without-signature', ('the third of five records lost its signature', 0)),
    ('last-chunk-cut', ('the file ends inside its last chunk', 0)),
    ('cdata-and-character-reference', ('a CDATA section, a character reference', 0)),
    ('control-characters', ('U+0001, U+001F, U+FFFF in a value', 0)),
    ('same-definition-other-names', ('two chunks, equal definitions, other names at their offsets',
                                     0)),
    ('beyond-4-gib', ('65,537 chunks, the last one holds 5 records', 0)),
])

Outcome = collections.namedtuple('Outcome', 'end records bytes seconds cpu kib text')


def limits():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class Taking(threading.Thread):
    """Reads what a program writes: counts, and keeps the beginning."""

    def __init__(self, process):
        super().__init__()
        self.process, self.bytes, self.records, self.text = process, 0, 0, b''
        self.too_much = False

    def run(self):
        tail = b''
        while True:
            piece = os.read(self.process.stdout.fileno(), 1 << 16)
            if not piece:
                return
            self.bytes += len(piece)
            if len(self.text) < 1 << 16:
                self.text += piece
            text = tail + piece
            self.records += text.count(b'<Event>') - tail.count(b'<Event>')
            tail = text[-6:]
            if self.bytes > OUTPUT:
                self.too_much = True
                self.process.kill()
                return


def read(command, path):
    begin = time.monotonic()
    # pylint: disable=subprocess-popen-preexec-fn,consider-using-with
    process = subprocess.Popen(command + [path], stdin=subprocess.DEVNULL, preexec_fn=limits,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    taking = Taking(process)
    taking.start()
    late = threading.Timer(SECONDS, process.kill)
    late.start()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - begin
    late.cancel()
    taking.join()
    process.returncode = 0           # it was waited for
    process.stdout.close()
    if taking.too_much:
        end = 'more than %d MiB of output' % (OUTPUT >> 20)
    elif os.WIFSIGNALED(status) and seconds >= SECONDS:
        end = 'killed after %d s' % SECONDS
    elif os.WIFSIGNALED(status):
        end = signal.Signals(os.WTERMSIG(status)).name
    else:
        end = 'status %d' % os.WEXITSTATUS(status)
    return Outcome(end, taking.records, taking.bytes, seconds, usage.ru_utime + usage.ru_stime,
                   usage.ru_maxrss, taking.text)


def make(program, folder):
    """{name: records that are there}"""
    done = subprocess.run([program, folder], stdout=subprocess.PIPE, text=True, check=True)
    there = {name: int(records) for name, records in map(str.split, done.stdout.splitlines())}
    # a sparse file: the header and the first chunk of another log, 65,536 empty ones between them
    with open(os.path.join(folder, 'chunk-header-size-129.evtx'), 'rb') as file:
        log = file.read()
    with open(os.path.join(folder, 'beyond-4-gib.evtx'), 'wb') as file:
        file.write(log[:4096])
        file.seek(4096 + (65536 << 16))
        file.write(log[4096:4096 + 65536])
    there['beyond-4-gib'] = 5
    return there


def is_well_formed(text):
    bad = [c for c in text if c < 32 and c not in (9, 10, 13)]
    return not bad and b'\xef\xbf\xbf' not in text and b'<A><B' not in text


def wrong_names(text):
    return text.count(b'<Alpha>7</Alpha>') != 1 or text.count(b'<Bravo>7</Bravo>') != 1


def in_words(name, outcome, there):
    """What a reader did, in a cell of the table."""
    words = ['%d of %d' % (outcome.records, there)]
    if outcome.end != 'status 0':
        words.append(outcome.end)
    if outcome.records and not is_well_formed(outcome.text):
        words.append('not well-formed')
    if name == 'same-definition-other-names' and outcome.records and wrong_names(outcome.text):
        words.append('wrong names')
    if outcome.bytes >= 1 << 20:
        words.append('%.0f MiB of text' % (outcome.bytes / 1048576))
    if outcome.seconds >= 1:
        words.append('%.0f s' % outcome.seconds)
    if outcome.kib >= 64 << 10:
        words.append('%d MiB' % (outcome.kib >> 10))
    return ', '.join(words)


def judge(name, outcome, there):
    """What is wrong with what evx did; a list."""
    refused = DEFECTS[name][1]
    bad = []
    if outcome.records < there - refused or outcome.records > there:
        bad.append('%d records of %d' % (outcome.records, there))
    if outcome.end not in ('status 0', 'status 1'):
        bad.append(outcome.end)
    if outcome.end == 'status 0' and outcome.records < there:
        bad.append('status 0 for what was left out')
    if outcome.cpu > OURS and name != 'beyond-4-gib':
        bad.append('%.1f s' % outcome.cpu)
    if outcome.bytes > 64 * 65536 * 2 + (64 << 10):
        bad.append('%d bytes of text' % outcome.bytes)
    if not is_well_formed(outcome.text):
        bad.append('not well-formed')
    if name == 'same-definition-other-names' and wrong_names(outcome.text):
        bad.append('wrong names')
    return bad


def find(given, *known):
    for path in (given,) + known:
        if path and shutil.which(os.path.expanduser(path)):
            return os.path.expanduser(path)
    return None


def version(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False)
    return (done.stdout.splitlines() or ['?'])[0].strip()


def readers(args):
    """[(title, command)], evx last."""
    found = []
    dump = None if args.only_evx else find(args.evtx_dump, 'evtx_dump', '~/.cargo/bin/evtx_dump')
    export = None if args.only_evx else find(args.evtxexport, 'evtxexport')
    if dump:
        title = version([dump, '--version']).replace('EVTX Parser', 'evtx_dump')
        found.append((title, [dump, '-t', '1', '-o', 'xml']))
        found.append((title + ' --validate-checksums',
                      [dump, '-t', '1', '-o', 'xml', '--validate-checksums']))
    if export:
        found.append((version([export, '-V']), [export, '-f', 'xml']))
    found.append((version([args.evx, '--version']), [args.evx, 'dump', '-t', '1']))
    return found


HEAD = """# What readers do with defects

Made by `tests/compare/rivals.py`; the logs are made by `tests/kit/mkdefects.c`, one defect each.
A cell says how many of the records that are there a reader gave, and what became of it where that
is not status 0. Limits: %d MiB of address space, %d s, %d MiB of output; one thread. Times from
1 s on and memory from 64 MiB on are named. Status 1 of evx says that something was left out: bombs
are refused by the budgets of `evx_limits`, and the records behind them are read.

"""


def put_table(file, titles, rows):
    file.write(HEAD % (MEMORY >> 20, SECONDS, OUTPUT >> 20))
    file.write('| defect | %s |\n' % ' | '.join(titles))
    file.write('|---|%s\n' % ('---|' * len(titles)))
    for name, cells in rows:
        file.write('| %s | %s |\n' % (DEFECTS[name][0].replace('|', '\\|'), ' | '.join(cells)))


def main():
    parser = argparse.ArgumentParser(description='what readers do with defects')
    parser.add_argument('--evx', required=True)
    parser.add_argument('--make', required=True)
    parser.add_argument('--evtx-dump')
    parser.add_argument('--evtxexport')
    parser.add_argument('--only-evx', action='store_true')
    parser.add_argument('--table')
    args = parser.parse_args()
    programs, rows, bad = readers(args), [], []
    with tempfile.TemporaryDirectory(prefix='evx-defects-') as folder:
        there = make(args.make, folder)
        if args.only_evx:
            del DEFECTS['beyond-4-gib']      # four seconds of reading zeros
        for name in DEFECTS:
            cells = []
            for _, command in programs:
                outcome = read(command, os.path.join(folder, name + '.evtx'))
                cells.append(in_words(name, outcome, there[name]))
            bad += ['%s: %s' % (name, what) for what in judge(name, outcome, there[name])]
            print('%-30s %s' % (name, ' | '.join(cells)), flush=True)
            rows.append((name, cells))
    if args.table:
        with open(args.table, 'w', encoding='utf-8') as file:
            put_table(file, [title for title, _ in programs], rows)
    for line in bad:
        print('WRONG ' + line)
    print('defects: %d logs, %d readers, evx: %d wrong' % (len(DEFECTS), len(programs), len(bad)))
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
