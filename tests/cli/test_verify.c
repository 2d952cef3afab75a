/* tests/cli/test_verify.c - evx verify and dump --ledger: the books are right, to the byte */
#include "../files.h"
#include "run.h"

TestSuite(verify, .init = run_begin, .fini = run_end, .timeout = 120);

static void has(const run *r, const char *words)
{
    cr_expect(strstr(r->out, words), "'%s' is not in:\n%s", words, r->out);
}

static void verify_bytes(run *r, const void *bytes, size_t len, const char *option)
{
    run_save("a.evtx", bytes, len);
    run_evx(r, "verify", (char *)option, "a.evtx");
}

/* ---- sound logs ------------------------------------------------------------------------------ */

Test(verify, help_fits_a_screen)
{
    run r = { 0 };

    run_evx(&r, "verify", "--help");
    cr_expect(r.status == 0 && strstr(r.out, "usage: evx verify") && run_lines(r.out) <= 24);
    run_evx(&r, "verify");
    cr_expect(r.status == 2 && strstr(r.err, "verify: no path given"));
    run_free(&r);
}

Test(verify, sound)
{
    run r = { 0 };

    run_make_file("a.evtx", 2, 10);
    run_evx(&r, "verify", "a.evtx");
    cr_expect(r.status == 0 && !*r.err);
    has(&r, "a.evtx\n  size       135168 bytes\n");
    has(&r, "  chunks     2 in 2 slots, 0 empty\n"
            "  records    20: 20 decoded, 0 recovered, 0 lost\n  result     sound\n");
    run_evx(&r, "verify", "--json", "a.evtx", "missing");
    cr_expect(r.status == 1);
    has(&r, "{\"schema\":\"evx.verify/1\",\"program\":\"evx ");
    has(&r, "\"command\":\"verify\",\"files\":[\n{\"path\":\"a.evtx\",\"error\":null,");
    has(&r, "\"records\":{\"present\":20,\"decoded\":20,\"recovered\":0,\"lost\":0,");
    has(&r, "\"tamper_hints\":[],\"tamper_hints_unlisted\":0,\"losses\":[],");
    has(&r, ",\n{\"path\":\"missing\",\"error\":\"");
    has(&r, "\"total\":{\"logs\":1,\"not_read\":1,\"chunks\":2,\"records\":20,");
    run_free(&r);
}

/* FIPS 180-4 gives the digest of "abc" and of two blocks; here a log's, told by coreutils. */
Test(verify, fingerprints)
{
    run r = { 0 };
    char want[128], command[128];
    run_log *l = run_make(1, 3);
    FILE *f;

    for (size_t len = l->bytes.len; len > l->bytes.len - 140; len--) {
        run_save("a.evtx", l->bytes.ptr, len);
        snprintf(command, sizeof command, "sha256sum <a.evtx");
        f = popen(command, "r");
        cr_assert(f && fgets(want, sizeof want, f));
        pclose(f);
        want[64] = 0;
        run_evx(&r, "verify", "--hash", "a.evtx");
        if (strspn(want, "0123456789abcdef") != 64)
            cr_skip_test("no sha256sum here");
        cr_assert(strstr(r.out, want), "%s, not %s", r.out, want);
        r.in = l->bytes.ptr;
        r.in_len = len;
        r.piece = 1 + len % 5000;
        run_evx(&r, "verify", "--hash", "--json", "-");
        cr_assert(strstr(r.out, want));
        r.in = NULL;
        r.in_len = 0;
    }
    run_free(&r);
    free(l);
}

/* ---- each damage, with what the books say ---------------------------------------------------- */

