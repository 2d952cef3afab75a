/* tests/cli/test_heads.c - logs with damaged heads and ends: read, or said; never passed over */
#include "run.h"

TestSuite(heads, .init = run_begin, .fini = run_end, .timeout = 120);

static void said(const run *r, int status, const char *words)
{
    cr_expect(r->status == status, "status %d, not %d; said: %s", r->status, status, r->err);
    cr_expect(strstr(r->err, words), "'%s' is not in: %s", words, r->err);
}

static void put32(uint8_t *p, uint32_t n)
{
    for (unsigned i = 0; i < 4; i++)
        p[i] = (uint8_t)(n >> 8 * i);
}

/* ---- in folders ------------------------------------------------------------------------------ */

Test(heads, what_is_called_a_log_and_is_none_is_said)
{
    run r = { 0 };

    cr_assert(mkdir("f", 0700) == 0);
    run_make_file("f/sound.evtx", 1, 3);
    run_save("f/notes.txt", "no log, and not called one", 26);
    run_evx(&r, "dump", "-ojsonl", "f");
    cr_expect(r.status == 0 && !*r.err);
    run_save("f/Damaged.EVTX", "no log, whatever its name", 25);
    run_evx(&r, "dump", "-ojsonl", "f");
    said(&r, 1, "f/Damaged.EVTX: no event log");
    cr_expect(run_lines(r.out) == 3);
    cr_assert(remove("f/Damaged.EVTX") == 0);
    run_save("f/empty.evt", "", 0);
    run_evx(&r, "verify", "--json", "f");
    said(&r, 1, "f/empty.evt: is empty");
    cr_expect(strstr(r.out, "\"error\":\"is empty\""));
    cr_assert(remove("f/sound.evtx") == 0);
    run_evx(&r, "sessions", "f");
    said(&r, 3, "f/empty.evt: is empty");
    run_free(&r);
}

/* ---- heads ----------------------------------------------------------------------------------- */

static void check_deep(uint8_t fill, const char *words)
{
    run r = { 0 };
    run_log *l = run_make(6, 10);

    cr_assert(mkdir("f", 0700) == 0);
    memset(l->mem, fill, MK_FILE_HEADER + 4 * MK_CHUNK + 100);
    memcpy(l->mem + MK_FILE_HEADER + 4 * MK_CHUNK, "ElfChnk", 8);
    mk_fix(l->bytes.ptr, l->bytes.len);
    run_save("f/deep.evtx", l->bytes.ptr, l->bytes.len);
    run_evx(&r, "dump", "-ojsonl", "f");
    said(&r, 1, "at offset 0 (0x0): 4096 bytes lost: the file has no header; its chunks are read");
    said(&r, 1, words);
    cr_expect(run_lines(r.out) == 20, "%s", r.out);
    run_evx(&r, "dump", "-ojsonl", "-f", "f/deep.evtx", "--no-confirm-overwrite", "-");
    said(&r, 2, "f/deep.evtx is an event log: not overwritten");
    cr_assert(rename("f/deep.evtx", "disk.img") == 0);
    run_evx(&r, "dump", "-ojsonl", "disk.img");      /* its chunks may be anybody's */
    said(&r, 3, "disk.img: no event log");
    run_free(&r);
    free(l);
}

Test(heads, chunks_far_behind_are_found)
{
    check_deep('x', "at offset 4608 (0x1200): 65024 bytes lost: chunk signature missing");
}

Test(heads, zeros_in_front_of_chunks_are_lost_chunks)
{
    check_deep(0, "at offset 4096 (0x1000): 65536 bytes lost: zeros where a chunk was");
}

