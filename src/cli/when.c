/* src/cli/when.c - FILETIME -> UTC in ISO 8601, with its seven digits */
#include "cli.h"

#include <stdio.h>

enum { DAYS_IN_400_YEARS = 146097, DAYS_TO_MARCH_1600 = 306, SECONDS_A_DAY = 86400 };

/*
 * Days since 1601-01-01 -> a date of the Gregorian calendar. Years are counted from March, so that
 * the day that leap years add is the last: then 153 days are five months, whichever they are.
 */
static void date_of(uint64_t days, uint64_t *year, unsigned *month, unsigned *day)
{
    uint64_t at = days + DAYS_TO_MARCH_1600, era = at / DAYS_IN_400_YEARS;
    unsigned left = (unsigned)(at % DAYS_IN_400_YEARS);
    unsigned years = (left - left / 1460 + left / 36524 - left / 146096) / 365;
    unsigned in_year = left - (365 * years + years / 4 - years / 100);
    unsigned march = (5 * in_year + 2) / 153;

    *day = in_year - (153 * march + 2) / 5 + 1;
    *month = march < 10 ? march + 3 : march - 9;
    *year = 1600 + era * 400 + years + (*month <= 2);
}

const char *cli_when(char to[CLI_WHEN], uint64_t filetime)
{
    uint64_t seconds = filetime / 10000000, year;
    unsigned part = (unsigned)(filetime % 10000000), month, day;
    unsigned second = (unsigned)(seconds % SECONDS_A_DAY);

    date_of(seconds / SECONDS_A_DAY, &year, &month, &day);
    (void)snprintf(to, CLI_WHEN, "%04u-%02u-%02uT%02u:%02u:%02u.%07uZ", (unsigned)year, month, day,
                   second / 3600, second / 60 % 60, second % 60, part);
    return to;
}
