/* fuzz/alike.c - decisions -> a sound log whose records are almost alike */
#include "alike.h"

/*
 * First the definitions, then the records. Each of them is made by a tape of decisions: by one of
 * its own, or by that of one before with a decision or two changed. So what is learned of one
 * record meets another of which nearly all of that is true. With nothing left to decide, records
 * repeat. In half of the logs definitions are by turns an event's and its data's, so that each of
 * the first kind meets each of the second.
 *
 * A record that does not fit is left out, which is no fault. All that is written is sound: damage
 * is what other targets do.
 */
enum { RECORDS = 40, CHUNKS = 3, PAST = 4, BODIES = 512, VALUES = 8192, DEPTH = 5 };

static uint8_t memory[MK_FILE_HEADER + (CHUNKS + 1) * MK_CHUNK];
static mk_file file;
static alike_tape tapes[PAST];
static alike_definition definitions[ALIKE_DEFINITIONS];
static uint32_t definition_count;
static bool events;                  /* by turns one is around another one, and inside one    */
static mk_body bodies[BODIES];
static mk_value values[VALUES];
static uint32_t bodies_used, values_used;

/* ---- decisions ------------------------------------------------------------------------------- */

static uint8_t next(alike *a)
{
    if (a->left == 0)
        return 0;
    a->left--;
    return *a->p++;
}

uint8_t alike_take(alike *a)
{
    if (a->at == ALIKE_TAPE)
        return 0;
    if (a->at == a->tape->len)
        a->tape->byte[a->tape->len++] = next(a);
    return a->tape->byte[a->at++];
}

/* One decision becomes another: that of the input, or the one beside it. */
static void change(alike *a, alike_tape *t)
{
    uint32_t at = next(a) * t->len / 256;
    uint8_t to = next(a);

    if (t->len != 0)
        t->byte[at] = (uint8_t)(to < 0xf0 ? to : t->byte[at] + (to & 3) - 1);
}

/* The tape for number n: empty, or that of one of the last ones, but for one decision or two. */
static void begin_tape(alike *a, uint32_t n)
{
    uint8_t how = next(a);
    uint32_t past = n < PAST - 1 ? n : PAST - 1;

    a->tape = &tapes[n % PAST];
    a->at = 0;
    if (past == 0 || how % 8 == 7) {
        a->tape->len = 0;
        return;
    }
    *a->tape = tapes[(n - 1 - how / 8 % past) % PAST];
    if (how % 8 != 0)
        change(a, a->tape);
    if (how % 8 == 6)
        change(a, a->tape);
}

/* ---- definitions ----------------------------------------------------------------------------- */

/* One may have the GUID of another, and the same may have two. */
static void make_definition(alike *a, uint32_t n)
{
    static uint8_t guid[16];
    const char *spec;
    uint8_t how;

    begin_tape(a, n);
    spec = alike_definition_spec(a, &definitions[n], !events ? ALIKE_ANY
                                                     : n % 2 == 0 ? ALIKE_AROUND : ALIKE_INSIDE);
    how = next(a);
    if (how < 0xc0) {
        definitions[n].template = mk_template(&file, spec);
        return;
    }
    memset(guid, how / 2, sizeof guid);
    definitions[n].template = mk_template_guid(&file, spec, guid);
}

/* ---- records --------------------------------------------------------------------------------- */

static const mk_body *make_body(alike *a, uint32_t depth);

/* The streams in values are made when all values are decided: what becomes one moves none of
 * them. */
static void make_values(alike *a, const alike_definition *d, mk_body *b, uint32_t depth)
{
    mk_value *v = values + values_used;
    bool stream[2 * ALIKE_VALUES];

    if (b->n > VALUES - values_used)
        b->n = VALUES - values_used;
    values_used += (uint32_t)b->n;
    b->v = v;
    for (size_t i = 0; i < b->n; i++)
        stream[i] = alike_value(a, i < d->values ? d->type[i] : alike_type((uint8_t)i), &v[i]);
    for (size_t i = 0; i < b->n; i++)
        if (stream[i])
            v[i] = depth < DEPTH && bodies_used < BODIES ? mk_xml(make_body(a, depth + 1))
                                                         : mk_raw(MK_XML, "", 0);
}

/* How many values: as many as it may refer to, some more, some less. */
static void make_instance(alike *a, mk_body *b, uint32_t depth)
{
    uint32_t which = alike_take(a) % definition_count;
    uint8_t more = alike_take(a);
    const alike_definition *d;

    if (events)                      /* an even number of them: half are of each kind         */
        which = which / 2 * 2 + (depth > 0);
    d = &definitions[which];
    b->tmpl = d->template;
    b->n = d->values + (more < 0xa0 ? 0 : more % 4);
    if (more >= 0xe0)
        b->n = d->values - (more & 15) % d->values;
    make_values(a, d, b, depth);
}

static const mk_body *make_body(alike *a, uint32_t depth)
{
    mk_body *b = &bodies[bodies_used++];
    uint8_t kind = alike_take(a);

    memset(b, 0, sizeof *b);
    if ((kind & 0x30) == 0x30)
        b->flags |= MK_BARE;
    if ((kind & 0xc0) == 0xc0)
        b->flags |= MK_NO_TABLES;
    if ((kind & 0x78) == 0x50)
        b->flags |= MK_NO_EOF;
    if (kind % 8 == 6) {
        b->tmpl = MK_PLAIN;
        b->spec = alike_plain_spec(a);
    } else
        make_instance(a, b, depth);
    if (kind % 16 == 15 && bodies_used < BODIES)
        b->next = make_body(a, depth);
    return b;
}

/* Definitions stand anew, and perhaps elsewhere, in each chunk. */
static void make_record(alike *a, uint32_t n)
{
    begin_tape(a, n);
    if (next(a) >= 0xf0 && file.chunks < CHUNKS && file.chunk_at && file.pos > MK_CHUNK_HEADER)
        mk_chunk(&file);
    bodies_used = values_used = 0;
    alike_values_begin();
    (void)mk_record_body(&file, file.next_id, 1000 + n, make_body(a, 0));
}

mk_bytes alike_log(const uint8_t *data, size_t len)
{
    alike a = { data, len, NULL, 0 };
    uint32_t records;
    mk_bytes log;

    mk_begin(&file, memory, sizeof memory);
    file.loose = 1;
    alike_elements_begin();
    records = 1 + next(&a) % RECORDS;
    definition_count = next(&a);
    events = definition_count >= 0x80;
    definition_count = events ? 4 + definition_count % 2 * 2
                              : 1 + definition_count % ALIKE_DEFINITIONS;
    for (uint32_t i = 0; i < definition_count; i++)
        make_definition(&a, i);
    for (uint32_t i = 0; i < records && file.chunks <= CHUNKS; i++)
        make_record(&a, i);
    log = mk_end(&file);
    if (file.failed)
        fprintf(stderr, "%s\n", file.failed);
    FUZZ_CHECK(log.ptr != NULL);
    return log;
}
