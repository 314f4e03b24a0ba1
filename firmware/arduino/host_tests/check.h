// The least a test needs: say what failed and where, go on, and count.
#pragma once
#include <stdio.h>

static int failures = 0;

#define CHECK(what)                                                    \
  do {                                                                 \
    if (!(what)) {                                                     \
      ++failures;                                                      \
      fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #what); \
    }                                                                  \
  } while (0)

static inline int verdict(const char *name) {
  printf("%s: %s\n", name, failures ? "FAILED" : "passed");
  return failures ? 1 : 0;
}
