#ifndef BENCH_PAGEMAP_H
#define BENCH_PAGEMAP_H
/*
 * What a virtual address of a guest is: how large its page is, and what its
 * accesses are counted under. The plugin interface of QEMU says neither.
 *
 * The file has one of these on each line, numbers in hexadecimal but SHIFT:
 *
 *	kernel START		what is below is the user's, in pages of 4 KiB
 *	region NAME START END	accesses from START to before END
 *	page START END SHIFT	pages of 1 << SHIFT bytes; all others are 4 KiB
 *	page START END SHIFT local	the same, dropped when CR3 is loaded
 *
 * Regions do not overlap, nor do pages. What is in the kernel and in no region
 * is counted under the last name.
 */
#include <stdbool.h>
#include <stdint.h>

enum { PAGEMAP_REGIONS = 8, PAGEMAP_NAME = 16 };

struct pagemap_range {
	uint64_t start, end;
	int shift;		/* pages */
	int region;		/* regions: index into name */
	bool local;
};

struct pagemap {
	uint64_t kernel;
	char name[PAGEMAP_REGIONS][PAGEMAP_NAME];
	int regions;			/* names; the user's is 0 */
	struct pagemap_range *region, *page;	/* by address */
	int n_regions, n_pages;
};

struct pagemap_entry {
	int region, shift;
	bool global;
};

/* False, and a line to stderr, if it cannot be read. @other: the last name. */
extern bool pagemap_read(struct pagemap *map, const char *path,
			 const char *other);
extern void pagemap_free(struct pagemap *map);
extern struct pagemap_entry pagemap_find(const struct pagemap *map,
					 uint64_t vaddr);

#endif
