// SPDX-License-Identifier: GPL-2.0
/*
 * pcpu_tables - a page table that cannot be had when pages are mapped already
 *
 * Takes areas of the window for modules up to a boundary of page tables, and
 * then one across it, of which each allocation of memory fails in turn: first
 * the pages, then the table behind the boundary, which nobody has needed yet.
 * By then what is in front of the boundary is mapped. Loads of a module do not
 * do: one that does without what failed leaves the table there.
 *
 * Says how many errors there were; with any it is not loaded.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/cpumask.h>
#include <linux/sched.h>

#define PIECE	(8 * PAGE_SIZE)
#define PIECES	64

static unsigned long reserve;
module_param(reserve, ulong, 0);
MODULE_PARM_DESC(reserve,
		 "address of __alloc_reserved_percpu(), if it is a function");

static void __percpu *pieces[PIECES];

static void __percpu *take(size_t size)
{
#ifdef __alloc_reserved_percpu
	return __alloc_reserved_percpu(size, PAGE_SIZE);
#else
	void __percpu *(*function)(size_t, size_t) = (void *)reserve;

	return function ? function(size, PAGE_SIZE) : NULL;
#endif
}

/* The bytes from the end of a piece of the first CPU's to the boundary. */
static unsigned long left(void __percpu *piece)
{
	void *copy = per_cpu_ptr(piece, cpumask_first(cpu_possible_mask));

	return -((unsigned long)copy + PIECE) & ~PMD_MASK;
}

static int __init tables_init(void)
{
	int pages = 2 * PIECE / PAGE_SIZE * num_possible_cpus();
	int n = 0, failed, errors = 0;
	unsigned int unused = 0;
	void __percpu *area;

	do
		pieces[n] = take(PIECE);
	while (pieces[n] && left(pieces[n]) != PIECE && ++n < PIECES);
	if (n == PIECES || !pieces[n]) {
		pr_err("%s: 1 errors, no boundary, %d pieces\n",
		       KBUILD_MODNAME, n);
		errors++;
		goto out;
	}
	for (failed = 0; failed < 2 * pages; failed++) {
		current->fail_nth = failed + 1;
		area = take(2 * PIECE);
		unused = current->fail_nth;
		current->fail_nth = 0;
		/* It fails if something failed. */
		if (!area != !unused)
			errors++;
		if (area || unused)
			break;
	}
	free_percpu(area);
	if (failed <= pages)
		errors++;
	pr_info("%s: %d errors, %d pages and %d page tables failed\n",
		KBUILD_MODNAME, errors, pages, failed - pages);
out:
	for (n = 0; n < PIECES; n++)
		free_percpu(pieces[n]);
	return errors ? -EIO : 0;
}

static void __exit tables_exit(void)
{
}

module_init(tables_init);
module_exit(tables_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Failures of page tables for per-CPU data");
