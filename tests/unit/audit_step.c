/*
 * Rows of the scripts for the audit's tests: addresses, messages, coverage. See audit_step.h.
 */
#include "tests/unit/audit_step.h"

#include <string.h>

struct slice text_of(const char *text)
{
    return slice_of(text ? text : "");
}

struct slice address_of(const char *who)
{
    if (!who) {
        return (struct slice){"", 0};
    }
    if (strcmp(who, "ada") == 0) {
        return (struct slice)SLICE("ada@contoso.example");
    }
    if (strcmp(who, "bo") == 0) {
        return (struct slice)SLICE("bo@contoso.example");
    }
    return strcmp(who, "chat") == 0 ? (struct slice)SLICE("chat@contoso.example") : slice_of(who);
}

struct address host_of(const char *who)
{
    struct address address = {{192, 0, 2, 5}, ADDRESS_IPV4, 5061};
    if (who && strcmp(who, "ada") == 0) {
        address = (struct address){{192, 0, 2, 21}, ADDRESS_IPV4, 52311};
    } else if (who && strcmp(who, "bo") == 0) {
        address = (struct address){{192, 0, 2, 22}, ADDRESS_IPV4, 52312};
    }
    return address;
}

struct origin step_origin(const struct step *step, uint64_t record)
{
    return (struct origin){
        .time = START + step->at * TIME_SECOND, .record = record, .input = step->input};
}

/* The other end of a user is always the server. */
static struct observation step_observation(const struct step *step, uint64_t record)
{
    bool from_client =
        step->from && (strcmp(step->from, "ada") == 0 || strcmp(step->from, "bo") == 0);
    struct address client = host_of(from_client ? step->from : step->to);
    struct address server = host_of("chat");
    bool up = from_client == (step->status == 0);
    struct observation seen = {
        .origin = step_origin(step, record),
        .source = up ? client : server,
        .destination = up ? server : client,
        .transport = step->udp ? TRANSPORT_UDP : TRANSPORT_TCP,
    };
    if (step->no_hosts) {
        seen.source = seen.destination = (struct address){0};
    }
    if (step->role == MESSAGE_ANOTHER_HOP && !step->same_net) {
        seen.source.bytes[2] = seen.destination.bytes[2] = 77;
    }
    return seen;
}

void stage_message(struct staged *out, const struct step *step, uint64_t record)
{
    *out = (struct staged){0};
    size_t headers = 0;
    if (step->supported) {
        out->headers[headers++] = (struct sip_header){SLICE("Supported"), text_of(step->supported)};
    }
    if (step->via) {
        out->headers[headers++] = (struct sip_header){SLICE("Via"), text_of(step->via)};
    }
    out->diagnostics[0] = (struct sip_diagnostics){.header = SLICE("ms-diagnostics"),
                                                   .id = step->diag,
                                                   .reason = text_of(step->why),
                                                   .source = SLICE("fe01.contoso.example")};
    out->diagnostics[1] = out->diagnostics[0];
    out->diagnostics[1].header = (struct slice)SLICE("ms-diagnostics-public");
    out->kept = (struct request_view){
        .origin = {.time = START, .record = 1},
        .event = text_of(step->event),
        .content_type = text_of(step->content),
        .if_match = text_of(step->old_tag),
        .from_user = address_of(step->from),
        .to_user = address_of(step->to),
        .expires = step->expires == -1 ? 0 : step->expires,
    };
    struct message *message = &out->message;
    *message = (struct message){
        .request = step->status == 0,
        .method = sip_method_find(text_of(step->method)),
        .method_name = text_of(step->method),
        .status = (uint16_t)step->status,
        .reason = SLICE("Reason"),
        .call_id = text_of(step->nameless ? ""
                           : step->call   ? step->call
                                          : "c1"),
        .cseq = step->cseq ? (uint32_t)step->cseq : (uint32_t)step->tx,
        .from = {.user = address_of(step->from),
                 .tag = address_of(step->from),
                 .epid = text_of(step->dialog ? "e1" : step->epid)},
        .to = {.user = address_of(step->to),
               .tag = text_of(step->inside ? "t" : ""),
               .epid = text_of(step->dialog ? "e1" : NULL)},
        .branch = text_of(step->branch),
        .contact = {.uri = text_of(step->contact)},
        .event = text_of(step->event),
        .if_match = text_of(step->old_tag),
        .expires = step->expires == 0    ? -1
                   : step->expires == -1 ? 0
                                         : step->expires,
        .subscription_state = text_of(step->sub_state),
        .subscription_expires = -1,
        .subscription_reason = text_of(step->sub_state ? step->why : NULL),
        .session_expires = -1,
        .user_agent = text_of(step->agent),
        .diagnostics = out->diagnostics,
        .diagnostics_count = (size_t)(step->diag != 0) + step->diag_twice,
        .flags = step->flags,
        .headers = out->headers,
        .header_count = headers,
        .observed = step_observation(step, record),
        .role = step->role,
        .id = step->tx * 1000 + (uint64_t)step->status,
        .transaction = step->tx,
        .dialog = step->dialog                                ? step->dialog
                  : step->act == MESSAGE || step->act == CALL ? step->id
                                                              : step->call_number,
        .request_kept = step->kept ? &out->kept : NULL,
    };
    message->observations = &message->observed;
    message->observation_count = 1;
    if (step->role == MESSAGE_ANOTHER_HOP && step->same_net && step->branch) {
        out->twice[0] = out->twice[1] = message->observed;
        message->observations = out->twice;
        message->observation_count = 2;
    }
}

void stage_coverage(struct event *event, const struct step *step)
{
    event->kind = EVENT_COVERAGE;
    event->as.coverage = (struct coverage_fact){
        .kind = step->coverage,
        .bytes = step->coverage == COVERAGE_GAP ? 1460 : 0,
        .count = step->count,
        .detail = text_of(step->name),
    };
    if (step->from) {
        event->as.coverage.source = host_of(step->from);
        event->as.coverage.destination = host_of(step->to);
    }
}
