/* fuzz/check_xml.c - well-formed XML 1.0, without a document type */
#include <string.h>

#include "check.h"

/* No recursion: names of open elements are positions in the text. */
enum { DEPTH_MAX = 4096, ATTRIBUTES_MAX = 1u << 16 };

typedef struct span { size_t at, len; } span;

typedef struct parser {
    const uint8_t *text;
    size_t len, at;
    const char *why;
    size_t depth, deepest, roots;
    bool fragment;
    span open[DEPTH_MAX];
} parser;

static uint64_t names[2 * ATTRIBUTES_MAX];       /* hashes of one start tag's attributes */
static uint32_t filled[ATTRIBUTES_MAX];

static bool fail(parser *p, const char *why)
{
    if (!p->why)
        p->why = why;
    return false;
}

static bool starts(const parser *p, const char *what)
{
    size_t n = strlen(what);

    return p->len - p->at >= n && memcmp(p->text + p->at, what, n) == 0;
}

static bool eat(parser *p, const char *what)
{
    if (!starts(p, what))
        return false;
    p->at += strlen(what);
    return true;
}

static bool blanks(parser *p)
{
    size_t begin = p->at;

    while (p->at < p->len && p->text[p->at] && strchr(" \t\r\n", p->text[p->at]))
        p->at++;
    return p->at > begin;
}

static bool legal(uint32_t c)
{
    return c == 9 || c == 10 || c == 13 || (c >= 0x20 && c <= 0xd7ff)
        || (c >= 0xe000 && c <= 0xfffd) || (c >= 0x10000 && c <= 0x10ffff);
}

/* Production [4]. */
static bool starts_name(uint32_t c)
{
    static const uint32_t ranges[][2] = {
        { ':', ':' }, { 'A', 'Z' }, { '_', '_' }, { 'a', 'z' }, { 0xc0, 0xd6 }, { 0xd8, 0xf6 },
        { 0xf8, 0x2ff }, { 0x370, 0x37d }, { 0x37f, 0x1fff }, { 0x200c, 0x200d },
        { 0x2070, 0x218f }, { 0x2c00, 0x2fef }, { 0x3001, 0xd7ff }, { 0xf900, 0xfdcf },
        { 0xfdf0, 0xfffd }, { 0x10000, 0xeffff }
    };

    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        if (c >= ranges[i][0] && c <= ranges[i][1])
            return true;
    return false;
}

/* Production [4a]. */
static bool goes_on_name(uint32_t c)
{
    return starts_name(c) || c == '-' || c == '.' || (c >= '0' && c <= '9') || c == 0xb7
        || (c >= 0x300 && c <= 0x36f) || (c >= 0x203f && c <= 0x2040);
}

static bool name(parser *p, span *out)
{
    size_t next = p->at;
    uint32_t c = check_char(p->text, p->len, &next);

    out->at = p->at;
    if (c == UINT32_MAX || !starts_name(c))
        return fail(p, "a name is missing");
    do {
        p->at = next;
        c = check_char(p->text, p->len, &next);
    } while (c != UINT32_MAX && goes_on_name(c));
    out->len = p->at - out->at;
    return true;
}

static bool character(parser *p)
{
    uint32_t c = check_char(p->text, p->len, &p->at);

    if (c == UINT32_MAX)
        return fail(p, p->at < p->len ? "no UTF-8" : "the text ends here");
    return legal(c) || fail(p, "a character that XML forbids");
}

static bool reference_to_character(parser *p)
{
    bool hex = eat(p, "x");
    uint32_t c = 0, digit, base = hex ? 16 : 10;
    size_t begin = p->at;

    for (; p->at < p->len && p->text[p->at] != ';'; p->at++) {
        uint8_t b = p->text[p->at];
        digit = b >= '0' && b <= '9' ? b - 48u : b >= 'a' && b <= 'f' ? b - 'a' + 10u
                : b >= 'A' && b <= 'F' ? b - 'A' + 10u : 16;
        if (digit >= base || c > 0x10ffff)
            return fail(p, "a character reference that is none");
        c = c * base + digit;
    }
    if (p->at == begin || !eat(p, ";") || !legal(c))
        return fail(p, "a character reference that is none");
    return true;
}

static bool reference(parser *p)
{
    if (eat(p, "&#"))
        return reference_to_character(p);
    return eat(p, "&lt;") || eat(p, "&gt;") || eat(p, "&amp;") || eat(p, "&quot;")
        || eat(p, "&apos;") || fail(p, "an entity that nobody declared");
}

/* Up to and with `end`. */
static bool until(parser *p, const char *end)
{
    while (!eat(p, end))
        if (!character(p))
            return false;
    return true;
}

static bool instruction(parser *p)
{
    span target;

    if (!name(p, &target))
        return false;
    if (target.len == 3 && (p->text[target.at] | 32) == 'x' && (p->text[target.at + 1] | 32) == 'm'
        && (p->text[target.at + 2] | 32) == 'l')
        return fail(p, "an instruction with a reserved name");
    if (eat(p, "?>"))
        return true;
    return blanks(p) ? until(p, "?>") : fail(p, "a blank is missing behind a target");
}

static bool comment(parser *p)
{
    while (!starts(p, "--"))
        if (!character(p))
            return false;
    return eat(p, "-->") || fail(p, "-- in a comment");
}

