/*
 * Captures as the pipeline sees them: every format in every packing, cut at
 * every byte, filtered, refused; libpcap is the reference.
 */
#include "tests/unit/captures.h"

#include <dirent.h>
#include <pcap/pcap.h>
#include <unistd.h>

#define TEXT(literal) ((struct slice)SLICE(literal))

static const struct slice nothing = {NULL, 0};

/* An Ethernet frame with a UDP datagram to port 5060 or 53, as far as a filter looks. */
static const struct slice sip = SLICE("\2\0\0\0\0\1\2\0\0\0\0\2\x08\0"
                                      "\x45\0\0\x1c\0\0\0\0\x40\x11\0\0\xc0\0\2\1\xc0\0\2\2"
                                      "\x13\xc4\x13\xc4\0\x08\0\0");
static const struct slice dns = SLICE("\2\0\0\0\0\1\2\0\0\0\0\2\x08\0"
                                      "\x45\0\0\x1c\0\0\0\0\x40\x11\0\0\xc0\0\2\1\xc0\0\2\2"
                                      "\0\x35\0\x35\0\x08\0\0");

/* ---- small files with the same three packets ---- */

static struct buffer small_pcap(void)
{
    struct buffer file = built();
    pcap_start(&file, PCAP_MICRO, false, 65535, 1);
    pcap_record(&file, false, 1234567890, 250000, sip, 42);
    pcap_record(&file, false, 1234567890, 250001, dns, 42);
    pcap_record(&file, false, 1234567891, 0, TEXT("cut short"), 1514);
    return file;
}

static struct buffer small_pcapng(void)
{
    struct buffer file = built();
    ng_section(&file, true, nothing);
    ng_interface(&file, true, 1, 0, nothing);
    ng_enhanced(&file, true, 0, 1234567890250000, sip, 42, nothing);
    ng_enhanced(&file, true, 0, 1234567890250001, dns, 42, nothing);
    ng_enhanced(&file, true, 0, 1234567891000000, TEXT("cut short"), 1514, nothing);
    return file;
}

static struct buffer small_netmon(void)
{
    const struct netmon_frame frames[] = {
        {0, sip, 42, 1, 0}, {1, dns, 42, 1, 0}, {750000, TEXT("cut short"), 1514, 1, 0}};
    struct buffer file = built();
    netmon_file(&file, 2, 1, frames, 3);
    return file;
}

/* The end of a file can look whole where a record ends, in formats without a table. */
static bool at_a_record(const struct seen *seen, size_t size)
{
    for (size_t i = 0; i < seen->count; i++) {
        if (seen->packets[i].packet.origin.offset == size) {
            return true;
        }
    }
    return false;
}

static bool at_a_block(const struct seen *seen, size_t size)
{
    return size == 28 || at_a_record(seen, size);
}

static const struct kind {
    const char *name;
    struct buffer (*file)(void);
    bool (*may_end)(const struct seen *seen, size_t size);
} kinds[] = {
    {"pcap", small_pcap, at_a_record},
    {"pcapng", small_pcapng, at_a_block},
    {"netmon", small_netmon, NULL},
};

enum { KINDS = 3 };

static const struct {
    const char *name; /* NULL: plain */
    void (*pack)(struct buffer *out, struct slice content);
} packings[] = {{NULL, put}, {"gzip", pack_gzip}, {"zstd", pack_zstd}};

enum { PACKINGS = 3 };

static void check_small(const struct seen *seen)
{
    assert_int_equal(seen->status, CAPTURE_END);
    assert_string_equal(seen->remark, "");
    assert_int_equal(seen->count, 3);
    assert_true(slice_equal(seen->packets[0].bytes, sip));
    assert_true(slice_equal(seen->packets[1].bytes, dns));
    assert_slice_equal(seen->packets[2].bytes, "cut short");
    assert_int_equal(seen->packets[2].packet.wire_size, 1514);
    assert_int_equal(seen->packets[0].packet.origin.time, INT64_C(1234567890250000000));
    assert_int_equal(seen->packets[1].packet.origin.time, INT64_C(1234567890250001000));
    assert_int_equal(seen->info.first, INT64_C(1234567890250000000));
    assert_int_equal(seen->info.last, INT64_C(1234567891000000000));
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(seen->packets[i].packet.origin.record, i + 1);
        assert_int_equal(seen->packets[i].packet.link_type, 1);
    }
}

