/* src/cli/report_near.c - who else logged when a session began that left the flag set */
#include "report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * The writer's events do not name the backup program; whoever logged beside them may. A file is
 * read again, only where a session began. Standard input cannot be, and a legacy log is not: while
 * it is read, the last RECENT records of others are kept, and whenever a session may be beginning,
 * those near it are put aside, until so many are there that the oldest must go.
 */

enum {
    NEAR_MAX = 256,                  /* sessions looked up, the latest ones                    */
    RECENT = 4096,
    ENTRIES_MAX = 1 << 18,
    BEGINNINGS = 32,                 /* latest beginnings that records still come near to      */
    NAMES_MAX = 65536
};

#define NEAR_TICKS (5 * 60 * 10000000ull)

static report_entry recent[RECENT];
static size_t recent_count;
static uint64_t beginnings[BEGINNINGS];
static size_t beginning_count;

/* What stands beside any backup, or any hour. Compared from the name's beginning. */
static const char *const usual[] = {
    "Application Error", "Application Hang", "COM+", "ESE", "EventLog", "EventSystem",
    "LoadPerf", "MSDTC", "MSExchange", "Microsoft-Windows-", "MsiInstaller", "Perf", "SceCli",
    "SecurityCenter", "Service Control Manager", "Tcpip", "Userenv", "VSS", "W32Time", "WinMgmt",
    "Windows Error Reporting", "Winlogon", "crypt32", "usnjrnl", "volsnap", NULL
};

/* What begins so, and is a backup program all the same. */
static const char *const programs[] = { "Microsoft-Windows-Backup", NULL };

static bool begins_with(const char *name, size_t len, const char *const *list)
{
    for (; *list; list++) {
        size_t n = strlen(*list), i = 0;
        while (i < n && i < len && ((name[i] ^ (*list)[i]) & ~0x20) == 0)
            i++;
        if (i == n)
            return true;
    }
    return false;
}

/* ---- entries --------------------------------------------------------------------------------- */

static bool make_entry(report *r, const evx_fields *f, uint32_t computer, report_entry *e)
{
    const uint32_t needed = EVX_HAS_PROVIDER | EVX_HAS_TIME | EVX_HAS_EVENT_ID;

    if ((f->present & needed) != needed || evx_text_view_is(&f->provider, "MSExchangeIS"))
        return false;
    e->time = f->time;
    e->record_id = f->present & EVX_HAS_RECORD_ID ? f->record_id : f->header_id;
    e->computer = computer;
    e->provider = report_number(&r->providers, &f->provider, NAMES_MAX);
    e->event_id = f->event_id & 0xffff;
    return e->provider != REPORT_NO_NAME;
}

static void keep(report *r, const report_entry *e)
{
    if (r->entry_count == ENTRIES_MAX) {
        r->entry_count /= 2;
        memmove(r->entries, r->entries + r->entry_count, r->entry_count * sizeof *e);
    }
    r->entries = report_more(r->entries, r->entry_count, &r->entry_cap, sizeof *r->entries);
    r->entries[r->entry_count++] = *e;
}

void report_enter(report *r, const evx_fields *f, uint32_t computer)
{
    report_entry e;

    if (make_entry(r, f, computer, &e))
        keep(r, &e);
}

/* ---- standard input -------------------------------------------------------------------------- */

static bool is_near(uint64_t a, uint64_t b)
{
    return a > b ? a - b <= NEAR_TICKS : b - a <= NEAR_TICKS;
}

/* A session may be beginning: who logged before it? What is too old for it is too old for those
 * that begin later on this computer. */
static void begin_at(report *r, uint64_t time, uint32_t computer)
{
    size_t count = recent_count < RECENT ? recent_count : RECENT, left = 0;

    beginnings[beginning_count++ % BEGINNINGS] = time;
    for (size_t i = 0; i < count; i++) {
        report_entry *e = &recent[(recent_count - count + i) % RECENT];
        bool near = is_near(e->time, time);
        if (near)
            keep(r, e);
        if (near || (e->computer == computer && e->time < time))
            e->time = UINT64_MAX;    /* once is enough */
        left += e->time != UINT64_MAX;
    }
    if (left == 0)
        recent_count = 0;
}

/* Any phase may: of a session that began before the log, a later one is the first (R7). */
static bool may_begin(const evx_fields *f)
{
    uint32_t id = f->event_id & 0xffff;

    return evx_text_view_is(&f->provider, "MSExchangeIS") && (f->present & EVX_HAS_TIME)
        && ((id >= 9604 && id <= 9619) || id == 9648 || id == 9649);
}

void report_remember(report *r, const evx_fields *f, uint32_t computer)
{
    size_t count = beginning_count < BEGINNINGS ? beginning_count : BEGINNINGS;
    report_entry e;

    if (may_begin(f))
        begin_at(r, f->time, computer);
    if (!make_entry(r, f, computer, &e))
        return;
    for (size_t i = 0; i < count; i++)
        if (is_near(beginnings[i], e.time)) {
            keep(r, &e);
            return;
        }
    recent[recent_count++ % RECENT] = e;
}

