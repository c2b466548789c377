/*
 * page.h: the template page.html, as it is in the repository.
 */
#ifndef FDF_PAGE_H
#define FDF_PAGE_H

/* With a NUL behind it; put into the program by html.c. */
extern const char page_template[] __attribute__((visibility("hidden")));

#endif
