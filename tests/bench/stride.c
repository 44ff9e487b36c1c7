/*
 * Do the windows evict each other from a TLB? A sum over all CPUs of one
 * per-CPU variable, again and again, in the models of tlb.h: walks for each
 * sum, with windows 2^SHIFT bytes apart, and with a page more than that.
 */
#include <stdio.h>
#include "tlb.h"

static struct tlb_model models[TLB_MODELS];

/* Walks for one sum, once the models have seen it a few times. */
static int walks(int m, int cpus, uint64_t stride)
{
	uint64_t start = 0xffc00000u - cpus * stride;
	int round, cpu, n = 0;

	tlb_flush(&models[m], true);
	for (round = 0; round < 5; round++)
		for (n = 0, cpu = 0; cpu < cpus; cpu++)
			n += tlb_access(&models[m], start + cpu * stride, 12,
					true) == TLB_WALK;
	return n;
}

int main(int argc, char **argv)
{
	int m, cpus, shift, extra;

	if (argc > 1) {
		printf("usage: stride\nWalks for each sum over all CPUs, by "
		       "distance of windows, number of CPUs and model.\n");
		return 0;
	}
	tlb_init(models);
	printf("stride\textra");
	for (m = 0; m <= TLB_CORE2; m++)
		for (cpus = 1; cpus <= 32; cpus *= 2)
			printf("\t%s/%d", models[m].name, cpus);
	printf("\n");
	for (shift = 18; shift <= 22; shift++)
		for (extra = 0; extra <= 4096; extra += 4096) {
			printf("%d\t%d", 1 << shift, extra);
			for (m = 0; m <= TLB_CORE2; m++)
				for (cpus = 1; cpus <= 32; cpus *= 2)
					printf("\t%d", walks(m, cpus,
						(1u << shift) + extra));
			printf("\n");
		}
	return 0;
}