/* ---- who was near ---------------------------------------------------------------------------- */

static int by_time(const void *a, const void *b)
{
    const report_entry *x = a, *y = b;

    if (x->computer != y->computer)
        return x->computer < y->computer ? -1 : 1;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    if (x->record_id != y->record_id)
        return x->record_id < y->record_id ? -1 : 1;
    if (x->provider != y->provider)
        return x->provider < y->provider ? -1 : 1;
    return (x->event_id > y->event_id) - (x->event_id < y->event_id);
}

/* Archives overlap, and the same file may be given twice. */
static void sort_entries(report *r)
{
    size_t left = 0;

    if (r->entry_count > 0)
        qsort(r->entries, r->entry_count, sizeof *r->entries, by_time);
    for (size_t i = 0; i < r->entry_count; i++)
        if (left == 0 || by_time(&r->entries[left - 1], &r->entries[i]) != 0)
            r->entries[left++] = r->entries[i];
    r->entry_count = left;
}

static void count_id(report_provider *p, uint32_t id)
{
    uint32_t i = 0;

    while (i < p->ids && p->event_ids[i] < id)
        i++;
    if (i < p->ids && p->event_ids[i] == id)
        return;
    if (p->ids == REPORT_IDS_MAX) {
        p->more = true;
        return;
    }
    memmove(&p->event_ids[i + 1], &p->event_ids[i], (p->ids - i) * sizeof p->event_ids[0]);
    p->event_ids[i] = id;
    p->ids++;
}

static void count_entry(const report *r, report_near *n, const report_entry *e)
{
    report_provider *p = n->provider;
    const char *name;
    size_t i = 0, len;

    while (i < n->providers && p[i].provider != e->provider)
        i++;
    if (i == REPORT_NEAR_MAX)
        return;
    if (i == n->providers) {
        memset(&p[n->providers++], 0, sizeof *p);
        p[i].provider = e->provider;
        name = report_text_of(&r->providers, e->provider, &len);
        p[i].usual = begins_with(name, len, usual) && !begins_with(name, len, programs);
    }
    p[i].events++;
    count_id(&p[i], e->event_id);
}

static const report_names *names;     /* for qsort, which hands nothing on                      */

static int by_name(uint32_t a, uint32_t b)
{
    size_t len_a, len_b;
    const char *x = report_text_of(names, a, &len_a), *y = report_text_of(names, b, &len_b);
    int d = memcmp(x, y, len_a < len_b ? len_a : len_b);

    return d != 0 ? d : (len_a > len_b) - (len_a < len_b);
}

/* Ties by name: the same records give the same report, in whatever files they stand. */
static int by_rank(const void *a, const void *b)
{
    const report_provider *x = a, *y = b;

    if (x->usual != y->usual)
        return x->usual ? 1 : -1;
    if (x->events != y->events)
        return x->events > y->events ? -1 : 1;
    return by_name(x->provider, y->provider);
}

static void count_near(const report *r, report_near *n)
{
    report_entry from = { n->from, 0, r->out.sessions[n->session].computer, 0, 0 };
    size_t low = 0, high = r->entry_count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (by_time(&r->entries[mid], &from) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    for (; low < r->entry_count && r->entries[low].computer == from.computer
           && r->entries[low].time <= n->to; low++)
        count_entry(r, n, &r->entries[low]);
    names = &r->providers;
    qsort(n->provider, n->providers, sizeof n->provider[0], by_rank);
}

/* ---- the sessions ---------------------------------------------------------------------------- */

static void choose(report *r)
{
    r->nears = report_zeroed(NEAR_MAX, sizeof *r->nears);
    for (size_t i = r->out.session_count; i-- > 0 && r->near_count < NEAR_MAX; ) {
        const evx_vss_session *s = &r->out.sessions[i];
        uint64_t begin = s->begin != 0 ? s->begin : s->since;
        if (!report_left_set(s) || begin == 0 || r->place[i] < 0
            || !report_shows_computer(r, s->computer))
            continue;
        r->nears[r->near_count].session = (int32_t)i;
        r->nears[r->near_count].from = begin > NEAR_TICKS ? begin - NEAR_TICKS : 1;
        r->nears[r->near_count++].to = begin + NEAR_TICKS;
    }
}

void report_find_near(report *r)
{
    choose(r);
    if (r->near_count == 0)
        return;
    for (size_t i = 0; i < r->file_count; i++)
        if (!r->files[i].error && !r->files[i].legacy && strcmp(r->files[i].path, "-") != 0)
            report_read_window(r, &r->files[i]);
    sort_entries(r);
    for (size_t i = 0; i < r->near_count; i++)
        count_near(r, &r->nears[i]);
}

const report_near *report_near_of(const report *r, int32_t session)
{
    for (size_t i = 0; i < r->near_count; i++)
        if (r->nears[i].session == session)
            return &r->nears[i];
    return NULL;
}
