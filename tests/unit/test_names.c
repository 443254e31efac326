/*
 * Every value that is printed has a name of its own.
 */
#include "tests/unit/harness.h"

#include "analyzer/engine/change.h"
#include "analyzer/engine/finding.h"
#include "analyzer/engine/flow.h"
#include "analyzer/engine/summary.h"

/* One line calls the typed function; the table below needs them all of one type. */
#define NAME_OF(type)                                                                              \
    static const char *type##_of(int value)                                                        \
    {                                                                                              \
        return type##_name((enum type)value);                                                      \
    }

NAME_OF(event_kind)
NAME_OF(state_kind)
NAME_OF(expire_type)
NAME_OF(category_kind)
NAME_OF(member_type)
NAME_OF(container_action)
NAME_OF(roaming_kind)
NAME_OF(chat_class)
NAME_OF(dialog_kind)
NAME_OF(dialog_state)
NAME_OF(dialog_service)
NAME_OF(dialog_mode)
NAME_OF(coverage_kind)
NAME_OF(change_kind)
NAME_OF(presence_source)
NAME_OF(endpoint_state)
NAME_OF(publication_state)
NAME_OF(aggregate_step)
NAME_OF(input_verdict)
NAME_OF(subscription_state)
NAME_OF(session_state)
NAME_OF(membership_state)
NAME_OF(command_state)
NAME_OF(post_state)
NAME_OF(flow_outcome)
NAME_OF(flow_step_outcome)
NAME_OF(room_source)
NAME_OF(file_state)
NAME_OF(preference_coding)
NAME_OF(http_call)
NAME_OF(severity)
NAME_OF(skip_reason)
NAME_OF(coverage_verdict)
NAME_OF(transport)

enum { NOT_NAMED_UNKNOWN = -1 };

static const struct {
    const char *(*name)(int);
    int last;    /* the highest value */
    int unknown; /* the one that is called "unknown" */
} enums[] = {
    {event_kind_of, EVENT_KINDS - 1, NOT_NAMED_UNKNOWN},
    {state_kind_of, STATE_UNKNOWN, STATE_UNKNOWN},
    {expire_type_of, EXPIRE_UNKNOWN, EXPIRE_UNKNOWN},
    {category_kind_of, CATEGORY_ROOM_SETTING, CATEGORY_UNKNOWN},
    {member_type_of, MEMBER_TYPE_EVERYONE, MEMBER_TYPE_UNKNOWN},
    {container_action_of, CONTAINER_EMPTY, NOT_NAMED_UNKNOWN},
    {roaming_kind_of, ROAMING_ACE, NOT_NAMED_UNKNOWN},
    {chat_class_of, CHAT_UNKNOWN, CHAT_UNKNOWN},
    {dialog_kind_of, DIALOG_OTHER, NOT_NAMED_UNKNOWN},
    {dialog_state_of, DIALOG_UNFINISHED, NOT_NAMED_UNKNOWN},
    {dialog_service_of, SERVICE_CONFERENCE, NOT_NAMED_UNKNOWN},
    {dialog_mode_of, DIALOG_QUERY, NOT_NAMED_UNKNOWN},
    {coverage_kind_of, COVERAGE_CAP, NOT_NAMED_UNKNOWN},
    {change_kind_of, CHANGE_KINDS - 1, NOT_NAMED_UNKNOWN},
    {presence_source_of, SOURCE_DATABASE, NOT_NAMED_UNKNOWN},
    {endpoint_state_of, ENDPOINT_EXPIRED, NOT_NAMED_UNKNOWN},
    {publication_state_of, PUBLICATION_CONFLICT, NOT_NAMED_UNKNOWN},
    {aggregate_step_of, STEP_BUSY_IDLE, NOT_NAMED_UNKNOWN},
    {input_verdict_of, INPUT_NO_NUMBER, NOT_NAMED_UNKNOWN},
    {subscription_state_of, SUBSCRIPTION_REFUSED, NOT_NAMED_UNKNOWN},
    {session_state_of, SESSION_REFUSED, SESSION_UNKNOWN},
    {membership_state_of, MEMBER_UNKNOWN, MEMBER_UNKNOWN},
    {command_state_of, COMMAND_MISPLACED, NOT_NAMED_UNKNOWN},
    {post_state_of, POST_ABANDONED, NOT_NAMED_UNKNOWN},
    {flow_outcome_of, FLOW_JOINED, NOT_NAMED_UNKNOWN},
    {flow_step_outcome_of, FLOW_STEP_PENDING, NOT_NAMED_UNKNOWN},
    {room_source_of, ROOM_ENDED, NOT_NAMED_UNKNOWN},
    {file_state_of, FILE_POSTED, NOT_NAMED_UNKNOWN},
    {preference_coding_of, PREFERENCE_NOT_BASE64, NOT_NAMED_UNKNOWN},
    {http_call_of, HTTP_ROOM_MODIFY, NOT_NAMED_UNKNOWN},
    {severity_of, SEVERITY_ERROR, NOT_NAMED_UNKNOWN},
    {skip_reason_of, SKIP_REASONS - 1, NOT_NAMED_UNKNOWN},
    {coverage_verdict_of, COVERAGE_FULL, NOT_NAMED_UNKNOWN},
    {transport_of, TRANSPORT_SCTP, TRANSPORT_UNKNOWN},
};

static void every_value_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof enums / sizeof enums[0]; i++) {
        for (int value = 0; value <= enums[i].last; value++) {
            const char *name = enums[i].name(value);
            assert_non_null(name);
            assert_int_equal(strcmp(name, "unknown") == 0, value == enums[i].unknown);
            for (int other = 0; other < value; other++) {
                assert_string_not_equal(name, enums[i].name(other));
            }
        }
    }
}

/* Shows too that `last` in the table is the last. */
static void a_value_beyond_the_last_is_unknown(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof enums / sizeof enums[0]; i++) {
        assert_string_equal(enums[i].name(enums[i].last + 1), "unknown");
        assert_string_equal(enums[i].name(1000), "unknown");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_value_has_a_name_of_its_own),
        cmocka_unit_test(a_value_beyond_the_last_is_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
