/* src/select/filter.c - ids, names, level, time, record ids -> keep or skip, before any text */
#include "base/utf.h"
#include "kern/kern.h"
#include "select/select.h"

bool evxi_is_ascii(const char *s)
{
    for (; *s; s++)
        if ((uint8_t)*s >= 0x80)
            return false;
    return true;
}

static bool is_markup(char c)
{
    return c == '&' || c == '<' || c == '>' || c == '"' || c == '\'';
}

/* The longest stretch of a name that literal text holds in one piece: characters of markup may be
 * entities of their own there. */
static size_t longest_run(const char *name, size_t len, const char **run)
{
    size_t best = 0, at = 0;

    for (size_t i = 0; i <= len; i++)
        if (i == len || is_markup(name[i])) {
            if (i - at > best) {
                best = i - at;
                *run = name + at;
            }
            at = i + 1;
        }
    return best;
}

evx_status evx_filter_chunk(const evx_filter *q, const evx_kernels *k, const evx_chunk *c)
{
    size_t n = q->provider ? evxi_length(q->provider) : 0;
    const char *run = q->provider;

    if (n == 0 || (q->exclude & EVX_FILTER_PROVIDER) || !evxi_is_ascii(q->provider))
        return EVX_OK;
    n = longest_run(q->provider, n, &run);
    if (!k)
        k = &evxi_kernels_portable;
    return n < 2 || k->holds(c->base, c->len, run, n) ? EVX_OK : EVX_SKIP;
}

static bool id_listed(const evx_filter *q, const evx_fields *f)
{
    for (size_t i = 0; i < q->event_id_count; i++)
        if ((q->event_ids[i] & 0xffff) == (f->event_id & 0xffff))
            return (f->present & EVX_HAS_EVENT_ID) != 0;
    return false;
}

static bool text_is(const evx_text_view *v, const char *wanted, uint32_t has)
{
    return has != 0 && evx_text_view_is(v, wanted);
}

/* A condition that was asked for: it must hold, or, excluded, must not. */
static bool passes(const evx_filter *q, uint32_t bit, bool asked, bool holds)
{
    return !asked || holds == !(q->exclude & bit);
}

static bool in_time(const evx_filter *q, const evx_fields *f)
{
    return (f->present & EVX_HAS_TIME) && f->time >= q->since
        && (q->until == 0 || f->time < q->until);
}

static bool in_ids(const evx_filter *q, const evx_fields *f)
{
    return (f->present & EVX_HAS_RECORD_ID) && f->record_id >= q->first_id
        && (q->last_id == 0 || f->record_id <= q->last_id);
}

static bool in_levels(const evx_filter *q, const evx_fields *f)
{
    return (f->present & EVX_HAS_LEVEL) && f->level < 32 && (q->levels >> f->level & 1);
}

evx_status evx_filter_fields(const evx_filter *q, const evx_fields *f)
{
    uint32_t has = f->present;
    bool keep = passes(q, EVX_FILTER_EVENT_ID, q->event_id_count != 0, id_listed(q, f))
        && passes(q, EVX_FILTER_RECORD_ID, q->first_id || q->last_id, in_ids(q, f))
        && passes(q, EVX_FILTER_TIME, q->since || q->until, in_time(q, f))
        && passes(q, EVX_FILTER_LEVEL, q->levels != 0, in_levels(q, f))
        && passes(q, EVX_FILTER_PROVIDER, q->provider != NULL,
                  q->provider && text_is(&f->provider, q->provider, has & EVX_HAS_PROVIDER))
        && passes(q, EVX_FILTER_CHANNEL, q->channel != NULL,
                  q->channel && text_is(&f->channel, q->channel, has & EVX_HAS_CHANNEL))
        && passes(q, EVX_FILTER_COMPUTER, q->computer != NULL,
                  q->computer && text_is(&f->computer, q->computer, has & EVX_HAS_COMPUTER));

    return keep ? EVX_OK : EVX_SKIP;
}

/* The fields that decide. */
static uint32_t wanted_by(const evx_filter *q)
{
    uint32_t wanted = 0;

    if (q->event_id_count != 0)
        wanted |= 1u << FIELD_EVENT_ID;
    if (q->first_id || q->last_id)
        wanted |= 1u << FIELD_RECORD_ID;
    if (q->since || q->until)
        wanted |= 1u << FIELD_TIME;
    if (q->levels)
        wanted |= 1u << FIELD_LEVEL;
    if (q->provider)
        wanted |= 1u << FIELD_PROVIDER;
    if (q->channel)
        wanted |= 1u << FIELD_CHANNEL;
    if (q->computer)
        wanted |= 1u << FIELD_COMPUTER;
    return wanted;
}

evx_status evx_filter_record(const evx_filter *q, evx_reader *t, const evx_chunk *c,
                             const evx_record *r)
{
    evx_status st = evxi_fields_some(t, c, r, t->fields, wanted_by(q));

    return st < 0 ? st : evx_filter_fields(q, t->fields);
}