Test(verify, an_overwritten_record)
{
    run r = { 0 };
    char words[128];
    run_log *l = run_make(2, 10);

    memset(l->mem + l->at[4], 0xee, l->at[5] - l->at[4]);
    verify_bytes(&r, l->bytes.ptr, l->bytes.len, "-v");
    cr_expect(r.status == 1);
    has(&r, "20: 18 decoded, 1 recovered, 1 lost");
    snprintf(words, sizeof words, "    0x%zx  %zu bytes  record signature missing\n", l->at[4],
             l->at[5] - l->at[4]);
    has(&r, words);
    snprintf(words, sizeof words, "at offset %zu (0x%zx): %zu bytes lost", l->at[4], l->at[4],
             l->at[5] - l->at[4]);
    cr_expect(strstr(r.err, words), "%s", r.err);
    has(&r, "  result     damaged: 1 of 20 records lost, 1 chunk with a wrong checksum\n");
    run_free(&r);
    free(l);
}

Test(verify, checksums)
{
    run r = { 0 };
    run_log *l = run_make(2, 10);

    l->mem[l->at[3] + 16] ^= 1;      /* a bit of the written time: nothing else notices */
    verify_bytes(&r, l->bytes.ptr, l->bytes.len, "-v");
    cr_expect(r.status == 1 && strstr(r.err, "the checksum of the chunk's records is wrong"));
    verify_bytes(&r, l->bytes.ptr, l->bytes.len, "--json");
    cr_expect(r.status == 1 && strstr(r.err, ": 1 checksum is wrong"), "%s", r.err);
    verify_bytes(&r, l->bytes.ptr, l->bytes.len, "-v");
    has(&r, "        1 data checksum wrong\n");
    has(&r, "20: 20 decoded, 0 recovered, 0 lost");
    has(&r, "  result     damaged: 1 chunk with a wrong checksum\n");
    l->mem[l->at[3] + 16] ^= 1;
    l->mem[MK_FILE_HEADER + MK_CHUNK + 60] ^= 1;
    verify_bytes(&r, l->bytes.ptr, l->bytes.len, "-v");
    cr_expect(r.status == 1 && strstr(r.err, "the checksum of the chunk's header is wrong"));
    run_free(&r);
    free(l);
}

/* A log without checksums has none that could be wrong. */
Test(verify, no_checksums)
{
    run r = { 0 };
    run_log *l = run_make(1, 10);

    memset(l->mem + 4096 + 52, 0, 4);
    memset(l->mem + 4096 + 124, 0, 4);
    verify_bytes(&r, l->bytes.ptr, l->bytes.len, "-v");
    cr_expect(r.status == 1);
    l->mem[120] = 4;
    l->mem[4096 + 120] = 5;
    verify_bytes(&r, l->bytes.ptr, l->bytes.len, "-v");
    cr_expect(r.status == 0);
    has(&r, "no checksums");
    run_free(&r);
    free(l);
}

Test(verify, a_cut_and_a_bad_chunk)
{
    run r = { 0 };
    run_log *l = run_make(3, 10);

    memcpy(l->mem + MK_FILE_HEADER, "ElfJunk", 7);
    verify_bytes(&r, l->bytes.ptr, l->bytes.len - 65536 + 700, "-v");
    cr_expect(r.status == 1);
    has(&r, "  chunks     3 in 3 slots, 0 empty\n  damage     2 chunks\n"
            "        1 without signature\n        1 cut by the end of the file\n");
    run_free(&r);
    free(l);
}

/* The free space offset hides nothing: the last record's offset, or at least its id, says more. */
Test(verify, a_free_space_offset_too_small)
{
    run r = { 0 };
    char words[128];
    run_log *l = run_make(1, 10);
    uint8_t *chunk = l->mem + MK_FILE_HEADER;
    uint32_t off = (uint32_t)(l->at[4] - MK_FILE_HEADER);

    chunk[48] = (uint8_t)off;
    chunk[49] = (uint8_t)(off >> 8);
    verify_bytes(&r, l->bytes.ptr, l->bytes.len, "-v");
    cr_expect(r.status == 1);
    has(&r, "1 free space offset wrong");
    has(&r, "10: 10 decoded, 0 recovered, 0 lost");
    memset(chunk + 44, 0, 4);
    verify_bytes(&r, l->bytes.ptr, l->bytes.len, "-v");
    cr_expect(r.status == 1);
    has(&r, "10: 4 decoded, 0 recovered, 6 lost");
    snprintf(words, sizeof words, "    0x%zx  %u bytes, 6 records  ", l->at[4], 65536 - off);
    has(&r, words);
    run_evx(&r, "dump", "-o", "jsonl", "a.evtx");
    cr_expect(r.status == 1 && run_lines(r.out) == 4 && strstr(r.err, "6 of 10 records lost"));
    run_free(&r);
    free(l);
}

