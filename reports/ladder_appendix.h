/*
 * Every message in full, behind the drawing of a PDF.
 *
 * Laid out twice by the same steps: once to know on which page each message begins, as arrows
 * link to it, and once to be drawn. So no line has to be kept.
 */
#ifndef OCSIGHT_REPORTS_LADDER_APPENDIX_H
#define OCSIGHT_REPORTS_LADDER_APPENDIX_H

#include "reports/ladder_pen.h"

/* Fills layout->leaves and leaf_pages. */
void ladder_appendix_place(struct ladder_layout *layout);

/* After the other pages. */
void ladder_appendix_draw(struct ladder_pen *pen);

#endif