static void every_format_in_every_packing(void **state)
{
    (void)state;
    for (size_t k = 0; k < KINDS; k++) {
        struct buffer file = kinds[k].file();
        for (size_t p = 0; p < PACKINGS; p++) {
            struct buffer packed = built();
            packings[p].pack(&packed, buffer_slice(&file));
            struct guard guard = guard_copy(buffer_slice(&packed));
            struct seen *seen = seen_in(guard.bytes);
            check_small(seen);
            assert_string_equal(seen->info.kind, kinds[k].name);
            assert_string_equal(seen->info.compression ? seen->info.compression : "plain",
                                packings[p].name ? packings[p].name : "plain");
            assert_int_equal(seen->info.size, packed.size);
            seen_free(seen);
            guard_free(&guard);
            buffer_dispose(&packed);
        }
        buffer_dispose(&file);
    }
}

static void every_cut_gives_a_prefix(void **state)
{
    (void)state;
    for (size_t k = 0; k < KINDS; k++) {
        struct buffer file = kinds[k].file();
        for (size_t p = 0; p < PACKINGS; p++) {
            struct buffer packed = built();
            packings[p].pack(&packed, buffer_slice(&file));
            check_every_cut(buffer_slice(&packed), p == 0 ? kinds[k].may_end : NULL);
            buffer_dispose(&packed);
        }
        buffer_dispose(&file);
    }
}

/* A frame table that was lost with the end of the file: the frames before are still read. */
static void a_cut_capture_gives_all_whole_records(void **state)
{
    (void)state;
    for (size_t k = 0; k < KINDS; k++) {
        struct buffer file = kinds[k].file();
        struct seen *all = seen_in(buffer_slice(&file));
        uint64_t last = all->packets[2].packet.origin.offset;
        struct seen *part = seen_in(slice_sub(buffer_slice(&file), 0, (size_t)last + 20));
        assert_int_equal(part->status, CAPTURE_CUT);
        assert_int_equal(part->count, 2);
        char place[64];
        snprintf(place, sizeof place, "record 3 at byte %llu: ", (unsigned long long)last);
        assert_non_null(strstr(part->problem, place));
        assert_non_null(strstr(part->problem, "tried to read "));
        assert_non_null(strstr(part->problem, ", only got "));
        seen_free(part);
        seen_free(all);
        buffer_dispose(&file);
    }
}

/* One byte too few, and the last record is not handed on. */
static void a_record_that_lacks_a_byte_is_not_whole(void **state)
{
    (void)state;
    for (size_t k = 0; k < KINDS; k++) {
        struct buffer file = kinds[k].file();
        size_t table = kinds[k].may_end ? 0 : 12; /* NetMon's, behind the last frame */
        struct slice part = slice_sub(buffer_slice(&file), 0, file.size - table - 1);
        struct seen *seen = seen_in(part);
        assert_int_equal(seen->status, CAPTURE_CUT);
        assert_int_equal(seen->count, 2);
        seen_free(seen);
        buffer_dispose(&file);
    }
}

/* ---- classic pcap ---- */