/* ---- tamper hints ---------------------------------------------------------------------------- */

/* What tools that delete an event do: the record before it grows over it, ids follow, checksums
 * are right again. */
Test(verify, a_hidden_record)
{
    run r = { 0 };
    char words[160];
    run_log *l = run_make(1, 10);
    size_t end = l->at[6];
    uint32_t size = (uint32_t)(end - l->at[4]);

    for (unsigned i = 0; i < 4; i++) {
        l->mem[l->at[4] + 4 + i] = (uint8_t)(size >> (8 * i));
        l->mem[end - 4 + i] = (uint8_t)(size >> (8 * i));
    }
    for (unsigned i = 6; i < 10; i++)
        l->mem[l->at[i] + 8]--;
    mk_fix(l->bytes.ptr, l->bytes.len);
    verify_bytes(&r, l->bytes.ptr, l->bytes.len, "-v");
    cr_expect(r.status == 1 && !strstr(r.err, "lost:")
              && strstr(r.err, ": 1 record is hidden inside another one"), "%s", r.err);
    snprintf(words, sizeof words, "  tamper hints  1\n    0x%zx  record 6: hidden inside record 5, "
             "which was made longer over it\n  result     damaged: 1 hidden\n", l->at[5]);
    has(&r, words);
    run_evx(&r, "dump", "-o", "jsonl", "--ledger", "l.json", "--hash", "a.evtx");
    cr_expect(r.status == 0 && run_lines(r.out) == 9);
    free(r.out);
    r.out = run_load("l.json", NULL);
    snprintf(words, sizeof words, "{\"kind\":\"hidden_record\",\"offset\":%zu,\"record\":6,"
             "\"inside_record\":5}", l->at[5]);
    has(&r, words);
    has(&r, "\"command\":\"dump\"");
    run_free(&r);
    free(l);
}

/* A value that looks like a record inside is a value. */
Test(verify, a_value_that_looks_like_a_record)
{
    static mk_file f;
    static uint8_t mem[MK_FILE_HEADER + MK_CHUNK], blob[64];
    run r = { 0 };
    uint32_t t;

    for (size_t at = 0; at + 40 <= sizeof blob; at += 8)
        memcpy(blob + at, "**\0\0", 4);
    for (size_t shift = 0; shift < 8; shift++) {
        mk_value v[2];
        memmove(blob + 1, blob, sizeof blob - 1);
        v[0] = mk_bin(blob, sizeof blob);
        v[1] = mk_u8(1);
        mk_begin(&f, mem, sizeof mem);
        t = mk_template(&f, "<E><B>{0:bin}</B><A>{1:u8}</A></E>");
        for (uint64_t id = 1; id < 4; id++)
            cr_assert(mk_record(&f, id, 0, t, v, 2) != 0);
        cr_assert(mk_end(&f).ptr);
        verify_bytes(&r, mem, sizeof mem, "-v");
        cr_expect(r.status == 0 && !strstr(r.out, "hidden"), "%s", r.out);
    }
    run_free(&r);
}

