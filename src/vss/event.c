/* src/vss/event.c - fields -> VSS event, by the table */
#include "vss/event_table.h"
#include "vss/vss.h"

typedef struct row {
    uint16_t id;
    uint8_t phase, outcome;
    bool tracked;
} row;

#define ROW(id, phase, outcome, tracked) { id, EVX_VSS_##phase, EVX_VSS_##outcome, tracked },

static const row rows[] = { EVXI_VSS_EVENTS(ROW) };

_Static_assert(EVX_FIELDS_MAX <= UINT8_MAX, "code_at holds the index of any string kept");

enum {
    WORD_MAX = 96,                   /* a GUID or a code is shorter, whatever surrounds it     */
    PAYLOAD_KEPT = 64,               /* bytes of text[] that long strings leave to a payload   */
    BACKUP_IN_PROGRESS = 0x50d
};

static const row *find(uint32_t id)
{
    for (size_t i = 0; i < EVXI_COUNTOF(rows); i++)
        if (rows[i].id == (id & 0xffff))
            return &rows[i];
    return NULL;
}

bool evx_vss_tracked(const evx_vss_event *e)
{
    const row *r = find(e->event_id);

    return r && r->tracked;
}

/* FNV-1a */
static uint32_t digest_of(const uint8_t *bytes, size_t len)
{
    uint32_t h = 0x811c9dc5u;

    for (size_t i = 0; i < len; i++)
        h = (h ^ bytes[i]) * 0x01000193u;
    return h;
}

/* ---- insertion strings ---------------------------------------------------------------------- */

/*
 * A string as UTF-8, as much as fits, cut at a character; *whole is what all of it takes. What is
 * no text is empty. Text holds no NUL, so zeros show where a cut one ends.
 */
static size_t string_at(const evx_fields *f, uint32_t i, uint8_t *out, size_t cap, size_t *whole)
{
    evx_text_view view;

    *whole = 0;
    if (evx_fields_string(f, i, &view) != EVX_OK)
        return 0;
    memset(out, 0, cap);
    *whole = evx_text_view_utf8(&view, out, cap);
    if (*whole <= cap)
        return *whole;
    while (cap > 0 && out[cap - 1] == 0)
        cap--;
    return cap;
}

static void keep_strings(const evx_fields *f, evx_vss_event *e, size_t room)
{
    size_t used = 0, whole, len;
    uint32_t i;

    for (i = 0; i < f->data_count && used < room; i++) {
        len = string_at(f, i, e->text + used, room - used - 1, &whole);
        if (len < whole)
            e->flags |= EVX_VSS_TRUNCATED;
        used += len;
        e->text[used++] = 0;
    }
    if (i < f->data_total)
        e->flags |= EVX_VSS_TRUNCATED;
    e->strings_len = (uint16_t)used;
}

/* An item that is a number, not its text. */
static bool number_at(const evx_fields *f, uint32_t i, int32_t *out)
{
    uint64_t n;

    if (i >= f->data_count || evx_value_u64(&f->data[i], &n) != EVX_OK
        || (n > UINT32_MAX && n < 0u - (uint64_t)0x80000000u))
        return false;
    *out = evxi_vss_signed((uint32_t)n);
    return true;
}

static bool read_code(const evx_fields *f, uint32_t i, evx_vss_event *e)
{
    uint8_t word[WORD_MAX];
    size_t whole, len = string_at(f, i, word, sizeof word, &whole);

    if (len < whole || (!evxi_vss_code(word, len, &e->error) && !number_at(f, i, &e->error)))
        return false;
    e->flags |= EVX_VSS_HAS_ERROR;
    return true;
}

/*
 * The instance, if a GUID begins the first string; the code behind it, if the phase failed. 9840
 * names a storage group in between.
 */
static void read_strings(const evx_fields *f, evx_vss_event *e)
{
    uint8_t word[WORD_MAX];
    size_t whole, len = string_at(f, 0, word, sizeof word, &whole);
    uint32_t i = 0;

    if (evxi_vss_guid(word, len, &e->instance)) {
        e->flags |= EVX_VSS_HAS_INSTANCE;
        i = 1;
    } else
        memset(&e->instance, 0, sizeof e->instance);
    if (e->outcome != EVX_VSS_FAILED && e->outcome != EVX_VSS_BLOCKED)
        return;
    while (!read_code(f, i, e) && e->phase == EVX_VSS_BUSY && i + 1 < f->data_count)
        i++;
    e->code_at = (uint8_t)i;
}

