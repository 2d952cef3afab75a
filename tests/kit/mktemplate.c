/* tests/kit/mktemplate.c - template spec -> binary XML */
/* The language is described in mkevtx.h. One pass, no recursion: an open element keeps the chunk
 * offset of its parent's `len` field in its own until it is closed, so nesting costs no memory.
 */
#include "mkint.h"

#include <stdlib.h>
#include <string.h>

enum { T_OPEN = 0x01, T_CLOSE_START = 0x02, T_CLOSE_EMPTY = 0x03, T_END = 0x04, T_VALUE = 0x05 };
enum { T_ATTR = 0x06, T_CDATA = 0x07, T_CHAR = 0x08, T_ENTITY = 0x09, T_PI = 0x0a };
enum { T_PI_DATA = 0x0b, T_SUBST = 0x0d, T_MORE = 0x40, MK_FIXES = 8 };

typedef struct fix { uint32_t at, value, size; } fix;

typedef struct parse {
    mk_file *f;
    const char *s;
    int definition;              /* elements carry a dependency id                   */
    uint32_t open;               /* `len` field of the innermost open element, 0 = none */
    uint32_t last;               /* last character-data token, 0 = none              */
    uint32_t name_at;            /* offset field of the last name                    */
    uint32_t fixes;
    fix fixed[MK_FIXES];         /* lies, told when all truth is written             */
} parse;

static int going(const parse *p) { return !p->f->full && !p->f->failed; }

static int eat(parse *p, const char *word)
{
    size_t n = strlen(word);
    if (strncmp(p->s, word, n) != 0) return 0;
    p->s += n;
    return 1;
}

static void skip_space(parse *p)
{
    while (*p->s == ' ' || *p->s == '\n' || *p->s == '\t') p->s++;
}

static uint64_t at_int(const parse *p, uint32_t off, size_t n)
{
    return mk_get_int(p->f->mem + p->f->chunk_at + off, n);
}

static void flag_token(const parse *p, uint32_t at)
{
    if (!p->f->full) p->f->mem[p->f->chunk_at + at] |= T_MORE;
}

/* One character of the spec as UTF-16; returns the units written. */
static uint32_t put_char(parse *p)
{
    uint32_t c;
    if (*p->s == '\\' && p->s[1] == 'e') {
        p->s += 2;
        return 0;
    }
    if (*p->s == '\\' && p->s[1] == 'u') {
        char hex[5] = { 0 };
        p->s += 2;
        for (int i = 0; i < 4 && *p->s; i++) hex[i] = *p->s++;
        mk_put_int(p->f, strtoul(hex, NULL, 16), 2);
        return 1;
    }
    if (*p->s == '\\' && p->s[1]) p->s++;
    c = mk_utf8_next(&p->s);
    if (c < 0x10000) {
        mk_put_int(p->f, c, 2);
        return 1;
    }
    mk_put_int(p->f, 0xd800 + ((c - 0x10000) >> 10), 2);
    mk_put_int(p->f, 0xdc00 + (c & 0x3ff), 2);
    return 2;
}

static uint32_t put_until(parse *p, const char *stops)
{
    uint32_t n = 0;
    while (*p->s && !strchr(stops, *p->s) && going(p)) n += put_char(p);
    return n;
}

/* Written as if it were new; taken back if the chunk has it already. */
static void put_name(parse *p, const char *stops)
{
    mk_file *f = p->f;
    uint32_t at = f->pos, units = at + (f->wire ? 4 : 12), n;
    p->name_at = at;
    mk_put_int(f, 0, 4);
    if (!f->wire) mk_put_int(f, 0, 8);
    n = put_until(p, stops);
    if (going(p)) mk_end_name(f, at, units, n);
}

static void add_fix(parse *p, uint32_t at, uint32_t value, uint32_t size)
{
    if (p->fixes == MK_FIXES) {
        mk_fail(p->f, "too many lies in one spec");
        return;
    }
    fix x = { at, value, size };
    p->fixed[p->fixes++] = x;
}

/* ---- character data --------------------------------------------------------- */

static void mark(parse *p, uint32_t at)
{
    if (p->last) flag_token(p, p->last);
    p->last = at;
}

