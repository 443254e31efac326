/*
 * Words in Markdown that stay words.
 *
 * What comes from a capture must become no markup, no link, no mention and no reference to an
 * issue or a commit, in CommonMark and as GitHub and its likes extend it. Backslashes and
 * entities do not keep the extensions away, which look at the text that results; code spans do.
 * So every word in which there is more than letters and the marks of a sentence stands in one.
 */
#ifndef OCSIGHT_REPORTS_MARKDOWN_H
#define OCSIGHT_REPORTS_MARKDOWN_H

#include "reports/output.h"

/* All of it as one code span; nothing of "". `text` is safe (text.h) and has no line ends. */
void markdown_code(struct output *output, struct slice text);

/* A sentence, its odd words as code spans. It may stand at the start of a line. */
void markdown_prose(struct output *output, struct slice text);

#endif
