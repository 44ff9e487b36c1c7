/*
 * The TLB models against patterns with known answers, and against a
 * fully-associative LRU of a different make: a list kept in order of use.
 * And the map of pages, on a file of its own, TMPDIR/pagemap; and which
 * instructions are slow.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "insn.h"
#include "pagemap.h"
#include "tlb.h"
#include "../random.h"

static struct tlb_model models[TLB_MODELS];
static int failed, number;

static void check(const char *name, long got, long expected)
{
	int ok = got == expected;

	printf("%s %d - %s: %ld", ok ? "ok" : "not ok", ++number,
	       name, got);
	if (!ok)
		printf(", not %ld", expected);
	printf("\n");
	failed += !ok;
}

/* Touch @pages pages, @stride pages apart, @rounds times; count results. */
static void touch_pages(int m, int pages, int stride, int rounds, int shift,
			long count[])
{
	int i, r;

	memset(count, 0, (TLB_WALK + 1) * sizeof(*count));
	for (r = 0; r < rounds; r++)
		for (i = 0; i < pages; i++)
			count[tlb_access(&models[m], (uint64_t)i * stride <<
					 shift, shift, true)]++;
}

static long touch(int m, int pages, int stride, int rounds, bool large)
{
	long count[TLB_WALK + 1];

	touch_pages(m, pages, stride, rounds, large ? 22 : 12, count);
	return count[TLB_WALK];
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

/* @pages pages ten times: misses of the first level only, and walks. */
static void levels(int m, const char *what, int pages, int stride, int shift,
		   long first, long walks)
{
	long count[TLB_WALK + 1];
	char name[120];

	fresh();
	touch_pages(m, pages, stride, 10, shift, count);
	snprintf(name, sizeof(name), "tlb %s %s, first level", models[m].name,
		 what);
	check(name, count[TLB_FIRST_MISS], first);
	snprintf(name, sizeof(name), "tlb %s %s, walks", models[m].name, what);
	check(name, count[TLB_WALK], walks);
}

static void two_levels(void)
{
	levels(TLB_SKYLAKE, "64 pages stay", 64, 1, 12, 0, 64);
	levels(TLB_SKYLAKE, "65 pages: a set of four thrashes", 65, 1, 12,
	       9 * 5, 65);
	levels(TLB_SKYLAKE, "1536 pages stay in the second level", 1536, 1,
	       12, 9 * 1536, 1536);
	levels(TLB_SKYLAKE, "1537 pages: a set of twelve thrashes", 1537, 1,
	       12, 9 * (1537 - 13), 1537 + 9 * 13);
	/* Without the fold they would all be in one set of twelve. */
	levels(TLB_SKYLAKE, "13 pages 512 KiB apart", 13, 128, 12, 9 * 13, 13);
	levels(TLB_SKYLAKE, "32 pages of 2 MiB stay", 32, 1, 21, 0, 32);
	levels(TLB_SKYLAKE, "33 pages of 2 MiB", 33, 1, 21, 9 * 5, 33);
	levels(TLB_SKYLAKE, "4 pages of 1 GiB stay", 4, 1, 30, 0, 4);
	levels(TLB_SKYLAKE, "5 pages of 1 GiB", 5, 1, 30, 9 * 5, 5);
	levels(TLB_SKYLAKE, "17 pages of 1 GiB: a set of four thrashes", 17, 1,
	       30, 9 * 12, 17 + 9 * 5);
	levels(TLB_ZEN2, "64 pages stay", 64, 1, 12, 0, 64);
	levels(TLB_ZEN2, "65 pages thrash", 65, 1, 12, 9 * 65, 65);
	levels(TLB_ZEN2, "2048 pages stay in the second level", 2048, 1, 12,
	       9 * 2048, 2048);
	levels(TLB_ZEN2, "2049 pages: a set of 16 thrashes", 2049, 1, 12,
	       9 * (2049 - 17), 2049 + 9 * 17);
	levels(TLB_ZEN2, "64 pages of 1 GiB stay", 64, 1, 30, 0, 64);
	levels(TLB_GOLDMONT, "32 pages stay", 32, 1, 12, 0, 32);
	levels(TLB_GOLDMONT, "33 pages thrash", 33, 1, 12, 9 * 33, 33);
	levels(TLB_GOLDMONT, "512 pages stay in the second level", 512, 1, 12,
	       9 * 512, 512);
	levels(TLB_GOLDMONT, "513 pages: a set of four thrashes", 513, 1, 12,
	       9 * (513 - 5), 513 + 9 * 5);
	levels(TLB_GOLDMONT, "33 pages of 2 MiB: a set of four thrashes", 33, 1,
	       21, 0, 33 + 9 * 5);
}

/* What a large page keeps where a level has no entry for its size. */
static void parts_of_pages(void)
{
	long count[TLB_WALK + 1] = { 0 };
	int i;

	fresh();
	for (i = 0; i < 32; i++)
		count[tlb_access(&models[TLB_GOLDMONT], (uint64_t)i << 20, 30,
				 true)]++;
	check("tlb Goldmont 1 MiB after 1 MiB of 1 GiB, walks",
	      count[TLB_WALK], 16);
	check("tlb Goldmont 1 MiB after 1 MiB of 1 GiB, hits",
	      count[TLB_HIT], 16);
	fresh();
	memset(count, 0, sizeof(count));
	for (i = 0; i < 512; i++)
		count[tlb_access(&models[TLB_ZEN2], (uint64_t)i << 21, 30,
				 true)]++;
	check("tlb Zen2 2 MiB after 2 MiB of 1 GiB, walks", count[TLB_WALK],
	      1);
	check("tlb Zen2 2 MiB after 2 MiB of 1 GiB, hits", count[TLB_HIT],
	      511);
	/* Out of the first level: 2 MiB of it are in the second. */
	touch(TLB_ZEN2, 64, 1, 1, false);
	check("tlb Zen2 the 2 MiB of 1 GiB that were walked for stay",
	      tlb_access(&models[TLB_ZEN2], 0, 30, true), TLB_FIRST_MISS);
	touch(TLB_ZEN2, 64, 1, 1, false);
	check("tlb Zen2 the others do not",
	      tlb_access(&models[TLB_ZEN2], 5 << 21, 30, true), TLB_WALK);
}

static char map_path[200];

static bool read_map(struct pagemap *map, const char *text)
{
	FILE *f = fopen(map_path, "w");

	if (!f || fputs(text, f) < 0 || fclose(f)) {
		perror(map_path);
		exit(1);
	}
	return pagemap_read(map, map_path, "other");
}

static void maps(void)
{
	static const struct {
		const char *what;
		uint64_t vaddr;
		int shift;
		const char *region;
		bool global;
	} is[] = {
		{ "the user's", 0x7fffffffffff, 12, "user", false },
		{ "the first of a large page", 0xffff888000200000, 21,
			"linear", true },
		{ "the last of a large page", 0xffff8880005fffff, 21,
			"linear", true },
		{ "the first after it", 0xffff888000600000, 12, "linear",
			true },
		{ "the last before it", 0xffff8880001fffff, 12, "linear",
			true },
		{ "1 GiB", 0xffff888040000000, 30, "linear", true },
		{ "a local one", 0xfffffe0000200000, 21, "other", false },
		{ "between regions", 0xffffc90000000000, 12, "other", true },
		{ "the last region", 0xffffffff81234567, 21, "image", true },
	};
	static const char *const refused[] = {
		"page 0 200000 21\n",
		"kernel c0000000\npage c0000000 c0100000 21\n",
		"kernel c0000000\npage c0000000 c0200000 20\n",
		"kernel c0000000\npage c0200000 c0200000 21\n",
		"kernel c0000000\npage c0000000 c0200000 21 global\n",
		"kernel c0000000\npage c0000000 c0400000 21\n"
			"page c0200000 c0600000 21\n",
		"kernel c0000000\nregion a c0000000 d0000000\n"
			"region b cf000000 e0000000\n",
		"kernel c0000000\nrubbish\n",
		"",
	};
	struct pagemap map;
	struct pagemap_entry entry;
	char name[100];
	unsigned int i;

	/* In no order: the file need not have one. */
	check("pagemap is read", read_map(&map,
		"kernel ffff800000000000\n"
		"region image ffffffff80000000 ffffffffc0000000\n"
		"region linear ffff888000000000 ffffc88000000000\n"
		"page ffffffff81000000 ffffffff81400000 21\n"
		"page ffff888040000000 ffff888080000000 30\n"
		"page fffffe0000200000 fffffe0000400000 21 local\n"
		"page ffff888000200000 ffff888000600000 21\n"), 1);
	for (i = 0; i < sizeof(is) / sizeof(*is); i++) {
		entry = pagemap_find(&map, is[i].vaddr);
		snprintf(name, sizeof(name), "pagemap %s: shift", is[i].what);
		check(name, entry.shift, is[i].shift);
		snprintf(name, sizeof(name), "pagemap %s: region %s, %s",
			 is[i].what, is[i].region,
			 is[i].global ? "global" : "local");
		check(name, !strcmp(map.name[entry.region], is[i].region) &&
		      entry.global == is[i].global, 1);
	}
	pagemap_free(&map);
	/* Why they are refused need not be seen. */
	if (!freopen("/dev/null", "w", stderr))
		exit(1);
	for (i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		snprintf(name, sizeof(name), "pagemap refuses bad file %u", i);
		check(name, read_map(&map, refused[i]), 0);
		pagemap_free(&map);
	}
	unlink(map_path);
	check("pagemap refuses a file that is not there",
	      pagemap_read(&map, map_path, "other"), 0);
}

/* As gas encodes them. */
static void slow_instructions(void)
{
	static const struct {
		const char *text;
		uint8_t code[8];
		int size;
		enum insn_class class, in_long_mode;
	} insns[] = {
#define BOTH(class)	INSN_##class, INSN_##class
		{ "imul $stride,%eax,%edx", { 0x69, 0xd0, 0, 0x10, 0x10, 0 },
		  6, BOTH(IMUL) },
		{ "imul $3,%eax,%eax", { 0x6b, 0xc0, 3 }, 3, BOTH(IMUL) },
		{ "imul (%ecx),%eax", { 0x0f, 0xaf, 0x01 }, 3, BOTH(IMUL) },
		{ "mul %ecx", { 0xf7, 0xe1 }, 2, BOTH(IMUL) },
		{ "imul %ecx", { 0xf7, 0xe9 }, 2, BOTH(IMUL) },
		{ "div %ecx", { 0xf7, 0xf1 }, 2, BOTH(OTHER) },
		{ "not %ecx", { 0xf7, 0xd1 }, 2, BOTH(OTHER) },
		{ "shl $17,%eax", { 0xc1, 0xe0, 0x11 }, 3, BOTH(SHIFT) },
		{ "sar %eax", { 0xd1, 0xf8 }, 2, BOTH(SHIFT) },
		{ "shr %cl,%edx", { 0xd3, 0xea }, 2, BOTH(SHIFT) },
		{ "shlw $1,%gs:(%eax)", { 0x65, 0x66, 0xc1, 0x20, 1 }, 5,
		  BOTH(SHIFT) },
		{ "shrd $12,%edx,%eax", { 0x0f, 0xac, 0xd0, 0x0c }, 4,
		  BOTH(SHIFT) },
		{ "lea (%eax,%eax,4),%eax", { 0x8d, 0x04, 0x80 }, 3,
		  BOTH(LEA) },
		{ "lea (%eax,%edx),%eax", { 0x8d, 0x04, 0x10 }, 3,
		  BOTH(OTHER) },
		{ "lea 4(%eax),%eax", { 0x8d, 0x40, 0x04 }, 3, BOTH(OTHER) },
		{ "mov (%eax,%edx,4),%eax", { 0x8b, 0x04, 0x90 }, 3,
		  BOTH(OTHER) },
		{ "shl $17,%rax", { 0x48, 0xc1, 0xe0, 0x11 }, 4, INSN_OTHER,
		  INSN_SHIFT },
		{ "bt %eax,%edx", { 0x0f, 0xa3, 0xc2 }, 3, BOTH(OTHER) },
		{ "ret", { 0xc3 }, 1, BOTH(OTHER) },
		{ "cut short", { 0xc1 }, 1, BOTH(OTHER) },
	};
	char name[60];
	unsigned int i;

	for (i = 0; i < sizeof(insns) / sizeof(*insns); i++) {
		snprintf(name, sizeof(name), "class of %s", insns[i].text);
		check(name, insn_class(insns[i].code, insns[i].size, false),
		      insns[i].class);
		check(name, insn_class(insns[i].code, insns[i].size, true),
		      insns[i].in_long_mode);
	}
}

int main(void)
{
	const char *tmp = getenv("TMPDIR");
	char name[80];
	unsigned long long seed = 1;
	uint64_t page;
	long differ = 0, walks;
	int i;

	printf("TAP version 13\n");
	tlb_init(models);

	check("tlb P4 64 pages stay", touch(TLB_P4, 64, 1, 10, false), 64);
	fresh();
	check("tlb P4 65 pages thrash", touch(TLB_P4, 65, 1, 10, false), 650);
	fresh();
	check("tlb P4 64 large pages stay", touch(TLB_P4, 64, 1, 10, true), 64);
	walks = touch(TLB_P4, 10, 1, 1, false);
	check("tlb P4 large and small pages share", walks +
	      touch(TLB_P4, 64, 1, 1, true), 10 + 64);
	fresh();
	check("tlb K8 512 pages stay in its second level",
	      touch(TLB_K8, 512, 1, 10, false), 512);
	fresh();
	check("tlb K8 513 pages: one set of four thrashes",
	      touch(TLB_K8, 513, 1, 10, false), 513 + 9 * 5);
	fresh();
	check("tlb K8 5 pages of one set stay in its first level",
	      touch(TLB_K8, 5, 128, 10, false), 5);
	fresh();
	check("tlb K8 33 pages of one set thrash",
	      touch(TLB_K8, 33, 128, 10, false), 330);
	fresh();
	check("tlb K8 8 large pages stay", touch(TLB_K8, 8, 1, 10, true), 8);
	fresh();
	check("tlb K8 9 large pages thrash", touch(TLB_K8, 9, 1, 10, true), 90);
	fresh();
	check("tlb Core2 256 pages stay", touch(TLB_CORE2, 256, 1, 10, false), 256);
	fresh();
	check("tlb Core2 5 pages of one set thrash",
	      touch(TLB_CORE2, 5, 64, 10, false), 50);
	fresh();
	check("tlb Core2 32 large pages stay", touch(TLB_CORE2, 32, 1, 10, true),
	      32);
	fresh();
	check("tlb Core2 33 large pages: one set of four thrashes",
	      touch(TLB_CORE2, 33, 1, 10, true), 33 + 9 * 5);

	fresh();
	tlb_access(&models[TLB_P4], 0x1000, 12, true);
	tlb_access(&models[TLB_P4], 0x2000, 12, false);
	tlb_flush(&models[TLB_P4], false);
	check("tlb P4 a global entry survives a CR3 load",
	      tlb_access(&models[TLB_P4], 0x1000, 12, true) == TLB_WALK, 0);
	check("tlb P4 another does not",
	      tlb_access(&models[TLB_P4], 0x2000, 12, false) == TLB_WALK, 1);
	tlb_flush(&models[TLB_P4], true);
	check("tlb P4 a full flush drops it too",
	      tlb_access(&models[TLB_P4], 0x1000, 12, true) == TLB_WALK, 1);

	for (i = 0; i <= TLB_CORE2; i++) {
		fresh();
		touch(i, 30, 1, 3, false);
		touch(i, 8, 1, 3, true);
		snprintf(name, sizeof(name), "tlb %s 30 pages and 8 large ones stay",
			 models[i].name);
		check(name,
		      touch(i, 30, 1, 1, false) + touch(i, 8, 1, 1, true), 0);
		tlb_flush(&models[i], true);
		snprintf(name, sizeof(name), "tlb %s emptied, they are walked for",
			 models[i].name);
		check(name,
		      touch(i, 30, 1, 3, false) + touch(i, 8, 1, 3, true), 38);
	}

	fresh();
	for (i = 0; i < 1000000; i++) {
		page = random_below(&seed, random_below(&seed, 16) ? 80 : 200);
		differ += (tlb_access(&models[TLB_P4], page << 12, 12, true) ==
			   TLB_WALK) != brute_force(page);
	}
	check("tlb P4 differs from brute force in a million accesses", differ, 0);

	two_levels();
	parts_of_pages();
	check("tlb models by name", tlb_named("Zen2") == TLB_ZEN2 &&
	      tlb_named("Zen3") == -1, 1);
	snprintf(map_path, sizeof(map_path), "%s/pagemap.%d",
		 tmp ? tmp : "/tmp", getpid());
	maps();
	slow_instructions();
	printf("1..%d\n", number);
	return failed != 0;
}
