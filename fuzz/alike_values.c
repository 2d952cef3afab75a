/* fuzz/alike_values.c - four decisions -> a value of any type, and mostly of a size that fits */
#include "alike.h"

enum { BLOB = 1 << 17, MANY = 0xdf, OTHER_SIZE = 0xe0, DECLARED = 0xc0, NULLS = 0xcc };

/* What decides: the type (not always the one declared), the size, what it is filled with, what in
 * it is not like the rest. */
typedef struct recipe { uint8_t type, size, fill, special; } recipe;

static uint8_t blob[BLOB];
static size_t used;

void alike_values_begin(void)
{
    used = 0;
}

/* What does not fit is left out, each time alike. */
static void put(uint64_t v, size_t n)
{
    for (size_t i = 0; i < n && used < BLOB; i++)
        blob[used++] = (uint8_t)(i < 8 ? v >> 8 * i : 0);
}

/* ---- text ------------------------------------------------------------------------------------ */

/* What loops of 8, 16 and 32 units leave, and sizes in more than one byte. */
uint32_t alike_length(uint8_t size)
{
    static const uint16_t few[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 15, 16, 17, 31, 32, 33 };
    static const uint16_t many[] = { 63, 64, 65, 127, 128, 129, 255, 256, 257, 513, 1025 };
    enum { FEW = sizeof few / sizeof few[0], OF_MANY = sizeof many / sizeof many[0] };

    return size % 8 != 7 ? few[size % FEW] : many[size / 8 % OF_MANY];
}

uint32_t alike_unit(uint32_t i, uint32_t n, uint8_t fill, uint8_t special)
{
    static const uint16_t units[] = {
        'a', 0, 1, 8, 9, 10, 13, 0x1f, ' ', '"', '&', '\'', '/', '<', '>', '\\', ']', 0x7f, 0x80,
        0x85, 0x9f, 0xa0, 0xe9, 0x7ff, 0x800, 0x2028, 0x20ac, 0xd7ff, 0xd800, 0xdbff, 0xdc00,
        0xdfff, 0xe000, 0xfdd0, 0xfeff, 0xfffd, 0xfffe, 0xffff, '0', ','
    };
    enum { UNITS = sizeof units / sizeof units[0] };
    uint32_t at = fill % n;

    if (i == at)
        return units[special % UNITS];
    if (i == at + 1 && special >= 0x80)
        return units[special / 3 % UNITS];
    return (fill >= 0xe0 ? 0x4e00u : (uint32_t)'a') + (fill + i) % 26;
}

static void put_text(uint8_t size, uint8_t fill, uint8_t special, size_t unit)
{
    uint32_t n = alike_length(size);

    for (uint32_t i = 0; i < n; i++)
        put(alike_unit(i, n, fill, special), unit);
}

/* A string ends as its writer likes: with nothing, with a NUL, in the middle of a unit. */
static void put_string(const recipe *r, size_t unit)
{
    put_text(r->size, r->fill, r->special, unit);
    if ((r->size & 0x60) == 0x40)
        put(0, unit);
    if (r->size >= OTHER_SIZE)
        put(r->fill, 1);
}

/* Few: elements around an array are written for each item, those in them for each of theirs. */
static uint32_t item_count(uint8_t size)
{
    static const uint8_t counts[] = { 2, 0, 1, 2, 1, 1, 3, 2, 1, 1, 2, 1, 1, 4, 1, 2 };

    return size == MANY ? 65 : counts[size % sizeof counts];
}

static void put_strings(const recipe *r, size_t unit)
{
    uint32_t n = item_count(r->size);

    for (uint32_t i = 0; i < n; i++) {
        put_text((uint8_t)((r->fill + 5 * i) % 16), (uint8_t)(r->fill + i), r->special, unit);
        if (i + 1 < n || (r->size & 0x30) != 0x30)
            put(0, unit);
    }
    if (r->size >= OTHER_SIZE)
        put(r->fill, 1);
}

/* ---- all else -------------------------------------------------------------------------------- */

