/* fuzz/check_json.c - one strict JSON value; counts keys that an object has twice */
#include <string.h>

#include "check.h"

/*
 * No recursion: what is open stands in a stack of brackets, one byte each. Keys are compared by
 * a 64-bit hash of (object, decoded key) in a table of open addressing; when the table is full,
 * later keys are not compared any more.
 */
enum { DEPTH_MAX = 4096, KEYS = 1u << 16 };

typedef struct parser {
    const uint8_t *text;
    size_t len, at;
    const char *why;
    size_t depth, deepest, doubles, objects;
    uint8_t open[DEPTH_MAX];
    uint64_t object[DEPTH_MAX];      /* number of the object at each depth */
    size_t used;
} parser;

static uint64_t keys[KEYS];
static uint32_t filled[KEYS];        /* slots in use, so that only they are cleared */

static bool fail(parser *p, const char *why)
{
    if (!p->why)
        p->why = why;
    return false;
}

static void skip_blanks(parser *p)
{
    while (p->at < p->len && strchr(" \t\r\n", p->text[p->at]) && p->text[p->at])
        p->at++;
}

static bool next_is(parser *p, char c)
{
    return p->at < p->len && p->text[p->at] == (uint8_t)c;
}

static void note_key(parser *p, uint64_t hash)
{
    uint64_t h = (hash ^ p->object[p->depth - 1]) * 0x9e3779b97f4a7c15u | 1;
    size_t slot = (size_t)(h >> 48) % KEYS;

    if (p->used >= KEYS / 2)
        return;
    while (keys[slot] != 0) {
        if (keys[slot] == h) {
            p->doubles++;
            return;
        }
        slot = (slot + 1) % KEYS;
    }
    keys[slot] = h;
    filled[p->used++] = (uint32_t)slot;
}

static bool hex4(parser *p, uint32_t *out)
{
    *out = 0;
    for (int i = 0; i < 4; i++, p->at++) {
        uint8_t c = p->at < p->len ? p->text[p->at] : 0;
        uint32_t digit = c >= '0' && c <= '9' ? c - 48u
                         : c >= 'a' && c <= 'f' ? c - 'a' + 10u
                         : c >= 'A' && c <= 'F' ? c - 'A' + 10u : 16;
        if (digit == 16)
            return fail(p, "four hex digits must follow \\u");
        *out = *out << 4 | digit;
    }
    return true;
}

/* Behind a backslash. */
static bool escape(parser *p, uint32_t *out)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    uint8_t c = p->at < p->len ? p->text[p->at++] : 0;
    const char *found = c ? strchr(from, c) : NULL;
    uint32_t low;

    if (found) {
        *out = (uint8_t)to[found - from];
        return true;
    }
    if (c != 'u')
        return fail(p, "no such escape");
    if (!hex4(p, out))
        return false;
    if (*out >= 0xdc00 && *out <= 0xdfff)
        return fail(p, "a low surrogate without a high one");
    if (*out < 0xd800 || *out > 0xdbff)
        return true;
    if (p->len - p->at < 2 || p->text[p->at] != '\\' || p->text[p->at + 1] != 'u')
        return fail(p, "a high surrogate without a low one");
    p->at += 2;
    if (!hex4(p, &low))
        return false;
    if (low < 0xdc00 || low > 0xdfff)
        return fail(p, "a high surrogate without a low one");
    *out = 0x10000 + ((*out - 0xd800) << 10) + (low - 0xdc00);
    return true;
}

static bool string(parser *p, uint64_t *hash)
{
    uint32_t c;

    *hash = 0xcbf29ce484222325u;
    p->at++;
    for (;;) {
        if (p->at >= p->len)
            return fail(p, "a string without an end");
        if (p->text[p->at] == '"') {
            p->at++;
            return true;
        }
        c = check_char(p->text, p->len, &p->at);
        if (c == UINT32_MAX)
            return fail(p, "no UTF-8");
        if (c < 0x20)
            return fail(p, "a control character in a string");
        if (c == '\\' && !escape(p, &c))
            return false;
        *hash = (*hash ^ c) * 0x100000001b3u;
    }
}

