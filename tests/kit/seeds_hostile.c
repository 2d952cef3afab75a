/* tests/kit/seeds_hostile.c - chunks made to exhaust, to recurse and to lie. */
#include "seeds.h"

#include <stdio.h>
#include <string.h>

static uint8_t mem[KIT_SEED_MEM];
static mk_file file;
static char spec[MK_CHUNK];

#define T0 128016720000000000u
enum { FIRST_DEF = 0x226 };      /* of a record at 512: header 24, fragment 4, instance 10 */

static void repeat(const char *begin, const char *part, unsigned n, const char *end)
{
    size_t at = strlen(begin), k = strlen(part);
    memcpy(spec, begin, at);
    for (unsigned i = 0; i < n && at + k + 64 < sizeof spec; i++, at += k)
        memcpy(spec + at, part, k);
    strcpy(spec + at, end);
}

static void done(kit_take take, void *user, const char *name)
{
    take(user, name, kit_seed_chunk(&file));
}

/* A template that names its nested value k times, d instances deep: k^d copies of one string. */
static void bomb(kit_take take, void *user, const char *name, unsigned k, unsigned d)
{
    enum { DEEPEST = 32 };
    mk_body body[DEEPEST];
    mk_value v[DEEPEST];
    mk_begin(&file, mem, sizeof mem);
    repeat("<E>", "{0:xml}", k, "</E>");
    uint32_t t = mk_template(&file, spec);
    mk_body leaf = mk_nested_plain("<L>boom</L>");
    for (unsigned i = 0; i < d && i < DEEPEST; i++) {
        v[i] = mk_xml(i ? &body[i - 1] : &leaf);
        body[i] = mk_nested(t, &v[i], 1);
        if (i + 1 < d) body[i].flags = MK_BARE;
    }
    (void)mk_record_body(&file, 1, T0, &body[d - 1]);
    done(take, user, name);
}

/* One long value, named often: k times its length from one small record. */
static void quad(kit_take take, void *user)
{
    static char text[15001];
    mk_begin(&file, mem, sizeof mem);
    repeat("<E>", "{0:str}", 8000, "</E>");
    uint32_t t = mk_template(&file, spec);
    memset(text, 'q', sizeof text - 1);
    mk_value v[1] = { mk_str(text) };
    (void)mk_record(&file, 1, T0, t, v, 1);
    done(take, user, "quad");
}

/* One long name, used by every element. */
static void long_name(kit_take take, void *user)
{
    size_t at = 4, name_len = 10000;
    mk_begin(&file, mem, sizeof mem);
    strcpy(spec, "<E><");
    memset(spec + at, 'n', name_len);
    spec[at + name_len] = 0;
    strcat(spec, "/>");
    at += name_len + 2;
    for (int i = 0; i < 4; i++) {
        spec[at] = '<';
        memset(spec + at + 1, 'n', name_len);
        memcpy(spec + at + 1 + name_len, "/>", 2);
        at += name_len + 3;
    }
    strcpy(spec + at, "</E>");
    uint32_t t = mk_template(&file, spec);
    for (uint64_t i = 1; i < 20; i++) (void)mk_record(&file, i, T0, t, NULL, 0);
    done(take, user, "long-name");
}

static void deep_elements(kit_take take, void *user, const char *name, unsigned n, int closed)
{
    mk_begin(&file, mem, sizeof mem);
    repeat("", "<a>", n, "");
    if (closed) {
        size_t at = strlen(spec);
        for (unsigned i = 0; i < n; i++, at += 4) memcpy(spec + at, "</a>", 5);
        (void)mk_record_plain(&file, 1, T0, spec);
    } else {                     /* bytes of the same elements, without their ends */
        static uint8_t raw[MK_CHUNK];
        size_t at = 4;
        memcpy(raw, "\x0f\1\1", 4);
        for (unsigned i = 0; i < n; i++, at += 10) {
            static const uint8_t open[10] = { 1, 0xff, 0xff, 0, 0, 0x20, 2, 0, 0, 2 };
            memcpy(raw + at, open, sizeof open);
        }
        (void)mk_record_raw(&file, 1, T0, raw, at);
    }
    done(take, user, name);
}

