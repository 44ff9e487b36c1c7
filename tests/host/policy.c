/*
 * Policies of placement, in a window of 1 MiB less guard: requests refused,
 * pages mapped, and how full those are, for the same random reservations and
 * releases. Not the allocator itself: only where each policy would place.
 *
 *	first	the lowest gap
 *	best	the gap that leaves the least, the lowest of those
 *	pages	the gap that needs the fewest new pages, then as best
 *
 * usage: policy [STEPS]	200,000 steps a row by default
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE		4096
#define WINDOW		(1024 * 1024 - PAGE)
#define MAX_AREAS	20000

struct area {
	int start, size;
};

static struct area areas[MAX_AREAS];
static int nr_areas;
static unsigned long long state;

static unsigned int rnd(unsigned int below)
{
	state = state * 6364136223846793005ull + 1442695040888963407ull;
	return (state >> 33) % below;
}

enum { FIRST, BEST, PAGES, POLICIES };

/* Pages that come with [at, at + size), between its neighbours. */
static int new_pages(int at, int size, int before, int behind)
{
	int first = at / PAGE, last = (at + size + PAGE - 1) / PAGE;

	if (first < (before + PAGE - 1) / PAGE)
		first = (before + PAGE - 1) / PAGE;
	if (last > behind / PAGE)
		last = behind / PAGE;
	return last > first ? last - first : 0;
}

/* Where to put it: an index into areas, and the address; or -1. */
static int place(int policy, int size, int align, int *where)
{
	int i, start = 0, end, at, left, cost, found = -1, least = 0;

	for (i = 0; i <= nr_areas; i++) {
		end = i < nr_areas ? areas[i].start : WINDOW;
		at = (start + align - 1) & -align;
		left = end - at - size;
		cost = left;
		if (policy == PAGES)
			cost += new_pages(at, size, start, end) * WINDOW;
		if (left >= 0 && (found < 0 || cost < least)) {
			found = i;
			least = cost;
			*where = at;
			if (policy == FIRST)
				return found;
		}
		if (i < nr_areas)
			start = areas[i].start + areas[i].size;
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

/* Small objects, modules of kilobytes, or both. */
static int random_size(int kind)
{
	int module = kind == 1 || (kind == 2 && !rnd(8));

	return module ? 64 + rnd(20000) : 4 * (1 + rnd(32));
}

static void run(int policy, int kind, int fill, int steps, double *refused,
		double *mapped, double *density)
{
	long live = 0, asked = 0, no = 0, samples = 0, sum = 0;
	int i, at = 0, size, align, step;
	double dense = 0;

	state = 1;
	nr_areas = 0;
	for (step = 0; step < steps; step++) {
		if (live < (long)WINDOW / 100 * fill && nr_areas < MAX_AREAS) {
			size = random_size(kind);
			align = size & -size;
			if (align > 64)
				align = 64;
			asked++;
			i = place(policy, size, align, &at);
			if (i < 0) {
				no++;
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
			sum += pages();
			dense += pages() ? (double)live / pages() / PAGE : 1;
		}
	}
	*refused = 100.0 * no / asked;
	*mapped = (double)sum / samples;
	*density = 100 * dense / samples;
}

int main(int argc, char **argv)
{
	static const char *const kinds[] = { "objects", "modules", "both" };
	int steps = argc > 1 ? atoi(argv[1]) : 200000, kind, fill, policy;
	double refused, mapped, density;

	printf("               -------- first ------   -------- best -------"
	       "   ------- pages -------\n");
	printf("what    fill   refused pages  full  ");
	printf("  refused pages  full    refused pages  full\n");
	for (kind = 0; kind < 3; kind++)
		for (fill = 10; fill <= 90; fill += 40) {
			printf("%-7s %3d%%", kinds[kind], fill);
			for (policy = 0; policy < POLICIES; policy++) {
				run(policy, kind, fill, kind ? steps :
				    steps / 4, &refused, &mapped, &density);
				printf("   %6.2f%% %5.1f %4.0f%% ", refused,
				       mapped, density);
			}
			printf("\n");
		}
	return 0;
}
