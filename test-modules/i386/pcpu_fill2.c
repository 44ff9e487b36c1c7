/* The same under another name. */
#include "pcpu_fill.c"