static void put_counted(parse *p, uint32_t token, const char *stop)
{
    uint32_t at = p->f->pos, n = 0;
    mk_put_int(p->f, token, 1);
    if (token == T_VALUE) mk_put_int(p->f, MK_STR, 1);
    uint32_t count_at = p->f->pos;
    mk_put_int(p->f, 0, 2);
    if (token == T_VALUE) n = put_until(p, stop);
    else while (*p->s && strncmp(p->s, stop, strlen(stop)) != 0 && going(p)) n += put_char(p);
    mk_set_int(p->f, count_at, n, 2);
    if (token != T_VALUE) (void)eat(p, stop);
    if (token != T_PI_DATA) mark(p, at);
}

static void put_reference(parse *p)
{
    uint32_t at = p->f->pos;
    p->s++;
    if (*p->s == '#') {
        char *end;
        int hex = p->s[1] == 'x';
        mk_put_int(p->f, T_CHAR, 1);
        mk_put_int(p->f, strtoul(p->s + 1 + hex, &end, hex ? 16 : 10), 2);
        p->s = end;
    } else {
        mk_put_int(p->f, T_ENTITY, 1);
        put_name(p, ";");
    }
    if (!eat(p, ";")) mk_fail(p->f, "a reference without ;");
    mark(p, at);
}

static void put_raw_hex(parse *p)
{
    while (*p->s && *p->s != '}') {
        char hex[3] = { p->s[0], p->s[1], 0 };
        mk_put_int(p->f, strtoul(hex, NULL, 16), 1);
        p->s += p->s[1] ? 2 : 1;
    }
    p->last = 0;
}

static uint32_t type_of(const char *word, size_t n)
{
    static const struct { char name[8]; uint8_t type; } known[] = {
        { "null", MK_NULL }, { "str", MK_STR }, { "ansi", MK_ANSI }, { "i8", MK_I8 },
        { "u8", MK_U8 }, { "i16", MK_I16 }, { "u16", MK_U16 }, { "i32", MK_I32 },
        { "u32", MK_U32 }, { "i64", MK_I64 }, { "u64", MK_U64 }, { "f32", MK_F32 },
        { "f64", MK_F64 }, { "bool", MK_BOOL }, { "bin", MK_BIN }, { "guid", MK_GUID },
        { "size", MK_SIZE }, { "time", MK_TIME }, { "systime", MK_SYSTIME }, { "sid", MK_SID },
        { "hex32", MK_HEX32 }, { "hex64", MK_HEX64 }, { "xml", MK_XML },
    };
    if (n > 2 && word[0] == '0' && word[1] == 'x') return (uint32_t)strtoul(word, NULL, 16);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strlen(known[i].name) == n && memcmp(known[i].name, word, n) == 0)
            return known[i].type;
    return 0x100;
}

/* {N:type} or {N:type?}; `content` = directly in an element, where the dependency id looks. */
static void put_subst(parse *p, int content)
{
    char *end;
    uint32_t index = (uint32_t)strtoul(p->s, &end, 10);
    if (*end != ':') {
        mk_fail(p->f, "a substitution without a type");
        return;
    }
    const char *word = end + 1;
    size_t n = strcspn(word, "[?}");
    uint32_t type = type_of(word, n);
    p->s = word + n;
    if (eat(p, "[]")) type |= MK_ARRAY;
    int optional = eat(p, "?");
    if (type > 0xff) mk_fail(p->f, "unknown type in a substitution");
    if (p->last) flag_token(p, p->last);
    p->last = 0;
    mk_put_int(p->f, T_SUBST + (uint32_t)optional, 1);
    mk_put_int(p->f, index, 2);
    mk_put_int(p->f, type, 1);
    if (optional && content && p->definition && p->open && at_int(p, p->open - 2, 2) == 0xffff)
        mk_set_int(p->f, p->open - 2, index, 2);
}

static void put_braces(parse *p, int content)
{
    p->s++;
    if (*p->s == '}') {
        uint32_t at = p->f->pos;
        mk_put(p->f, "\x05\x01\0", 4);
        mark(p, at);
    } else if (*p->s == '|') {
        p->s++;
    } else if (eat(p, "raw:")) {
        put_raw_hex(p);
    } else {
        put_subst(p, content);
    }
    if (!eat(p, "}")) mk_fail(p->f, "a brace without its end");
}

static void put_data(parse *p, const char *stops, int content)
{
    if (*p->s == '{') put_braces(p, content);
    else if (*p->s == '&') put_reference(p);
    else put_counted(p, T_VALUE, stops);
}

/* ---- elements ----------------------------------------------------------------- */

/* Where an element's parts are, while its start tag is read. */
typedef struct start { uint32_t token, len, list, attr; } start;

