/* src/base/share.h - what threads share: order between what they write and read; a lock to try */
#ifndef EVXI_SHARE_H
#define EVXI_SHARE_H

#include "base/defs.h"

/*
 * A list that threads read while one of them adds to it: what is new is written in full, then
 * PUBLISHED by the one pointer that leads to it; who LOOKs at that pointer sees all of it. On x86
 * that costs nothing.
 *
 * The two that are ORDERED settle who was first: when each of two threads writes its own word
 * before it reads the other's, at least one of them sees what the other wrote.
 */
#if defined(__GNUC__)
#define EVXI_SHARES 1
#define EVXI_LOOK(what) __atomic_load_n(&(what), __ATOMIC_ACQUIRE)
#define EVXI_PUBLISH(what, value) __atomic_store_n(&(what), (value), __ATOMIC_RELEASE)
#define EVXI_LOOK_ORDERED(what) __atomic_load_n(&(what), __ATOMIC_SEQ_CST)
#define EVXI_PUBLISH_ORDERED(what, value) __atomic_store_n(&(what), (value), __ATOMIC_SEQ_CST)

/* Nobody waits for it: who does not get it does without. */
static inline bool evxi_lock_try(uint32_t *lock)
{
    return __atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE) == 0;
}
#else                                /* contexts of one thread only                           */
#define EVXI_SHARES 0
#define EVXI_LOOK(what) (what)
#define EVXI_PUBLISH(what, value) ((what) = (value))
#define EVXI_LOOK_ORDERED(what) (what)
#define EVXI_PUBLISH_ORDERED(what, value) ((what) = (value))

static inline bool evxi_lock_try(uint32_t *lock)
{
    return *lock == 0 && (*lock = 1) != 0;
}
#endif

/* Some ten microseconds at most: what is done under it takes no longer, and a record that is left
 * to the walk takes more. */
static inline bool evxi_lock_soon(uint32_t *lock)
{
    for (unsigned tries = 0; tries < 16000; tries++)
        if (EVXI_LOOK(*lock) == 0 && evxi_lock_try(lock))
            return true;
    return false;
}

static inline void evxi_unlock(uint32_t *lock)
{
    EVXI_PUBLISH(*lock, 0);
}

#endif
