/*
 * The ladder as one HTML file that opens from disk: no network, no frame of anybody else's.
 *
 * The data stand in the file as JSON in which no `<` occurs, and the file's own script builds
 * everything from them as text: a capture's bytes never become markup or script. A content
 * security policy allows that one script and style by their digests, and nothing else.
 * For `ladder` and, with the findings first, for `audit`.
 */
#ifndef OCSIGHT_REPORTS_PAGE_H
#define OCSIGHT_REPORTS_PAGE_H

#include "reports/audit_baseline.h"
#include "reports/ladder_model.h"

/* The findings as an audit reports them: with all evidence, and those that no arrow shows. */
struct page_audit {
    const struct finding *findings;
    size_t count;
    const struct audit_baseline *baseline; /* NULL = there is none */
    bool doubtful; /* what the baseline lacks here may only not have been seen */
};

/*
 * `model` is settled; its options say what the page shows. With `audit` the page opens with the
 * findings; else (NULL) with the ladder, and the findings are those of the model.
 */
void page_write(const struct ladder_model *model, const struct summary *summary,
                const struct report_style *style, const struct page_audit *audit,
                struct output *output);

#endif
