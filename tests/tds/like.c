#include "tests/tds/like.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

static int fold(char byte)
{
    return tolower((unsigned char)byte);
}

/* The character's length in UTF-8. */
static unsigned width(const char *text)
{
    unsigned size = 1;
    while (((unsigned char)text[size] & 0xC0) == 0x80)
        size++;
    return size;
}

/* Behind the set's bracket; `in` says whether the byte belongs to it. */
static const char *match_set(const char *set, char byte, bool *in)
{
    const bool not = *set == '^';
    if (not )
        set++;
    *in = false;
    while (*set && *set != ']') {
        if (set[1] == '-' && set[2] && set[2] != ']') {
            *in |= fold(byte) >= fold(set[0]) && fold(byte) <= fold(set[2]);
            set += 3;
        } else {
            *in |= fold(byte) == fold(*set);
            set++;
        }
    }
    *in ^= not ;
    return *set ? set + 1 : set;
}

/* One element of the pattern that is no %, against the text's next character. */
static bool match_one(const char **pattern, const char **text, char escape)
{
    if (!**text || !**pattern)
        return false;
    if (escape && **pattern == escape && (*pattern)[1]) {
        ++*pattern;
    } else if (**pattern == '_') {
        ++*pattern;
        *text += width(*text);
        return true;
    } else if (**pattern == '[' && strchr(*pattern + 1, ']')) {
        bool in;
        *pattern = match_set(*pattern + 1, **text, &in);
        *text += 1;
        return in;
    }
    return fold(*(*pattern)++) == fold(*(*text)++);
}

bool like_matches(const char *pattern, const char *text, char escape)
{
    const char *star = NULL;
    const char *from = NULL;
    for (;;) {
        if (*pattern == '%' && *pattern != escape) {
            star = ++pattern;
            from = text;
            continue;
        }
        if (!*text && !*pattern)
            return true;
        if (match_one(&pattern, &text, escape))
            continue;
        if (!star || !*from)
            return false;
        text = ++from;
        pattern = star;
    }
}