Test(verify, gaps_and_clocks)
{
    static mk_file f;
    static uint8_t mem[MK_FILE_HEADER + MK_CHUNK];
    static const struct { uint64_t id; const char *when; } rows[] = {
        { 1, "2020-01-01T10:00:00Z" }, { 2, "2020-01-01T09:59:59Z" },
        { 6, "2020-01-01T10:00:00Z" }, { 7, "2020-01-01T08:30:00Z" },
        { 3, "2019-01-01T00:00:00Z" }, { 4, "2019-01-01T00:00:00Z" }
    };
    run r = { 0 };
    size_t at[6];

    mk_begin(&f, mem, sizeof mem);
    for (size_t i = 0; i < 6; i++)
        at[i] = mk_record_plain(&f, rows[i].id, mk_time(rows[i].when), "<E/>");
    cr_assert(mk_end(&f).ptr);
    verify_bytes(&r, mem, sizeof mem, "-v");
    cr_expect(r.status == 0, "%s%s", r.out, r.err);
    has(&r, "  id gaps    1, 3 ids missing\n  clock      2 records written before");
    has(&r, "record 6: 3 record ids are missing before it\n");
    has(&r, "record 7: written 1h 30m before the record it follows\n");
    run_evx(&r, "verify", "--json", "a.evtx");
    has(&r, "{\"kind\":\"clock_reversal\",");
    has(&r, "\"back_100ns\":54000000000}");
    has(&r, "{\"kind\":\"id_gap\",");
    cr_expect(at[0] == 4096 + 512);
    run_free(&r);
}

/* ---- dump --ledger --------------------------------------------------------------------------- */

Test(verify, ledger_of_a_dump)
{
    run r = { 0 };
    run_log *l = run_make(2, 10);

    memset(l->mem + l->at[4], 0xee, l->at[5] - l->at[4]);
    run_save("a.evtx", l->bytes.ptr, l->bytes.len);
    run_evx(&r, "dump", "--ledger", "b/l.json", "-o", "jsonl", "a.evtx");
    cr_expect(r.status == 1 && run_lines(r.out) == 19);
    free(r.out);
    r.out = run_load("b/l.json", NULL);
    has(&r, "\"records\":{\"present\":20,\"decoded\":18,\"recovered\":1,\"lost\":1,");
    has(&r, "\"crc_failures\":1");
    run_evx(&r, "dump", "--ledger", "b/l.json", "a.evtx");
    cr_expect(r.status == 2 && strstr(r.err, "exists"));
    run_evx(&r, "dump", "--ledger", "-", "a.evtx");
    cr_expect(r.status == 2 && strstr(r.err, "--ledger wants a file"));
    run_evx(&r, "dump", "--hash", "a.evtx");
    cr_expect(r.status == 2 && strstr(r.err, "--ledger FILE"));
    run_evx(&r, "dump", "--ledger", "a.evtx", "--no-confirm-overwrite", "a.evtx");
    cr_expect(r.status == 2 && strstr(r.err, "a.evtx is also an input"));
    run_free(&r);
    free(l);
}

/* ---- real logs, counted by hand -------------------------------------------------------------- */

/*
 * The counts come from the bytes, not from this program: signatures, sizes, their copies and what
 * the chunk headers count, as an independent reader of the bytes has them. A torn record is one
 * whose size and copy differ; what of it stands is read.
 */
