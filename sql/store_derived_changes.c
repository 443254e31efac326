/*
 * Changes of presence and chat as rows. See store_derived.h.
 */
#include "sql/store_derived_parts.h"

/* The columns that the rows of all changes begin with. */
static struct derived_row change_begin(struct store_derived *derived, enum derived_statement which,
                                       const struct change *change)
{
    struct derived_row row = row_begin(derived, which);
    row_integer(&row, (int64_t)change->id);
    row_time(&row, change->time);
    row_origin(&row, &change->origin);
    return row;
}

/* ---- presence ---- */

static void add_presence(struct store_derived *derived, const struct change *change)
{
    const struct presence_change *said = &change->as.presence;
    struct derived_row row = change_begin(derived, DERIVED_PRESENCE, change);
    row_text(&row, said->user);
    row_name(&row, band_name(said->band));
    row_availability(&row, said->availability);
    row_text(&row, said->activity);
    row_name(&row, presence_source_name(said->source));
    row_text(&row, said->cause);
    row_end(&row);
}

static void add_endpoint(struct store_derived *derived, const struct change *change)
{
    const struct endpoint_change *said = &change->as.endpoint;
    struct derived_row row = change_begin(derived, DERIVED_ENDPOINT, change);
    row_text(&row, said->user);
    row_text(&row, said->epid);
    row_name(&row, endpoint_state_name(said->state));
    row_time(&row, said->until);
    row_end(&row);
}

static void add_publication(struct store_derived *derived, const struct change *change)
{
    const struct publication_change *said = &change->as.publication;
    if (said->state == PUBLICATION_REQUESTED) {
        return; /* half of all rows, and the answer says the same */
    }
    struct derived_row row = change_begin(derived, DERIVED_PUBLICATION, change);
    row_text(&row, said->key.user);
    row_text(&row, said->epid);
    row_text(&row, said->pidf ? slice_of("") : said->key.name);
    if (said->pidf) {
        row_name(&row, NULL);
        row_name(&row, NULL);
    } else {
        row_integer(&row, said->key.instance);
        row_integer(&row, said->key.container);
    }
    row_text(&row, said->entity_tag);
    row_name(&row, publication_state_name(said->state));
    row_name(&row, said->value_kind == STATE_NONE ? NULL : state_kind_name(said->value_kind));
    row_availability(&row, said->availability);
    row_text(&row, said->activity);
    row_text(&row, said->text);
    row_name(&row, said->expire_type == EXPIRE_NONE ? NULL : expire_type_name(said->expire_type));
    row_time(&row, said->until);
    row_integer(&row, said->version);
    row_integer(&row, said->status);
    row_end(&row);
}

static void add_subscription(struct store_derived *derived, const struct change *change)
{
    const struct subscription_change *said = &change->as.subscription;
    struct derived_row row = change_begin(derived, DERIVED_SUBSCRIPTION, change);
    row_text(&row, said->watcher);
    row_text(&row, said->target);
    row_text(&row, said->package);
    row_text(&row, said->call_id);
    row_name(&row, dialog_mode_name(said->mode));
    row_name(&row, subscription_state_name(said->state));
    row_time(&row, said->until);
    row_integer(&row, said->status);
    row_text(&row, said->reason);
    row_end(&row);
}

/* ---- chat ---- */

static void add_session(struct store_derived *derived, const struct change *change)
{
    const struct session_change *said = &change->as.session;
    struct derived_row row = change_begin(derived, DERIVED_SESSION, change);
    row_integer(&row, (int64_t)said->session.id);
    row_text(&row, said->session.user);
    row_text(&row, said->session.epid);
    row_text(&row, said->session.call_id);
    row_integer(&row, said->session.lookup);
    row_name(&row, session_state_name(said->state));
    row_text(&row, said->service);
    row_integer(&row, said->status);
    row_text(&row, said->reason);
    row_end(&row);
}

static void add_room(struct store_derived *derived, const struct change *change)
{
    const struct room_change *said = &change->as.room;
    struct derived_row row = change_begin(derived, DERIVED_ROOM, change);
    const struct slice texts[] = {said->uri,   said->name,        said->old_name,
                                  said->topic, said->description, said->visibility};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        row_text(&row, texts[i]);
    }
    row_name(&row, room_source_name(said->source));
    row_end(&row);
}

static void add_membership(struct store_derived *derived, const struct change *change)
{
    const struct membership_change *said = &change->as.membership;
    struct derived_row row = change_begin(derived, DERIVED_MEMBERSHIP, change);
    row_integer(&row, (int64_t)said->session.id);
    row_text(&row, said->session.user);
    row_text(&row, said->session.epid);
    row_text(&row, said->room);
    row_name(&row, membership_state_name(said->state));
    row_integer(&row, said->assumed);
    row_text(&row, said->reason);
    row_end(&row);
}

