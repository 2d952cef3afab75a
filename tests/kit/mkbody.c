/* tests/kit/mkbody.c - names, template instances, values: what stands inside a record. */
#include "mkint.h"

#include <stdlib.h>
#include <string.h>

enum { NAME_BUCKETS = 64, TEMPLATE_BUCKETS = 32, NAME_TABLE = 128, TEMPLATE_TABLE = 384 };

/* ---- text -------------------------------------------------------------------- */

uint32_t mk_utf8_next(const char **s)
{
    const uint8_t *b = (const uint8_t *)*s;
    uint32_t c = b[0], n = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc2 ? 2 : 1, v = c;
    if (n > 1) v = c & (0x7fu >> n);
    for (uint32_t i = 1; i < n; i++) {
        if ((b[i] & 0xc0) != 0x80) {
            (*s)++;
            return c;
        }
        v = v << 6 | (b[i] & 0x3fu);
    }
    *s += n;
    return v;
}

uint32_t mk_put_utf16(mk_file *f, const char *s)
{
    uint32_t n = 0;
    while (*s && !f->full) {
        uint32_t c = mk_utf8_next(&s);
        if (c >= 0x10000) {
            mk_put_int(f, 0xd800 + ((c - 0x10000) >> 10), 2);
            c = 0xdc00 + (c & 0x3ff);
            n++;
        }
        mk_put_int(f, c, 2);
        n++;
    }
    return n;
}

/* ---- names ------------------------------------------------------------------- */

static uint32_t x65599(const uint8_t *units, uint32_t n)
{
    uint32_t h = 0;
    for (uint32_t i = 0; i < n; i++) h = h * 65599u + (uint32_t)mk_get_int(units + 2 * i, 2);
    return h;
}

/* Newest first; every link goes down, because a name is always behind the one it displaces. */
static uint32_t find_name(const mk_file *f, const uint8_t *units, uint32_t n)
{
    const uint8_t *c = f->mem + f->chunk_at;
    uint32_t at = (uint32_t)mk_get_int(c + NAME_TABLE + 4 * (x65599(units, n) % NAME_BUCKETS), 4);
    for (; at; at = (uint32_t)mk_get_int(c + at, 4))
        if (mk_get_int(c + at + 6, 2) == n && memcmp(c + at + 8, units, 2 * (size_t)n) == 0)
            return at;
    return 0;
}

void mk_end_name(mk_file *f, uint32_t at, uint32_t units_at, uint32_t n)
{
    uint8_t *c = f->mem + f->chunk_at, *units = c + units_at;
    uint32_t h = x65599(units, n), entry = at + 4, old = f->wire ? 0 : find_name(f, units, n);
    if (f->wire) {
        mk_store(c + at, h & 0xffff, 2);
        mk_store(c + at + 2, n, 2);
        mk_put_int(f, 0, 2);
        return;
    }
    if (old) {
        memset(c + entry, 0, f->pos - entry);
        f->pos = entry;
        mk_store(c + at, old, 4);
        return;
    }
    uint8_t *bucket = c + NAME_TABLE + 4 * (h % NAME_BUCKETS);
    mk_store(c + at, entry, 4);
    mk_store(c + entry + 4, h & 0xffff, 2);
    mk_store(c + entry + 6, n, 2);
    mk_put_int(f, 0, 2);
    if (f->full || f->stream_flags & MK_NO_TABLES) return;
    mk_store(c + entry, mk_get_int(bucket, 4), 4);
    mk_store(bucket, entry, 4);
}

uint32_t mk_name_at(const mk_file *f, const char *name)
{
    uint8_t units[512];
    uint32_t n = 0;
    while (*name && n < sizeof units / 2) mk_store(units + 2 * n++, mk_utf8_next(&name), 2);
    return f->chunk_at ? find_name(f, units, n) : 0;
}

/* ---- values ------------------------------------------------------------------- */

static void put_sid(mk_file *f, const char *text)
{
    uint32_t at = f->pos, n = 0;
    char *s;
    if (strncmp(text, "S-", 2) != 0) mk_fail(f, "a SID does not begin with S-");
    mk_put_int(f, strtoul(text + 2, &s, 10), 1);
    mk_put_int(f, 0, 1);
    uint64_t authority = *s ? strtoull(s + 1, &s, 10) : 0;
    for (int shift = 40; shift >= 0; shift -= 8) mk_put_int(f, authority >> shift & 0xff, 1);
    for (; *s == '-'; n++) mk_put_int(f, strtoul(s + 1, &s, 10), 4);
    mk_set_int(f, at + 1, n, 1);
}

