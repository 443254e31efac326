/*
 * How the rows of a store's own record (sql/store/truth.sql) come out of the statements that read
 * them: the agreement between whoever writes a store and whoever reads one.
 *
 * A run's rows go from its first sequence to the next run's; what several tables hold is put in
 * order by `sequence`, several runs (of one store or of several) by (merge_time, run,
 * sequence). NULL stands for an empty text, an address that is not known, TIME_NONE. An input is
 * numbered from 1 over all runs of a store. Rows of a run that is not complete may lack their
 * inputs' totals.
 *
 * Normative: the comments in sql/store/truth.sql.
 */
#ifndef OCSIGHT_SQL_STORE_ROWS_H
#define OCSIGHT_SQL_STORE_ROWS_H

enum {
    STORE_APPLICATION = 0x4f435354, /* PRAGMA application_id: "OCST" */
    STORE_SCHEMA = 1,               /* PRAGMA user_version: of truth.sql */
};

/* The first columns of read_messages, read_http, read_dns, read_coverage and read_diagnostics. */
enum record_column {
    ROW_SEQUENCE,
    ROW_MERGE_TIME,
    ROW_INPUT,
    ROW_TIME,
    ROW_RECORD,
    ROW_OFFSET,
    ROW_PLACE, /* origin.order */
    ROW_STREAM,
    ROW_STREAM_OFFSET,
    ROW_OWN /* where the columns of the statement itself begin */
};

/* store/read_messages */
enum message_column {
    ROW_MESSAGE_SOURCE = ROW_OWN,
    ROW_MESSAGE_SOURCE_PORT,
    ROW_MESSAGE_DESTINATION,
    ROW_MESSAGE_DESTINATION_PORT,
    ROW_MESSAGE_TRANSPORT, /* transport_name() */
    ROW_MESSAGE_FLAGS,
    ROW_MESSAGE_HEAD, /* what was framed is head and body, one behind the other */
    ROW_MESSAGE_BODY,
    ROW_MESSAGE_HAS_BODY, /* 1, and no body = it is lost */
};

/* store/read_http: struct http_fact, then struct room_order */
enum http_column {
    ROW_HTTP_EXCHANGE = ROW_OWN,
    ROW_HTTP_REQUEST,
    ROW_HTTP_CALL, /* http_call_name() */
    ROW_HTTP_METHOD,
    ROW_HTTP_TARGET,
    ROW_HTTP_HOST,
    ROW_HTTP_STATUS,
    ROW_HTTP_REASON,
    ROW_HTTP_CLIENT,
    ROW_HTTP_CLIENT_PORT,
    ROW_HTTP_SERVER,
    ROW_HTTP_SERVER_PORT,
    ROW_HTTP_TOKEN_HASH, /* NULL = no token */
    ROW_HTTP_ROOM_ID,
    ROW_HTTP_FILE,
    ROW_HTTP_CHUNK_OFFSET,
    ROW_HTTP_BYTES,
    ROW_HTTP_FILE_LENGTH,
    ROW_HTTP_RESULT,
    ROW_HTTP_CUT,
    ROW_HTTP_ORDER_ROOM,
    ROW_HTTP_ORDER_NAME,
    ROW_HTTP_ORDER_OLD_NAME,
    ROW_HTTP_ORDER_DESCRIPTION,
    ROW_HTTP_ORDER_PRIVACY,
    ROW_HTTP_ORDER_ADD_IN,
    ROW_HTTP_ORDER_CATEGORY,
    ROW_HTTP_ORDER_MANAGERS,
    ROW_HTTP_ORDER_MEMBERS,
    ROW_HTTP_ORDER_NOTIFICATION,
    ROW_HTTP_ORDER_REMOVE, /* enum said */
};

/* store/read_dns */
enum dns_column {
    ROW_DNS_REQUEST = ROW_OWN,
    ROW_DNS_QUESTION,
    ROW_DNS_NAME,
    ROW_DNS_CODE,
    ROW_DNS_CLIENT,
    ROW_DNS_CLIENT_PORT,
    ROW_DNS_SERVER,
    ROW_DNS_SERVER_PORT,
};

/* store/read_dns_targets */
enum dns_target_column { ROW_TARGET_HOST, ROW_TARGET_PORT, ROW_TARGET_PRIORITY, ROW_TARGET_WEIGHT };

/* store/read_coverage */
enum coverage_column {
    ROW_COVERAGE_OF_INPUT = ROW_OWN, /* not fed to the engine: struct keeper's `ending` */
    ROW_COVERAGE_KIND,               /* coverage_kind_name() */
    ROW_COVERAGE_SOURCE,
    ROW_COVERAGE_SOURCE_PORT,
    ROW_COVERAGE_DESTINATION,
    ROW_COVERAGE_DESTINATION_PORT,
    ROW_COVERAGE_BYTES,
    ROW_COVERAGE_COUNT,
    ROW_COVERAGE_DETAIL,
};

/* store/read_diagnostics */
enum diagnostic_column {
    ROW_DIAGNOSTIC_CODE = ROW_OWN,
    ROW_DIAGNOSTIC_DETAIL,
    ROW_DIAGNOSTIC_POSITION
};

/* store/read_runs */
enum run_column {
    ROW_RUN_ID,
    ROW_RUN_TOOL,
    ROW_RUN_FILTER,
    ROW_RUN_COMPLETE,
    ROW_RUN_PARTIAL,
    ROW_RUN_FIRST_SEQUENCE,
    ROW_RUN_PACKETS,
    ROW_RUN_DECODED,
    ROW_RUN_STREAMS,
    ROW_RUN_STREAMS_READ,
    ROW_RUN_STREAMS_ENCRYPTED,
    ROW_RUN_STREAMS_COMPRESSED,
    ROW_RUN_STREAMS_GAPPED,
    ROW_RUN_STREAMS_ONE_SIDED,
    ROW_RUN_VERDICT, /* coverage_verdict_name() */
    ROW_RUN_RECORDS,
};

/* store/read_inputs */
enum input_column {
    ROW_INPUT_ID,
    ROW_INPUT_RUN,
    ROW_INPUT_NAME,
    ROW_INPUT_KIND,
    ROW_INPUT_COMPRESSION,
    ROW_INPUT_SIZE,
    ROW_INPUT_SHA256,
    ROW_INPUT_RECORDS,
    ROW_INPUT_FIRST_TIME,
    ROW_INPUT_LAST_TIME,
    ROW_INPUT_TRUNCATED,
    ROW_INPUT_FAILED,
};

#endif
