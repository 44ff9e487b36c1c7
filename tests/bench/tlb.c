/* See tlb.h. */
#include <stdlib.h>
#include <string.h>
#include "tlb.h"

static void add(struct tlb_model *model, int entries, int ways, bool small,
		bool large)
{
	struct tlb_array *array = &model->level[model->levels++];

	array->entries = entries;
	array->ways = ways;
	array->small = small;
	array->large = large;
	array->entry = calloc(entries, sizeof(*array->entry));
}

void tlb_init(struct tlb_model models[TLB_MODELS])
{
	memset(models, 0, TLB_MODELS * sizeof(*models));

	models[TLB_P4].name = "P4";
	add(&models[TLB_P4], 64, 64, true, true);

	models[TLB_K8].name = "K8";
	add(&models[TLB_K8], 32, 32, true, false);
	add(&models[TLB_K8], 8, 8, false, true);
	add(&models[TLB_K8], 512, 4, true, false);

	models[TLB_CORE2].name = "Core2";
	add(&models[TLB_CORE2], 256, 4, true, false);
	add(&models[TLB_CORE2], 32, 4, false, true);
}

/* Whether the array had it; it has it afterwards. */
static bool look_up(struct tlb_model *model, struct tlb_array *array,
		    uint64_t page, bool large, bool global)
{
	struct tlb_entry **hint = &array->hint[page % TLB_HINTS];
	struct tlb_entry *set, *e, *victim;
	int sets = array->entries / array->ways;

	e = *hint;
	if (e && e->used && e->page == page && e->large == large) {
		e->used = model->clock;
		return true;
	}
	set = array->entry + page % sets * array->ways;
	victim = set;
	for (e = set; e < set + array->ways; e++) {
		if (e->used && e->page == page && e->large == large) {
			e->used = model->clock;
			*hint = e;
			return true;
		}
		if (e->used < victim->used)
			victim = e;
	}
	victim->page = page;
	victim->large = large;
	victim->global = global;
	victim->used = model->clock;
	*hint = victim;
	return false;
}

bool tlb_access(struct tlb_model *model, uint64_t vaddr, bool large,
		int large_shift, bool global)
{
	uint64_t page = vaddr >> (large ? large_shift : 12);
	struct tlb_array *array;
	int i;

	model->clock++;
	for (i = 0; i < model->levels; i++) {
		array = &model->level[i];
		if (!(large ? array->large : array->small))
			continue;
		if (look_up(model, array, page, large, global))
			return false;
	}
	return true;
}

void tlb_flush(struct tlb_model *model, bool global_too)
{
	struct tlb_entry *e;
	int i;

	for (i = 0; i < model->levels; i++)
		for (e = model->level[i].entry;
		     e < model->level[i].entry + model->level[i].entries; e++)
			if (global_too || !e->global)
				e->used = 0;
}