static void put_texts(mk_file *f, const mk_value *v)
{
    const char *const *list = (const char *const *)v->data;
    for (size_t i = 0; i < v->len; i++) {
        (void)mk_put_utf16(f, list[i]);
        mk_put_int(f, 0, 2);
    }
}

static void put_value(mk_file *f, const mk_value *v)
{
    switch (v->kind) {
    case MK_K_OWN: mk_put(f, v->own, v->own_len); break;
    case MK_K_TEXT: (void)mk_put_utf16(f, (const char *)v->data); break;
    case MK_K_TEXTZ:
        (void)mk_put_utf16(f, (const char *)v->data);
        mk_put_int(f, 0, 2);
        break;
    case MK_K_TEXTS: put_texts(f, v); break;
    case MK_K_SID: put_sid(f, (const char *)v->data); break;
    case MK_K_BODY: mk_put_body(f, (const mk_body *)v->data); break;
    default: mk_put(f, v->data, v->len); break;
    }
}

static void put_values(mk_file *f, const mk_body *b)
{
    mk_put_int(f, b->flags & MK_LIE_COUNT ? b->count : b->n, 4);
    uint32_t desc = f->pos;
    for (size_t i = 0; i < b->n; i++) {
        mk_put_int(f, 0, 2);
        mk_put_int(f, b->v[i].type, 1);
        mk_put_int(f, b->v[i].pad, 1);
    }
    for (size_t i = 0; i < b->n && !f->full && !f->failed; i++, desc += 4) {
        uint32_t at = f->pos, lie = b->v[i].lie;
        put_value(f, &b->v[i]);
        mk_set_int(f, desc, lie ? lie - 1 : f->pos - at, 2);
    }
}

/* ---- instances ------------------------------------------------------------------ */

static uint32_t template_bucket(const uint8_t guid[16])
{
    return x65599(guid, 8) % TEMPLATE_BUCKETS;
}

static void put_definition(mk_file *f, mk_tmpl *t)
{
    uint32_t at = f->pos, slot = TEMPLATE_TABLE + 4 * template_bucket(t->guid);
    uint8_t *bucket = f->mem + f->chunk_at + slot;
    int listed = !(f->stream_flags & MK_NO_TABLES);
    mk_put_int(f, listed ? mk_get_int(bucket, 4) : 0, 4);
    mk_put(f, t->guid, 16);
    mk_put_int(f, 0, 4);
    uint32_t body = f->pos;
    t->def = at;
    if (listed && !f->full) mk_store(bucket, at, 4);
    mk_put(f, "\x0f\x01\x01", 4);
    mk_put_spec(f, t->spec, 1);
    mk_put_int(f, 0, 1);
    mk_set_int(f, at + 20, f->pos - body, 4);
}

static void put_instance(mk_file *f, const mk_body *b)
{
    mk_tmpl *t = &f->tmpl[b->tmpl < f->templates ? b->tmpl : 0];
    if (b->tmpl >= f->templates && !(b->flags & MK_LIE_DEF)) {
        mk_fail(f, "no such template");
        return;
    }
    uint64_t id = b->flags & MK_LIE_ID ? b->id : mk_get_int(t->guid, 4);
    mk_put(f, "\x0c\x01", 2);
    mk_put_int(f, id, 4);
    if (b->flags & MK_LIE_DEF) {
        mk_put_int(f, b->def, 4);
    } else {
        mk_put_int(f, t->def ? t->def : f->pos + 4, 4);
        if (!t->def) put_definition(f, t);
    }
    put_values(f, b);
}

void mk_put_body(mk_file *f, const mk_body *b)
{
    uint32_t flags = f->stream_flags;
    int eof = !(b->flags & MK_NO_EOF);
    for (; b && !f->full && !f->failed; b = b->next) {
        f->stream_flags = flags | (b->flags & MK_NO_TABLES);
        if (!(b->flags & MK_BARE)) mk_put(f, "\x0f\x01\x01", 4);
        if (b->tmpl == MK_PLAIN) mk_put_spec(f, b->spec, 0);
        else put_instance(f, b);
    }
    f->stream_flags = flags;
    if (eof) mk_put_int(f, 0, 1);
}
