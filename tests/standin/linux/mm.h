#pragma once

#include <linux/types.h>
#include <linux/list.h>
#include <linux/string.h>
#include <linux/cache.h>
#include <linux/gfp.h>

struct page {
	struct list_head lru;
	int allocated;		/* by the buddy allocator, not bootmem */
	int mapped;		/* windows' entries, stale ones included */
	int node;
};

struct mm_struct;
extern struct mm_struct init_mm;
extern void *high_memory;

extern struct page *alloc_pages_node(int node, gfp_t flags, unsigned int order);
extern void __free_page(struct page *page);

#include <asm/pgtable.h>
