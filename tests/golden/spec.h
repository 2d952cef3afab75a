/* tests/golden/spec.h - the log descriptions of the golden pages: text -> log */
#ifndef EVX_GOLDEN_SPEC_H
#define EVX_GOLDEN_SPEC_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kit.h"
#include "mkevtx.h"

/*
 * A description is lines. A line that begins with a blank continues the one before it, with a
 * blank between them unless it goes on with `<`.
 *
 *   template NAME = SPEC              SPEC is the writer's language (tests/kit/mkevtx.h)
 *   record [id=N] [FLAG..] NAME VALUE...   a record with an instance of that template
 *   plain SPEC                        a record of elements without a template
 *   raw HEX                           a record whose body is these bytes
 *
 * A VALUE is TYPE=TEXT, TYPE:SIZE=TEXT (the descriptor claims SIZE), or xml(..): a nested stream.
 *   null  null=16 (with so many bytes)  str="a"  strz="a" (with its NUL)  strs=["a","b"]  ansi="a"
 *   i8 u8 i16 u16 i32 u32 i64 u64 bool hex32 hex64 size32 size64 =NUMBER   f32 f64 =DECIMAL
 *   bin=HEX  guid={..}  time=2021-02-03T04:05:06.1234567Z  systime=Y,M,DOW,D,h,m,s,ms  sid=S-1-5-18
 *   0xNN=HEX  any type byte over any bytes
 *   xml(NAME VALUE...)  xml(plain SPEC)  xml(..)(..) for two in a row;  FLAGs stand before the NAME
 * FLAGs: bare (no fragment header)  noeof  count=N  lieid=N  def=N  (what is written instead)
 */
enum { SPEC_POOL = 1 << 19, SPEC_VALUES = 4096, SPEC_BODIES = 64, SPEC_NAMES = 32 };

typedef struct spec {
    mk_file file;
    uint8_t mem[MK_FILE_HEADER + 4 * MK_CHUNK];
    char pool[SPEC_POOL];
    size_t used;
    mk_value values[SPEC_VALUES];
    const char *strings[SPEC_VALUES];
    mk_body bodies[SPEC_BODIES];
    size_t value_count, string_count, body_count;
    struct { const char *name; uint32_t handle; } names[SPEC_NAMES];
    size_t name_count;
    uint64_t id;
    const char *at;                  /* what is left of the line */
} spec;

/* The description is wrong: a mistake of the test's own. */
static inline void spec_no(const char *what, const char *word)
{
    fprintf(stderr, "log description: \"%s\" is not %s\n", word, what);
    abort();
}

static inline char *spec_keep(spec *p, const char *from, size_t len)
{
    char *to = p->pool + p->used;

    kit_check(len < SPEC_POOL - p->used);
    memcpy(to, from, len);
    to[len] = 0;
    p->used += len + 1;
    return to;
}

static inline void spec_space(spec *p)
{
    while (*p->at == ' ')
        p->at++;
}

static inline int spec_eat(spec *p, const char *word)
{
    size_t n = strlen(word);

    if (strncmp(p->at, word, n) != 0)
        return 0;
    p->at += n;
    return 1;
}

static inline char *spec_word(spec *p, const char *stops)
{
    size_t n = strcspn(p->at, stops);
    char *word = spec_keep(p, p->at, n);

    p->at += n;
    return word;
}

/* "..", with \" and \\ inside, and \xNN for a byte. */
static inline char *spec_quoted(spec *p, size_t *len)
{
    char *to = p->pool + p->used, *begin = to;

    kit_check(spec_eat(p, "\"") && strlen(p->at) < SPEC_POOL - p->used);
    while (*p->at && *p->at != '"') {
        if (p->at[0] == '\\' && p->at[1] == 'x') {
            char hex[3] = { p->at[2], p->at[3], 0 };
            *to++ = (char)strtoul(hex, NULL, 16);
            p->at += 4;
            continue;
        }
        p->at += *p->at == '\\';
        *to++ = *p->at++;
    }
    kit_check(spec_eat(p, "\""));
    *to = 0;
    p->used += (size_t)(to - begin) + 1;
    if (len)
        *len = (size_t)(to - begin);
    return begin;
}

static inline uint8_t *spec_hex(spec *p, int blanks, size_t *len)
{
    uint8_t *to = (uint8_t *)p->pool + p->used;
    size_t n = 0;

    for (; strchr("0123456789abcdefABCDEF", *p->at) && *p->at; p->at += 2) {
        char hex[3] = { p->at[0], p->at[1], 0 };
        kit_check(n < SPEC_POOL - p->used);
        to[n++] = (uint8_t)strtoul(hex, NULL, 16);
        p->at += blanks && p->at[2] == ' ';
    }
    p->used += n + 1;
    *len = n;
    return to;
}

