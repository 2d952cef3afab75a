/* tests/kit/mklog.c - tables of events -> Application logs. */
#include "mklog.h"

#include <stdio.h>
#include <string.h>

#define XMLNS "http://schemas.microsoft.com/win/2004/08/events/event"
#define CLASSIC 0x80000000000000u
enum { VSS_TASK = 28, OUTER_VALUES = 20, DATA_CRC = 52 };

void mk_log_begin(mk_log *g, uint8_t *mem, size_t cap)
{
    memset(g, 0, sizeof *g);
    mk_begin(&g->file, mem, cap);
    g->computer = "EX01";
    g->channel = "Application";
    g->provider = "MSExchangeIS";
    g->record = 1;
    g->header_id = 1;
}

/* An event with its blanks filled in. */
typedef struct full {
    const char *provider, *computer, *items[MK_LOG_STRINGS];
    size_t count;
    uint64_t time, record;
    uint16_t id, qualifiers, task;
    uint8_t level;
    const char *payload;
} full;

static void text_full(mk_log *g)
{
    if (!g->file.failed) g->file.failed = "the log's text memory is too small";
}

static char *copy(mk_log *g, char *to, size_t cap, size_t *used, const char *s, size_t n)
{
    char *p = to + *used;
    if (n >= cap - *used) {
        text_full(g);
        return NULL;
    }
    memcpy(p, s, n);
    p[n] = 0;
    *used += n + 1;
    return p;
}

static char *keep_spec(mk_log *g, const char *s)
{
    return copy(g, g->specs, MK_LOG_SPECS, &g->specs_used, s, strlen(s));
}

static void split(mk_log *g, full *e, const char *s)
{
    while (s && e->count < MK_LOG_STRINGS) {
        size_t n = strcspn(s, "|");
        const char *item = copy(g, g->scratch, MK_LOG_SCRATCH, &g->used, s, n);
        if (!item) return;
        e->items[e->count++] = item;
        s = s[n] ? s + n + 1 : NULL;
    }
}

static void fill(mk_log *g, full *e, const mk_event *from)
{
    memset(e, 0, sizeof *e);
    e->provider = from->provider ? from->provider : g->provider;
    e->computer = from->computer ? from->computer : g->computer;
    e->time = from->time ? mk_time(from->time) : 0;
    if (from->record) g->record = from->record;
    e->record = g->record++;
    e->id = (uint16_t)from->id;
    e->payload = from->payload;
    int exchange = strcmp(e->provider, "MSExchangeIS") == 0;
    e->level = from->level ? from->level : exchange && from->id % 2 ? 2 : 4;
    e->qualifiers = e->level == 2 ? 0xc000 : e->level == 3 ? 0x8000 : 0x4000;
    e->task = exchange ? VSS_TASK : 0;
    split(g, e, from->strings);
}

/* ---- templated ----------------------------------------------------------------- */

static uint32_t outer_template(mk_log *g, const full *e)
{
    char computer[600], provider[600], spec[2400];
    for (uint32_t i = 0; i < g->sources; i++)
        if (strcmp(g->source[i].provider, e->provider) == 0 &&
            strcmp(g->source[i].computer, e->computer) == 0)
            return g->source[i].tmpl;
    (void)mk_escape(computer, sizeof computer, e->computer);
    (void)mk_escape(provider, sizeof provider, e->provider);
    (void)snprintf(spec, sizeof spec,
        "<Event xmlns='" XMLNS "'><System><Provider Name='%s'/>"
        "<EventID%s>{3:u16?}</EventID><Level>{0:u8?}</Level><Task>{2:u16?}</Task>"
        "<Keywords>{5:hex64?}</Keywords><TimeCreated SystemTime='{6:time?}'/>"
        "<EventRecordID>{10:u64?}</EventRecordID><Channel>%s</Channel><Computer>%s</Computer>"
        "<Security UserID='{12:sid?}'/></System>{19:xml?}</Event>", provider,
        g->flags & MK_LOG_NO_QUALIFIERS ? "" : " Qualifiers='{4:u16?}'", g->channel, computer);
    char *kept = keep_spec(g, spec);
    if (!kept || g->sources == MK_LOG_SOURCES) return mk_template(&g->file, "<Event/>");
    g->source[g->sources].provider = e->provider;
    g->source[g->sources].computer = e->computer;
    g->source[g->sources].tmpl = mk_template(&g->file, kept);
    return g->source[g->sources++].tmpl;
}

