/*
 * How the renderer gives up: one line on standard error, exit status 2.
 *
 * Its inputs are the samples of this repository, so a fault in one of them is
 * the writer's to correct and nothing is rendered of it.
 */
#ifndef OCSIGHT_SAMPLES_FAIL_H
#define OCSIGHT_SAMPLES_FAIL_H

_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