static inline mk_value spec_strings(spec *p)
{
    const char **first = p->strings + p->string_count;
    size_t n = 0;

    kit_check(spec_eat(p, "["));
    while (!spec_eat(p, "]")) {
        kit_check(p->string_count < SPEC_VALUES);
        p->strings[p->string_count++] = spec_quoted(p, NULL);
        n++;
        (void)spec_eat(p, ",");
    }
    return mk_strs(first, n);
}

static inline mk_value spec_bytes(spec *p, uint8_t type)
{
    size_t n;
    uint8_t *bytes = spec_hex(p, 0, &n);

    return mk_raw(type, bytes, n);
}

static inline mk_value spec_systime(const char *text)
{
    uint16_t part[8];
    char *s = (char *)text;

    for (int i = 0; i < 8; i++) {
        part[i] = (uint16_t)strtoul(s, &s, 10);
        s += *s == ',';
    }
    return mk_systime(part);
}

static inline mk_value spec_number(const char *type, const char *text)
{
    uint64_t u = *text == '-' ? 0 - strtoull(text + 1, NULL, 0) : strtoull(text, NULL, 0);

    if (!strcmp(type, "i8")) return mk_i8((int8_t)u);
    if (!strcmp(type, "u8")) return mk_u8((uint8_t)u);
    if (!strcmp(type, "i16")) return mk_i16((int16_t)u);
    if (!strcmp(type, "u16")) return mk_u16((uint16_t)u);
    if (!strcmp(type, "i32")) return mk_i32((int32_t)u);
    if (!strcmp(type, "u32")) return mk_u32((uint32_t)u);
    if (!strcmp(type, "i64")) return mk_i64((int64_t)u);
    if (!strcmp(type, "u64")) return mk_u64(u);
    if (!strcmp(type, "bool")) return mk_bool((uint32_t)u);
    if (!strcmp(type, "hex32")) return mk_hex32((uint32_t)u);
    if (!strcmp(type, "hex64")) return mk_hex64(u);
    if (!strcmp(type, "size32")) return mk_size32((uint32_t)u);
    if (!strcmp(type, "size64")) return mk_size64(u);
    if (!strcmp(type, "f32")) return mk_f32(strtof(text, NULL));
    if (!strcmp(type, "f64")) return mk_f64(strtod(text, NULL));
    if (!strcmp(type, "time")) return mk_filetime(mk_time(text));
    if (!strcmp(type, "guid")) return mk_guid(text);
    if (!strcmp(type, "sid")) return mk_sid(text);
    if (!strcmp(type, "systime")) return spec_systime(text);
    spec_no("a type of the list", type);
    return mk_null();
}

static inline mk_body *spec_bodies(spec *p);

static inline mk_value spec_value(spec *p)
{
    const char *type = spec_word(p, "=:() ");
    uint32_t lie = 0;
    size_t n;
    mk_value v = mk_null();

    if (*p->at == ':')
        lie = 1 + (uint32_t)strtoul(spec_word(p, "=( ") + 1, NULL, 10);
    if (*p->at == '=')
        p->at++;
    if (!strcmp(type, "null")) v = mk_null_sized((uint8_t)strtoul(spec_word(p, " )"), NULL, 10));
    else if (!strcmp(type, "str")) v = mk_str(spec_quoted(p, NULL));
    else if (!strcmp(type, "strz")) v = mk_strz(spec_quoted(p, NULL));
    else if (!strcmp(type, "strs")) v = spec_strings(p);
    else if (!strcmp(type, "ansi")) {
        const char *text = spec_quoted(p, &n);
        v = mk_raw(MK_ANSI, text, n + 1);
    } else if (!strcmp(type, "bin")) v = spec_bytes(p, MK_BIN);
    else if (!strncmp(type, "0x", 2)) v = spec_bytes(p, (uint8_t)strtoul(type, NULL, 16));
    else if (!strcmp(type, "xml")) v = mk_xml(spec_bodies(p));
    else v = spec_number(type, spec_word(p, " )"));
    v.lie = lie;
    return v;
}

static inline uint32_t spec_handle(spec *p, const char *name)
{
    for (size_t i = 0; i < p->name_count; i++)
        if (!strcmp(p->names[i].name, name))
            return p->names[i].handle;
    spec_no("a template that was defined", name);
    return 0;
}

