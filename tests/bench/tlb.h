#ifndef BENCH_TLB_H
#define BENCH_TLB_H
/*
 * Data TLBs of three processors: which accesses need a page walk.
 *
 * Replacement is least recently used in every set. An entry is for a 4 KiB
 * or for a large page, global or not; loading CR3 drops those that are not.
 */
#include <stdbool.h>
#include <stdint.h>

enum { TLB_HINTS = 1024 };

struct tlb_entry {
	uint64_t page;
	uint64_t used;		/* when; 0: the entry is empty */
	bool large, global;
};

/* One array of entries, for one page size or for both. */
struct tlb_array {
	int entries, ways;
	bool small, large;	/* sizes it holds */
	struct tlb_entry *entry;
	/* Where a page was seen last, to save a search: by its low bits. */
	struct tlb_entry *hint[TLB_HINTS];
};

struct tlb_model {
	const char *name;
	struct tlb_array level[3];	/* looked up in this order */
	int levels;
	uint64_t clock;
};

enum { TLB_P4, TLB_K8, TLB_CORE2, TLB_MODELS };

extern void tlb_init(struct tlb_model models[TLB_MODELS]);
/* Look @vaddr up and remember it; true if that takes a page walk. */
extern bool tlb_access(struct tlb_model *model, uint64_t vaddr, bool large,
		       int large_shift, bool global);
/* Drop all entries, or those that are not global. */
extern void tlb_flush(struct tlb_model *model, bool global_too);

#endif
