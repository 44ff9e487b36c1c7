#pragma once

#include <linux/types.h>

struct bootmem_data {
	void *node_bootmem_map;		/* a bit for each page that is taken */
};

struct pglist_data {
	struct bootmem_data *bdata;
};

extern struct pglist_data standin_nodes[];
extern unsigned long max_low_pfn;

extern void *standin_bootmem(int node, unsigned long size);
extern void reserve_bootmem(unsigned long addr, unsigned long size);
extern void free_bootmem(unsigned long addr, unsigned long size);

#define NODE_DATA(node)	(&standin_nodes[node])
#define alloc_bootmem_pages_node(pgdat, size) \
	standin_bootmem((pgdat) - standin_nodes, size)