static void classic_files_of_every_form(void **state)
{
    (void)state;
    static const struct {
        uint32_t magic;
        uint32_t part;
        int64_t time;
        size_t gap; /* bytes of the record header beyond 16 */
    } rows[] = {
        {PCAP_MICRO, 999999, INT64_C(4294967295999999000), 0},
        {PCAP_NANO, 999999999, INT64_C(4294967295999999999), 0},
        {PCAP_PATCHED, 999999, INT64_C(4294967295999999000), 8},
    };
    for (size_t i = 0; i < 6; i++) {
        bool big = i % 2 == 1;
        struct buffer file = built();
        pcap_start(&file, rows[i / 2].magic, big, 65535, 113);
        uint64_t places[3];
        for (size_t r = 0; r < 3; r++) {
            places[r] = file.size;
            /* The longer header of the patched form stands before the bytes. */
            pcap_record(&file, big, UINT32_MAX, rows[i / 2].part, nothing, 7);
            file.size -= 8;
            put_u32(&file, 4 + r, big);
            put_u32(&file, 7, big);
            put(&file, slice_sub(TEXT("\0\0\0\0\0\0\0\0"), 0, rows[i / 2].gap));
            put(&file, slice_sub(TEXT("abcdef"), 0, 4 + r));
        }
        struct seen *seen = seen_in(buffer_slice(&file));
        assert_int_equal(seen->status, CAPTURE_END);
        assert_int_equal(seen->count, 3);
        for (size_t r = 0; r < 3; r++) {
            assert_true(slice_equal(seen->packets[r].bytes, slice_sub(TEXT("abcdef"), 0, 4 + r)));
            assert_int_equal(seen->packets[r].packet.wire_size, 7);
            assert_int_equal(seen->packets[r].packet.link_type, 113);
            assert_int_equal(seen->packets[r].packet.origin.time, rows[i / 2].time);
            assert_int_equal(seen->packets[r].packet.origin.offset, places[r]);
        }
        seen_free(seen);
        buffer_dispose(&file);
    }
}

static void absurd_fractions_are_no_disaster(void **state)
{
    (void)state;
    static const uint32_t parts[] = {0, 1000000, INT32_MAX, 0x80000000, UINT32_MAX};
    for (size_t i = 0; i < 10; i++) {
        struct buffer file = built();
        pcap_start(&file, i < 5 ? PCAP_MICRO : PCAP_NANO, false, 65535, 1);
        pcap_record(&file, false, 0, parts[i % 5], sip, 42);
        pcap_record(&file, false, UINT32_MAX, parts[i % 5], sip, 42);
        struct seen *seen = seen_in(buffer_slice(&file)); /* checks the range of times */
        assert_int_equal(seen->count, 2);
        seen_free(seen);
        buffer_dispose(&file);
    }
}

/* libpcap cuts records to the snapshot length: the place of the next one is still right. */
static void records_over_the_snapshot_length(void **state)
{
    (void)state;
    struct buffer file = built();
    pcap_start(&file, PCAP_MICRO, false, 10, 1);
    pcap_record(&file, false, 1, 0, sip, 42);
    uint64_t second = file.size;
    pcap_record(&file, false, 2, 0, TEXT("ten bytes."), 10);
    uint64_t third = file.size;
    pcap_record(&file, false, 3, 0, TEXT("small"), 5);
    struct seen *seen = seen_in(buffer_slice(&file));
    assert_int_equal(seen->count, 3);
    assert_int_equal(seen->packets[0].bytes.size, 10);
    assert_int_equal(seen->packets[1].packet.origin.offset, second);
    assert_int_equal(seen->packets[2].packet.origin.offset, third);
    assert_slice_equal(seen->packets[2].bytes, "small");
    seen_free(seen);
    buffer_dispose(&file);
}

static void an_impossible_record_cuts_the_capture(void **state)
{
    (void)state;
    struct buffer file = small_pcap();
    uint64_t place = file.size;
    put(&file, TEXT("\0\0\0\0\0\0\0\0\xff\xff\xff\x7f\xff\xff\xff\x7f"));
    struct seen *seen = seen_in(buffer_slice(&file));
    assert_int_equal(seen->status, CAPTURE_CUT);
    assert_int_equal(seen->count, 3);
    char said[64];
    snprintf(said, sizeof said, "record 4 at byte %llu: invalid packet capture length",
             (unsigned long long)place);
    assert_non_null(strstr(seen->problem, said));
    seen_free(seen);
    buffer_dispose(&file);
}

static void a_valid_header_without_packets_is_no_error(void **state)
{
    (void)state;
    struct buffer file = built();
    pcap_start(&file, PCAP_NANO, true, 65535, 1);
    struct seen *seen = seen_in(buffer_slice(&file));
    assert_int_equal(seen->status, CAPTURE_END);
    assert_int_equal(seen->info.records, 0);
    assert_int_equal(seen->info.first, TIME_NONE);
    assert_int_equal(seen->info.last, TIME_NONE);
    seen_free(seen);
    buffer_dispose(&file);
}

