/* See tlb.h. */
#include <stdlib.h>
#include <string.h>
#include "tlb.h"

enum { OWN = 1 };

/*
 * Entries and ways are as published:
 *
 *   P4, Core2, Skylake, Goldmont: Intel, "64 and IA-32 Architectures
 *	Optimization Reference Manual" (248966), the tables of TLB parameters of
 *	each microarchitecture.
 *   K8: AMD, "Software Optimization Guide for AMD64 Processors" (25112).
 *   Zen2: AMD, "Software Optimization Guide for AMD Family 17h Models 30h and
 *	Greater Processors" (56305). The second level has no entries for pages
 *	of 1 GiB: it keeps 2 MiB of them, the first level the whole.
 *
 * What is not published by the vendors:
 *
 *   Skylake's second level chooses the set by page ^ page >> 7: Gras et al.,
 *	"Translation Leak-aside Buffer", USENIX Security 2018. Low bits of the
 *	page number are taken everywhere else.
 *   Goldmont's entries for large pages are taken to be asked beside the first
 *	level, and to keep 2 MiB of a page of 1 GiB. If the first level kept
 *	4 KiB of a large page instead, small pages would cost no more there.
 */
static const struct {
	int model, level, entries, ways;
	unsigned char keeps[TLB_SIZES];
	int fold;
} table[] = {
	{ TLB_P4, 1, 64, 64, { OWN, OWN, 0 }, 0 },

	{ TLB_K8, 1, 32, 32, { OWN, 0, 0 }, 0 },
	{ TLB_K8, 1, 8, 8, { 0, OWN, 0 }, 0 },
	{ TLB_K8, 2, 512, 4, { OWN, 0, 0 }, 0 },

	{ TLB_CORE2, 1, 256, 4, { OWN, 0, 0 }, 0 },
	{ TLB_CORE2, 1, 32, 4, { 0, OWN, 0 }, 0 },

	{ TLB_SKYLAKE, 1, 64, 4, { OWN, 0, 0 }, 0 },
	{ TLB_SKYLAKE, 1, 32, 4, { 0, OWN, 0 }, 0 },
	{ TLB_SKYLAKE, 1, 4, 4, { 0, 0, OWN }, 0 },
	{ TLB_SKYLAKE, 2, 1536, 12, { OWN, OWN, 0 }, 7 },
	{ TLB_SKYLAKE, 2, 16, 4, { 0, 0, OWN }, 0 },

	{ TLB_ZEN2, 1, 64, 64, { OWN, OWN, OWN }, 0 },
	{ TLB_ZEN2, 2, 2048, 16, { OWN, OWN, 21 }, 0 },

	{ TLB_GOLDMONT, 1, 32, 32, { OWN, 0, 0 }, 0 },
	{ TLB_GOLDMONT, 1, 32, 4, { 0, OWN, 21 }, 0 },
	{ TLB_GOLDMONT, 2, 512, 4, { OWN, 0, 0 }, 0 },
};

static const char *const names[TLB_MODELS] = {
	"P4", "K8", "Core2", "Skylake", "Zen2", "Goldmont",
};

void tlb_init(struct tlb_model models[TLB_MODELS])
{
	struct tlb_model *model;
	struct tlb_array *array;
	unsigned int i;

	memset(models, 0, TLB_MODELS * sizeof(*models));
	for (i = 0; i < TLB_MODELS; i++)
		models[i].name = names[i];
	for (i = 0; i < sizeof(table) / sizeof(*table); i++) {
		model = &models[table[i].model];
		array = &model->array[model->arrays++];
		array->level = table[i].level;
		array->entries = table[i].entries;
		array->ways = table[i].ways;
		array->fold = table[i].fold;
		memcpy(array->keeps, table[i].keeps, sizeof(array->keeps));
		array->entry = calloc(array->entries, sizeof(*array->entry));
		if (!array->entry)
			abort();
	}
}

int tlb_named(const char *name)
{
	int m;

	for (m = 0; m < TLB_MODELS; m++)
		if (!strcmp(name, names[m]))
			return m;
	return -1;
}

/* Whether the array had it; it has it afterwards. */
static bool look_up(struct tlb_model *model, struct tlb_array *array,
		    uint64_t page, int shift, bool global)
{
	struct tlb_entry **hint = &array->hint[page % TLB_HINTS];
	struct tlb_entry *set, *e, *victim;
	int sets = array->entries / array->ways;
	uint64_t index = array->fold ? page ^ page >> array->fold : page;

	e = *hint;
	if (e && e->used && e->page == page && e->shift == shift) {
		e->used = model->clock;
		return true;
	}
	set = array->entry + index % sets * array->ways;
	victim = set;
	for (e = set; e < set + array->ways; e++) {
		if (e->used && e->page == page && e->shift == shift) {
			e->used = model->clock;
			*hint = e;
			return true;
		}
		if (e->used < victim->used)
			victim = e;
	}
	victim->page = page;
	victim->shift = shift;
	victim->global = global;
	victim->used = model->clock;
	*hint = victim;
	return false;
}

enum tlb_result tlb_access(struct tlb_model *model, uint64_t vaddr, int shift,
			   bool global)
{
	enum tlb_size size = shift == 12 ? TLB_4K : shift == 30 ? TLB_1G :
		TLB_LARGE;
	struct tlb_array *array;
	int i, kept;

	model->clock++;
	for (i = 0; i < model->arrays; i++) {
		array = &model->array[i];
		if (!array->keeps[size])
			continue;
		kept = array->keeps[size] == OWN ? shift : array->keeps[size];
		if (look_up(model, array, vaddr >> kept, kept, global))
			return array->level == 1 ? TLB_HIT : TLB_FIRST_MISS;
	}
	return TLB_WALK;
}

void tlb_flush(struct tlb_model *model, bool global_too)
{
	struct tlb_array *array;
	struct tlb_entry *e;

	for (array = model->array; array < model->array + model->arrays;
	     array++)
		for (e = array->entry; e < array->entry + array->entries; e++)
			if (global_too || !e->global)
				e->used = 0;
}
