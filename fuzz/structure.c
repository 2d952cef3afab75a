/* fuzz/structure.c - bytes say what to build: a sound log, and the tokens that it must give */
#include "structure.h"

enum { VALUES = 6, TOKENS = 1024, SPEC = 24000, RECORDS = STRUCTURE_RECORDS, BLOB = 8192 };

static uint8_t file_memory[MK_FILE_HEADER + 3 * MK_CHUNK], blob[BLOB];
static size_t blob_used;
static mk_file file;
static char specs[2 * RECORDS][SPEC];
static expected wants[2 * RECORDS][TOKENS];
static build builds[2 * RECORDS];
static mk_value values[2 * RECORDS][VALUES];
static mk_body bodies[RECORDS];

static const char *const names[] = { "Event", "System", "Data", "EventData", "a", "Name",
                                     "\xc3\x89l\xc3\xa9ment", "x-1.y_z", "Provider", "b" };

static uint32_t take(build *b, uint32_t n)
{
    uint32_t v = b->left ? *b->p : 0;

    if (b->left) {
        b->p++;
        b->left--;
    }
    return n ? v % n : v;
}

static void say(build *b, const char *text)
{
    size_t n = strlen(text);

    FUZZ_CHECK(n < SPEC - b->at);
    memcpy(b->spec + b->at, text, n + 1);
    b->at += n;
}

static expected *expect(build *b, uint8_t kind)
{
    expected *e = &b->want[b->count++];

    FUZZ_CHECK(b->count <= TOKENS);
    memset(e, 0, sizeof *e);
    b->literal = b->literal && kind == EVX_TOKEN_TEXT;
    e->kind = kind;
    e->flags = b->in_attribute && kind != EVX_TOKEN_ATTRIBUTE ? EVX_TOKEN_IN_ATTRIBUTE : 0;
    return e;
}

/* Room is left for everything that is open to be closed. */
static bool going(const build *b)
{
    return b->at < SPEC - 4000 && b->count < TOKENS - 100 && blob_used < BLOB - 600;
}

/* ---- content --------------------------------------------------------------------------------- */

/* Units as they come, written as escapes; mostly letters. */
static void put_text(build *b)
{
    expected *e = expect(b, EVX_TOKEN_TEXT);
    uint32_t units = 1 + take(b, 12);
    char one[8];

    if (b->literal)
        say(b, "{|}");
    b->literal = true;
    e->type = EVX_STRING;
    e->bytes = blob + blob_used;
    e->len = 2 * (size_t)units;
    for (uint32_t i = 0; i < units; i++) {
        uint32_t unit = take(b, 0);
        if (unit >= 0xc0)
            unit = unit << 8 | take(b, 0);
        blob[blob_used++] = (uint8_t)unit;
        blob[blob_used++] = (uint8_t)(unit >> 8);
        (void)snprintf(one, sizeof one, "\\u%04x", (unsigned)unit);
        say(b, one);
    }
}

/* A nested value brings all its tokens with it. */
static bool may_enter(const build *b)
{
    return !b->in_attribute && b->count + b->nested->count + 2 < TOKENS - 100;
}

static void put_value(build *b)
{
    uint32_t i = take(b, b->value_count + 1), optional = take(b, 2);
    expected *e;
    char one[24];

    if (i < b->value_count && b->values[i].type == MK_XML && !may_enter(b))
        return;
    (void)snprintf(one, sizeof one, "{%u:str%s}", (unsigned)i, optional ? "?" : "");
    say(b, one);
    if (i < b->value_count && b->values[i].type == MK_XML) {
        expect(b, EVX_TOKEN_ENTER)->flags = (uint8_t)(optional ? EVX_TOKEN_OPTIONAL : 0);
        for (size_t k = 0; k < b->nested->count; k++)
            *expect(b, 0) = b->nested->want[k];
        (void)expect(b, EVX_TOKEN_LEAVE);
        return;
    }
    e = expect(b, EVX_TOKEN_VALUE);
    e->flags |= (uint8_t)(optional ? EVX_TOKEN_OPTIONAL : 0);
    if (i == b->value_count) {
        e->flags |= EVX_TOKEN_MISSING;
        b->missing = true;
        return;
    }
    e->type = b->values[i].type;
    e->bytes = b->values[i].data;
    e->len = b->values[i].len;
}

static void put_reference(build *b)
{
    static const char *const known[] = { "amp", "lt", "quot" };
    expected *e;
    char one[16];

    if (take(b, 2)) {
        e = expect(b, EVX_TOKEN_ENTITY);
        e->name = known[take(b, 3)];
        (void)snprintf(one, sizeof one, "&%s;", e->name);
    } else {
        e = expect(b, EVX_TOKEN_CHARREF);
        e->type = EVX_UINT16;
        e->bytes = blob + blob_used;
        e->len = 2;
        blob[blob_used++] = (uint8_t)take(b, 0);
        blob[blob_used++] = (uint8_t)take(b, 64);
        (void)snprintf(one, sizeof one, "&#%u;", e->bytes[0] | e->bytes[1] << 8);
    }
    say(b, one);
}

static void put_content(build *b, uint32_t pieces)
{
    for (; pieces > 0 && going(b); pieces--) {
        uint32_t what = take(b, 4);
        if (what == 0)
            put_text(b);
        else if (what == 1)
            put_reference(b);
        else if (b->values)
            put_value(b);
    }
}