static void put_number(size_t n, uint8_t fill)
{
    static const uint64_t numbers[] = {
        0, 1, 10, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff,
        0x7fffffffffffffff, 0x8000000000000000, 0xffffffffffffffff,
        0x01d6f9a8b7c6d5e4, 0x0002000200021fb5,        /* a FILETIME; half a SYSTEMTIME     */
        0x000c0001000207e5, 0x3fb999999999999a, 0x7ff0000000000000, 0xfff8000000000000,
        0x3dcccccd, 0x7f800000, 0x0000000000000001, 0x0101010101010101
    };
    uint64_t v = fill < 0x80 ? numbers[fill % (sizeof numbers / sizeof numbers[0])]
                             : fill * 0x9e3779b97f4a7c15u;

    put(v, n);
}

static void put_sid(const recipe *r)
{
    uint32_t n = r->size % 21, lie = r->special >= 0xf0 ? r->special & 3 : 0;
    size_t begin = used;

    put(r->special == 0xff ? 2 : 1, 1);
    put(n + lie, 1);
    put(r->special & 1 ? 0xf6e5d4c3b2a1 : 0x050000000000, 6);
    for (uint32_t i = 0; i < n; i++)
        put_number(4, (uint8_t)(r->fill + i));
    if (r->fill >= 0xf0 && used - begin >= 16)
        used -= r->fill & 15;        /* cut */
}

static size_t size_of(const recipe *r)
{
    static const uint8_t sizes[] = { 0, 0, 0, 1, 1, 2, 2, 4, 4, 8, 8, 4, 8, 4, 0, 16, 8, 8, 16, 0,
                                     4, 8 };
    uint8_t type = r->type & 0x7f;
    size_t n = type < sizeof sizes ? sizes[type] : 0;

    if (r->size >= OTHER_SIZE)
        return r->size & 31;
    if (type == MK_SIZE && r->size % 2 != 0)
        return 4;
    return n != 0 || type == MK_NULL ? n : alike_length(r->size);
}

static void put_plain(const recipe *r)
{
    size_t n = size_of(r);

    put_number(n < 8 ? n : 8, r->fill);
    if (n > 8)
        put_number(n - 8, r->special);
}

static void put_items(const recipe *r)
{
    recipe item = *r;
    uint32_t n = item_count(r->size);

    item.type &= 0x7f;
    item.size = 0;
    for (uint32_t i = 0; i < n; i++, item.fill++) {
        if (item.type == MK_SID)
            item.size = (uint8_t)(r->special + i) % 8;
        if (item.type == MK_SID)
            put_sid(&item);
        else
            put_plain(&item);
    }
    if (r->size >= OTHER_SIZE)
        put(r->fill, r->size & 7);
}

/* ---- types ----------------------------------------------------------------------------------- */

/* Mostly those that programs know, for one that they do not know leaves a record to the walk; else
 * all there are, and some that are none. */
uint8_t alike_type(uint8_t decision)
{
    static const uint8_t known[] = { 0x01, 0x81, 0x01, 0x21, 0x81, 0x02, 0x06, 0x01, 0x81, 0x13,
                                     0x0e, 0x08 };
    static const uint8_t all[] = {
        0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e,
        0x0f, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x1f, 0x20, 0x21, 0x22, 0x23, 0x28, 0x7f,
        0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8b, 0x8c, 0x8d, 0x8e,
        0x8f, 0x90, 0x91, 0x92, 0x93, 0x94, 0x95, 0xa1, 0xff
    };

    return decision < 0xc8 ? known[decision % sizeof known] : all[decision % sizeof all];
}

static void put_by_type(const recipe *r)
{
    if (r->type == MK_STR || r->type == MK_ANSI)
        put_string(r, r->type == MK_STR ? 2 : 1);
    else if (r->type == (MK_ARRAY | MK_STR) || r->type == (MK_ARRAY | MK_ANSI))
        put_strings(r, r->type == (MK_ARRAY | MK_STR) ? 2 : 1);
    else if (r->type == MK_SID)
        put_sid(r);
    else if (r->type & MK_ARRAY)
        put_items(r);
    else
        put_plain(r);
}

bool alike_value(alike *a, uint8_t declared, mk_value *v)
{
    uint8_t type = alike_take(a), size = alike_take(a), fill = alike_take(a);
    recipe r = { declared, size, fill, alike_take(a) };
    size_t begin = used;

    if (type >= NULLS)
        r.type = alike_type((uint8_t)(37 * type));
    else if (type >= DECLARED)
        r.type = MK_NULL;
    if (r.type == MK_XML && size < OTHER_SIZE)
        return true;
    put_by_type(&r);
    *v = mk_raw(r.type, blob + begin, used - begin);
    return false;
}
