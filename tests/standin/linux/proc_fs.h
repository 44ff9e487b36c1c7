#pragma once

#include <linux/types.h>

struct kcore_list {
	struct kcore_list *next;
	unsigned long addr;
	size_t size;
};

extern void kclist_add(struct kcore_list *item, void *addr, size_t size);
