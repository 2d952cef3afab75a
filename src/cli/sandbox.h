/* src/cli/sandbox.h - once outputs are open: no files but the given ones, few system calls */
#ifndef EVX_CLI_SANDBOX_H
#define EVX_CLI_SANDBOX_H

#include <stdbool.h>

/*
 * Logs are written by attackers, and what reads them needs little of the system: to read beneath
 * the given paths, to write what is open, memory, threads. `cli_confine` gives all the rest away,
 * for good, and the threads that are begun later inherit it:
 *
 * files   Landlock, where the kernel has it: files are read beneath the given paths only, and where
 *         links in given folders lead; nothing is made, written, run or connected to.
 * calls   a seccomp filter, on x86-64 and aarch64: whatever has no need is refused (ENOSYS), files
 *         are opened for reading only; running programs, sockets and tracing end the process.
 *
 * What a system does not have is left out. Programs with sanitizers and coverage counters need
 * more, so they are built without (EVX_NO_SANDBOX).
 */
enum { CLI_CONFINED_FILES = 1, CLI_CONFINED_CALLS = 2, CLI_CONFINED = 3 };

/* --no-sandbox of every command. */
extern bool cli_unconfined;

/*
 * To be called once outputs are open and before threads are begun; the second call in a process
 * does nothing. Returns what is in force: CLI_CONFINED_...
 */
unsigned cli_confine(char **paths, int count);

#endif
