/* src/text/keys.c - no object has a key twice, no tag an attribute: suffixes */
#include "text/text.h"

/*
 * A hash table over all keys of the record, in the caller's memory. An entry is 48 bits of hash
 * over (object, key) and how often that key was asked for. Two keys with equal hashes are taken for
 * the same one: the later gets a suffix it did not need, and nothing is ever written twice.
 */
enum { COUNT_BITS = 16 };

static uint64_t mix(uint64_t h, uint64_t word)
{
    h = (h ^ word) * 0x9e3779b97f4a7c15u;
    return h ^ h >> 32;
}

/* The last len % 8 bytes of a key, as a number; the bytes in front of them save looking at each. */
static uint64_t rest_of(const uint8_t *key, size_t len)
{
    size_t rest = len % 8;

    if (rest == 0)
        return 0;
    if (len >= 8)
        return evxi_le64(key + len - 8) >> 8 * (8 - rest);
    if (rest >= 4)
        return evxi_le32(key) | (uint64_t)evxi_le32(key + rest - 4) << 8 * (rest - 4);
    return key[0] | (uint64_t)key[rest / 2] << 8 * (rest / 2)
         | (uint64_t)key[rest - 1] << 8 * (rest - 1);
}

/* Put a suffix behind the `len` bytes of h's last word, and mix in all that make a whole one. */
static EVXI_COLD uint64_t mix_suffix(uint64_t h, uint64_t *last, size_t *len, uint32_t suffix)
{
    uint8_t text[6] = { '_' };
    uint32_t unit = 10000;
    size_t count = 1;

    for (; unit != 0; unit /= 10)
        if (suffix >= unit)
            text[count++] = (uint8_t)('0' + suffix / unit % 10);
    for (size_t i = 0; i < count; i++) {
        *last |= (uint64_t)text[i] << 8 * *len;
        if (++*len == 8) {
            h = mix(h, *last);
            *last = *len = 0;
        }
    }
    return h;
}

/* Of the key as it will be written, suffix and all: `X` with suffix 1 is the same key as `X_1`. */
static uint64_t hash_of(uint16_t object, const uint8_t *key, size_t len, uint32_t suffix)
{
    size_t kept = len < EVXI_KEY_MAX ? len : (size_t)EVXI_KEY_MAX, i = 0;
    uint64_t h = mix(0xcbf29ce484222325u ^ (uint64_t)(len - kept), object), last;

    for (; kept - i >= 8; i += 8)
        h = mix(h, evxi_le64(key + i));
    last = rest_of(key, kept);
    kept -= i;
    if (suffix != 0)
        h = mix_suffix(h, &last, &kept, suffix);
    h = mix(mix(h, last), kept) * 0xbf58476d1ce4e5b9u;
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
