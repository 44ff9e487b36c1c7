#pragma once

#include <linux/types.h>

extern void *standin_bootmem(int node, unsigned long size);

#define NODE_DATA(node)	(node)
#define alloc_bootmem_pages_node(pgdat, size)	standin_bootmem(pgdat, size)