/* Bare instances inside each other; each level costs its instance and one descriptor. */
static void deep_values(kit_take take, void *user, unsigned n)
{
    static mk_body body[2000];
    static mk_value v[2000];
    mk_begin(&file, mem, sizeof mem);
    uint32_t t = mk_template(&file, "<E>{0:xml}</E>");
    for (unsigned i = 0; i < n; i++) {
        v[i] = i ? mk_xml(&body[i - 1]) : mk_null();
        body[i] = mk_nested(t, &v[i], 1);
        if (i + 1 < n) body[i].flags = MK_BARE;
    }
    (void)mk_record_body(&file, 1, T0, &body[n - 1]);
    done(take, user, "deep-values");
}

static void sid_255(kit_take take, void *user)
{
    static uint8_t sid[8 + 4 * 255];
    memset(sid, 0xff, sizeof sid);
    memcpy(sid, "\1\xff\0\0\0\0\0\5", 8);
    mk_begin(&file, mem, sizeof mem);
    mk_value v[1] = { mk_raw(MK_SID, sid, sizeof sid) };
    (void)mk_record(&file, 1, T0, mk_template(&file, "<E a='{0:sid}'>{0:sid}</E>"), v, 1);
    done(take, user, "sid-255");
}

/* Definitions that contain an instance: of another, and of themselves. */
static void cycles(kit_take take, void *user)
{
    char self[120];
    mk_begin(&file, mem, sizeof mem);
    (void)snprintf(self, sizeof self, "<E>{raw:0c0100000000%02x%02x000000000000}</E>",
                   FIRST_DEF & 0xff, FIRST_DEF >> 8);
    static const uint8_t guid[16] = { 0 };
    (void)mk_record(&file, 1, T0, mk_template_guid(&file, self, guid), NULL, 0);
    done(take, user, "def-contains-itself");
    mk_begin(&file, mem, sizeof mem);
    uint32_t a = mk_template(&file, "<A>{0:str}</A>");
    mk_value v[1] = { mk_str("x") };
    (void)mk_record(&file, 1, T0, a, v, 1);
    const uint8_t *g = file.tmpl[a].guid;
    (void)snprintf(self, sizeof self, "<E>{raw:0c01%02x%02x%02x%02x%02x%02x000000000000}</E>",
                   g[0], g[1], g[2], g[3], FIRST_DEF & 0xff, FIRST_DEF >> 8);
    (void)mk_record(&file, 2, T0, mk_template(&file, self), v, 1);
    done(take, user, "def-contains-instance");
}

typedef struct instance_lie { const char *name; uint32_t flags, count, id, def; } instance_lie;

static void instances(kit_take take, void *user)
{
    static const instance_lie lies[] = {
        { "count-huge", MK_LIE_COUNT, 0xffffffffu, 0, 0 },
        { "count-wraps", MK_LIE_COUNT, 0x40000001u, 0, 0 },
        { "count-low", MK_LIE_COUNT, 1, 0, 0 },
        { "id-wrong", MK_LIE_ID, 0, 0xdeadbeefu, 0 },
        { "def-missing", MK_LIE_DEF | MK_LIE_ID, 0, 0x01020304, 0x8000 },
        { "def-outside", MK_LIE_DEF, 0, 0, 0xfffffff0u },
        { "def-at-end", MK_LIE_DEF, 0, 0, 0xfff8 },
        { "def-in-header", MK_LIE_DEF, 0, 0, 128 },
        { "def-in-middle", MK_LIE_DEF, 0, 0, FIRST_DEF + 7 },
        { "def-forward", MK_LIE_DEF, 0, 0, 0x400 },
    };
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        mk_begin(&file, mem, sizeof mem);
        uint32_t t = mk_template(&file, "<E><A>{0:str}</A><B>{1:u32}</B></E>");
        mk_value v[2] = { mk_str("first"), mk_u32(7) };
        (void)mk_record(&file, 1, T0, t, v, 2);
        mk_body b = mk_nested(t, v, 2);
        b.flags = lies[i].flags;
        b.count = lies[i].count;
        b.id = lies[i].id;
        b.def = lies[i].def;
        (void)mk_record_body(&file, 2, T0, &b);
        (void)mk_record(&file, 3, T0, t, v, 2);
        done(take, user, lies[i].name);
    }
}