/* ---- payload -------------------------------------------------------------------------------- */

/* R4: a refusal is a block if the payload says so, or if it says nothing and the code does. */
static uint8_t prepare_outcome(const evx_vss_event *e, const evx_bytes *payload)
{
    if (evxi_vss_says(payload->ptr, payload->len, "Backup in progress"))
        return EVX_VSS_BLOCKED;
    if (evxi_vss_says(payload->ptr, payload->len, "") && (e->flags & EVX_VSS_HAS_ERROR)
        && e->error == BACKUP_IN_PROGRESS)
        return EVX_VSS_BLOCKED;
    return EVX_VSS_FAILED;
}

static void read_payload(const evx_fields *f, evx_vss_event *e)
{
    evx_bytes p = { (const uint8_t *)"", 0 };

    if (f->present & EVX_HAS_PAYLOAD)
        p = f->payload.raw;
    if (p.len > 0)
        e->flags |= EVX_VSS_HAS_PAYLOAD;
    e->digest = digest_of(p.ptr, evxi_vss_saying(p.ptr, p.len));
    if (e->phase == EVX_VSS_PREPARE && e->outcome == EVX_VSS_FAILED)
        e->outcome = prepare_outcome(e, &p);
    else if (e->phase == EVX_VSS_ABORT && e->outcome == EVX_VSS_SUCCEEDED
             && evxi_vss_says(p.ptr, p.len, "Abort ignored"))
        e->outcome = EVX_VSS_IGNORED;
}

/* Keep what the report prints: strings, then as much of the payload as there is room for. */
static void keep_text(const evx_fields *f, evx_vss_event *e)
{
    evx_bytes p = { NULL, 0 };
    size_t room;

    if (f->present & EVX_HAS_PAYLOAD)
        p = f->payload.raw;
    room = sizeof e->text - (p.len < PAYLOAD_KEPT ? p.len : PAYLOAD_KEPT);
    keep_strings(f, e, room);
    room = sizeof e->text - e->strings_len;
    if (p.len > room)
        e->flags |= EVX_VSS_TRUNCATED;
    e->payload_len = (uint16_t)(p.len < room ? p.len : room);
    if (e->payload_len > 0)
        memcpy(e->text + e->strings_len, p.ptr, e->payload_len);
}

/* ---- the event ------------------------------------------------------------------------------ */

/* Channels are compared by digest, ASCII case ignored. */
static void read_channel(const evx_fields *f, evx_vss_event *e)
{
    uint8_t name[WORD_MAX];
    size_t len;

    if (!(f->present & EVX_HAS_CHANNEL))
        return;
    len = evx_text_view_utf8(&f->channel, name, sizeof name);
    if (len == 0)
        return;
    if (len > sizeof name)           /* cut at a character: one takes four bytes at most       */
        len = sizeof name - 3;
    for (size_t i = 0; i < len; i++)
        if (name[i] >= 'A' && name[i] <= 'Z')
            name[i] |= 0x20;
    e->channel = digest_of(name, len);
    e->flags |= EVX_VSS_HAS_CHANNEL;
}

static void read_system(const evx_fields *f, evx_vss_event *e)
{
    if ((f->present & EVX_HAS_TIME) && f->time != 0) {
        e->time = f->time;
        e->flags |= EVX_VSS_HAS_TIME;
    }
    if (f->present & EVX_HAS_RECORD_ID) {
        e->record_id = f->record_id;
        e->flags |= EVX_VSS_HAS_RECORD_ID;
    }
    read_channel(f, e);
}

evx_status evx_vss_event_read(const evx_fields *f, evx_vss_event *out)
{
    const uint32_t needed = EVX_HAS_PROVIDER | EVX_HAS_EVENT_ID;
    const row *r;

    if ((f->present & needed) != needed || !evx_text_view_is(&f->provider, "MSExchangeIS"))
        return EVX_SKIP;
    r = find(f->event_id);
    if (!r)
        return EVX_SKIP;
    memset(out, 0, sizeof *out);
    out->session = -1;
    out->event_id = r->id;
    out->phase = r->phase;
    out->outcome = r->outcome;
    read_system(f, out);
    read_strings(f, out);
    read_payload(f, out);
    keep_text(f, out);
    return EVX_OK;
}
