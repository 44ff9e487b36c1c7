#pragma once

#define KSYM_NAME_LEN	127

/* Each environment has its own. */
extern const char *kallsyms_lookup(unsigned long addr, unsigned long *size,
				   unsigned long *offset, char **module,
				   char *buf);