static bool digits(parser *p)
{
    size_t begin = p->at;

    while (p->at < p->len && p->text[p->at] >= '0' && p->text[p->at] <= '9')
        p->at++;
    return p->at > begin || fail(p, "a digit is missing");
}

static bool number(parser *p)
{
    if (next_is(p, '-'))
        p->at++;
    if (next_is(p, '0'))
        p->at++;
    else if (!digits(p))
        return false;
    if (next_is(p, '.')) {
        p->at++;
        if (!digits(p))
            return false;
    }
    if (next_is(p, 'e') || next_is(p, 'E')) {
        p->at++;
        if (next_is(p, '+') || next_is(p, '-'))
            p->at++;
        return digits(p);
    }
    return true;
}

static bool word(parser *p, const char *w)
{
    size_t n = strlen(w);

    if (p->len - p->at < n || memcmp(p->text + p->at, w, n) != 0)
        return fail(p, "no value");
    p->at += n;
    return true;
}

static bool push(parser *p, uint8_t closing)
{
    if (p->depth == DEPTH_MAX)
        return fail(p, "too deep for this checker");
    p->open[p->depth] = closing;
    p->object[p->depth++] = ++p->objects;
    if (p->depth > p->deepest)
        p->deepest = p->depth;
    p->at++;
    return true;
}

static bool key(parser *p)
{
    uint64_t hash;

    skip_blanks(p);
    if (!next_is(p, '"'))
        return fail(p, "a key is missing");
    if (!string(p, &hash))
        return false;
    note_key(p, hash);
    skip_blanks(p);
    if (!next_is(p, ':'))
        return fail(p, "a colon is missing");
    p->at++;
    return true;
}

/* A value, or the beginning of one; *more says that its first item or member comes next. */
static bool value(parser *p, bool *more)
{
    uint8_t closing, c;
    uint64_t hash;

    *more = false;
    skip_blanks(p);
    c = p->at < p->len ? p->text[p->at] : 0;
    if (c == '"')
        return string(p, &hash);
    if (c == '-' || (c >= '0' && c <= '9'))
        return number(p);
    if (c != '{' && c != '[')
        return word(p, c == 't' ? "true" : c == 'f' ? "false" : "null");
    closing = c == '{' ? '}' : ']';
    if (!push(p, closing))
        return false;
    skip_blanks(p);
    if (next_is(p, (char)closing))
        return true;
    *more = true;
    return closing == ']' || key(p);
}

/* Behind a value: ends of what is open, then a comma and what follows it. *done at the very end. */
static bool behind(parser *p, bool *done)
{
    for (*done = false;;) {
        skip_blanks(p);
        if (p->depth == 0) {
            *done = true;
            return p->at == p->len || fail(p, "something behind the value");
        }
        if (next_is(p, (char)p->open[p->depth - 1])) {
            p->depth--;
            p->at++;
            continue;
        }
        if (!next_is(p, ','))
            return fail(p, "a comma or a bracket is missing");
        p->at++;
        return p->open[p->depth - 1] == ']' || key(p);
    }
}

check_result check_json(const uint8_t *text, size_t len)
{
    static parser p;
    check_result r;
    bool more, done = false;

    p.text = text;
    p.len = len;
    p.at = p.depth = p.deepest = p.doubles = p.objects = p.used = 0;
    p.why = NULL;
    while (!done && value(&p, &more))
        if (!more && !behind(&p, &done))
            break;
    while (p.used > 0)
        keys[filled[--p.used]] = 0;
    r.ok = p.why == NULL;
    r.at = p.at;
    r.why = p.why;
    r.doubles = p.doubles;
    r.depth = p.deepest;
    return r;
}