static void put_lie(parse *p, start *e)
{
    p->s++;
    const char *word = p->s;
    size_t n = strcspn(word, "='\"");
    char *end;
    p->s += n + (word[n] == '=') + 1;
    uint32_t v = (uint32_t)strtoul(p->s, &end, 0);
    p->s = *end ? end + 1 : end;
    if (n == 3 && memcmp(word, "dep", 3) == 0) add_fix(p, e->len - 2, v, 2);
    else if (n == 3 && memcmp(word, "len", 3) == 0) add_fix(p, e->len, v, 4);
    else if (n == 4 && memcmp(word, "name", 4) == 0) add_fix(p, p->name_at, v, 4);
    else if (n == 4 && memcmp(word, "list", 4) == 0) {
        if (!e->list) {
            e->list = p->f->pos;
            mk_put_int(p->f, 0, 4);
            flag_token(p, e->token);
        }
        add_fix(p, e->list, v, 4);
    } else mk_fail(p->f, "unknown lie in a start tag");
}

static void put_attr(parse *p, start *e)
{
    if (!e->list) {
        e->list = p->f->pos;
        mk_put_int(p->f, 0, 4);
        flag_token(p, e->token);
    }
    if (e->attr) flag_token(p, e->attr);
    e->attr = p->f->pos;
    mk_put_int(p->f, T_ATTR, 1);
    put_name(p, " =/>");
    if (!eat(p, "=")) mk_fail(p->f, "an attribute without =");
    char quote = *p->s ? *p->s++ : '\'';
    char stops[4] = { quote, '{', '&', 0 };
    p->last = 0;
    while (*p->s && *p->s != quote && going(p)) {
        if (eat(p, "<![CDATA[")) put_counted(p, T_CDATA, "]]>");
        else put_data(p, stops, 0);
    }
    if (*p->s) p->s++;
    p->last = 0;
}

static void close_element(parse *p)
{
    if (!p->open) {
        mk_fail(p->f, "an end tag too many");
        return;
    }
    uint32_t at = p->open;
    p->open = (uint32_t)at_int(p, at, 4);
    mk_set_int(p->f, at, p->f->pos - at - 4, 4);
    p->last = 0;
}

static void put_start(parse *p)
{
    start e = { p->f->pos, 0, 0, 0 };
    p->s++;
    mk_put_int(p->f, T_OPEN, 1);
    if (p->definition) mk_put_int(p->f, 0xffff, 2);
    e.len = p->f->pos;
    mk_put_int(p->f, p->open, 4);
    put_name(p, " />");
    for (skip_space(p); *p->s && *p->s != '>' && *p->s != '/' && going(p); skip_space(p)) {
        if (*p->s == '@') put_lie(p, &e);
        else put_attr(p, &e);
    }
    if (e.list) mk_set_int(p->f, e.list, p->f->pos - e.list - 4, 4);
    p->open = e.len;
    p->last = 0;
    if (eat(p, "/>")) {
        mk_put_int(p->f, T_CLOSE_EMPTY, 1);
        if (going(p)) close_element(p);
    } else {
        (void)eat(p, ">");
        mk_put_int(p->f, T_CLOSE_START, 1);
    }
}

static void put_end(parse *p)
{
    p->s += strcspn(p->s, ">");
    (void)eat(p, ">");
    mk_put_int(p->f, T_END, 1);
    if (going(p)) close_element(p);
}

static void put_pi(parse *p)
{
    mk_put_int(p->f, T_PI, 1);
    put_name(p, " ?");
    (void)eat(p, " ");
    put_counted(p, T_PI_DATA, "?>");
    p->last = 0;
}

void mk_put_spec(mk_file *f, const char *spec, int definition)
{
    parse p;
    memset(&p, 0, sizeof p);
    p.f = f;
    p.s = spec;
    p.definition = definition;
    while (*p.s && going(&p)) {
        if (eat(&p, "<![CDATA[")) put_counted(&p, T_CDATA, "]]>");
        else if (eat(&p, "<?")) put_pi(&p);
        else if (p.s[0] == '<' && p.s[1] == '/') put_end(&p);
        else if (p.s[0] == '<') put_start(&p);
        else put_data(&p, "<{&", 1);
    }
    if (going(&p) && p.open && !p.fixes) mk_fail(f, "an element is not closed");
    for (uint32_t i = 0; i < p.fixes && going(&p); i++)
        mk_set_int(f, p.fixed[i].at, p.fixed[i].value, p.fixed[i].size);
}