static const struct {
    const char *name, *words[6];
    int status;
} real[] = {
    { "evtx-rs/Application_no_crc32.evtx",
      { "no checksums", "17: 17 decoded, 0 recovered, 0 lost", "result     sound\n" }, 0 },
    { "evtx-rs/security_bad_string_cache.evtx",
      { "26 in 33 slots, 7 empty", "2261: 2261 decoded, 0 recovered, 0 lost",
        "1 header checksum wrong", "result     damaged: 1 chunk with" }, 1 },
    { "evtx-rs/post-Security.evtx",
      { "0x12230  record 105: hidden inside record 104", "126: 126 decoded", "hints  1\n",
        "damaged: 1 hidden\n" }, 1 },
    /* Slot 0: 13 records, a torn one, and 116 that its header counts more; slot 7: 12 and a torn
     * one, 34 missing, 31 behind; slot 9: 113, a torn one, 16 missing. Slots 6 and 10 have no
     * header: 15 and 67 records, of which none has a template, and a torn one. */
    { "evtx-rs/sample_with_a_bad_chunk_magic.evtx",
      { "6 in 16 slots, 10 empty", "2 without signature", "297 decoded, 4 recovered",
        "3 data checksum wrong", "    0x3198  56528 bytes, 116 records  record signature missing\n",
        "    0x9f038  7840 bytes, 16 records  record signature missing\n" }, 1 },
    /* Dirty, with more chunks than the file header counts (3 and 4), zero slots between them. */
    { "evtx-rs/system.evtx",
      { "dirty", "15 in 17 slots, 2 empty", "1881: 1881 decoded, 0 recovered, 0 lost",
        "result     sound\n" }, 0 },
    { "evtx-rs/2-vss_7-System.evtx",
      { "dirty", "11 in 17 slots, 6 empty", "1160: 1160 decoded, 0 recovered, 0 lost",
        "  id gaps    1, 262 ids missing", "result     sound\n" }, 0 },
    /* Dirty; the last eight slots hold other data, in which no record's signature stands. */
    { "evtx-rs/sysmon.evtx",
      { "dirty", "8 without signature",
        "366: 358 decoded, 0 recovered, at least 8 lost (451071 bytes)",
        "    0x91200  65024 bytes  chunk signature missing\n",
        "at least 8 of 366 records lost\n" }, 1 },
    /* Torn: 1973 whole records in 16 chunks and four torn ones; 23 of the whole ones refer to a
     * template of another generation of the chunk. */
    { "evtx-rs/2-vss_0-Microsoft-Windows-RemoteDesktopServices-RdpCoreTS_4Operational.evtx",
      { "16 in 16 slots, 0 empty", "2 data checksum wrong", "0xdd168  record 6951741: 37221",
        "1977: 1949 decoded, 28 recovered, 0 lost", "damaged: 27 read in part, 2 chunks with" },
      1 },
    /* Torn: 1795 whole records, one of 496 bytes of which 240 lie behind the tear. */
    { "evtx-rs/2-vss_0-Microsoft-Windows-TerminalServices-RemoteConnectionManager_4Operational"
      ".evtx",
      { "16 in 16 slots, 0 empty", "2 data checksum wrong",
        "1797: 1794 decoded, 2 recovered, 1 lost (240 bytes)",
        "    0x19088  240 bytes  record signature missing\n" }, 1 },
    /* The header counts twenty; five are whole, the sixth is torn, the rest was never written. */
    { "evtx-rs/Microsoft-Windows-HelloForBusiness_4Operational.evtx",
      { "20: 5 decoded, 1 recovered, 14 lost (5704 bytes)",
        "    0x2110  5704 bytes, 14 records  record signature missing\n" }, 1 },
    { "evtx-rs/Microsoft-Windows-LanguagePackSetup_4Operational.evtx",
      { "20: 16 decoded, 1 recovered, 3 lost (1152 bytes)",
        "    0x3078  1152 bytes, 3 records  record signature missing\n" }, 1 },
    /* Record 3 has size 0: 114 records stand behind it in its chunk. */
    { "evtx-rs/sample-with-zero-data-size-event.evtx",
      { "4 in 17 slots, 13 empty", "1 data checksum wrong",
        "450: 448 decoded, 2 recovered, 0 lost", "damaged: 1 chunk with" }, 1 },
    /* Cut in record 284 of 284, and behind it 93 chunks that the file header counts. */
    { "plaso/System2.evtx",
      { "3 in 3 slots, 0 empty", "1 cut by the end of the file", "283 decoded, 1 recovered, ",
        "    0x30d40  6094848 bytes  input ends inside a chunk\n", "damaged: at least " }, 1 }
};

Test(verify, real_logs)
{
    const char *named = getenv("EVX_SHARED"), *folder = named ? named : EVX_TEST_SHARED;
    run r = { 0 };
    unsigned seen = 0;

    for (size_t i = 0; i < sizeof real / sizeof real[0]; i++) {
        char *path = files_join(folder, real[i].name);
        struct stat s;
        if (stat(path, &s) == 0) {
            seen++;
            run_evx(&r, "verify", "-v", path);
            cr_expect(r.status == real[i].status, "%s: %d", path, r.status);
            for (size_t k = 0; k < 6 && real[i].words[k]; k++)
                has(&r, real[i].words[k]);
        }
        free(path);
    }
    run_free(&r);
    if (seen == 0)
        cr_skip_test("no real logs: set EVX_SHARED, or put them into ../shared/evtx");
}
