/* Numbers on the command lines of the renderer and the generators. */
#ifndef OCSIGHT_SAMPLES_NUMBER_H
#define OCSIGHT_SAMPLES_NUMBER_H

/* The value of an option; anything but a number from `least` ends the program. */
unsigned number_read(const char *option, const char *text, unsigned least);

#endif
