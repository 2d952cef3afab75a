/* tests/kit/seeds_values.c - a chunk per value type, its arrays, its wrong sizes. */
#include "seeds.h"

#include <stdio.h>
#include <string.h>

static uint8_t mem[KIT_SEED_MEM];
static mk_file file;

#define T0 128016720000000000u
#define RAW(name, type, text) { name, type, (const uint8_t *)(text), sizeof(text) - 1 }

/* Bytes as they stand in the log. */
typedef struct value_seed { const char *name; uint8_t type; const uint8_t *p; size_t n; }
    value_seed;

static const value_seed seeds[] = {
    RAW("null-empty", 0x00, ""),
    RAW("null-sized", 0x00, "\1\2\3\4\5\6\7\10"),
    RAW("str", 0x01, "h\0e\0l\0l\0o\0"),
    RAW("str-empty", 0x01, ""),
    RAW("str-nul", 0x01, "a\0b\0\0\0"),
    RAW("str-hidden", 0x01, "a\0\0\0h\0i\0d\0"),
    RAW("str-odd", 0x01, "a\0b\0c"),
    RAW("str-one-byte", 0x01, "a"),
    RAW("str-lone-high", 0x01, "a\0\0\xd8" "b\0"),
    RAW("str-lone-low", 0x01, "\0\xdc" "b\0"),
    RAW("str-pair", 0x01, "\x3d\xd8\x00\xde"),
    RAW("str-high-at-end", 0x01, "a\0\x3d\xd8"),
    RAW("str-bom", 0x01, "\xff\xfe" "a\0\xfe\xff"),
    RAW("str-controls", 0x01, "\1\0\x1f\0\t\0\n\0\r\0\x1b\0[\0" "3\0" "1\0m\0\x7f\0\x9b\0"),
    RAW("str-markup", 0x01, "<\0&\0>\0\"\0'\0]\0]\0>\0\\\0"),
    RAW("str-plane-ends", 0x01, "\xff\xff\xfe\xff\xd0\xfd\xff\xdb\xff\xdf"),
    RAW("str-spaces", 0x01, " \0a\0 \0 \0"),
    RAW("ansi", 0x02, "plain\0"),
    RAW("ansi-high", 0x02, "gr\xf6\xdf" "er \x80\x81\x9f"),
    RAW("ansi-nul-inside", 0x02, "a\0b\0\0"),
    RAW("ansi-markup", 0x02, "<a href=\"x\">&\x01"),
    RAW("i8", 0x03, "\x80"),
    RAW("u8", 0x04, "\xff"),
    RAW("i16", 0x05, "\x00\x80"),
    RAW("u16", 0x06, "\xff\xff"),
    RAW("i32", 0x07, "\x00\x00\x00\x80"),
    RAW("u32", 0x08, "\xff\xff\xff\xff"),
    RAW("i64", 0x09, "\0\0\0\0\0\0\0\x80"),
    RAW("u64", 0x0a, "\xff\xff\xff\xff\xff\xff\xff\xff"),
    RAW("f32", 0x0b, "\x00\x00\x20\x41"),
    RAW("f32-inf", 0x0b, "\x00\x00\x80\xff"),
    RAW("f32-small", 0x0b, "\x01\x00\x00\x00"),
    RAW("f64", 0x0c, "\x77\xbe\x9f\x1a\x2f\xdd\x5e\x40"),
    RAW("f64-nan", 0x0c, "\0\0\0\0\0\0\xf8\x7f"),
    RAW("f64-inf", 0x0c, "\0\0\0\0\0\0\xf0\x7f"),
    RAW("f64-max", 0x0c, "\xff\xff\xff\xff\xff\xff\xef\x7f"),
    RAW("f64-min", 0x0c, "\1\0\0\0\0\0\0\0"),
    RAW("f64-minus-zero", 0x0c, "\0\0\0\0\0\0\0\x80"),
    RAW("bool-true", 0x0d, "\1\0\0\0"),
    RAW("bool-false", 0x0d, "\0\0\0\0"),
    RAW("bool-high", 0x0d, "\0\0\1\0"),
    RAW("bool-1", 0x0d, "\1"),
    RAW("bool-2", 0x0d, "\0\1"),
    RAW("bool-8", 0x0d, "\0\0\0\0\0\0\0\1"),
    RAW("bool-3", 0x0d, "\1\1\1"),
    RAW("bin", 0x0e, "\x00\x01\xab\xff"),
    RAW("bin-empty", 0x0e, ""),
    RAW("guid", 0x0f, "\4\3\2\1\6\5\x08\7\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10"),
    RAW("guid-short", 0x0f, "\4\3\2\1\6\5\x08"),
    RAW("guid-long", 0x0f, "\4\3\2\1\6\5\x08\7\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11"),
    RAW("size-4", 0x10, "\x34\x12\0\0"),
    RAW("size-8", 0x10, "\x78\x56\x34\x12\0\0\0\x80"),
    RAW("size-2", 0x10, "\x34\x12"),
    RAW("time", 0x11, "\x87\x4b\x21\xf4\x67\xce\xc6\x01"),
    RAW("time-zero", 0x11, "\0\0\0\0\0\0\0\0"),
    RAW("time-9999", 0x11, "\xff\x3f\xc0\xd1\x5e\x5a\xc8\x24"),
    RAW("time-10000", 0x11, "\x00\x40\xc0\xd1\x5e\x5a\xc8\x24"),
    RAW("time-max", 0x11, "\xff\xff\xff\xff\xff\xff\xff\xff"),
    RAW("systime", 0x12, "\xd6\7\x09\0\6\0\2\0\2\0\x1e\0\x2d\0\x7b\0"),
    RAW("systime-zero", 0x12, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
    RAW("systime-wild", 0x12, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
    RAW("sid", 0x13, "\1\1\0\0\0\0\0\5\x12\0\0\0"),
    RAW("sid-none", 0x13, "\1\0\0\0\0\0\0\5"),
    RAW("sid-high-authority", 0x13, "\1\1\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
    RAW("sid-count-lies", 0x13, "\1\x0f\0\0\0\0\0\5\x12\0\0\0"),
    RAW("sid-count-255-lies", 0x13, "\1\xff\0\0\0\0\0\5\x12\0\0\0"),
    RAW("sid-count-small", 0x13, "\1\0\0\0\0\0\0\5\x12\0\0\0"),
    RAW("sid-short", 0x13, "\1\1\0\0\0"),
    RAW("sid-revision-9", 0x13, "\x09\1\0\0\0\0\0\5\x12\0\0\0"),
    RAW("hex32", 0x14, "\xe7\x03\0\0"),
    RAW("hex32-zero", 0x14, "\0\0\0\0"),
    RAW("hex64", 0x15, "\0\0\0\0\0\0\x20\x80"),
    RAW("type-16", 0x16, "\1\2\3"),
    RAW("type-20", 0x20, "\1\2\3\4\5\6\7\x08"),
    RAW("type-22", 0x22, "\1\2"),
    RAW("type-23", 0x23, "<\0a\0/\0>\0"),
    RAW("type-27", 0x27, "\1\2\3\4"),
    RAW("type-7f", 0x7f, "\1\2\3\4"),
    RAW("xml-empty", 0x21, ""),
    RAW("xml-eof", 0x21, "\0"),
    RAW("xml-header-only", 0x21, "\x0f\1\1\0\0"),
    RAW("xml-garbage", 0x21, "\xff\xee\xdd\xcc"),
    RAW("array-null", 0x80, "\0\0"),
    RAW("array-str", 0x81, "a\0\0\0b\0c\0\0\0"),
    RAW("array-str-empty", 0x81, ""),
    RAW("array-str-one-empty", 0x81, "\0\0"),
    RAW("array-str-many-empty", 0x81, "\0\0\0\0\0\0\0\0"),
    RAW("array-str-open", 0x81, "a\0\0\0b\0"),
    RAW("array-str-odd", 0x81, "a\0\0\0b"),
    RAW("array-ansi", 0x82, "a\0bc\0\0d"),
    RAW("array-i8", 0x83, "\x80\x7f"),
    RAW("array-u8", 0x84, "\1\2\3"),
    RAW("array-i16", 0x85, "\xff\xff\1\0"),
    RAW("array-u16", 0x86, "\1\0\2\0"),
    RAW("array-u16-odd", 0x86, "\1\0\2"),
    RAW("array-i32", 0x87, "\xff\xff\xff\xff\1\0\0\0"),
    RAW("array-u32", 0x88, "\1\0\0\0\2\0\0\0"),
    RAW("array-i64", 0x89, "\xff\xff\xff\xff\xff\xff\xff\xff"),
    RAW("array-u64", 0x8a, "\1\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0"),
    RAW("array-f32", 0x8b, "\x00\x00\x20\x41\x00\x00\x80\x3f"),
    RAW("array-f64", 0x8c, "\0\0\0\0\0\0\xf0\x3f"),
    RAW("array-bool", 0x8d, "\1\0\0\0\0\0\0\0"),
    RAW("array-bin", 0x8e, "\1\2\3"),
    RAW("array-guid", 0x8f, "0123456789abcdef0123456789ABCDEF"),
    RAW("array-size", 0x90, "\1\0\0\0\2\0\0\0"),
    RAW("array-time", 0x91, "\x87\x4b\x21\xf4\x67\xce\xc6\x01\0\0\0\0\0\0\0\0"),
    RAW("array-systime", 0x92, "\xd6\7\x09\0\6\0\2\0\2\0\x1e\0\x2d\0\x7b\0"),
    RAW("array-sid", 0x93, "\1\1\0\0\0\0\0\5\x12\0\0\0\1\1\0\0\0\0\0\5\x13\0\0\0"),
    RAW("array-sid-cut", 0x93, "\1\1\0\0\0\0\0\5\x12\0\0\0\1\5\0\0"),
    RAW("array-hex32", 0x94, "\1\0\0\0\2\0\0\0"),
    RAW("array-hex64", 0x95, "\1\0\0\0\0\0\0\0"),
    RAW("array-xml", 0xa1, "\x0f\1\1\0\0"),
    RAW("array-unknown", 0xff, "\1\2\3\4"),
};

/* In content, in an attribute, optional and normal, with a neighbour on either side. */
static void take_value(const value_seed *s, kit_take take, void *user)
{
    char spec[200];
    mk_begin(&file, mem, sizeof mem);
    (void)snprintf(spec, sizeof spec, "<Event><A v='{1:0x%02x}' w='{1:0x%02x?}'/><B>{1:0x%02x}</B>"
                   "<C>{1:0x%02x?}</C><D>{0:u8}{2:u8}</D></Event>", s->type, s->type, s->type,
                   s->type);
    uint32_t t = mk_template(&file, spec);
    mk_value v[3] = { mk_u8(1), mk_raw(s->type, s->p, s->n), mk_u8(2) };
    (void)mk_record(&file, 1, T0, t, v, 3);
    take(user, s->name, kit_seed_chunk(&file));
}

/* A fixed-size type, a byte too short and a byte too long. */
static void take_sizes(kit_take take, void *user)
{
    static const uint8_t sizes[][2] = { { 0x03, 1 }, { 0x04, 1 }, { 0x05, 2 }, { 0x06, 2 },
        { 0x07, 4 }, { 0x08, 4 }, { 0x09, 8 }, { 0x0a, 8 }, { 0x0b, 4 }, { 0x0c, 8 }, { 0x11, 8 },
        { 0x12, 16 }, { 0x14, 4 }, { 0x15, 8 } };
    char name[40];
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        for (int longer = 0; longer < 2; longer++) {
            value_seed s = { name, sizes[i][0], (const uint8_t *)"\x91\x82\x73\x64\x55\x46\x37\x28"
                             "\x19\x0a\x1b\x2c\x3d\x4e\x5f\x60\x71", 0 };
            s.n = (size_t)(longer ? sizes[i][1] + 1 : sizes[i][1] - 1);
            (void)snprintf(name, sizeof name, "size-%02x-%s", sizes[i][0],
                           longer ? "long" : "short");
            take_value(&s, take, user);
        }
    }
}

void kit_seeds_values(kit_take take, void *user)
{
    for (size_t i = 0; i < sizeof seeds / sizeof seeds[0]; i++) take_value(&seeds[i], take, user);
    take_sizes(take, user);
}
