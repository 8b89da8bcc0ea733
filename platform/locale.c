/* locale.c: a setlocale that promises only what it can keep.
 * Invariant: moonbear's own process is always in the C locale; a host program's locale is never changed for other threads.
 * SPDX-License-Identifier: MIT */
#include "platform.h"

#include <locale.h>
#include <string.h>

char *plat_setlocale(int category, const char *name) {
    static char only[] = "C";
    (void)category;
    if (!name || !*name || strcmp(name, "C") == 0 || strcmp(name, "POSIX") == 0) return only;
    return NULL;
}

void *plat_locale_new(void) {
    return newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

void plat_locale_free(void *locale) {
    if (locale) freelocale(locale);
}

void *plat_locale_use(void *locale) {
    return uselocale(locale);
}