static inline int spec_flag(spec *p, mk_body *b)
{
    if (spec_eat(p, "bare ")) b->flags |= MK_BARE;
    else if (spec_eat(p, "noeof ")) b->flags |= MK_NO_EOF;
    else if (spec_eat(p, "count=")) {
        b->flags |= MK_LIE_COUNT;
        b->count = (uint32_t)strtoul(spec_word(p, " "), NULL, 0);
    } else if (spec_eat(p, "lieid=")) {
        b->flags |= MK_LIE_ID;
        b->id = (uint32_t)strtoul(spec_word(p, " "), NULL, 0);
    } else if (spec_eat(p, "def=")) {
        b->flags |= MK_LIE_DEF;
        b->def = (uint32_t)strtoul(spec_word(p, " "), NULL, 0);
    } else
        return 0;
    return 1;
}

/* Up to the end of the line, or the closing parenthesis of a nested stream. */
static inline void spec_body(spec *p, mk_body *b, int nested)
{
    mk_value mine[256];
    uint32_t flags;
    size_t n = 0;

    memset(b, 0, sizeof *b);
    for (spec_space(p); spec_flag(p, b); spec_space(p))
        ;
    flags = b->flags;
    if (nested && spec_eat(p, "plain ")) {
        *b = mk_nested_plain(spec_word(p, ")"));
        b->flags = flags;
        return;
    }
    b->tmpl = spec_handle(p, spec_word(p, " )"));
    for (spec_space(p); *p->at && *p->at != ')'; spec_space(p)) {
        kit_check(n < sizeof mine / sizeof mine[0]);
        mine[n++] = spec_value(p);
    }
    kit_check(n <= SPEC_VALUES - p->value_count);
    memcpy(p->values + p->value_count, mine, n * sizeof mine[0]);
    b->v = p->values + p->value_count;
    b->n = n;
    p->value_count += n;
}

static inline mk_body *spec_bodies(spec *p)
{
    mk_body *first = NULL, *last = NULL;

    while (spec_eat(p, "(")) {
        mk_body *b = &p->bodies[p->body_count++];
        kit_check(p->body_count <= SPEC_BODIES);
        spec_body(p, b, 1);
        kit_check(spec_eat(p, ")"));
        if (last)
            last->next = b;
        first = first ? first : b;
        last = b;
    }
    kit_check(first != NULL);
    return first;
}

static inline void spec_template(spec *p)
{
    const char *name = spec_word(p, " ");

    spec_space(p);
    kit_check(spec_eat(p, "= ") && p->name_count < SPEC_NAMES);
    p->names[p->name_count].name = name;
    p->names[p->name_count++].handle = mk_template(&p->file, spec_keep(p, p->at, strlen(p->at)));
}

static inline void spec_record(spec *p)
{
    mk_body b;

    spec_space(p);
    if (spec_eat(p, "id="))
        p->id = strtoull(spec_word(p, " "), NULL, 0);
    spec_body(p, &b, 0);
    (void)mk_record_body(&p->file, p->id++, mk_time("2021-02-03T04:05:06Z"), &b);
}

static inline void spec_line(spec *p, const char *line)
{
    size_t n;
    uint8_t *bytes;

    p->at = line;
    if (spec_eat(p, "template ")) spec_template(p);
    else if (spec_eat(p, "record ")) spec_record(p);
    else if (spec_eat(p, "plain ")) (void)mk_record_plain(&p->file, p->id++, 0, p->at);
    else if (spec_eat(p, "raw ")) {
        bytes = spec_hex(p, 1, &n);
        (void)mk_record_raw(&p->file, p->id++, 0, bytes, n);
    } else
        kit_check(!*line || *line == '#');
}

/* The log that a description describes; {NULL, 0} and p->file.failed when it is none. */
static inline mk_bytes spec_log(spec *p, const char *text)
{
    static char line[SPEC_POOL / 2];
    size_t n = 0;

    memset(p, 0, sizeof *p);
    p->id = 1;
    mk_begin(&p->file, p->mem, sizeof p->mem);
    while (*text) {
        size_t len = strcspn(text, "\n"), skip = 0;
        while (n != 0 && text[skip] == ' ')
            skip++;
        kit_check(n + len + 2 < sizeof line);
        if (n != 0 && text[skip] != '<')
            line[n++] = ' ';
        memcpy(line + n, text + skip, len - skip);
        line[n += len - skip] = 0;
        text += len + (text[len] == '\n');
        if (*text == ' ')
            continue;
        spec_line(p, line);
        n = 0;
    }
    return mk_end(&p->file);
}

#endif