/* The definition of EventData; as many Data as strings if they are no array. */
static uint32_t data_template(mk_log *g, const full *e)
{
    char spec[64 * MK_LOG_STRINGS], *s = spec;
    const char *binary = g->flags & MK_LOG_NO_BINARY ? "" : "<Binary>{%u:bin?}</Binary>";
    if (!(g->flags & MK_LOG_NO_ARRAY))
        return mk_template(&g->file, *binary
            ? "<EventData><Data>{0:str[]?}</Data><Binary>{2:bin?}</Binary></EventData>"
            : "<EventData><Data>{0:str[]?}</Data></EventData>");
    s += sprintf(s, "<EventData>");
    for (unsigned i = 0; i < e->count; i++) s += sprintf(s, "<Data>{%u:str}</Data>", i);
    if (*binary) s += sprintf(s, "<Binary>{%u:bin?}</Binary>", (unsigned)e->count + 1);
    s += sprintf(s, "</EventData>");
    for (uint32_t i = 0; i < g->file.templates; i++)
        if (strcmp(g->file.tmpl[i].spec, spec) == 0) return i;
    char *kept = keep_spec(g, spec);
    return mk_template(&g->file, kept ? kept : "<EventData/>");
}

static size_t data_values(const mk_log *g, const full *e, mk_value *v)
{
    size_t n = 0, bytes = e->payload ? strlen(e->payload) + 1 : 0;
    if (!(g->flags & MK_LOG_NO_ARRAY)) v[n++] = e->count ? mk_strs(e->items, e->count) : mk_null();
    else for (; n < e->count; n++) v[n] = mk_str(e->items[n]);
    v[n++] = mk_u32((uint32_t)bytes);
    v[n++] = bytes ? mk_bin(e->payload, bytes) : mk_null();
    return n;
}

static size_t put_templated(mk_log *g, const full *e, uint64_t id, uint64_t written)
{
    int live = (g->flags & MK_LOG_LIVE) != 0;
    mk_value data[MK_LOG_STRINGS + 2], v[OUTER_VALUES];
    size_t count = data_values(g, e, data);
    uint32_t outer = outer_template(g, e);
    mk_body nested = mk_nested(data_template(g, e), data, count);
    if (live) nested.flags |= MK_BARE;
    for (size_t i = 0; i < OUTER_VALUES; i++) v[i] = mk_null();
    v[0] = mk_u8(e->level);
    v[1] = mk_u8(0);
    v[2] = mk_u16(e->task);
    v[3] = mk_u16(e->id);
    v[4] = e->qualifiers ? mk_u16(e->qualifiers) : mk_null();
    v[5] = mk_hex64(CLASSIC);
    if (e->time) v[6] = mk_filetime(e->time);
    if (live) v[7] = mk_null_sized(16);
    v[8] = mk_u32(0);
    v[9] = mk_u32(0);
    v[10] = mk_u64(e->record);
    v[11] = mk_u8(0);
    v[19] = mk_xml(&nested);
    return mk_record(&g->file, id, written, outer, v, OUTER_VALUES);
}

/* ---- forwarded -------------------------------------------------------------------- */

/* Appends to a spec that grows in the log's scratch; *at moves. */
static void add(mk_log *g, size_t *at, const char *before, const char *text, const char *after)
{
    char *p = g->scratch;
    size_t need = strlen(before) + 6 * strlen(text) + strlen(after) + 1;
    if (need > MK_LOG_SCRATCH - *at) {
        text_full(g);
        return;
    }
    *at += (size_t)sprintf(p + *at, "%s", before);
    *at += mk_escape(p + *at, MK_LOG_SCRATCH - *at, text);
    *at += (size_t)sprintf(p + *at, "%s", after);
}

static void add_system(mk_log *g, size_t *at, const full *e)
{
    char s[120];
    add(g, at, "<Event xmlns='" XMLNS "'><System><Provider Name='", e->provider, "'/>");
    if (e->qualifiers && !(g->flags & MK_LOG_NO_QUALIFIERS))
        (void)sprintf(s, "<EventID Qualifiers='%u'>%u</EventID>", e->qualifiers, e->id);
    else (void)sprintf(s, "<EventID>%u</EventID>", e->id);
    add(g, at, s, "", "");
    (void)sprintf(s, "<Level>%u</Level><Task>%u</Task>", e->level, e->task);
    add(g, at, s, "", "<Keywords>0x80000000000000</Keywords>");
    if (e->time) {
        mk_iso(e->time, 9, s);
        add(g, at, "<TimeCreated SystemTime='", s, "'/>");
    }
    (void)sprintf(s, "%llu", (unsigned long long)e->record);
    add(g, at, "<EventRecordID>", s, "</EventRecordID>");
    add(g, at, "<Channel>", g->channel, "</Channel>");
    add(g, at, "<Computer>", e->computer, "</Computer><Security/></System>");
}

