#ifndef BENCH_TLB_H
#define BENCH_TLB_H
/*
 * Data TLBs of some processors: which accesses miss in the first level, and
 * which of these need a page walk.
 *
 * Replacement is least recently used in every set; a level that hits does not
 * tell the next one. A page is of 4 KiB, large (2 or 4 MiB) or of 1 GiB, and
 * is global or not; loading CR3 drops those that are not.
 */
#include <stdbool.h>
#include <stdint.h>

enum { TLB_HINTS = 1024, TLB_ARRAYS = 5 };
enum tlb_size { TLB_4K, TLB_LARGE, TLB_1G, TLB_SIZES };
/* What an access takes. With one level, what misses there is walked for. */
enum tlb_result { TLB_HIT, TLB_FIRST_MISS, TLB_WALK };

struct tlb_entry {
	uint64_t page;
	uint64_t used;		/* when; 0: the entry is empty */
	unsigned char shift;
	bool global;
};

/* One array of entries, for one page size or for several. */
struct tlb_array {
	int level;		/* 1 or 2 */
	int entries, ways;
	/*
	 * What it keeps of a page of each size: nothing (0), the page (OWN),
	 * or the 1 << shift bytes around what was accessed.
	 */
	unsigned char keeps[TLB_SIZES];
	int fold;		/* page >> fold also chooses the set; 0: not */
	struct tlb_entry *entry;
	/* Where a page was seen last, to save a search: by its low bits. */
	struct tlb_entry *hint[TLB_HINTS];
};

struct tlb_model {
	const char *name;
	struct tlb_array array[TLB_ARRAYS];	/* the first level first */
	int arrays;
	uint64_t clock;
};

enum {
	TLB_P4, TLB_K8, TLB_CORE2,
	TLB_SKYLAKE, TLB_ZEN2, TLB_GOLDMONT,
	TLB_MODELS
};

extern void tlb_init(struct tlb_model models[TLB_MODELS]);
/* Which one is called so, or -1. */
extern int tlb_named(const char *name);
/* Look up @vaddr, in a page of 1 << @shift bytes, and remember it. */
extern enum tlb_result tlb_access(struct tlb_model *model, uint64_t vaddr,
				  int shift, bool global);
/* Drop all entries, or those that are not global. */
extern void tlb_flush(struct tlb_model *model, bool global_too);

#endif
