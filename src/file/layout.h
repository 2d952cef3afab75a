/* src/file/layout.h - named offsets of the on-disk headers, asserted against their sizes */
#ifndef EVXI_LAYOUT_H
#define EVXI_LAYOUT_H

#include "evx/stream.h"

/* File header: the first 128 of 4,096 bytes. */
enum {
    FILE_FIRST_CHUNK = 8, FILE_LAST_CHUNK = 16, FILE_NEXT_RECORD = 24, FILE_SIZE = 32,
    FILE_MINOR = 36, FILE_MAJOR = 38, FILE_BLOCK = 40, FILE_COUNT = 42, FILE_FLAGS = 120,
    FILE_CRC = 124, FILE_HEADER = 128
};

/* Chunk header: 128 bytes of fields, then 64 name and 32 template table entries. */
enum {
    CHUNK_FIRST_NUMBER = 8, CHUNK_LAST_NUMBER = 16, CHUNK_FIRST_ID = 24, CHUNK_LAST_ID = 32,
    CHUNK_SIZE = 40, CHUNK_LAST_OFF = 44, CHUNK_FREE_OFF = 48, CHUNK_DATA_CRC = 52,
    CHUNK_FLAGS = 120, CHUNK_HEADER_CRC = 124, CHUNK_NAMES = 128, CHUNK_TEMPLATES = 384,
    CHUNK_RECORDS = 512
};

/* Record header; the last four bytes of a record repeat its size. */
enum {
    REC_SIGNATURE = 0, REC_SIZE = 4, REC_ID = 8, REC_WRITTEN = 16, REC_HEADER = 24, REC_COPY = 4,
    REC_MIN = REC_HEADER + REC_COPY
};

#define RECORD_SIGNATURE 0x00002a2au

_Static_assert(FILE_CRC + 4 == FILE_HEADER, "the checksum ends the file header");
_Static_assert(CHUNK_HEADER_CRC + 4 == CHUNK_NAMES, "the checksum ends the chunk's fields");
_Static_assert(CHUNK_NAMES + 64 * 4 == CHUNK_TEMPLATES, "64 name buckets");
_Static_assert(CHUNK_TEMPLATES + 32 * 4 == CHUNK_RECORDS, "32 template buckets");
_Static_assert(REC_WRITTEN + 8 == REC_HEADER, "the last field ends the record header");
_Static_assert(EVX_CHUNK_SIZE - 1u <= UINT16_MAX, "offsets in a chunk are 16 bits");

#endif
