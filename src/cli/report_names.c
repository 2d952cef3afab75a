/* src/cli/report_names.c - names of computers, channels, providers -> small numbers */
#include "report.h"

#include <stdlib.h>
#include <string.h>

void *report_more(void *array, size_t count, size_t *cap, size_t size)
{
    size_t more = *cap != 0 ? *cap * 2 : 16;

    if (count < *cap)
        return array;
    array = more <= SIZE_MAX / size ? realloc(array, more * size) : NULL;
    if (!array) {
        cli_say("out of memory");
        exit(CLI_NO_INPUT);
    }
    *cap = more;
    return array;
}

void *report_zeroed(size_t count, size_t size)
{
    void *memory = calloc(count > 0 ? count : 1, size);

    if (!memory) {
        cli_say("out of memory");
        exit(CLI_NO_INPUT);
    }
    return memory;
}

char *report_copy(const void *text, size_t len)
{
    char *copy = report_zeroed(len + 1, 1);

    memcpy(copy, text, len);
    return copy;
}

uint8_t report_fold(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
}

/* FNV-1a, folded */
static uint32_t hash_of(const uint8_t *text, size_t len)
{
    uint32_t h = 2166136261u;

    for (size_t i = 0; i < len; i++)
        h = (h ^ report_fold(text[i])) * 16777619u;
    return h ^ h >> 15;
}

static bool same(const report_name *n, const uint8_t *text, size_t len, uint32_t hash)
{
    if (n->hash != hash || n->len != len)
        return false;
    for (size_t i = 0; i < len; i++)
        if (report_fold((uint8_t)n->text[i]) != report_fold(text[i]))
            return false;
    return true;
}

/* Where the name stands, or the empty slot where it belongs. At least half of all are empty. */
static uint32_t *slot_of(const report_names *t, const uint8_t *text, size_t len, uint32_t hash)
{
    size_t i = hash & (t->slot_count - 1);

    while (t->slots[i] != 0 && !same(&t->names[t->slots[i] - 1], text, len, hash))
        i = (i + 1) & (t->slot_count - 1);
    return &t->slots[i];
}

static void fill_slots(report_names *t)
{
    for (size_t i = 0; i < t->count; i++) {
        const report_name *n = &t->names[i];
        *slot_of(t, (const uint8_t *)n->text, n->len, n->hash) = (uint32_t)i + 1;
    }
}

static void make_slots(report_names *t)
{
    size_t count = t->slot_count != 0 ? t->slot_count * 2 : 64;

    if (2 * t->count + 2 < t->slot_count)
        return;
    free(t->slots);
    t->slots = report_zeroed(count, sizeof *t->slots);
    t->slot_count = count;
    fill_slots(t);
}

void report_names_moved(report_names *t)
{
    t->has_last = false;
    if (t->slot_count > 0)
        memset(t->slots, 0, t->slot_count * sizeof *t->slots);
    fill_slots(t);
}

static uint32_t add(report_names *t, const uint8_t *text, size_t len, uint32_t hash)
{
    report_name *n;

    t->names = report_more(t->names, t->count, &t->cap, sizeof *t->names);
    n = &t->names[t->count];
    memset(n, 0, sizeof *n);
    n->text = report_copy(text, len);
    n->len = (uint32_t)len;
    n->hash = hash;
    return (uint32_t)t->count++;
}

/* Nearly always the name is that of the record before. */
static bool is_last(const report_names *t, const evx_text_view *name)
{
    return t->has_last && name->len == t->last_len && name->utf8 == t->last_utf8
        && memcmp(name->ptr, t->last, name->len) == 0;
}

static void set_last(report_names *t, const evx_text_view *name, uint32_t number)
{
    if (name->len > sizeof t->last)
        return;
    memcpy(t->last, name->ptr, name->len);
    t->last_len = name->len;
    t->last_utf8 = name->utf8;
    t->last_number = number;
    t->has_last = true;
}

uint32_t report_number(report_names *t, const evx_text_view *name, size_t most)
{
    uint8_t text[CLI_NAME_MAX];
    size_t len;
    uint32_t hash, *slot;

    if (is_last(t, name))
        return t->last_number;
    memset(text, 0, sizeof text);
    len = evx_text_view_utf8(name, text, sizeof text);
    if (len > sizeof text)           /* cut at a character: zeros stand behind it              */
        for (len = sizeof text; len > 0 && text[len - 1] == 0; len--)
            ;
    hash = hash_of(text, len);
    make_slots(t);
    slot = slot_of(t, text, len, hash);
    if (*slot == 0 && t->count >= most)
        return REPORT_NO_NAME;
    if (*slot == 0)
        *slot = add(t, text, len, hash) + 1;
    set_last(t, name, *slot - 1);
    return *slot - 1;
}

uint32_t report_find(const report_names *t, const char *name)
{
    const uint8_t *text = (const uint8_t *)name;
    size_t len = strlen(name);
    uint32_t slot;

    if (t->slot_count == 0)
        return REPORT_NO_NAME;
    slot = *slot_of(t, text, len, hash_of(text, len));
    return slot != 0 ? slot - 1 : REPORT_NO_NAME;
}

const char *report_text_of(const report_names *t, uint32_t number, size_t *len)
{
    *len = number < t->count ? t->names[number].len : 0;
    return number < t->count ? t->names[number].text : "";
}

uint32_t report_number_of(report_names *t, const evx_fields *f, uint32_t bit,
                          const evx_text_view *view, size_t most)
{
    static const evx_text_view none = { (const uint8_t *)"", 0, 1 };

    return report_number(t, f->present & bit ? view : &none, most);
}

report_whose report_whose_of(report *r, const evx_fields *f)
{
    enum { COMPUTERS_MAX = 65536, CHANNELS_MAX = 65536 };

    return (report_whose){
        report_number_of(&r->computers, f, EVX_HAS_COMPUTER, &f->computer, COMPUTERS_MAX),
        report_number_of(&r->channels, f, EVX_HAS_CHANNEL, &f->channel, CHANNELS_MAX)
    };
}

void report_heard_of(report_name *n, const evx_fields *f)
{
    if (!(f->present & EVX_HAS_TIME) || f->time == 0)
        return;
    if (f->time > n->last)
        n->last = f->time;
    if (n->first == 0 || f->time < n->first) {
        n->first = f->time;
        n->first_id = f->present & EVX_HAS_RECORD_ID ? f->record_id : 0;
    }
}
