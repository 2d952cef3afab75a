#!/usr/bin/env python3
# tests/compare/deviations.py - why a record of ours may differ from evtx_dump's, told by evidence
"""Each kind of deviation is recognised in the two texts, never by the name of a file.

KINDS maps a name to the reason; the manual (evx(1), DEVIATIONS) and the table in README.md hold the
same kinds, and a test compares them. explain() returns the kinds that turn one text into the other,
or None. `damaged`: the books of the file know of damage, without which nothing is truncated.
"""
import json
import re
import xml.parsers.expat

KINDS = {
    'controls': 'characters that XML 1.0 forbids become U+FFFD; the rival writes them as they are',
    'surrogates': 'half a surrogate pair becomes U+FFFD; the rival leaves it out',
    'names': 'names that are no XML names are made so; the rival writes them as they are',
    'instances': 'a value with two template instances gives both; the rival keeps the first',
    'keys': 'a key that is there already gets a suffix _N; the rival writes it twice',
    'unnamed': 'Data without a name beside named ones is kept; the rival drops it',
    'arrays': 'two arrays in one element move on together; the rival writes every pair',
    'truncated': 'a record that breaks off is given as far as it goes; the rival drops a part',
    'placeholder': 'a nested part that cannot be read is left out; the rival puts an empty Event',
    'recovered': 'records behind damage are found; the rival ends the chunk there',
    'refused': 'a record that the rival refuses as a whole is given',
}

FORBIDDEN = re.compile('[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]')
DECLARATION = re.compile(r'^<\?xml [^>]*\?>\n?')
BANNER = re.compile(r'^Record \d+\n')


def body(text):
    return DECLARATION.sub('', BANNER.sub('', text)).strip()


def parses_as_xml(text):
    try:
        xml.parsers.expat.ParserCreate().Parse(text.encode('utf-8', 'surrogatepass'), True)
        return True
    except xml.parsers.expat.ExpatError:
        return False


def pairs_of(text):
    """JSON as nested lists of pairs, so that keys written twice are seen; None: no JSON."""
    try:
        return json.loads(text, object_pairs_hook=lambda pairs: ('object', pairs))
    except ValueError:
        return None


def walk_pairs(node):
    if isinstance(node, tuple):
        yield node[1]
        for _, value in node[1]:
            yield from walk_pairs(value)
    elif isinstance(node, list):
        for value in node:
            yield from walk_pairs(value)


def repeats_a_key(node):
    return any(len({key for key, _ in pairs}) < len(pairs) for pairs in walk_pairs(node))


def rename_repeated(node):
    """The rival's document with our suffixes."""
    if isinstance(node, list):
        return [rename_repeated(value) for value in node]
    if not isinstance(node, tuple):
        return node
    seen, out = {}, []
    for key, value in node[1]:
        name = key
        while name in seen:
            seen[key] += 1
            name = '%s_%d' % (key, seen[key])
        seen.setdefault(name, 0)
        out.append((name, rename_repeated(value)))
    return ('object', out)


def lacks(smaller, larger):
    """Is every member of the one in the other, in order? Leaves may be null in the smaller."""
    if isinstance(smaller, tuple) and isinstance(larger, tuple):
        rest = iter(larger[1])
        return all(any(key == name and lacks(value, other) for name, other in rest)
                   for key, value in smaller[1])
    return smaller == larger or smaller is None


def data_members(node):
    return [key for pairs in walk_pairs(node) for key, _ in pairs if re.match(r'Data(_\d+)?$', key)]


def without_placeholder(node):
    if isinstance(node, tuple):
        return ('object', [(key, without_placeholder(value)) for key, value in node[1]
                           if (key, value) != ('Event', None)])
    return node


def explain_json(ours, theirs, damaged):
    mine, other = pairs_of(ours), pairs_of(theirs)
    if mine is None or repeats_a_key(mine):
        return None                  # ours must be sound in every case
    if other is None:
        return {'truncated'} if damaged else None
    if repeats_a_key(other) and rename_repeated(other) == mine:
        return {'keys'}
    if ours.replace('\ufffd', '') == theirs.replace('\ufffd', '') and '\ufffd' in ours:
        return {'surrogates'}
    if without_placeholder(other) == mine:
        return {'placeholder'}
    if lacks(other, mine):
        extra = set(data_members(mine)) - set(data_members(other))
        if extra:
            return {'unnamed'}
        if 'RenderingInfo' in ours and 'RenderingInfo' not in theirs:
            return {'instances'}
        return {'truncated'} if damaged else None
    return None


def explain_xml(ours, theirs, damaged):
    mine, other = body(ours), body(theirs)
    if not parses_as_xml(mine):
        return None
    if FORBIDDEN.search(other) and FORBIDDEN.sub('\ufffd', other) == mine:
        return {'controls'}
    if '\ufffd' in mine and mine.replace('\ufffd', '') == \
            FORBIDDEN.sub('', other).replace('\ufffd', ''):
        return {'surrogates'}
    if not parses_as_xml(other):
        return {'names'} if re.search(r'<[^a-zA-Z_:!?/]', other) else \
            {'truncated'} if damaged else None
    plain = [re.sub(r'\s+', '', text) for text in (mine, other)]
    if 'RenderingInfo' in plain[0] and 'RenderingInfo' not in plain[1]:
        return {'instances'}
    if plain[1].replace('<Event></Event>', '') == plain[0]:
        return {'placeholder'}
    if damaged and is_part(plain[1], plain[0]):
        return {'truncated'}
    return None


def is_part(smaller, larger):
    """Do the smaller one's characters all stand in the larger one, in order?"""
    rest = iter(larger)
    return all(c in rest for c in smaller)


def explain(mode, ours, theirs, damaged):
    ours, theirs = (text.decode('utf-8', 'surrogateescape') for text in (ours, theirs))
    if mode in ('xml', 'flat'):
        return explain_xml(ours, theirs, damaged)
    return explain_json(BANNER.sub('', ours), BANNER.sub('', theirs), damaged)