static bool attribute_value(parser *p)
{
    uint8_t quote = p->at < p->len ? p->text[p->at] : 0;

    if (quote != '"' && quote != '\'')
        return fail(p, "a quote is missing");
    p->at++;
    while (p->at < p->len && p->text[p->at] != quote) {
        uint8_t c = p->text[p->at];
        if (c == '<')
            return fail(p, "< in an attribute");
        if (c == '&' ? !reference(p) : !character(p))
            return false;
    }
    if (p->at >= p->len)
        return fail(p, "an attribute without an end");
    p->at++;
    return true;
}

static uint64_t hash_of(const parser *p, span s)
{
    uint64_t h = 0xcbf29ce484222325u;

    for (size_t i = 0; i < s.len; i++)
        h = (h ^ p->text[s.at + i]) * 0x100000001b3u;
    return h | 1;
}

/* False when this start tag has the name already. */
static bool new_attribute(parser *p, span s, size_t *used)
{
    const size_t room = sizeof names / sizeof names[0];
    uint64_t h = hash_of(p, s);
    size_t slot = (size_t)(h >> 20) % room;

    if (*used == ATTRIBUTES_MAX)
        return fail(p, "too many attributes for this checker");
    while (names[slot] != 0) {
        if (names[slot] == h)
            return fail(p, "an attribute twice");
        slot = (slot + 1) % room;
    }
    names[slot] = h;
    filled[(*used)++] = (uint32_t)slot;
    return true;
}

static bool one_attribute(parser *p, size_t *used)
{
    span s;

    if (!name(p, &s) || !new_attribute(p, s, used))
        return false;
    (void)blanks(p);
    if (!eat(p, "="))
        return fail(p, "= is missing");
    (void)blanks(p);
    return attribute_value(p);
}

static bool attributes(parser *p)
{
    size_t used = 0;
    bool ok = true;

    while (ok && blanks(p) && !starts(p, ">") && !starts(p, "/>"))
        ok = one_attribute(p, &used);
    while (used > 0)
        names[filled[--used]] = 0;
    return ok;
}

static bool start_tag(parser *p)
{
    if (p->depth == DEPTH_MAX)
        return fail(p, "too deep for this checker");
    if (p->depth == 0 && p->roots++ != 0 && !p->fragment)
        return fail(p, "a second root element");
    if (!name(p, &p->open[p->depth]) || !attributes(p))
        return false;
    if (eat(p, "/>"))
        return true;
    if (++p->depth > p->deepest)
        p->deepest = p->depth;
    return eat(p, ">") || fail(p, "a start tag without an end");
}

static bool end_tag(parser *p)
{
    span s, *open;

    if (p->depth == 0)
        return fail(p, "an end tag without a start tag");
    open = &p->open[p->depth - 1];
    if (!name(p, &s))
        return false;
    if (s.len != open->len || memcmp(p->text + s.at, p->text + open->at, s.len) != 0)
        return fail(p, "an end tag of another name");
    p->depth--;
    (void)blanks(p);
    return eat(p, ">") || fail(p, "an end tag without an end");
}

static bool plain_text(parser *p)
{
    if (p->depth == 0 && !p->fragment)
        return blanks(p) || fail(p, "text outside the root element");
    if (starts(p, "]]>"))
        return fail(p, "]]> in text");
    if (p->text[p->at] == '&')
        return reference(p);
    return character(p);
}

static bool item(parser *p)
{
    if (p->text[p->at] != '<')
        return plain_text(p);
    if (eat(p, "</"))
        return end_tag(p);
    if (eat(p, "<!--"))
        return comment(p);
    if (eat(p, "<?"))
        return instruction(p);
    if (starts(p, "<![CDATA[") && (p->depth > 0 || p->fragment)) {
        p->at += 9;
        return until(p, "]]>");
    }
    if (eat(p, "<!"))
        return fail(p, "a declaration");
    p->at++;
    return start_tag(p);
}

static bool declaration(parser *p)
{
    if (!eat(p, "<?xml "))
        return true;
    if (!eat(p, "version=\"1.0\""))
        return fail(p, "an XML declaration of another version");
    if (eat(p, " encoding=\"utf-8\"") || eat(p, " encoding=\"UTF-8\"") || starts(p, "?>"))
        return eat(p, "?>") || fail(p, "an XML declaration without an end");
    return fail(p, "an XML declaration of another encoding");
}

static check_result check(const uint8_t *text, size_t len, bool fragment)
{
    static parser p;
    check_result r = { true, 0, NULL, 0, 0 };

    p.text = text;
    p.len = len;
    p.at = p.depth = p.deepest = p.roots = 0;
    p.why = NULL;
    p.fragment = fragment;
    if (declaration(&p))
        while (p.at < p.len && item(&p))
            ;
    if (!p.why && p.depth != 0)
        p.why = "an element without an end";
    if (!p.why && p.roots == 0 && !fragment)
        p.why = "no root element";
    r.ok = p.why == NULL;
    r.at = p.at;
    r.why = p.why;
    r.depth = p.deepest;
    return r;
}

check_result check_xml(const uint8_t *text, size_t len)
{
    return check(text, len, false);
}

check_result check_xml_fragment(const uint8_t *text, size_t len)
{
    return check(text, len, true);
}