static void add_participant(struct store_derived *derived, const struct change *change)
{
    const struct participant_change *said = &change->as.participant;
    struct derived_row row = change_begin(derived, DERIVED_PARTICIPANT, change);
    row_text(&row, said->room);
    row_text(&row, said->user);
    row_integer(&row, said->present);
    row_integer(&row, (int64_t)said->agree);
    row_integer(&row, (int64_t)said->disagree);
    row_end(&row);
}

static void add_follow(struct store_derived *derived, const struct change *change)
{
    const struct follow_change *said = &change->as.follow;
    struct derived_row row = change_begin(derived, DERIVED_FOLLOW, change);
    row_text(&row, said->user);
    row_text(&row, said->room);
    row_integer(&row, said->follows);
    row_end(&row);
}

/* The state of a message as it is first seen; what answers it changes that. */
static const char *first_state(const struct post_change *said)
{
    return said->state == POST_HISTORY ? "history"
           : said->captured            ? "unanswered"
                                       : "delivered-only";
}

static void add_post(struct store_derived *derived, const struct change *change)
{
    const struct post_change *said = &change->as.post;
    const bool known = said->captured && said->post.record > 0;
    const int64_t seen = said->state == POST_HISTORY && said->ts != TIME_NONE ? said->ts
                         : said->posted_at != TIME_NONE                       ? said->posted_at
                                                                              : change->time;
    struct derived_row row = row_begin(derived, DERIVED_POST);
    row_integer(&row, (int64_t)said->id);
    row_time(&row, seen);
    row_origin(&row, known ? &said->post : &change->origin);
    row_text(&row, said->room);
    row_text(&row, said->author);
    row_text(&row, said->text);
    row_time(&row, said->ts);
    row_name(&row, first_state(said));
    row_integer(&row, 0);
    row_integer(&row, said->file_link);
    row_end(&row);
}

static void set_post(struct store_derived *derived, const struct post_change *said,
                     const char *state)
{
    struct derived_row row = row_begin(derived, DERIVED_SET_POST);
    row_integer(&row, (int64_t)said->id);
    row_name(&row, state);
    row_integer(&row, said->status);
    row_end(&row);
}

static void add_delivery(struct store_derived *derived, const struct change *change)
{
    const struct post_change *said = &change->as.post;
    struct derived_row row = change_begin(derived, DERIVED_DELIVERY, change);
    row_integer(&row, (int64_t)said->id);
    row_integer(&row, (int64_t)said->session.id);
    row_text(&row, said->session.user);
    row_text(&row, said->session.call_id);
    row_integer(&row, said->echo);
    row_integer(&row, said->state == POST_DUPLICATE);
    row_integer(&row, said->edited);
    row_end(&row);
}

static void take_post(struct store_derived *derived, const struct change *change)
{
    const struct post_change *said = &change->as.post;
    if (said->id == 0) {
        return;
    }
    switch (said->state) {
    case POST_SENT:
        add_post(derived, change);
        set_post(derived, said, "unanswered");
        break;
    case POST_ACCEPTED:
        set_post(derived, said, "accepted");
        break;
    case POST_REFUSED:
        set_post(derived, said, "refused");
        break;
    case POST_DELIVERED:
    case POST_DUPLICATE:
        add_post(derived, change);
        add_delivery(derived, change);
        break;
    case POST_HISTORY:
        add_post(derived, change);
        break;
    case POST_ABANDONED: /* stays unanswered */
        break;
    }
}

static void add_file(struct store_derived *derived, const struct change *change)
{
    const struct file_change *said = &change->as.file;
    struct derived_row row = change_begin(derived, DERIVED_FILE, change);
    row_integer(&row, (int64_t)said->id);
    row_text(&row, said->session.user);
    row_text(&row, said->room);
    row_name(&row, file_state_name(said->state));
    row_integer(&row, said->download);
    row_text(&row, said->name);
    row_text(&row, said->stored);
    row_integer(&row, (int64_t)said->bytes);
    row_integer(&row, (int64_t)said->length);
    row_integer(&row, (int64_t)said->post);
    row_end(&row);
}

void store_derived_change(void *context, const struct change *change)
{
    static void (*const adders[CHANGE_KINDS])(struct store_derived *, const struct change *) = {
        [CHANGE_PRESENCE] = add_presence,
        [CHANGE_ENDPOINT] = add_endpoint,
        [CHANGE_PUBLICATION] = add_publication,
        [CHANGE_SUBSCRIPTION] = add_subscription,
        [CHANGE_SESSION] = add_session,
        [CHANGE_ROOM] = add_room,
        [CHANGE_MEMBERSHIP] = add_membership,
        [CHANGE_PARTICIPANT] = add_participant,
        [CHANGE_FOLLOW] = add_follow,
        [CHANGE_POST] = take_post,
        [CHANGE_FILE] = add_file,
    };
    struct store_derived *derived = context;
    if (store_is_fine(derived->store) && adders[change->kind]) {
        adders[change->kind](derived, change);
    }
}