Test(heads, a_header_that_was_cut_off)
{
    run_log *l = run_make(4, 10);
    const uint8_t *chunks = l->bytes.ptr + MK_FILE_HEADER;
    run r = { .in = chunks, .in_len = l->bytes.len - MK_FILE_HEADER };

    run_save("c.log", chunks, r.in_len);
    for (unsigned threads = 1; threads < 3; threads++) {
        run_evx(&r, "dump", "-ojsonl", threads == 1 ? "-t1" : "-t4", "c.log");
        said(&r, 1, "at offset 0 (0x0): 4096 bytes lost: the file's header is cut off");
        said(&r, 1, "4096 bytes lost, none of the 40 records");
        cr_expect(run_lines(r.out) == 40);
    }
    r.piece = 999;
    run_evx(&r, "verify", "-v", "-");
    cr_expect(r.status == 1 && strstr(r.out, "  chunks     4 in 4 slots, 0 empty\n"
                                             "  records    40: 40 decoded, 0 recovered, 0 lost"));
    cr_expect(strstr(r.out, "result     damaged: 4096 bytes lost, but no record\n"));
    run_free(&r);
    free(l);
}

/* A count that nobody vouches for counts nothing. */
Test(heads, a_header_of_nonsense)
{
    run r = { 0 };
    run_log *l = run_make(1, 5);

    for (size_t i = 8; i < 128; i++)
        l->mem[i] = (uint8_t)(i * 77);
    put32(l->mem + 120, 4);          /* it says that there is no checksum */
    run_save("a.evtx", l->bytes.ptr, l->bytes.len);
    run_evx(&r, "info", "-v", "a.evtx");
    cr_expect(r.status == 0 && strstr(r.out, "  header     version unknown, sizes unusual\n"));
    cr_expect(!strstr(r.err, "ends before"), "%s", r.err);
    run_free(&r);
    free(l);
}

Test(heads, a_header_checksum_is_a_checksum)
{
    run r = { 0 };
    run_log *l = run_make(1, 5);

    l->mem[24] ^= 1;
    run_save("a.evtx", l->bytes.ptr, l->bytes.len);
    run_evx(&r, "verify", "a.evtx");
    said(&r, 1, "a.evtx: the checksum of the file header is wrong");
    cr_expect(strstr(r.out, "  result     damaged: the file header's checksum is wrong\n"), "%s",
              r.out);
    run_evx(&r, "verify", "--json", "a.evtx");
    cr_expect(r.status == 1 && strstr(r.out, "\"crc_failures\":1,\"id_gaps\""), "%s", r.out);
    run_evx(&r, "info", "a.evtx");
    cr_expect(r.status == 0 && strstr(r.out, "header     checksum wrong"));
    run_free(&r);
    free(l);
}

/* ---- ends ------------------------------------------------------------------------------------ */

Test(heads, bytes_of_the_last_slot_are_missing)
{
    run r = { 0 };
    run_log *l = run_make(2, 5);

    run_save("a.evtx", l->bytes.ptr, l->bytes.len - 700);
    run_evx(&r, "verify", "a.evtx");
    cr_expect(r.status == 1 && strstr(r.out, "  missing    700 bytes of the last slot\n"));
    cr_expect(strstr(r.out, "  result     damaged: 700 bytes of the last slot missing\n"));
    run_evx(&r, "verify", "--json", "a.evtx");
    cr_expect(r.status == 1 && strstr(r.out, "\"bytes_missing\":700},\"records\""));
    cr_expect(strstr(r.out, "\"bytes_missing\":700,\"crc_failures\":0"), "%s", r.out);
    run_evx(&r, "dump", "-v", "-ojsonl", "a.evtx");  /* no record can have stood there */
    said(&r, 0, "a.evtx: 700 bytes of the last slot are missing behind offset 134468");
    memset(l->mem + MK_FILE_HEADER + MK_CHUNK, 'x', 8);      /* now nobody knows that */
    run_save("a.evtx", l->bytes.ptr, l->bytes.len - 700);
    run_evx(&r, "dump", "-ojsonl", "a.evtx");
    said(&r, 1, "at offset 134468 (0x20d44): 700 bytes lost: input ends inside a chunk");
    run_free(&r);
    free(l);
}

