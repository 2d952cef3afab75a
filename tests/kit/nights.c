/* tests/kit/nights.c - the words of the stories: a night of backup, a day of noise */
#include "scenes.h"

#include <stdio.h>
#include <string.h>

enum { SECOND = 10000000 };

typedef struct phase {
    char letter;
    uint16_t id, after;          /* seconds after the night's begin */
    const char *code, *payload;
} phase;

static const phase phases[] = {
    { 'B', 9604, 0, NULL, NULL },
    { 'I', 9614, 90, NULL, "Abort ignored." },
    { 'P', 9606, 120, NULL, "Volume snap occurring." },
    { 'X', 9607, 120, "0x50d", "Backup in progress." },
    { 'O', 9607, 120, "0xfffff6a0", "Invalid snapshot state." },
    { 'G', 9840, 120, "First Storage Group", NULL },
    { 'S', 9608, 150, NULL, NULL },
    { 'N', 9608, 150, NULL, "No Exchange components involved in the volume snap." },
    { 'F', 9610, 160, NULL, NULL },
    { 'f', 9611, 160, "0xfffff69d", NULL },
    { '?', 9608, 161, NULL, NULL },
    { 'T', 9612, 163, NULL, NULL },
    { 'A', 9614, 300, NULL, NULL },
    { 'D', 9648, 2398, NULL, NULL },
    { 'C', 9616, 2400, NULL, NULL },
};

static void event_at(mk_log *g, const char *begin, uint32_t seconds, mk_event e)
{
    char time[40];
    mk_iso(mk_time(begin) + (uint64_t)seconds * SECOND, 7, time);
    e.time = time;
    (void)mk_log_event(g, &e);
}

static void agent(mk_log *g, const char *begin, uint32_t seconds, uint32_t id, const char *text)
{
    mk_event e = { NULL, id, text, NULL, 0, NULL, "BackupAgent", 0 };
    event_at(g, begin, seconds, e);
}

void kit_night_of(mk_log *g, const char *begin, const char *word, const char *instance)
{
    char strings[160];
    uint32_t clock = 0;          /* a letter never goes back in time: the word is the order */
    for (; *word; word++) {
        if (*word == 'a') {
            agent(g, begin, 5, 57001, "Nightly|Job started|\\\\?\\Volume{c1}");
            agent(g, begin, 20, 57001, "Nightly|Snapshot set requested|2 volumes");
            agent(g, begin, 65, 57001, "Nightly|Waiting for writers|");
        }
        if (*word == 'z') agent(g, begin, 2460, 57002, "Nightly|Job ended|0");
        for (size_t i = 0; i < sizeof phases / sizeof phases[0]; i++) {
            const phase *p = &phases[i];
            if (p->letter != *word) continue;
            (void)snprintf(strings, sizeof strings, "%s%s%s", instance ? instance : "",
                           instance && p->code ? "|" : "", p->code ? p->code : "");
            mk_event e = { NULL, p->id, *strings ? strings : NULL, p->payload, 0, NULL, NULL,
                           p->id == 9840 ? 2 : 0 };
            clock = p->after > clock ? p->after : clock + 1;
            event_at(g, begin, *word == 'B' ? 0 : clock, e);
        }
        if (*word == '?') mk_log_lose_last(g, 0);
    }
}

void kit_night(mk_log *g, const char *begin, const char *word)
{
    kit_night_of(g, begin, word, NULL);
}

void kit_restart(mk_log *g, const char *time)
{
    mk_event e = { NULL, 9600, NULL, NULL, 0, NULL, NULL, 0 };
    (void)mk_log_note(g, time, "MSExchangeIS Mailbox Store", 1000, "First Storage Group");
    event_at(g, time, 4, e);
}

void kit_day(mk_log *g, const char *begin, uint32_t count)
{
    static const mk_event said[] = {
        { NULL, 1704, NULL, NULL, 0, NULL, "SceCli", 0 },
        { NULL, 1221, "125|First Storage Group\\Mailbox Store", NULL, 0, NULL,
          "MSExchangeIS Mailbox Store", 0 },
        { NULL, 7036, "Volume Shadow Copy|running", NULL, 0, NULL, "Service Control Manager", 0 },
        { NULL, 700, "Information Store|1832|First Storage Group: ", NULL, 0, NULL, "ESE", 0 },
        { NULL, 2080, "MAD.EXE|2204", "status\x7f", 0, NULL, "MSExchangeDSAccess", 0 },
        { NULL, 9607, "probe 4|ok", NULL, 0, NULL, "QueueMonitor", 0 },
        { NULL, 8224, "", NULL, 0, NULL, "VSS", 0 },
        { NULL, 1022, "a < b & \"c\"", NULL, 0, NULL, "MSExchangeIS Public Store", 3 },
    };
    for (uint32_t i = 0; i < count; i++)
        event_at(g, begin, i * 1020, said[i % (sizeof said / sizeof said[0])]);
}