static void packets_over_the_cap(void **state)
{
    (void)state;
    struct buffer file = small_pcap();
    struct limits limits = limits_default();
    limits.packet_bytes = 41;
    struct seen *seen = seen_of(capture_open_memory(buffer_slice(&file), 0, NULL, &limits));
    assert_int_equal(seen->count, 3);
    assert_int_equal(seen->packets[0].bytes.size, 41);
    assert_int_equal(seen->packets[0].packet.wire_size, 42);
    assert_int_equal(seen->packets[2].bytes.size, 9);
    assert_int_equal(seen->counts.cut, 2);
    seen_free(seen);
    buffer_dispose(&file);
}

/* ---- what is not read ---- */

static void other_formats_are_named_with_what_converts_them(void **state)
{
    (void)state;
    static const struct {
        struct slice content;
        const char *said;
    } rows[] = {
        {SLICE(""), "is empty"},
        {SLICE("RTSS\0\1"), "Network Monitor 1.x"},
        {SLICE("MSCF\0\0\0\0"), "expand it first"},
        {SLICE("snoop\0\0\0\0\0\0\2"), "editcap -F pcapng"},
        {SLICE("PK\x03\x04"), "unpack it first"},
        {SLICE("\xfd"
               "7zXZ\0"),
         "is compressed with xz"},
        {SLICE("BZh91AY&SY"), "is compressed with bzip2"},
        {SLICE("GMBU\0\3"
               "........................................"),
         "NetMon version 3.0"},
        {SLICE("GMBU\0\2"), "NetMon file header is cut"},
        {SLICE("\xd4\xc3\xb2\xa1"), "pcap file header is cut: tried to read 24 bytes, only got 4"},
        {SLICE("hello\n"), "is text, not a capture"},
        {SLICE("\xff\xfeh\0i\0"), "is text, not a capture"},
        {SLICE("\x7f"
               "ELF\"\\\n\xff"),
         "it starts with \"\\x7fELF\\x22\\x5c\\x0a\\xff\""},
        {SLICE("\0"), "unknown content, it starts with \"\\x00\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct guard guard = guard_copy(rows[i].content);
        struct seen *seen = seen_in(guard.bytes);
        assert_int_equal(seen->status, CAPTURE_FAILED);
        assert_int_equal(seen->count, 0);
        if (!strstr(seen->problem, rows[i].said)) {
            fail_msg("\"%s\" does not say \"%s\"", seen->problem, rows[i].said);
        }
        seen_free(seen);
        guard_free(&guard);
    }
}

static void a_windows_event_trace_is_recognised(void **state)
{
    (void)state;
    struct buffer file = built();
    put_u32(&file, 65536, false); /* buffer size */
    for (size_t i = 0; i < 17; i++) {
        put_u32(&file, 0x90, false);
    }
    put(&file, TEXT("\2\0\2\xc0\x20\1\0\0"));
    struct seen *seen = seen_in(buffer_slice(&file));
    assert_int_equal(seen->status, CAPTURE_FAILED);
    assert_non_null(strstr(seen->problem, "etl2pcapng"));
    seen_free(seen);
    buffer_dispose(&file);
}

static void compressed_content_that_is_none(void **state)
{
    (void)state;
    struct buffer packed = built();
    pack_gzip(&packed, nothing);
    struct seen *seen = seen_in(buffer_slice(&packed));
    assert_string_equal(seen->problem, "is empty");
    seen_free(seen);
    struct buffer twice = built();
    pack_gzip(&twice, buffer_slice(&packed));
    seen = seen_in(buffer_slice(&twice));
    assert_string_equal(seen->problem, "is compressed twice: unpack it first");
    seen_free(seen);
    seen = seen_in(TEXT("\x1f\x8b garbage"));
    assert_int_equal(seen->status, CAPTURE_FAILED);
    assert_non_null(strstr(seen->problem, "gzip data is damaged at byte "));
    seen_free(seen);
    buffer_dispose(&twice);
    buffer_dispose(&packed);
}

static void paths_that_cannot_be_read(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    struct seen *seen = seen_of(capture_open("/", 3, NULL, &limits));
    assert_int_equal(seen->status, CAPTURE_FAILED);
    assert_string_equal(seen->problem, "is a directory");
    assert_slice_equal(seen->info.name, "/");
    assert_null(seen->info.kind);
    seen_free(seen);
    seen = seen_of(capture_open("/nonexistent.pcap", 3, NULL, &limits));
    assert_string_equal(seen->problem, "cannot be opened: No such file or directory");
    seen_free(seen);
}

/* ---- filters ---- */

static void filtered_packets_keep_their_numbers(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    for (size_t k = 0; k < KINDS; k++) {
        struct buffer file = kinds[k].file();
        struct seen *seen =
            seen_of(capture_open_memory(buffer_slice(&file), 7, "udp port 53", &limits));
        assert_int_equal(seen->status, CAPTURE_END);
        assert_int_equal(seen->count, 1);
        assert_int_equal(seen->packets[0].packet.origin.record, 2);
        assert_int_equal(seen->packets[0].packet.origin.input, 7);
        assert_int_equal(seen->counts.filtered, 2);
        assert_int_equal(seen->info.records, 3);
        assert_int_equal(seen->info.last, INT64_C(1234567891000000000));
        seen_free(seen);
        buffer_dispose(&file);
    }
}

static void a_filter_is_compiled_for_each_link_type(void **state)
{
    (void)state;
    static const uint32_t links[] = {1, 101, 147, 511, 512, 65535};
    struct buffer file = built();
    ng_section(&file, false, nothing);
    for (size_t i = 0; i < 6; i++) {
        ng_interface(&file, false, links[i], 0, nothing);
        ng_enhanced(&file, false, (uint32_t)i, i, links[i] == 1 ? sip : slice_from(sip, 14), 42,
                    nothing);
    }
    ng_enhanced(&file, false, 9, 9, sip, 42, nothing); /* no such interface */
    struct limits limits = limits_default();
    struct seen *seen =
        seen_of(capture_open_memory(buffer_slice(&file), 0, "udp dst port 5060", &limits));
    assert_int_equal(seen->count, 2);
    assert_int_equal(seen->packets[0].packet.link_type, 1);
    assert_int_equal(seen->packets[1].packet.link_type, 101);
    assert_int_equal(seen->counts.filtered, 5);
    seen_free(seen);
    buffer_dispose(&file);
}

static void a_wrong_filter_is_refused(void **state)
{
    (void)state;
    char problem[CAPTURE_PROBLEM];
    assert_true(capture_filter_check("tcp port 5061", problem));
    assert_string_equal(problem, "");
    assert_true(capture_filter_check("wlan addr1 02:00:00:00:00:01", problem));
    assert_true(capture_filter_check("", problem));
    assert_false(capture_filter_check("tcp prot 5061", problem));
    assert_true(problem[0] != '\0');
    struct buffer file = small_pcap();
    struct limits limits = limits_default();
    struct seen *seen =
        seen_of(capture_open_memory(buffer_slice(&file), 0, "tcp prot 5061", &limits));
    assert_int_equal(seen->status, CAPTURE_FAILED);
    assert_memory_equal(seen->problem, "filter: ", 8);
    seen_free(seen);
    buffer_dispose(&file);
}

/* ---- libpcap as the reference ---- */

/* Every packet of `path` as libpcap has it; false when libpcap cannot read the file. */
static bool check_against_libpcap(const char *path)
{
    char error[PCAP_ERRBUF_SIZE];
    pcap_t *pcap = pcap_open_offline_with_tstamp_precision(path, PCAP_TSTAMP_PRECISION_NANO, error);
    if (!pcap) {
        return false;
    }
    struct limits limits = limits_default();
    struct capture *capture = capture_open(path, 0, NULL, &limits);
    struct packet packet;
    struct pcap_pkthdr *header;
    const u_char *bytes;
    int status = 0;
    while ((status = pcap_next_ex(pcap, &header, &bytes)) == 1) {
        assert_int_equal(capture_next(capture, &packet), CAPTURE_PACKET);
        assert_int_equal(packet.bytes.size, header->caplen);
        assert_int_equal(packet.wire_size, header->len);
        assert_memory_equal(packet.bytes.data, bytes, header->caplen);
        assert_int_equal(packet.origin.time,
                         (int64_t)header->ts.tv_sec * TIME_SECOND + header->ts.tv_usec);
        assert_int_equal(packet.link_type, pcap_datalink(pcap));
    }
    assert_int_equal(status, PCAP_ERROR_BREAK);
    assert_int_equal(capture_next(capture, &packet), CAPTURE_END);
    capture_close(capture);
    pcap_close(pcap);
    return true;
}

static void check_built(struct buffer *file)
{
    char path[] = "/tmp/test_capture.XXXXXX";
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, file->data, file->size), file->size);
    close(descriptor);
    assert_true(check_against_libpcap(path));
    unlink(path);
    buffer_dispose(file);
}

