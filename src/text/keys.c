/* src/text/keys.c - no object has a key twice, no tag an attribute: suffixes */
#include "text/text.h"

/*
 * A hash table over all keys of the record, in the caller's memory. An entry is 48 bits of hash
 * over (object, key) and how often that key was asked for. Two keys with equal hashes are taken for
 * the same one: the later gets a suffix it did not need, and nothing is ever written twice.
 */
enum { COUNT_BITS = 16 };

static uint64_t mix(uint64_t h, uint8_t byte)
{
    return (h ^ byte) * 0x100000001b3u;
}

/* Of the key as it will be written, suffix and all: `X` with suffix 1 is the same key as `X_1`. */
static uint64_t hash_of(uint16_t object, const uint8_t *key, size_t len, uint32_t suffix)
{
    size_t kept = len < EVXI_KEY_MAX ? len : (size_t)EVXI_KEY_MAX;
    uint64_t h = 0xcbf29ce484222325u;
    uint32_t unit = 10000;

    for (size_t i = 0; i < kept; i++)
        h = mix(h, key[i]);
    if (suffix != 0)
        h = mix(h, '_');
    for (; unit != 0; unit /= 10)
        if (suffix >= unit)
            h = mix(h, (uint8_t)('0' + suffix / unit % 10));
    if (kept < len)
        h ^= len;
    h = (h ^ (uint64_t)object << 40) * 0x9e3779b97f4a7c15u;
    h = (h ^ h >> 29) * 0xbf58476d1ce4e5b9u;
    return (h ^ h >> 32) | (uint64_t)1 << 63;        /* never 0: that is an empty entry */
}

/* The entry of a hash, found or new; NULL when the table is full. */
static uint64_t *entry_of(evxi_writer *w, uint64_t hash)
{
    uint32_t at = (uint32_t)(hash >> COUNT_BITS) & w->key_mask;

    while (w->keys[at] != 0) {
        if (w->keys[at] >> COUNT_BITS == hash >> COUNT_BITS)
            return &w->keys[at];
        at = (at + 1) & w->key_mask;
    }
    if (w->key_count > w->key_mask / 4 * 3)
        return NULL;
    w->key_count++;
    w->keys[at] = hash >> COUNT_BITS << COUNT_BITS;
    return &w->keys[at];
}

/* Objects are told apart by a serial number, never 0. One number in use twice only costs a
 * suffix. */
uint16_t evxi_keys_open(evxi_writer *w)
{
    return (uint16_t)(w->serial++ % UINT16_MAX + 1);
}

bool evxi_many_attributes(const evxi_writer *w, uint32_t element)
{
    uint32_t at = element + 1, end = w->nodes[element].end;

    if (at >= end || w->nodes[at].kind != EVX_TOKEN_ATTRIBUTE)
        return false;
    at = w->nodes[at].end;
    return at < end && w->nodes[at].kind == EVX_TOKEN_ATTRIBUTE;
}

uint32_t evxi_keys_add(evxi_writer *w, uint16_t object, const uint8_t *key, size_t len)
{
    uint64_t *entry = entry_of(w, hash_of(object, key, len, 0)), *other;
    uint32_t suffix;

    if (entry && (*entry & UINT16_MAX) == 0) {
        ++*entry;
        return 0;
    }
    while (entry && (*entry & UINT16_MAX) != UINT16_MAX && evxi_step(w)) {
        suffix = (uint32_t)((*entry)++ & UINT16_MAX);
        other = entry_of(w, hash_of(object, key, len, suffix));
        if (!other)
            break;
        if ((*other & UINT16_MAX) == 0) {
            ++*other;
            return suffix;
        }
    }
    if (w->status == EVX_OK)         /* the largest table is a limit, a smaller one the caller's */
        w->status = w->key_mask + 1 == EVXI_KEYS_MAX ? EVX_E_FUEL : EVX_E_SPACE;
    return 0;
}