/* Sizes in descriptors and in definitions, and what stands in a name entry. */
static void sizes(kit_take take, void *user)
{
    static const struct { const char *name; size_t off; uint64_t value; uint8_t size; } lies[] = {
        { "def-size-0", FIRST_DEF + 20, 0, 4 },
        { "def-size-huge", FIRST_DEF + 20, 0xffffffe8u, 4 },
        { "def-size-chunk", FIRST_DEF + 20, 65536 - FIRST_DEF - 24, 4 },
        { "def-link-self", FIRST_DEF, FIRST_DEF, 4 },
        { "name-units-huge", FIRST_DEF + 24 + 4 + 11 + 6, 0xffff, 2 },
        { "name-units-8000", FIRST_DEF + 24 + 4 + 11 + 6, 0x8000, 2 },
        { "name-units-0", FIRST_DEF + 24 + 4 + 11 + 6, 0, 2 },
        { "name-hash", FIRST_DEF + 24 + 4 + 11 + 4, 0x1111, 2 },
        { "name-link-self", FIRST_DEF + 24 + 4 + 11, FIRST_DEF + 24 + 4 + 11, 4 },
    };
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        mk_begin(&file, mem, sizeof mem);
        uint32_t t = mk_template(&file, "<E><A>{0:str}</A></E>");
        mk_value v[1] = { mk_str("value") };
        (void)mk_record(&file, 1, T0, t, v, 1);
        (void)mk_record(&file, 2, T0, t, v, 1);
        mk_poke_sealed_int(&file, MK_FILE_HEADER + lies[i].off, lies[i].value, lies[i].size);
        done(take, user, lies[i].name);
    }
    mk_begin(&file, mem, sizeof mem);
    mk_value v[2] = { mk_str("first"), mk_str("second") };
    v[0].lie = 1 + 0xffff;
    v[1].pad = 0x81;
    (void)mk_record(&file, 1, T0, mk_template(&file, "<E>{0:str}<A>{1:str}</A></E>"), v, 2);
    done(take, user, "value-past-record");
}

/* Many slots, many empty items, many attributes. */
static void crowds(kit_take take, void *user)
{
    static mk_value many[5000];
    static uint8_t none[40000];
    mk_begin(&file, mem, sizeof mem);
    for (size_t i = 0; i < 5000; i++) many[i] = mk_u8((uint8_t)i);
    (void)mk_record(&file, 1, T0, mk_template(&file, "<E>{4999:u8}</E>"), many, 5000);
    done(take, user, "slots-5000");
    mk_begin(&file, mem, sizeof mem);
    mk_value v[1] = { mk_raw(0x81, none, sizeof none) };
    (void)mk_record(&file, 1, T0, mk_template(&file, "<E><D>{0:str[]}</D></E>"), v, 1);
    done(take, user, "items-20000");
    mk_begin(&file, mem, sizeof mem);
    repeat("<E", " a='1'", 2000, "/>");
    (void)mk_record_plain(&file, 1, T0, spec);
    done(take, user, "attributes-2000");
}

void kit_seeds_hostile(kit_take take, void *user)
{
    bomb(take, user, "bomb-2-20", 2, 20);
    bomb(take, user, "bomb-10-8", 10, 8);
    bomb(take, user, "bomb-3000-2", 3000, 2);
    quad(take, user);
    long_name(take, user);
    deep_elements(take, user, "deep-elements", 5000, 1);
    deep_elements(take, user, "deep-elements-open", 5000, 0);
    deep_elements(take, user, "deep-64", 64, 1);
    deep_elements(take, user, "deep-65", 65, 1);
    deep_values(take, user, 1500);
    sid_255(take, user);
    cycles(take, user);
    instances(take, user);
    sizes(take, user);
    crowds(take, user);
}
