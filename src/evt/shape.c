/* src/evt/shape.c - the XML of all legacy records, as a template definition */
#include "base/utf.h"
#include "evt/image.h"

/* What the parts of an element are. One that has attributes has one. */
enum { LAST, OPEN, OPEN_LIST, ATTRIBUTE, LITERAL, CHANNEL, VALUE, OPTIONAL, BODY, BARE, END };

typedef struct part {
    uint8_t kind;
    uint8_t index, type;             /* of a value; of OPEN: the value it depends on, plus 1   */
    const char *word;                /* a name, or literal text                                */
} part;

static const part parts[] = {
    { OPEN_LIST, 0, 0, "Event" }, { ATTRIBUTE, 0, 0, "xmlns" },
    { LITERAL, 0, 0, "http://schemas.microsoft.com/win/2004/08/events/event" }, { BODY, 0, 0, "" },
    { OPEN, 0, 0, "System" }, { BODY, 0, 0, "" },
    { OPEN_LIST, 0, 0, "Provider" }, { ATTRIBUTE, 0, 0, "Name" }, { VALUE, V_SOURCE, T_STRING, "" },
    { BARE, 0, 0, "" },
    { OPEN_LIST, 0, 0, "EventID" }, { ATTRIBUTE, 0, 0, "Qualifiers" },
    { OPTIONAL, V_QUALIFIERS, T_UINT16, "" }, { BODY, 0, 0, "" },
    { OPTIONAL, V_EVENT, T_UINT16, "" }, { END, 0, 0, "" },
    { OPEN, 0, 0, "Level" }, { BODY, 0, 0, "" }, { OPTIONAL, V_LEVEL, T_UINT8, "" },
    { END, 0, 0, "" },
    { OPEN, 0, 0, "Task" }, { BODY, 0, 0, "" }, { OPTIONAL, V_TASK, T_UINT16, "" },
    { END, 0, 0, "" },
    { OPEN, 0, 0, "Keywords" }, { BODY, 0, 0, "" }, { OPTIONAL, V_KEYWORDS, T_HEX64, "" },
    { END, 0, 0, "" },
    { OPEN_LIST, 0, 0, "TimeCreated" }, { ATTRIBUTE, 0, 0, "SystemTime" },
    { OPTIONAL, V_TIME, T_TIME, "" }, { BARE, 0, 0, "" },
    { OPEN, 0, 0, "EventRecordID" }, { BODY, 0, 0, "" }, { OPTIONAL, V_NUMBER, T_UINT64, "" },
    { END, 0, 0, "" },
    { CHANNEL, 0, 0, "Channel" },
    { OPEN, 0, 0, "Computer" }, { BODY, 0, 0, "" }, { VALUE, V_COMPUTER, T_STRING, "" },
    { END, 0, 0, "" },
    { OPEN_LIST, 0, 0, "Security" }, { ATTRIBUTE, 0, 0, "UserID" }, { OPTIONAL, V_SID, T_SID, "" },
    { BARE, 0, 0, "" },
    { END, 0, 0, "" },
    { OPEN, 0, 0, "EventData" }, { BODY, 0, 0, "" },
    { OPEN, V_STRINGS + 1, 0, "Data" }, { BODY, 0, 0, "" }, { OPTIONAL, V_STRINGS, T_STRINGS, "" },
    { END, 0, 0, "" },
    { OPEN, V_DATA + 1, 0, "Binary" }, { BODY, 0, 0, "" }, { OPTIONAL, V_DATA, T_BINARY, "" },
    { END, 0, 0, "" },
    { END, 0, 0, "" }, { END, 0, 0, "" }, { LAST, 0, 0, "" }
};

/* Names and literals above, at two bytes a character and some around each. */
_Static_assert(IMAGE_STREAM + sizeof parts / sizeof parts[0] * 40 + 2 * EVX_EVT_CHANNEL_MAX + 100
               < 4096, "the XML fits in 4 KiB, and leaves the rest to the record");

/* A length that is not known yet: set when what it counts has been written. */
static uint32_t put_length(evxi_evt_writer *w)
{
    evxi_evt_put(w, 0, 4);
    return w->at - 4;
}

static void end_length(const evxi_evt_writer *w, uint32_t length)
{
    evxi_evt_set(w->p + length, w->at - length - 4, 4);
}

static void put_unit(evxi_evt_writer *w, uint32_t cp)
{
    if (cp >= 0x10000) {
        evxi_evt_put(w, 0xd7c0 + (cp >> 10), 2);
        cp = 0xdc00 | (cp & 0x3ff);
    }
    evxi_evt_put(w, cp, 2);
}