/* A chunk of zeros inside what a sound header counts was one; its neighbours count its records. */
Test(heads, a_chunk_that_was_zeroed)
{
    run r = { 0 };
    run_log *l = run_make(3, 10);

    memset(l->mem + MK_FILE_HEADER + MK_CHUNK, 0, MK_CHUNK);
    run_save("a.evtx", l->bytes.ptr, l->bytes.len);
    run_evx(&r, "dump", "-ojsonl", "a.evtx");
    said(&r, 1, "at offset 69632 (0x11000): 65536 bytes lost: zeros where a chunk was");
    said(&r, 1, "evx: a.evtx: 10 of 30 records lost\n");
    run_evx(&r, "verify", "a.evtx");
    cr_expect(!strstr(r.out, "tamper"));
    run_evx(&r, "sessions", "--json", "a.evtx");
    cr_expect(strstr(r.out, "\"lost_records\": 10, \"lost_is_minimum\": false"), "%s", r.out);
    memset(l->mem + MK_FILE_HEADER, 0, MK_CHUNK);    /* nobody knows with which id it began */
    run_save("a.evtx", l->bytes.ptr, l->bytes.len);
    run_evx(&r, "dump", "-ojsonl", "a.evtx");
    said(&r, 1, "evx: a.evtx: at least 2 of 12 records lost\n");
    run_free(&r);
    free(l);
}

/* ---- outputs that are inputs ----------------------------------------------------------------- */

/* Run by a shell, which is who sends outputs into files. */
static int shell(const char *words)
{
    char command[512];
    int status;

    snprintf(command, sizeof command, "%s %s", EVX_TEST_PROGRAM, words);
    status = system(command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

Test(heads, standard_output_into_an_input)
{
    static const char *const calls[] = {
        "dump f/a.evtx >>f/a.evtx", "info f/a.evtx 1<>f/a.evtx", "verify f >>f/b/c.evtx",
        "sessions f/b f/a.evtx >>link", "carve f/a.evtx >>f/a.evtx", "dump - <f/a.evtx >>f/a.evtx"
    };
    size_t len, after;
    char *before, *now;

    cr_assert(mkdir("f", 0700) == 0 && mkdir("f/b", 0700) == 0);
    run_make_file("f/a.evtx", 1, 3);
    run_make_file("f/b/c.evtx", 1, 4);
    cr_assert(symlink("f/a.evtx", "link") == 0);
    before = run_load("f/a.evtx", &len);
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        char said[256];
        snprintf(said, sizeof said, "%s 2>err", calls[i]);
        cr_expect(shell(said) == 2, "%s", calls[i]);
        now = run_load("err", NULL);
        cr_expect(strstr(now, "standard output goes into an input"), "%s: %s", calls[i], now);
        free(now);
        now = run_load("f/a.evtx", &after);
        cr_expect(after == len && memcmp(now, before, len) == 0, "%s", calls[i]);
        free(now);
    }
    now = run_load("f/b/c.evtx", &after);
    cr_expect(after == MK_FILE_HEADER + MK_CHUNK);
    free(now);
    cr_expect(shell("dump -ojsonl f >>f/out.jsonl") == 0);   /* no log: it was no input */
    cr_expect(shell("dump -ojsonl f >>f/out.jsonl") == 0);
    cr_expect(shell("dump f/a.evtx >>/dev/null") == 0);
    free(before);
}

/* Nothing can be found in compressed bytes: that is said, in place of evx carve. */
Test(heads, compressed_files)
{
    static const char *const begins[] = { "\x1f\x8b\x08\x08", "PK\3\4", "BZh9", "\3757zXZ",
                                          "7z\xbc\xaf\x27\x1c", "\x28\xb5\x2f\xfd", "Rar!\x1a" };
    static char bytes[8192];
    run r = { 0 };

    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++) {
        memset(bytes, 'x', sizeof bytes);
        memcpy(bytes, begins[i], strlen(begins[i]));
        run_save("a.evtx", bytes, sizeof bytes);
        run_evx(&r, "dump", "a.evtx");
        cr_expect(r.status == 3 && strstr(r.err, "a.evtx: no event log, but a compressed file: "
                                                 "unpack it first"), "%zu: %s", i, r.err);
    }
    memset(bytes, 'x', sizeof bytes);
    run_save("a.evtx", bytes, sizeof bytes);
    run_evx(&r, "dump", "a.evtx");
    cr_expect(r.status == 3 && strstr(r.err, "evx carve finds records"), "%s", r.err);
    run_free(&r);
}