static void put_attributes(build *b)
{
    uint32_t n = take(b, 4);

    for (uint32_t i = 0; i < n && going(b); i++) {
        expected *e = expect(b, EVX_TOKEN_ATTRIBUTE);
        e->name = names[4 + i];
        say(b, " ");
        say(b, e->name);
        say(b, "='");
        b->in_attribute = 1;
        put_content(b, take(b, 3));
        b->in_attribute = 0;
        say(b, "'");
    }
}

static void put_element(build *b, uint32_t depth)
{
    const char *name = names[take(b, sizeof names / sizeof names[0])];
    uint32_t children;

    expect(b, EVX_TOKEN_OPEN)->name = name;
    say(b, "<");
    say(b, name);
    put_attributes(b);
    if (take(b, 3) == 0) {
        say(b, "/>");
        expect(b, EVX_TOKEN_CLOSE)->name = name;
        b->want[b->count - 1].flags = EVX_TOKEN_BARE;
        return;
    }
    say(b, ">");
    (void)expect(b, EVX_TOKEN_BODY);
    for (children = take(b, 4); children > 0 && going(b); children--) {
        if (depth < 8 && take(b, 2))
            put_element(b, depth + 1);
        else
            put_content(b, 1 + take(b, 2));
    }
    say(b, "</");
    say(b, name);
    say(b, ">");
    expect(b, EVX_TOKEN_CLOSE)->name = name;
}

/* ---- values and records ---------------------------------------------------------------------- */

/* Any bytes as any type but a stream; now and then of the type's own size. */
static void make_value(build *b, mk_value *v)
{
    static const uint8_t types[] = { 0x01, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09,
                                     0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x10, 0x11, 0x12, 0x13,
                                     0x14, 0x15, 0x81, 0x84, 0x88, 0x8f, 0x94, 0x00 };
    static const uint8_t sizes[] = { 0, 8, 5, 1, 1, 2, 2, 4, 4, 8, 8, 4, 8, 4, 9, 16, 8, 8, 16, 12,
                                     4, 8 };
    uint8_t type = types[take(b, sizeof types)];
    size_t n = take(b, 4) ? sizes[type & 0x1f] : take(b, 24);

    if (type == MK_NULL)
        n = 0;
    for (size_t i = 0; i < n; i++)
        blob[blob_used + i] = (uint8_t)take(b, 0);
    *v = mk_raw(type, blob + blob_used, n);
    blob_used += n;
}

static void begin(build *b, size_t i, const build *input)
{
    memset(b, 0, sizeof *b);
    b->p = input->p;
    b->left = input->left;
    b->spec = specs[i];
    b->want = wants[i];
    b->spec[0] = 0;
}

static void make_values(build *b, size_t i, bool nested)
{
    b->value_count = take(b, VALUES - 1);
    for (uint32_t k = 0; k < b->value_count; k++)
        make_value(b, &values[i][k]);
    if (nested)
        values[i][b->value_count++] = mk_xml(&bodies[i]);
    b->values = values[i];
}

static void put_instance(build *b, uint32_t depth)
{
    expect(b, EVX_TOKEN_ENTER)->flags = EVX_TOKEN_INSTANCE;
    put_element(b, depth);
    expect(b, EVX_TOKEN_LEAVE)->flags = EVX_TOKEN_INSTANCE;
}

/* A plain record, or one of a template, perhaps with another stream in a value. */
static void make_record(build *input, size_t i)
{
    build *b = &builds[i], *inner = &builds[RECORDS + i];
    uint32_t shape = take(input, 4);

    if (shape >= 2) {
        begin(inner, RECORDS + i, input);
        if (shape == 2) {
            put_element(inner, 4);
            bodies[i] = mk_nested_plain(inner->spec);
        } else {
            make_values(inner, RECORDS + i, false);
            put_instance(inner, 4);
            bodies[i] = mk_nested(mk_template(&file, inner->spec), values[RECORDS + i],
                                  inner->value_count);
            bodies[i].flags = take(inner, 2) ? MK_BARE : 0;
        }
        input->p = inner->p;
        input->left = inner->left;
    }
    begin(b, i, input);
    if (shape == 0) {
        put_element(b, 0);
        (void)mk_record_plain(&file, i + 1, 1000 + i, b->spec);
    } else {
        b->nested = inner;
        make_values(b, i, shape >= 2);
        put_instance(b, 0);
        (void)mk_record(&file, i + 1, 1000 + i, mk_template(&file, b->spec), values[i],
                        b->value_count);
        b->missing |= shape >= 2 && inner->missing;
    }
    input->p = b->p;
    input->left = b->left;
}

mk_bytes structure_build(const uint8_t *data, size_t len, const build **list, size_t *records)
{
    build input = { .p = data, .left = len };
    mk_bytes log;
    size_t n = 0;

    blob_used = 0;
    mk_begin(&file, file_memory, sizeof file_memory);
    do
        make_record(&input, n++);
    while (n < RECORDS && input.left && !file.failed);
    log = mk_end(&file);
    if (file.failed)
        fprintf(stderr, "%s\n", file.failed);
    FUZZ_CHECK(log.ptr != NULL);
    *list = builds;
    *records = n;
    return log;
}
