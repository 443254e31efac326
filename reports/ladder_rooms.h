/*
 * The rooms and files that a ladder names: known by identifier and token first,
 * by the name that users gave them later.
 */
#ifndef OCSIGHT_REPORTS_LADDER_ROOMS_H
#define OCSIGHT_REPORTS_LADDER_ROOMS_H

#include "reports/ladder_model.h"

/* The room of that URI for a row, made if it is new; NULL without a URI or when there are too
 * many. */
struct ladder_room *ladder_room_of(struct ladder_model *model, struct slice uri);

/* Something said what it is called. What came before the first name goes by that one; what came
 * before a new name keeps the old one. */
void ladder_room_learn(struct ladder_model *model, struct slice uri, struct slice name);

/* At the end: until a name is known, the beginning of the identifier has to do. */
void ladder_rooms_name(struct ladder_model *model);

/* Web calls name a file as it is stored; the chat command named it as users know it. */
void ladder_file_learn(struct ladder_model *model, const struct file_change *file);

/* "" without. */
struct slice ladder_file_name(const struct ladder_model *model, const struct http_fact *fact);

#endif
