/* Whether a sanitizer watches the program: its memory is then the sanitizer's. */
#ifndef LUDD_TESTS_WATCHED_H
#define LUDD_TESTS_WATCHED_H

#ifndef __has_feature
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || \
	__has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
enum { WATCHED = 1 };
#else
enum { WATCHED = 0 };
#endif

#endif
