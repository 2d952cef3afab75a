/* src/base/plant.h - bugs on purpose, for builds that ask whether anything would find them */
#ifndef EVXI_PLANT_H
#define EVXI_PLANT_H

/*
 * 1 in a build with -DEVX_PLANT=n, for that one bug; else 0, and the compiler leaves nothing of it.
 * fuzz/plants.sh builds each and demands that a fuzzer or a test finds it. What they are:
 *
 *    1  cursor: a byte too far                     7  budget: a chunk's text is not charged
 *    2  token: the size of a text in 16 bits       8  legacy ring: a record over the end by a word
 *    3  walk: descriptors burn no fuel             9  sessions: events of equal order change places
 *    4  JSON: U+001F as it stands                 10  carving: goes on inside the record
 *    5  SIMD: a tail of seven units               11  stream: a slot that began with one byte
 *    6  programs: names by length only            12  hidden records: any signature will do
 *   13  programs: items of unused arrays         14  composed programs: guards of others' values
 */
#ifdef EVX_PLANT
#define EVXI_PLANTED(n) (EVX_PLANT == (n))
#else
#define EVXI_PLANTED(n) 0
#endif

#endif
