/* See pagemap.h. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "pagemap.h"

static int by_start(const void *a, const void *b)
{
	const struct pagemap_range *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

static bool add(struct pagemap_range **ranges, int *n,
		struct pagemap_range range)
{
	struct pagemap_range *more;
	uint64_t mask = (1ULL << range.shift) - 1;

	if (range.start >= range.end || range.start & mask || range.end & mask)
		return false;
	more = realloc(*ranges, (*n + 1) * sizeof(range));
	if (!more)
		abort();
	more[(*n)++] = range;
	*ranges = more;
	return true;
}

static bool sort(struct pagemap_range *range, int n)
{
	int i;

	if (n)
		qsort(range, n, sizeof(*range), by_start);
	for (i = 1; i < n; i++)
		if (range[i].start < range[i - 1].end)
			return false;
	return true;
}

static bool read_line(struct pagemap *map, const char *line)
{
	struct pagemap_range range = { .shift = 0 };
	char name[PAGEMAP_NAME], local[8];
	int n;

	if (sscanf(line, "kernel %" SCNx64, &map->kernel) == 1)
		return map->kernel != 0;
	if (sscanf(line, "region %15s %" SCNx64 " %" SCNx64, name,
		   &range.start, &range.end) == 3) {
		/* Two names are not in the file: the user's, the last. */
		if (map->regions == PAGEMAP_REGIONS - 1)
			return false;
		range.region = map->regions;
		strcpy(map->name[map->regions++], name);
		return add(&map->region, &map->n_regions, range);
	}
	n = sscanf(line, "page %" SCNx64 " %" SCNx64 " %d %7s", &range.start,
		   &range.end, &range.shift, local);
	if (n < 3 || (n == 4 && strcmp(local, "local")))
		return false;
	range.local = n == 4;
	if (range.shift != 21 && range.shift != 22 && range.shift != 30)
		return false;
	return add(&map->page, &map->n_pages, range);
}

bool pagemap_read(struct pagemap *map, const char *path, const char *other)
{
	FILE *f = fopen(path, "r");
	bool good = true;
	char line[128];
	int at = 0;

	memset(map, 0, sizeof(*map));
	strcpy(map->name[map->regions++], "user");
	if (!f) {
		fprintf(stderr, "pagemap: cannot read %s\n", path);
		return false;
	}
	while (good && fgets(line, sizeof(line), f)) {
		at++;
		good = read_line(map, line);
	}
	fclose(f);
	if (!good) {
		fprintf(stderr, "pagemap: %s:%d: not a line of a map: %s", path,
			at, line);
		return false;
	}
	if (!map->kernel || !sort(map->region, map->n_regions) ||
	    !sort(map->page, map->n_pages)) {
		fprintf(stderr, "pagemap: %s: %s\n", path, map->kernel ?
			"ranges overlap" : "no kernel line");
		return false;
	}
	snprintf(map->name[map->regions++], PAGEMAP_NAME, "%s", other);
	return true;
}

void pagemap_free(struct pagemap *map)
{
	free(map->region);
	free(map->page);
	memset(map, 0, sizeof(*map));
}

static const struct pagemap_range *find(const struct pagemap_range *range,
					int n, uint64_t vaddr)
{
	int low = 0, high = n, mid;

	/* The last one that does not start above it. */
	while (low < high) {
		mid = (low + high) / 2;
		if (range[mid].start <= vaddr)
			low = mid + 1;
		else
			high = mid;
	}
	return low && vaddr < range[low - 1].end ? &range[low - 1] : NULL;
}

struct pagemap_entry pagemap_find(const struct pagemap *map, uint64_t vaddr)
{
	struct pagemap_entry entry = { 0, 12, false };
	const struct pagemap_range *range;

	if (vaddr < map->kernel)
		return entry;
	range = find(map->region, map->n_regions, vaddr);
	entry.region = range ? range->region : map->regions - 1;
	range = find(map->page, map->n_pages, vaddr);
	entry.shift = range ? range->shift : 12;
	entry.global = !range || !range->local;
	return entry;
}
