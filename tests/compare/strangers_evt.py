#!/usr/bin/env python3
# tests/compare/strangers_evt.py - legacy logs: evx and libevt's evtexport say the same
"""usage: strangers_evt.py --evx PROGRAM PATH...

Every .evt file of the paths (any spelling, folders to the bottom) is read by `evx dump -o jsonl`
and by evtexport; records are compared by number, times, type, source, computer, category, id and
all strings. evtexport stops at a record that is lost and where filler ends a ring: of such files
the records that it gives must be among ours. Exit status 77 where evtexport is not installed.
"""
import calendar
import json
import os
import re
import shutil
import subprocess
import sys
import time

LEVELS = {'Error': 2, 'Warning': 3, 'Information': 4, 'Audit': 0, 'Success': 0}
FIELD = re.compile(r'^([A-Z][A-Za-z ]*?)\t+: (.*)$')
STRING = re.compile(r'^String: (\d+)\t+: (.*)$', re.S)


def files(paths):
    for path in paths:
        if os.path.isfile(path):
            yield path
        for folder, folders, names in os.walk(path):
            folders.sort()
            for name in sorted(names):
                if name.lower().endswith('.evt'):
                    yield os.path.join(folder, name)


def seconds(text):
    if text.startswith('Not set'):
        return None
    return calendar.timegm(time.strptime(text, '%b %d, %Y %H:%M:%S UTC'))


def theirs(path):
    """What evtexport says of each record."""
    out = subprocess.run(['evtexport', path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    text = out.stdout.decode('utf-8', 'replace')
    for block in re.split(r'\n(?=Event number\t)', text):
        fields, strings = {}, []
        # a string may go over several lines: the next line that looks like a field ends it
        for part in re.split(r'\n(?=[A-Z][A-Za-z ]*(?:: \d+)?\t+: )', block):
            string, field = STRING.match(part), FIELD.match(part)
            if string:
                strings.append(string.group(2).rstrip('\n'))
            elif field:
                fields[field.group(1)] = field.group(2)
        if 'Event number' not in fields:
            continue
        yield (int(fields['Event number']), seconds(fields['Creation time']),
               LEVELS[fields['Event type'].split()[0]], fields.get('Source name', ''),
               fields.get('Computer name', ''), int(fields['Event category']),
               int(fields['Event identifier'].split()[0], 16), tuple(strings))


def strings_of(data):
    if not data:
        return ()
    data = data['#text']
    return tuple(data) if isinstance(data, list) else (data,)


def ours(evx, path):
    out = subprocess.run([evx, 'dump', '-o', 'jsonl', path], stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL)
    for line in out.stdout.decode('utf-8').split('\n'):
        if not line:
            continue
        event = json.loads(line)['Event']
        system = event['System']
        created = system['TimeCreated']
        if created:
            created = created['#attributes']['SystemTime'][:19]
            created = calendar.timegm(time.strptime(created, '%Y-%m-%dT%H:%M:%S'))
        name = (system['Provider'] or {'#attributes': {'Name': ''}})['#attributes']['Name']
        number = system['EventID']['#attributes']['Qualifiers'] << 16 | system['EventID']['#text']
        strings = tuple(s.rstrip('\r\n').replace('\r\n', '\n')
                        for s in strings_of(event['EventData']['Data']))
        yield (system['EventRecordID'], created, system['Level'], name, system['Computer'] or '',
               system['Task'], number, strings)


def comparable(record):
    """evtexport leaves empty strings out, and writes line breaks as they are."""
    strings = tuple(s.replace('\r\n', '\n').rstrip('\r\n') for s in record[-1])
    return record[:-1] + (tuple(s for s in strings if s),)


def main():
    if len(sys.argv) < 4 or sys.argv[1] != '--evx':
        sys.exit(__doc__)
    if not shutil.which('evtexport'):
        print('strangers_evt: no evtexport: skipped (apt-get install libevt-utils)')
        return 77
    total = bad = short = 0
    for path in files(sys.argv[3:]):
        a = [comparable(r) for r in theirs(path)]
        b = [comparable(r) for r in ours(sys.argv[2], path)]
        total += len(b)
        missing = [r for r in a if r not in set(b)]
        short += len(a) < len(b)
        if missing:
            bad += 1
            print('%s: %d of their %d records are not ours, the first is\n  %r' %
                  (path, len(missing), len(a), missing[0]))
            print('  ours: %r' % [r for r in b if r[0] == missing[0][0]])
        elif len(a) < len(b):
            print('%s: they give %d of %d records' % (path, len(a), len(b)))
    print('strangers_evt: %d records, %d files differ, %d they read in part' % (total, bad, short))
    return 1 if bad or not total else 0


if __name__ == '__main__':
    sys.exit(main())
