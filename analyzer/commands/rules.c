/*
 * `ocsight rules`: the catalogue of audit rules.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/commands/run.h"
#include "reports/json.h"
#include "reports/text.h"

static void rule_json(struct json *json, const struct rule_info *rule)
{
    json_object(json, NULL);
    json_text(json, "rule", rule->name);
    json_text(json, "severity", severity_name(rule->severity));
    json_text(json, "meaning", rule->meaning);
    json_text(json, "reason", rule->reason);
    json_text(json, "guard", rule->guard);
    json_text(json, "basis", rule->basis);
    json_u64(json, "wait", rule->wait);
    json_end_object(json);
}

/* All rules, or `one`. */
static void rules_json(struct output *output, const struct rule_info *one)
{
    struct json json;
    json_init(&json, output, true);
    json_object(&json, NULL);
    json_text(&json, "schema", "ocsight.rules/1");
    json_array(&json, "rules");
    const struct rule_info *rule = one ? one : audit_rule(0);
    for (size_t i = 1; rule; i++) {
        rule_json(&json, rule);
        rule = one ? NULL : audit_rule(i);
    }
    json_end_array(&json);
    json_end_object(&json);
    json_end_line(&json);
}

static void paragraph(struct output *output, const char *label, const char *text, size_t columns)
{
    if (text && text[0] != '\0') {
        text_left(output, slice_of(label), 12);
        text_paragraph(output, slice_of(text), 12, 12, columns);
        output_byte(output, '\n');
    }
}

static void rule_text(struct output *output, const struct rule_info *rule, size_t columns)
{
    output_format(output, "%s (%s)\n", rule->name, severity_name(rule->severity));
    paragraph(output, "  fires", rule->meaning, columns);
    paragraph(output, "  because", rule->reason, columns);
    paragraph(output, "  silent", rule->guard, columns);
    paragraph(output, "  basis", rule->basis, columns);
    if (rule->wait > 0) {
        output_format(output, "  waits     %u s; --limit %s=SECONDS changes it\n", rule->wait,
                      rule->name);
    }
}

static void list_text(struct output *output, size_t columns)
{
    enum { NAME_COLUMNS = 30, MEANING = 39 };
    const struct rule_info *rule = NULL;
    for (size_t i = 0; (rule = audit_rule(i)) != NULL; i++) {
        struct slice name = slice_of(rule->name);
        text_left(output, name, NAME_COLUMNS);
        if (name.size >= NAME_COLUMNS) {
            output_byte(output, '\n');
            output_repeat(output, ' ', NAME_COLUMNS);
        }
        text_left(output, slice_of(severity_name(rule->severity)), MEANING - NAME_COLUMNS);
        text_paragraph(output, slice_of(rule->meaning), MEANING, MEANING, columns);
        output_byte(output, '\n');
    }
    output_text(output, "\n'ocsight rules RULE' explains one.\n");
}

enum exit_status command_rules(const struct options *options)
{
    const struct rule_info *one = NULL;
    if (options->word_count > 0) {
        one = audit_rule_find(slice_of(options->words[0]));
        if (options->word_count > 1) {
            return run_usage("rules", "it explains one rule at a time");
        }
        if (!one) {
            char problem[256];
            snprintf(problem, sizeof problem, "there is no rule '%s'", options->words[0]);
            return run_usage("rules", problem);
        }
    }
    struct report_style style;
    if (!run_style(&style, "rules", options, 1U << REPORT_TEXT | 1U << REPORT_JSON)) {
        return EXIT_USAGE;
    }
    struct output *output = output_open(options->output);
    if (style.format == REPORT_JSON) {
        rules_json(output, one);
    } else if (one) {
        rule_text(output, one, style.columns);
    } else {
        list_text(output, style.columns);
    }
    char problem[256];
    if (!output_close(output, true, problem, sizeof problem)) {
        fprintf(stderr, "ocsight: %s\n", problem);
        return EXIT_OUTPUT;
    }
    return EXIT_DONE;
}
