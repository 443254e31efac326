/*
 * T-SQL's LIKE: % _ [set] [^set] and ESCAPE, without regard to case.
 */
#ifndef OCSIGHT_TESTS_TDS_LIKE_H
#define OCSIGHT_TESTS_TDS_LIKE_H

#include <stdbool.h>

/* `escape` 0 = none. */
bool like_matches(const char *pattern, const char *text, char escape);

#endif
