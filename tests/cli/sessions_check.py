#!/usr/bin/env python3
# tests/cli/sessions_check.py - evx sessions --json and --jsonl against their schema, and more
"""usage: sessions_check.py SCHEMA FILE...     outputs, named *.json or *.jsonl

Checks the part of JSON Schema that sessions.schema.json uses, and what a schema cannot say:
indexes are those of `sessions`, blocks and blocked_by agree, sessions stand in order of time. It
prints one line per writer: computer instance verdict last_known since: states.
"""
import json
import re
import sys

TYPES = {
    'object': lambda v: isinstance(v, dict),
    'array': lambda v: isinstance(v, list),
    'string': lambda v: isinstance(v, str),
    'boolean': lambda v: isinstance(v, bool),
    'null': lambda v: v is None,
    'integer': lambda v: isinstance(v, int) and not isinstance(v, bool),
}
KNOWN = {'type', 'enum', 'pattern', 'minimum', 'maximum', 'required', 'properties', 'items',
         'anyOf', 'allOf', '$ref', 'definitions', '$schema', '$id', 'title'}


class Wrong(Exception):
    pass


def check(root, schema, value, where):
    unknown = set(schema) - KNOWN
    if unknown:
        raise Wrong('%s: the checker does not know %s' % (where, sorted(unknown)))
    if '$ref' in schema:
        check(root, root['definitions'][schema['$ref'].rsplit('/', 1)[1]], value, where)
    for part in schema.get('allOf', []):
        check(root, part, value, where)
    if 'anyOf' in schema:
        check_any(root, schema['anyOf'], value, where)
    types = schema.get('type', [])
    types = [types] if isinstance(types, str) else types
    if types and not any(TYPES[t](value) for t in types):
        raise Wrong('%s: %r is no %s' % (where, value, ' or '.join(types)))
    if 'enum' in schema and value not in schema['enum']:
        raise Wrong('%s: %r is none of %s' % (where, value, schema['enum']))
    if 'pattern' in schema and not re.search(schema['pattern'], value):
        raise Wrong('%s: %r does not match %s' % (where, value, schema['pattern']))
    if TYPES['integer'](value):
        if not schema.get('minimum', value) <= value <= schema.get('maximum', value):
            raise Wrong('%s: %r is out of range' % (where, value))
    check_parts(root, schema, value, where)


def check_any(root, schemas, value, where):
    reasons = []
    for part in schemas:
        try:
            return check(root, part, value, where)
        except Wrong as wrong:
            reasons.append(str(wrong))
    raise Wrong('; '.join(reasons))


def check_parts(root, schema, value, where):
    if isinstance(value, dict):
        for name in schema.get('required', []):
            if name not in value:
                raise Wrong('%s: no %s' % (where, name))
        for name, part in schema.get('properties', {}).items():
            if name in value:
                check(root, part, value[name], where + '.' + name)
    if isinstance(value, list) and 'items' in schema:
        for i, item in enumerate(value):
            check(root, schema['items'], item, '%s[%d]' % (where, i))


def check_sessions(sessions, where):
    """What blocks a session is always there; what one blocks may be left out, by an option."""
    last = ''
    known = {s['index']: s for s in sessions}
    if len(known) != len(sessions) or sorted(known) != list(known):
        raise Wrong('%s: the indexes are %s' % (where, [s['index'] for s in sessions]))
    for i, s in known.items():
        for k in s['blocks']:
            if k in known and known[k]['blocked_by'] != i:
                raise Wrong('%s.sessions[%d] blocks %d, which does not agree' % (where, i, k))
        by = s['blocked_by']
        if by is not None and (by not in known or i not in known[by]['blocks']):
            raise Wrong('%s.sessions[%d] is blocked by %d, which does not agree' % (where, i, by))
        if (s['state'] == 'blocked') != (by is not None):
            raise Wrong('%s.sessions[%d] is %s' % (where, i, s['state']))
        if s['begin'] is not None:
            if s['begin'] < last:
                raise Wrong('%s.sessions[%d] begins before the one before it' % (where, i))
            last = s['begin']


def line_of(w, sessions):
    return '%s %s %s %s %s: %s' % (
        w['computer'], w['instance'], w['verdict'], w['last_known'], w['since'],
        ' '.join(s['state'] + ('' if s['certain'] else '?') for s in sessions))


def check_lines(root, text):
    sessions = []
    for number, line in enumerate(text.splitlines(), 1):
        o = json.loads(line)
        name = {'event': 'raw_event'}.get(o.get('type'), o.get('type'))
        if name not in ('session', 'writer', 'file', 'raw_event'):
            raise Wrong('line %d: type %r' % (number, name))
        check(root, root['definitions'][name], o, 'line %d' % number)
        if name == 'session':
            sessions.append(o)
        elif name == 'writer':
            check_sessions(sessions, 'line %d' % number)
            print(line_of(o, sessions))
            sessions = []


def check_document(root, text):
    document = json.loads(text)
    check(root, root, document, '$')
    for i, w in enumerate(document['writers']):
        check_sessions(w['sessions'], '$.writers[%d]' % i)
        print(line_of(w, w['sessions']))


def main(schema, *names):
    bad = 0
    with open(schema, encoding='utf-8') as file:
        root = json.load(file)
    sys.stdout.reconfigure(encoding='utf-8')
    for name in names:
        with open(name, encoding='utf-8') as file:
            text = file.read()
        try:
            (check_lines if name.endswith('.jsonl') else check_document)(root, text)
        except (Wrong, ValueError) as wrong:
            print('%s: wrong: %s' % (name, wrong))
            bad += 1
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
