#!/usr/bin/env python3
# tests/compare/strict.py - strict parsers read every record that evx writes, in every mode
"""usage: strict.py --evx build/evx FOLDER...     (folders that are absent are left out, and said)

expat reads every XML record, and the document of --root; a JSON parser that knows neither NaN nor
keys written twice reads every line: in each style, with all that `dump --recover` and `carve` find.
Everything is UTF-8 without surrogates.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import xml.parsers.expat

STYLE = ['--style', 'windows']
RECORD = re.compile(r'^Record \d+\n(?=<\?xml |\{)', re.M)
NOT_OVER = (3, 5)            # expat: no element found, unclosed token


def no_key_twice(pairs):
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError('a key is written twice')
    return found


def no_constant(word):
    raise ValueError(word + ' is no JSON')


def check_json(text):
    lines = text.split('\n')
    assert lines.pop() == ''
    for line in lines:
        json.loads(line, object_pairs_hook=no_key_twice, parse_constant=no_constant)
    return len(lines)


def check_xml(text):
    parts = RECORD.split(text)
    assert parts[0] == ''
    for part in parts[1:]:
        xml.parsers.expat.ParserCreate().Parse(part, True)
    return len(parts) - 1


def check_numbered(text):
    parts = RECORD.split(text)
    assert parts[0] == ''
    return sum(check_json(part) for part in parts[1:])


def check_events(text):
    """A line is an event, but that values may hold line feeds."""
    count, event = 0, ''
    for line in text.splitlines(keepends=True):
        event += line
        try:
            xml.parsers.expat.ParserCreate().Parse(event, True)
            count, event = count + 1, ''
        except xml.parsers.expat.ExpatError as wrong:
            if wrong.code not in NOT_OVER:
                raise
    assert event == ''
    return count


def check_root(text):
    seen = []
    parser = xml.parsers.expat.ParserCreate()
    parser.StartElementHandler = lambda name, _: seen.append(name)
    parser.Parse(text, True)
    assert seen[0] == 'Events'
    return 0


RUNS = (
    (['dump', '-o', 'xml'], check_xml),
    (['dump', '-o', 'xml', '--no-indent'], check_xml),
    (['dump', '-o', 'xml', '--root'], check_root),
    (['dump', '-o', 'xml', '--recover'], check_xml),
    (['dump', '-o', 'xml'] + STYLE, check_events),
    (['dump', '-o', 'xml', '--root'] + STYLE, check_root),
    (['dump', '-o', 'json'], check_numbered),
    (['dump', '-o', 'jsonl'], check_json),
    (['dump', '-o', 'jsonl', '--separate-json-attributes', '--recover'], check_json),
    (['dump', '-o', 'jsonl'] + STYLE, check_json),
    (['dump', '-o', 'jsonl', '--separate-json-attributes'] + STYLE, check_json),
    (['carve', '-o', 'xml'], check_xml),
    (['carve', '-o', 'jsonl'] + STYLE, check_json),
)


def check(options, path, flags, reader):
    """Records, or a line that says what is wrong."""
    done = subprocess.run([options.evx] + flags + [path], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    if done.returncode not in (0, 1, 3):
        return 'status %d' % done.returncode
    try:
        return reader(done.stdout.decode('utf-8', 'strict'))
    except (ValueError, AssertionError, xml.parsers.expat.ExpatError) as wrong:
        return repr(wrong)


def files_of(folders):
    for top in folders:
        if not os.path.isdir(top):
            print('left out: %s is not there' % top)
        for folder, below, names in os.walk(top):
            below.sort()
            for name in sorted(names):
                yield os.path.join(folder, name)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--evx', required=True)
    parser.add_argument('folders', nargs='+')
    options = parser.parse_args()
    files = records = bad = 0
    for path in files_of(options.folders):
        files += 1
        for flags, reader in RUNS:
            found = check(options, path, flags, reader)
            if isinstance(found, int):
                records += found
                continue
            bad += 1
            print('%s %s: %s' % (path, ' '.join(flags), found))
    print('strict: %d files, %d records read, %d outputs wrong' % (files, records, bad))
    return 1 if bad or not records else 0


if __name__ == '__main__':
    sys.exit(main())
