/* src/evt/image.h - a chunk in the making: places, types, values, the writer */
#ifndef EVXI_EVT_IMAGE_H
#define EVXI_EVT_IMAGE_H

#include "evt/evt.h"

/* Where things stand: header, record, its token, the definition, that one's stream. */
enum {
    IMAGE_RECORD = 512, IMAGE_BODY = IMAGE_RECORD + 24, IMAGE_TOKEN = IMAGE_BODY + 4,
    IMAGE_DEFINITION = IMAGE_TOKEN + 10, IMAGE_STREAM = IMAGE_DEFINITION + 24, DESCRIPTOR = 4,
    NO_CRC = 4
};

enum { T_NULL = 0, T_STRING = 1, T_UINT8 = 4, T_UINT16 = 6, T_UINT64 = 0x0a, T_BINARY = 0x0e,
       T_TIME = 0x11, T_SID = 0x13, T_HEX64 = 0x15, T_STRINGS = 0x81 };

enum {
    V_SOURCE, V_QUALIFIERS, V_EVENT, V_LEVEL, V_TASK, V_KEYWORDS, V_TIME, V_NUMBER, V_COMPUTER,
    V_SID, V_STRINGS, V_DATA, VALUES
};

typedef struct evxi_evt_writer {
    uint8_t *p;
    uint32_t at;
    uint32_t open[4], depth;         /* where the lengths of the open elements stand           */
    uint32_t list;                   /* where that of the attribute list does                  */
} evxi_evt_writer;

static inline void evxi_evt_set(uint8_t *p, uint64_t value, uint32_t bytes)
{
    for (uint32_t i = 0; i < bytes; i++)
        p[i] = (uint8_t)(value >> 8 * i);
}

static inline void evxi_evt_put(evxi_evt_writer *w, uint64_t value, uint32_t bytes)
{
    evxi_evt_set(w->p + w->at, value, bytes);
    w->at += bytes;
}

/* Write the XML that is the same for all records, as a template definition at IMAGE_DEFINITION and
 * the token that names it; w->at is then where the count of values belongs. */
EVXI_LOCAL void evxi_evt_put_shape(evxi_evt_writer *w, const char *channel);
EVXI_LOCAL uint32_t evxi_evt_units(const char *utf8);

#endif