static void add_data(mk_log *g, size_t *at, const full *e)
{
    char hex[3];
    add(g, at, "<EventData>", "", "");
    for (size_t i = 0; i < e->count; i++) add(g, at, "<Data>", e->items[i], "</Data>");
    if (e->payload && !(g->flags & MK_LOG_NO_BINARY)) {
        add(g, at, "<Binary>", "", "");
        for (size_t i = 0; i <= strlen(e->payload); i++) {
            (void)sprintf(hex, "%02X", (unsigned)(uint8_t)e->payload[i]);
            add(g, at, "", hex, "");
        }
        add(g, at, "</Binary>", "", "");
    }
    add(g, at, "</EventData>", "", "");
}

static size_t put_forwarded(mk_log *g, const full *e, uint64_t id, uint64_t written)
{
    size_t begin = g->used, at = begin;
    const char *level = e->level == 2 ? "Error" : e->level == 3 ? "Warning" : "Information";
    add_system(g, &at, e);
    add_data(g, &at, e);
    add(g, &at, "<RenderingInfo Culture='en-US'><Message>", "Forwarded event.", "</Message>");
    add(g, &at, "<Level>", level, "</Level>");
    add(g, &at, "<Task>", e->task ? "Exchange VSS Writer" : "None", "</Task><Opcode></Opcode>");
    add(g, &at, "<Channel></Channel><Provider></Provider>", "",
        "<Keywords><Keyword>Classic</Keyword></Keywords></RenderingInfo></Event>");
    return g->file.failed ? 0 : mk_record_plain(&g->file, id, written, g->scratch + begin);
}

/* ---- legacy ----------------------------------------------------------------------- */

static void put_legacy(mk_log *g, const full *e)
{
    mk_evt_event x;
    memset(&x, 0, sizeof x);
    x.number = (uint32_t)e->record;
    x.time = e->time ? (uint32_t)(e->time / 10000000u - 11644473600u) : 0;
    x.id = (uint32_t)(g->flags & MK_LOG_NO_QUALIFIERS ? 0 : e->qualifiers) << 16 | e->id;
    x.type = e->level == 2 ? 1 : e->level == 3 ? 2 : 4;
    x.category = e->task;
    x.source = e->provider;
    x.computer = e->computer;
    x.items = e->items;
    x.item_count = (uint16_t)e->count;
    if (e->payload && !(g->flags & MK_LOG_NO_BINARY)) {
        x.data = e->payload;
        x.data_len = (uint32_t)strlen(e->payload) + 1;
    }
    (void)mk_evt_record(g->evt, &x);
}

/* ---- both --------------------------------------------------------------------------- */

static void set_header_time(mk_log *g, uint64_t time)
{
    uint8_t *p = g->file.mem + g->last + 16;
    for (int i = 0; i < 8; i++) p[i] = (uint8_t)(time >> (8 * i));
}

size_t mk_log_event(mk_log *g, const mk_event *from)
{
    full e;
    int renumber = g->flags & (MK_LOG_EXPORT | MK_LOG_FORWARDED);
    if (!g->file.chunk_at && g->flags & MK_LOG_LIVE) {
        g->file.flags |= 1;
        g->file.padding = 0x2a;
    }
    if (g->file.failed) return 0;
    g->used = 0;
    fill(g, &e, from);
    if (g->evt) put_legacy(g, &e);
    /* An old export: each header holds the time of the event that came next, the last one none. */
    if (g->flags & MK_LOG_EXPORT && g->last) set_header_time(g, e.time);
    uint64_t id = renumber ? g->header_id++ : e.record;
    uint64_t written = g->flags & MK_LOG_EXPORT ? 0 : e.time;
    g->last = g->flags & MK_LOG_FORWARDED ? put_forwarded(g, &e, id, written)
                                          : put_templated(g, &e, id, written);
    return g->last;
}

void mk_log_events(mk_log *g, const mk_event *e, size_t n)
{
    for (size_t i = 0; i < n; i++) (void)mk_log_event(g, &e[i]);
}

size_t mk_log_note(mk_log *g, const char *time, const char *provider, uint32_t id,
                   const char *strings)
{
    mk_event e = { time, id, strings, NULL, 0, NULL, provider, 0 };
    return mk_log_event(g, &e);
}

void mk_log_lose_last(mk_log *g, int sealed)
{
    if (g->file.failed || !g->last) return;
    if (g->evt) mk_evt_lose_last(g->evt);
    uint8_t *r = g->file.mem + g->last;
    uint32_t size = r[4] | (uint32_t)r[5] << 8;
    /* Bytes that look like nothing: no signature, no size, no token. */
    memset(r, 0xcc, size);
    if (!sealed) mk_poke_int(&g->file, g->file.chunk_at + DATA_CRC, 0x0badc0de, 4);
}

mk_bytes mk_log_end(mk_log *g) { return mk_end(&g->file); }
