/*
 * One parameter of an RPC request: [MS-TDS] 2.2.6.6, types as in 2.2.5.5.
 */
#include <string.h>

#include "tests/tds/types.h"

static const char wrong_length[] = "a parameter's length does not fit its type";

/* The value's bytes as they lie on the wire. */
struct raw {
    bool null;
    struct bytes bytes;
};

static const char *read_plp(struct reader *reader, struct raw *raw)
{
    uint64_t total = reader_u64(reader);
    if (total == UINT64_MAX) {
        raw->null = true;
        return NULL;
    }
    for (;;) {
        uint32_t size = reader_u32(reader);
        const uint8_t *data = reader_take(reader, size);
        if (reader->bad)
            return wrong_length;
        if (size == 0)
            break;
        bytes_put(&raw->bytes, data, size);
    }
    const bool unknown = total == UINT64_MAX - 1;
    return unknown || total == raw->bytes.size ? NULL : "a PLP value's chunks miss its total";
}

/* `size` bytes, of which all bits set mean NULL. */
static const char *read_counted(struct reader *reader, uint32_t size, uint32_t null, uint32_t most,
                                struct raw *raw)
{
    raw->null = size == null;
    if (raw->null)
        return NULL;
    const uint8_t *data = reader_take(reader, size);
    if (!data || size > most)
        return wrong_length;
    bytes_put(&raw->bytes, data, size);
    return NULL;
}

static const char *read_variable(struct reader *reader, bool text, struct parameter *parameter,
                                 struct raw *raw)
{
    uint32_t most = reader_u16(reader);
    if (text)
        reader_take(reader, 5);
    const bool wide = parameter->type.kind == TYPE_NVARCHAR;
    if (most == 0xFFFF) {
        parameter->type.size = TYPE_MAX;
        return read_plp(reader, raw);
    }
    if (most == 0 || most > 8000 || (wide && most % 2))
        return "a parameter's declared length is not 1 to 8000, or odd";
    parameter->type.size = wide ? most / 2 : most;
    return read_counted(reader, reader_u16(reader), 0xFFFF, most, raw);
}

static const char *read_long(struct reader *reader, bool text, struct raw *raw)
{
    uint32_t most = reader_u32(reader);
    if (text)
        reader_take(reader, 5);
    return read_counted(reader, reader_u32(reader), UINT32_MAX, most, raw);
}

static enum type_kind integer_kind(uint8_t size)
{
    return size == 1   ? TYPE_TINYINT
           : size == 2 ? TYPE_SMALLINT
           : size == 4 ? TYPE_INT
                       : TYPE_BIGINT;
}

/* Types whose length is one byte, or lies in the type itself. */
static const char *read_short(struct reader *reader, uint8_t code, struct parameter *parameter,
                              struct raw *raw)
{
    static const struct {
        uint8_t code;
        uint8_t size; /* 0 = it follows */
        enum type_kind kind;
    } rows[] = {
        {0x26, 0, TYPE_INT},      {0x68, 0, TYPE_BIT},      {0x6D, 0, TYPE_FLOAT},
        {0x6F, 0, TYPE_DATETIME}, {0x24, 0, TYPE_GUID},     {0x30, 1, TYPE_TINYINT},
        {0x32, 1, TYPE_BIT},      {0x34, 2, TYPE_SMALLINT}, {0x38, 4, TYPE_INT},
        {0x3D, 8, TYPE_DATETIME}, {0x3E, 8, TYPE_FLOAT},    {0x7F, 8, TYPE_BIGINT},
    };
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].code != code)
            continue;
        parameter->type = (struct type){rows[i].kind, rows[i].size};
        if (rows[i].size)
            return read_counted(reader, rows[i].size, UINT32_MAX, rows[i].size, raw);
        uint8_t most = reader_u8(reader);
        parameter->type.size = most;
        if (code == 0x26)
            parameter->type.kind = integer_kind(most);
        return read_counted(reader, reader_u8(reader), 0, most, raw);
    }
    return "a parameter's type is not known";
}

static const char *read_value(struct reader *reader, struct parameter *parameter, struct raw *raw)
{
    uint8_t code = reader_u8(reader);
    switch (code) {
    case 0xE7:
    case 0xEF:
        parameter->type.kind = TYPE_NVARCHAR;
        return read_variable(reader, true, parameter, raw);
    case 0xA7:
    case 0xAF:
        parameter->type.kind = TYPE_VARCHAR;
        return read_variable(reader, true, parameter, raw);
    case 0xA5:
    case 0xAD:
        parameter->type.kind = TYPE_VARBINARY;
        return read_variable(reader, false, parameter, raw);
    case 0x63:
        parameter->type = (struct type){TYPE_NTEXT, TYPE_MAX};
        return read_long(reader, true, raw);
    case 0x23:
        parameter->type = (struct type){TYPE_VARCHAR, TYPE_MAX};
        return read_long(reader, true, raw);
    case 0x22:
        parameter->type = (struct type){TYPE_IMAGE, TYPE_MAX};
        return read_long(reader, false, raw);
    case 0x2A:
        parameter->type = (struct type){TYPE_DATETIME2, reader_u8(reader)};
        return read_counted(reader, reader_u8(reader), 0, 8, raw);
    default:
        return read_short(reader, code, parameter, raw);
    }
}

