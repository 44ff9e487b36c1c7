/*
 * Policies of placement, in a window of 1 MiB less guard: objects and modules
 * refused, pages mapped, how full those are, and gaps looked at for each
 * request, for the same random reservations and releases. Not the allocator
 * itself: only where each policy would place.
 *
 *	first	the lowest gap
 *	best	the gap that leaves the least, the lowest of those
 *	ends	objects the lowest gap, modules the highest, an eighth of the
 *		window left to objects; of gaps that only alignment makes too
 *		small eight are looked at, then only one large enough in any
 *		case is taken: what mm/percpu_vm.c does
 *
 * A search by tree looks at none of the gaps that are too small: gaps are
 * counted as for ends, from the size of the request up. Best fit has to look
 * at all of them, or needs a second tree, by size.
 *
 * usage: policy [STEPS]	200,000 steps a row by default
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../random.h"

#define PAGE		4096
#define WINDOW		(1024 * 1024 - PAGE)
#define MAX_AREAS	20000
#define FLOOR		(WINDOW / 8)
#define TRIES		8

struct area {
	int start, size;
};

static struct area areas[MAX_AREAS];
static int nr_areas;
static unsigned long long state;

static unsigned int rnd(unsigned int below)
{
	return random_below(&state, below);
}

enum { FIRST, BEST, ENDS, POLICIES };

static long looks;

/* Where to put it: an index into areas, and the address; or -1. */
static int place(int policy, int module, int size, int align, int *where)
{
	int high = policy == ENDS && module, want = size, tries = 0;
	int i, n, start, end, at, left, found = -1, least = 0;

	for (n = 0; n <= nr_areas; n++) {
		i = high ? nr_areas - n : n;
		start = i ? areas[i - 1].start + areas[i - 1].size : 0;
		end = i < nr_areas ? areas[i].start : WINDOW;
		if (end - start < want)
			continue;
		looks++;
		if (policy == ENDS && ++tries == TRIES)
			want += align - 1;
		at = high ? (end - size) & -align : (start + align - 1) & -align;
		if (high && at < FLOOR)
			return -1;
		if (at < start || at + size > end)
			continue;
		left = end - at - size;
		if (found >= 0 && left >= least)
			continue;
		found = i;
		least = left;
		*where = at;
		if (policy != BEST)
			return found;
	}
	return found;
}

static int pages(void)
{
	int i, end = 0, first, last, n = 0;

	for (i = 0; i < nr_areas; i++) {
		first = areas[i].start / PAGE * PAGE;
		last = (areas[i].start + areas[i].size + PAGE - 1) / PAGE *
			PAGE;
		if (first < end)
			first = end;
		if (last > first)
			n += (last - first) / PAGE;
		if (last > end)
			end = last;
	}
	return n;
}

struct result {
	double refused[2];	/* objects, modules: per cent */
	double pages, full, looks;
};

/* Small objects, modules of kilobytes, or both. */
static struct result run(int policy, int kind, int fill, int steps)
{
	long live = 0, asked[2] = { 0, 0 }, no[2] = { 0, 0 }, samples = 0;
	int i, at = 0, size, align, step, module;
	struct result r = { { 0, 0 }, 0, 0, 0 };

	state = 1;
	nr_areas = 0;
	looks = 0;
	for (step = 0; step < steps; step++) {
		if (live < (long)WINDOW / 100 * fill && nr_areas < MAX_AREAS) {
			module = kind == 1 || (kind == 2 && !rnd(8));
			size = module ? 64 + rnd(20000) : 4 * (1 + rnd(32));
			align = size & -size;
			if (align > 64)
				align = 64;
			asked[module]++;
			i = place(policy, module, size, align, &at);
			if (i < 0) {
				no[module]++;
			} else {
				memmove(areas + i + 1, areas + i,
					(nr_areas++ - i) * sizeof(*areas));
				areas[i].start = at;
				areas[i].size = size;
				live += size;
			}
		}
		if (nr_areas && (live >= (long)WINDOW / 100 * fill ||
				 !rnd(3))) {
			i = rnd(nr_areas);
			live -= areas[i].size;
			memmove(areas + i, areas + i + 1,
				(--nr_areas - i) * sizeof(*areas));
		}
		if (step > steps / 2 && !(step % 100)) {
			samples++;
			r.pages += pages();
			r.full += pages() ? 100.0 * live / pages() / PAGE : 100;
		}
	}
	for (i = 0; i < 2; i++)
		r.refused[i] = asked[i] ? 100.0 * no[i] / asked[i] : 0;
	r.pages /= samples;
	r.full /= samples;
	r.looks = (double)looks / (asked[0] + asked[1]);
	return r;
}

int main(int argc, char **argv)
{
	static const char *const kinds[] = { "objects", "modules", "both" };
	static const char *const names[] = { "first", "best", "ends" };
	int steps = argc > 1 ? atoi(argv[1]) : 200000, kind, fill, policy;
	struct result r;

	printf("what     fill policy   objects modules refused   pages  full"
	       "   gaps\n");
	for (kind = 0; kind < 3; kind++)
		for (fill = 10; fill <= 90; fill += 40)
			for (policy = 0; policy < POLICIES; policy++) {
				r = run(policy, kind, fill,
					kind ? steps : steps / 4);
				printf("%-7s %4d%% %-6s   %6.2f%% %6.2f%%      "
				       "     %5.1f %4.0f%% %6.1f\n",
				       kinds[kind], fill, names[policy],
				       r.refused[0], r.refused[1], r.pages,
				       r.full, r.looks);
			}
	return 0;
}