static void built_files_are_as_libpcap_reads_them(void **state)
{
    (void)state;
    for (size_t k = 0; k < 2; k++) {
        struct buffer file = kinds[k].file();
        check_built(&file);
    }
    static const uint8_t clocks[] = {0, 3, 6, 7, 9, 0x80, 0x80 | 10, 0x80 | 20};
    for (size_t i = 0; i < 2 * sizeof clocks; i++) {
        bool big = i % 2 == 1;
        struct buffer file = built();
        ng_section(&file, big, nothing);
        ng_clock(&file, big, 113, clocks[i / 2], 1000);
        for (size_t p = 0; p < 5; p++) {
            ng_enhanced(&file, big, 0, p * 12345, slice_sub(sip, 0, p * 7), 42, nothing);
            ng_block(&file, big, 0x0bad, TEXT("custom"));
            ng_obsolete(&file, big, 0, p * 12347, slice_sub(sip, 0, p * 3), 42);
        }
        check_built(&file);
    }
}

static void public_captures_are_as_libpcap_reads_them(void **state)
{
    (void)state;
    const char *directory = TEST_SOURCE_DIR "/../shared/captures";
    DIR *listing = opendir(directory);
    if (!listing) {
        skip();
    }
    size_t checked = 0;
    for (struct dirent *entry = readdir(listing); entry; entry = readdir(listing)) {
        if (strstr(entry->d_name, ".pcap")) {
            char path[4096];
            snprintf(path, sizeof path, "%s/%s", directory, entry->d_name);
            checked += check_against_libpcap(path);
        }
    }
    closedir(listing);
    assert_true(checked > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_format_in_every_packing),
        cmocka_unit_test(every_cut_gives_a_prefix),
        cmocka_unit_test(a_cut_capture_gives_all_whole_records),
        cmocka_unit_test(a_record_that_lacks_a_byte_is_not_whole),
        cmocka_unit_test(classic_files_of_every_form),
        cmocka_unit_test(absurd_fractions_are_no_disaster),
        cmocka_unit_test(records_over_the_snapshot_length),
        cmocka_unit_test(an_impossible_record_cuts_the_capture),
        cmocka_unit_test(a_valid_header_without_packets_is_no_error),
        cmocka_unit_test(packets_over_the_cap),
        cmocka_unit_test(other_formats_are_named_with_what_converts_them),
        cmocka_unit_test(a_windows_event_trace_is_recognised),
        cmocka_unit_test(compressed_content_that_is_none),
        cmocka_unit_test(paths_that_cannot_be_read),
        cmocka_unit_test(filtered_packets_keep_their_numbers),
        cmocka_unit_test(a_filter_is_compiled_for_each_link_type),
        cmocka_unit_test(a_wrong_filter_is_refused),
        cmocka_unit_test(built_files_are_as_libpcap_reads_them),
        cmocka_unit_test(public_captures_are_as_libpcap_reads_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
