/*
 * Chat sessions: one per user and endpoint, over one dialog after another.
 *
 *   event \ state  UNKNOWN    INVITING   CONNECTED  STALE      CLOSED     REFUSED
 *   invited        INVITING   INVITING   INVITING   INVITING   INVITING   INVITING
 *   answered       CONNECTED  CONNECTED  CONNECTED  CONNECTED  CONNECTED  CONNECTED
 *   traffic        CONNECTED  CONNECTED  -          CONNECTED  CONNECTED  CONNECTED
 *   declined       REFUSED    REFUSED    -          -          REFUSED    -
 *   ended, lost    CLOSED     CLOSED     CLOSED     CLOSED     -          CLOSED
 *   disowned       STALE      STALE      STALE      -          -          -
 *   renewed        -          -          -          -          -          -
 *
 * (facts/xccos.md 8.2.) "lost" is a 481 to INFO, UPDATE or an INVITE within the
 * dialog, "disowned" a 487 of the client to the service's INFO, "renewed" a 2xx to
 * UPDATE or INVITE within the dialog (S16): nothing moves and all rooms are kept,
 * but it is told. Only what happens to the current dialog moves the session; that
 * another dialog became the current one is a change, too.
 *
 * An INVITE that is challenged or forked is one dialog and opens one session: the
 * dialogs table decides when it is refused. One that was refused and is sent again
 * under the same Call-ID begins anew.
 *
 * A session whose INVITE was not captured opens at its first traffic. Which side
 * is the client follows from who says what: commands come from clients, replies
 * and notices from services, a post from its author.
 *
 * Lookup dialogs (OCS 2007 R2, Lync 2010) make a session of their own. Where an
 * address promised the wrong one of the two, the first chat body moves the dialog.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_CHAT_SESSION_H
#define OCSIGHT_ANALYZER_ENGINE_CHAT_SESSION_H

#include "analyzer/engine/chat.h"

enum session_event {
    SESSION_INVITED,
    SESSION_ANSWERED,
    SESSION_TRAFFIC,
    SESSION_DECLINED,
    SESSION_ENDED,
    SESSION_LOST,
    SESSION_DISOWNED,
    SESSION_RENEWED,
    SESSION_EVENTS
};

struct session_ref session_ref_of(const struct chat_session *session,
                                  const struct chat_dialog *dialog);

/* EVENT_DIALOG of an INVITE. */
void sessions_dialog(struct chat *chat, const struct event *event);

/* The dialog that chat traffic belongs to, opened if it was not known; NULL without a dialog. */
struct chat_dialog *sessions_traffic(struct chat *chat, const struct message *message,
                                     const struct chat_fact *fact);

/* A response to INVITE, UPDATE or INFO: 481 and 487 end or disown the dialog, 2xx refreshes it. */
void sessions_answer(struct chat *chat, const struct message *message);

void sessions_timer(struct chat *chat, struct timer *timer);
void sessions_dispose(struct chat *chat);

/* Whether the request came from the user of the session. */
bool session_speaks(const struct chat_session *session, const struct message *message);

/* Whether what arrives on this dialog reaches the session's living client. */
bool dialog_is_live(const struct chat_dialog *dialog);

#endif
