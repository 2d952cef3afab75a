/* src/cli/windows_text.h - what the files for Windows ask of each other */
#ifndef EVX_CLI_WINDOWS_TEXT_H
#define EVX_CLI_WINDOWS_TEXT_H

#include "cli.h"

#include <wchar.h>

/* Both are the caller's to free; NULL (the first: and errno) when there is no memory. */
wchar_t *cli_wide_path(const char *utf8);
char    *cli_from_wide(const wchar_t *wide);

/* An error of the system as an errno value. */
int cli_errno_of(unsigned long error);

#endif