static void keep_time(const struct raw *raw, struct parameter *parameter)
{
    struct reader reader = reader_over(raw->bytes.data, raw->bytes.size);
    const bool small = raw->bytes.size == 4;
    int32_t days = small ? reader_u16(&reader) : (int32_t)reader_u32(&reader);
    uint32_t ticks = small ? reader_u16(&reader) * 300u * 60 : reader_u32(&reader);
    time_put(&parameter->bytes, days, ticks);
    parameter->class = VALUE_TEXT;
}

/* Parts of a second since midnight, as many bytes as there are before three of days. */
static const char *keep_time2(const struct raw *raw, struct parameter *parameter)
{
    const size_t size = raw->bytes.size;
    if (size < 6 || parameter->type.size > 7)
        return wrong_length;
    uint64_t parts = 0;
    for (size_t i = size - 3; i-- > 0;)
        parts = parts << 8 | raw->bytes.data[i];
    uint64_t second = 1;
    for (unsigned i = 0; i < parameter->type.size; i++)
        second *= 10;
    const uint8_t *day = raw->bytes.data + size - 3;
    const int32_t days = day[0] | day[1] << 8 | day[2] << 16;
    time_put(&parameter->bytes, days - DAYS_TO_1900, (uint32_t)(parts * 300 / second));
    parameter->class = VALUE_TEXT;
    return NULL;
}

static void keep_number(const struct raw *raw, struct parameter *parameter)
{
    uint64_t number = 0;
    for (size_t i = raw->bytes.size; i-- > 0;)
        number = number << 8 | raw->bytes.data[i];
    parameter->class = VALUE_INTEGER;
    if (raw->bytes.size == 2)
        parameter->integer = (int16_t)number;
    else if (raw->bytes.size == 4)
        parameter->integer = (int32_t)number;
    else
        parameter->integer = (int64_t)number;
    if (parameter->type.kind == TYPE_FLOAT && raw->bytes.size == 8) {
        parameter->class = VALUE_REAL;
        memcpy(&parameter->real, &number, sizeof number);
    }
}

static const char *keep_value(const struct raw *raw, struct parameter *parameter)
{
    parameter->class = VALUE_TEXT;
    switch (parameter->type.kind) {
    case TYPE_NVARCHAR:
    case TYPE_NTEXT:
        if (raw->bytes.size % 2)
            return "a Unicode parameter has an odd number of bytes";
        bytes_utf8(&parameter->bytes, raw->bytes.data, raw->bytes.size);
        return NULL;
    case TYPE_VARCHAR:
        bytes_from_cp1252(&parameter->bytes, raw->bytes.data, raw->bytes.size);
        return NULL;
    case TYPE_VARBINARY:
    case TYPE_IMAGE:
        parameter->class = VALUE_BYTES;
        bytes_put(&parameter->bytes, raw->bytes.data, raw->bytes.size);
        return NULL;
    case TYPE_GUID:
        if (raw->bytes.size != 16)
            return wrong_length;
        guid_put(&parameter->bytes, raw->bytes.data);
        return NULL;
    case TYPE_DATETIME:
        if (raw->bytes.size != 4 && raw->bytes.size != 8)
            return wrong_length;
        keep_time(raw, parameter);
        return NULL;
    case TYPE_DATETIME2:
        return keep_time2(raw, parameter);
    default:
        if (raw->bytes.size > 8)
            return wrong_length;
        keep_number(raw, parameter);
        return NULL;
    }
}

const char *parameter_read(struct reader *reader, struct parameter *parameter)
{
    size_t characters = reader_u8(reader);
    const uint8_t *name = reader_take(reader, characters * 2);
    uint8_t status = reader_u8(reader);
    if (reader->bad)
        return "a parameter's name is cut";
    if (status != 0)
        return "an output or default parameter";
    bytes_utf8(&parameter->name, name, characters * 2);
    if (characters > 0 && parameter->name.data[0] != '@')
        return "a parameter's name does not begin with @";
    struct raw raw = {0};
    const char *problem = read_value(reader, parameter, &raw);
    if (!problem && reader->bad)
        problem = "a parameter's value is cut";
    if (!problem && !raw.null)
        problem = keep_value(&raw, parameter);
    bytes_dispose(&raw.bytes);
    return problem;
}

void parameter_dispose(struct parameter *parameter)
{
    bytes_dispose(&parameter->name);
    bytes_dispose(&parameter->bytes);
}