static void put_words(evxi_evt_writer *w, const char *utf8)
{
    uint32_t i = 0, n = (uint32_t)evxi_length(utf8);

    while (i < n)
        put_unit(w, evxi_utf8_next((const uint8_t *)utf8, n, &i));
}

uint32_t evxi_evt_units(const char *utf8)
{
    uint32_t i = 0, n = (uint32_t)evxi_length(utf8), units = 0;

    while (i < n)
        units += evxi_utf8_next((const uint8_t *)utf8, n, &i) >= 0x10000 ? 2 : 1;
    return units;
}

/* An offset of a name, and its entry right behind it: none stands anywhere else. */
static void put_name(evxi_evt_writer *w, const char *name)
{
    uint32_t hash = 0;

    for (const char *c = name; *c; c++)
        hash = hash * 65599 + (uint8_t)*c;
    evxi_evt_put(w, w->at + 4, 4);
    evxi_evt_put(w, 0, 4);
    evxi_evt_put(w, hash & 0xffff, 2);
    evxi_evt_put(w, evxi_length(name), 2);
    put_words(w, name);
    evxi_evt_put(w, 0, 2);
}

static void put_literal(evxi_evt_writer *w, const char *text)
{
    evxi_evt_put(w, 0x05, 1);
    evxi_evt_put(w, T_STRING, 1);
    evxi_evt_put(w, evxi_evt_units(text), 2);
    put_words(w, text);
}

static void put_open(evxi_evt_writer *w, const part *x)
{
    evxi_evt_put(w, x->kind == OPEN_LIST ? 0x41 : 0x01, 1);
    evxi_evt_put(w, x->index ? x->index - 1u : 0xffff, 2);
    w->open[w->depth++] = put_length(w);
    put_name(w, x->word);
    w->list = x->kind == OPEN_LIST ? put_length(w) : 0;
}

/* The tag's end: the attribute list's length is known now. */
static void put_tag_end(evxi_evt_writer *w, uint8_t token)
{
    if (w->list)
        end_length(w, w->list);
    w->list = 0;
    evxi_evt_put(w, token, 1);
}

static void put_end(evxi_evt_writer *w, uint8_t token)
{
    put_tag_end(w, token);
    end_length(w, w->open[--w->depth]);
}

static void put_channel(evxi_evt_writer *w, const part *x, const char *channel)
{
    if (!channel)
        return;
    put_open(w, x);
    put_tag_end(w, 0x02);
    put_literal(w, channel);
    put_end(w, 0x04);
}

static void put_part(evxi_evt_writer *w, const part *x, const char *channel)
{
    switch (x->kind) {
    case OPEN: case OPEN_LIST:
        put_open(w, x);
        break;
    case ATTRIBUTE:
        evxi_evt_put(w, 0x06, 1);
        put_name(w, x->word);
        break;
    case LITERAL:
        put_literal(w, x->word);
        break;
    case CHANNEL:
        put_channel(w, x, channel);
        break;
    case VALUE: case OPTIONAL:
        evxi_evt_put(w, x->kind == VALUE ? 0x0d : 0x0e, 1);
        evxi_evt_put(w, x->index, 2);
        evxi_evt_put(w, x->type, 1);
        break;
    case BODY:
        put_tag_end(w, 0x02);
        break;
    case BARE:
        put_end(w, 0x03);
        break;
    default:
        put_end(w, 0x04);
    }
}

void evxi_evt_put_shape(evxi_evt_writer *w, const char *channel)
{
    static const uint8_t guid[16] = { 0x1f, 0x76, 0xe5, 0x4c, 0x66, 0x4c, 0x54, 0x56,
                                      0x80, 0x45, 0x76, 0x74, 0x4c, 0x6f, 0x67, 0x31 };

    evxi_evt_put(w, 0x0001010f, 4);
    evxi_evt_put(w, 0x010c, 2);
    evxi_evt_put(w, evxi_le32(guid), 4);
    evxi_evt_put(w, IMAGE_DEFINITION, 4);
    evxi_evt_put(w, 0, 4);
    memcpy(w->p + w->at, guid, sizeof guid);
    w->at += sizeof guid + 4;
    evxi_evt_put(w, 0x0001010f, 4);
    for (const part *x = parts; x->kind != LAST; x++)
        put_part(w, x, channel);
    evxi_evt_put(w, 0, 1);
    evxi_evt_set(w->p + IMAGE_STREAM - 4, w->at - IMAGE_STREAM, 4);
}
