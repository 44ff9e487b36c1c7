/*
 * The TLB models against patterns with known answers, and against a
 * fully-associative LRU of a different make: a list kept in order of use.
 */
#include <stdio.h>
#include <string.h>
#include "tlb.h"
#include "../random.h"

static struct tlb_model models[TLB_MODELS];
static int failed, number;

static void check(const char *name, long got, long expected)
{
	int ok = got == expected;

	printf("%s %d - tlb %s: %ld walks", ok ? "ok" : "not ok", ++number,
	       name, got);
	if (!ok)
		printf(", not %ld", expected);
	printf("\n");
	failed += !ok;
}

/* Touch @pages pages, @stride pages apart, @rounds times; count walks. */
static long touch(int m, int pages, int stride, int rounds, bool large)
{
	long walks = 0;
	int shift = large ? 22 : 12, i, r;

	for (r = 0; r < rounds; r++)
		for (i = 0; i < pages; i++)
			walks += tlb_access(&models[m], (uint64_t)i * stride <<
					    shift, large, 22, true);
	return walks;
}

static void fresh(void)
{
	int m;

	for (m = 0; m < TLB_MODELS; m++)
		tlb_flush(&models[m], true);
}

/* The other implementation: most recently used first. */
static uint64_t order[64];
static int kept;

static bool brute_force(uint64_t page)
{
	int i;

	for (i = 0; i < kept && order[i] != page; i++)
		;
	if (i < kept) {
		memmove(order + 1, order, i * sizeof(*order));
		order[0] = page;
		return false;
	}
	if (kept < 64)
		kept++;
	memmove(order + 1, order, (kept - 1) * sizeof(*order));
	order[0] = page;
	return true;
}

int main(void)
{
	char name[80];
	unsigned long long seed = 1;
	uint64_t page;
	long differ = 0, walks;
	int i;

	printf("TAP version 13\n");
	tlb_init(models);

	check("P4 64 pages stay", touch(TLB_P4, 64, 1, 10, false), 64);
	fresh();
	check("P4 65 pages thrash", touch(TLB_P4, 65, 1, 10, false), 650);
	fresh();
	check("P4 64 large pages stay", touch(TLB_P4, 64, 1, 10, true), 64);
	walks = touch(TLB_P4, 10, 1, 1, false);
	check("P4 large and small pages share", walks +
	      touch(TLB_P4, 64, 1, 1, true), 10 + 64);
	fresh();
	check("K8 512 pages stay in its second level",
	      touch(TLB_K8, 512, 1, 10, false), 512);
	fresh();
	check("K8 513 pages: one set of four thrashes",
	      touch(TLB_K8, 513, 1, 10, false), 513 + 9 * 5);
	fresh();
	check("K8 5 pages of one set stay in its first level",
	      touch(TLB_K8, 5, 128, 10, false), 5);
	fresh();
	check("K8 33 pages of one set thrash",
	      touch(TLB_K8, 33, 128, 10, false), 330);
	fresh();
	check("K8 8 large pages stay", touch(TLB_K8, 8, 1, 10, true), 8);
	fresh();
	check("K8 9 large pages thrash", touch(TLB_K8, 9, 1, 10, true), 90);
	fresh();
	check("Core2 256 pages stay", touch(TLB_CORE2, 256, 1, 10, false), 256);
	fresh();
	check("Core2 5 pages of one set thrash",
	      touch(TLB_CORE2, 5, 64, 10, false), 50);
	fresh();
	check("Core2 32 large pages stay", touch(TLB_CORE2, 32, 1, 10, true),
	      32);
	fresh();
	check("Core2 33 large pages: one set of four thrashes",
	      touch(TLB_CORE2, 33, 1, 10, true), 33 + 9 * 5);

	fresh();
	tlb_access(&models[TLB_P4], 0x1000, false, 22, true);
	tlb_access(&models[TLB_P4], 0x2000, false, 22, false);
	tlb_flush(&models[TLB_P4], false);
	check("P4 a global entry survives a CR3 load",
	      tlb_access(&models[TLB_P4], 0x1000, false, 22, true), 0);
	check("P4 another does not",
	      tlb_access(&models[TLB_P4], 0x2000, false, 22, false), 1);
	tlb_flush(&models[TLB_P4], true);
	check("P4 a full flush drops it too",
	      tlb_access(&models[TLB_P4], 0x1000, false, 22, true), 1);

	for (i = 0; i < TLB_MODELS; i++) {
		fresh();
		touch(i, 30, 1, 3, false);
		touch(i, 8, 1, 3, true);
		snprintf(name, sizeof(name), "%s 30 pages and 8 large ones stay",
			 models[i].name);
		check(name,
		      touch(i, 30, 1, 1, false) + touch(i, 8, 1, 1, true), 0);
		tlb_flush(&models[i], true);
		snprintf(name, sizeof(name), "%s emptied, they are walked for",
			 models[i].name);
		check(name,
		      touch(i, 30, 1, 3, false) + touch(i, 8, 1, 3, true), 38);
	}

	fresh();
	for (i = 0; i < 1000000; i++) {
		page = random_below(&seed, random_below(&seed, 16) ? 80 : 200);
		differ += tlb_access(&models[TLB_P4], page << 12, false, 22,
				     true) != brute_force(page);
	}
	check("P4 differs from brute force in a million accesses", differ, 0);
	printf("1..%d\n", number);
	return failed != 0;
}
