/*
 * mm/percpu_vm.c - virtually mapped per-CPU areas
 *
 * Every CPU has a window of PERCPU_VM_STRIDE bytes at a fixed address.  All
 * windows have the same layout, so a variable is found by arithmetic on
 * constants and the CPU number:
 *
 *	PERCPU_VM_END
 *	    ...
 *	    CPU 1    [ static | reservations ... | not mapped ... | guard page ]
 *	    CPU 0    [ static | reservations ... | not mapped ... | guard page ]
 *	PERCPU_VM_START
 *	    link slot, never mapped: the addresses that symbols have
 *	PERCPU_VM_LINK
 *
 * This file owns, and nothing else does: where the windows are, which byte
 * ranges of a window are reserved (the same ranges for every CPU), and which
 * pages are mapped.  Modules and alloc_percpu() are its customers.
 *
 * A page is mapped on every possible CPU if, and only if, the static section
 * or a reservation touches it.  Hence no page is counted: what lies before
 * and behind a reservation says which pages come and go with it.
 *
 * No per-CPU access ever faults.  The page tables of the windows of all
 * possible CPUs are made at boot, before the first process copies the kernel
 * part of the page directory, and they stay.  Only pages come and go, and a
 * reservation is handed out when its pages are there.  So per-CPU data may be
 * used in an NMI, in the page fault handler and on a stack switch, and no
 * page directory is ever synchronised.
 *
 * Reservations are placed by best fit: into the gap that leaves the least, the
 * lowest of those.  Against first fit it needs up to 6 % fewer pages for many
 * small objects, as they close each other's gaps, and in a nearly full window
 * it refuses 38 instead of 65 of 100 modules; for a mix of both it needs 2 to
 * 5 % more pages.
 *
 * Pages are lowmem, although mapping would let them be highmem: software
 * suspend restores highmem late, when per-CPU data is in use already.
 *
 * An architecture supplies, in <asm/percpu_vm.h>: __ARCH_HAS_VM_PERCPU;
 * PERCPU_VM_SHIFT; PERCPU_VM_START and PERCPU_VM_END, page-aligned and not
 * used for anything else; __ARCH_LINKS_VM_PERCPU, and PERCPU_VM_LINK one stride
 * below PERCPU_VM_START, if its linker script puts .data.percpu there, loaded
 * at __per_cpu_load.  And the three callbacks in <linux/percpu_vm.h> that
 * allocate page tables at boot.
 *
 * The idea is Steven Rostedt's: "robust VM per_cpu variables", LKML,
 * 17 May 2006, <Pine.LNX.4.58.0605170547490.8408@gandalf.stny.rr.com>.
 *
 * Licensed under the GPL, version 2.
 */
#include <linux/kernel.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/list.h>
#include <linux/err.h>
#include <linux/string.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <linux/bootmem.h>
#include <linux/cpumask.h>
#include <linux/topology.h>
#include <linux/debugfs.h>
#include <linux/seq_file.h>
#include <linux/percpu_vm.h>
#include <asm/pgtable.h>
#include <asm/cacheflush.h>
#include <asm/tlbflush.h>

#ifndef __ARCH_LINKS_VM_PERCPU
EXPORT_SYMBOL(__per_cpu_start);		/* the accessors subtract it */
#endif

/*
 * What a window can hold.  The guard page behind it is never mapped: running
 * past the last reservation faults instead of hitting the next CPU.
 */
#define PERCPU_VM_SIZE		(PERCPU_VM_STRIDE - PAGE_SIZE)

/*
 * A request of no bytes gets this link address, in the guard page, and books
 * nothing.
 */
#define PERCPU_VM_NOTHING	((void *)(PERCPU_VM_LINK + PERCPU_VM_SIZE))

/*
 * A reservation.  Offsets and sizes are bytes, offsets count from the start
 * of a window.
 */
struct percpu_vm_area {
	struct list_head	list;
	unsigned long		offset;
	unsigned long		size;
	char			owner[0];
};

/* What lies free between two neighbours; it may be empty. */
struct percpu_vm_gap {
	struct list_head	*next;	/* the one behind, or the head */
	unsigned long		start;
	unsigned long		end;
};

/*
 * Serialises everything below and every change of the windows' ptes after
 * boot.  Allocating and freeing sleep.  Nests inside module_mutex; the page
 * allocator is called with it held, so it must not be taken in reclaim.
 */
static DEFINE_MUTEX(percpu_vm_mutex);

/* Reservations in address order.  Under percpu_vm_mutex. */
static LIST_HEAD(percpu_vm_areas);

/*
 * Objects that free_percpu() was given, linked through the first word of their
 * copy on the first possible CPU.  Under percpu_vm_dying_lock, which is taken
 * in any context; percpu_vm_mutex may be held outside it.
 */
static void *percpu_vm_dying;
static DEFINE_SPINLOCK(percpu_vm_dying_lock);

#ifdef CONFIG_DEBUG_PERCPU_VM
/*
 * The page allocation that is to fail: 1 is the next, 0 is none.  Counted
 * under percpu_vm_mutex, set from debugfs without it: for tests only.
 */
static u32 percpu_vm_fail_page;

static int percpu_vm_should_fail(void)
{
	return percpu_vm_fail_page && !--percpu_vm_fail_page;
}
#else
static inline int percpu_vm_should_fail(void)
{
	return 0;
}
#endif

static unsigned long percpu_vm_static_size(void)
{
	return (unsigned long)__per_cpu_end - (unsigned long)__per_cpu_start;
}

static unsigned long percpu_vm_window(int cpu)
{
	return PERCPU_VM_START + ((unsigned long)cpu << PERCPU_VM_SHIFT);
}

static int percpu_vm_node(int cpu)
{
	int node = cpu_to_node(cpu);

	/* A CPU that was never started may name a node that is not there. */
	return node_online(node) ? node : first_online_node;
}

/**
 * percpu_vm_copy - give every possible CPU the same data
 * @dst: link address, all of it reserved
 * @src: what to copy
 * @size: bytes
 */
void percpu_vm_copy(void *dst, const void *src, unsigned long size)
{
	int cpu;

	for_each_possible_cpu(cpu)
		memcpy(percpu_vm_ptr(dst, cpu), src, size);
}

static pte_t *percpu_vm_pte(unsigned long addr)
{
	pgd_t *pgd = pgd_offset_k(addr);
	pud_t *pud = pud_offset(pgd, addr);
	pmd_t *pmd = pmd_offset(pud, addr);

	return pte_offset_kernel(pmd, addr);
}

/* Unmap and free what is mapped of the pages [start, end) on every CPU. */
static void percpu_vm_unmap(unsigned long start, unsigned long end)
{
	struct page *page, *next;
	LIST_HEAD(pages);
	unsigned long addr, last;
	pte_t pte;
	int cpu;

	for_each_possible_cpu(cpu) {
		addr = percpu_vm_window(cpu) + start;
		last = percpu_vm_window(cpu) + end;
		flush_cache_vunmap(addr, last);
		for (; addr < last; addr += PAGE_SIZE) {
			pte = ptep_get_and_clear(&init_mm, addr,
						 percpu_vm_pte(addr));
			if (!pte_none(pte))
				list_add(&pte_page(pte)->lru, &pages);
		}
	}

	/* Any CPU may have any window's entries, global ones at that. */
	if (!list_empty(&pages))
		flush_tlb_kernel_range(PERCPU_VM_START, PERCPU_VM_END);

	list_for_each_entry_safe(page, next, &pages, lru) {
		list_del(&page->lru);
		__free_page(page);
	}
}

/* Map the pages [start, end) of every possible CPU's window, or none. */
static int percpu_vm_map(unsigned long start, unsigned long end)
{
	unsigned long addr, last;
	struct page *page;
	int cpu;

	for_each_possible_cpu(cpu) {
		addr = percpu_vm_window(cpu) + start;
		last = percpu_vm_window(cpu) + end;
		for (; addr < last; addr += PAGE_SIZE) {
			page = NULL;
			if (!percpu_vm_should_fail())
				page = alloc_pages_node(percpu_vm_node(cpu),
							GFP_KERNEL, 0);
			if (!page)
				goto nomem;
			set_pte_at(&init_mm, addr, percpu_vm_pte(addr),
				   mk_pte(page, PAGE_KERNEL));
		}
		flush_cache_vmap(last - (end - start), last);
	}
	return 0;

nomem:
	percpu_vm_unmap(start, end);
	return -ENOMEM;
}

/* The gap that ends where the reservation behind it, @next, starts. */
static void percpu_vm_gap_before(struct list_head *next,
				 struct percpu_vm_gap *gap)
{
	struct percpu_vm_area *area;

	gap->next = next;
	gap->start = percpu_vm_static_size();
	gap->end = PERCPU_VM_SIZE;
	if (next->prev != &percpu_vm_areas) {
		area = list_entry(next->prev, struct percpu_vm_area, list);
		gap->start = area->offset + area->size;
	}
	if (next != &percpu_vm_areas) {
		area = list_entry(next, struct percpu_vm_area, list);
		gap->end = area->offset;
	}
}

/*
 * Find the gap that leaves the least, and move its start to where @align
 * allows.
 */
static int percpu_vm_find(unsigned long size, unsigned long align,
			  struct percpu_vm_gap *best)
{
	struct list_head *next = &percpu_vm_areas;
	struct percpu_vm_gap gap;
	int err = -ENOSPC;

	do {
		next = next->next;
		percpu_vm_gap_before(next, &gap);
		gap.start = ALIGN(gap.start, align);
		if (gap.start > gap.end || gap.end - gap.start < size)
			continue;
		if (err || gap.end - gap.start < best->end - best->start)
			*best = gap;
		err = 0;
	} while (next != &percpu_vm_areas);
	return err;
}

/* Bytes free in a window, and in the largest piece of it. */
static unsigned long percpu_vm_room(unsigned long *largest)
{
	struct list_head *next = &percpu_vm_areas;
	struct percpu_vm_gap gap;
	unsigned long room = 0;

	*largest = 0;
	do {
		next = next->next;
		percpu_vm_gap_before(next, &gap);
		room += gap.end - gap.start;
		*largest = max(*largest, gap.end - gap.start);
	} while (next != &percpu_vm_areas);
	return room;
}

/*
 * The pages [*start, *end) that only this reservation touches: all it
 * overlaps, less those it shares with what is before and behind it.
 */
static void percpu_vm_own_pages(struct percpu_vm_area *area,
				unsigned long *start, unsigned long *end)
{
	struct percpu_vm_gap before, behind;

	percpu_vm_gap_before(&area->list, &before);
	percpu_vm_gap_before(area->list.next, &behind);
	*start = max(area->offset & PAGE_MASK, PAGE_ALIGN(before.start));
	*end = min(PAGE_ALIGN(area->offset + area->size),
		   behind.end & PAGE_MASK);
}

/* The reservation at @ptr; NULL and a complaint if none.  Mutex is held. */
static struct percpu_vm_area *percpu_vm_area_at(void *ptr)
{
	unsigned long offset = (unsigned long)ptr - PERCPU_VM_LINK;
	struct percpu_vm_area *area;

	list_for_each_entry(area, &percpu_vm_areas, list)
		if (area->offset == offset)
			return area;
	printk(KERN_ERR "percpu_vm: freeing %p, which is not reserved\n", ptr);
	dump_stack();
	return NULL;
}

/* Unmap and forget a reservation.  percpu_vm_mutex is held. */
static void percpu_vm_release(struct percpu_vm_area *area)
{
	unsigned long start, end;

	percpu_vm_own_pages(area, &start, &end);
	if (start < end)
		percpu_vm_unmap(start, end);
	list_del(&area->list);
	kfree(area);
}

static void **percpu_vm_dying_link(void *ptr)
{
	return percpu_vm_ptr((void **)ptr, first_cpu(cpu_possible_map));
}

/*
 * Release what free_percpu() left.  percpu_vm_mutex is held.  An object that
 * was freed twice makes a loop of the links: stop there, with the complaint.
 */
static void percpu_vm_reap(void)
{
	struct percpu_vm_area *area;
	void *ptr, *next;

	spin_lock_irq(&percpu_vm_dying_lock);
	ptr = percpu_vm_dying;
	percpu_vm_dying = NULL;
	spin_unlock_irq(&percpu_vm_dying_lock);

	for (; ptr; ptr = next) {
		area = percpu_vm_area_at(ptr);
		if (!area)
			break;
		next = *percpu_vm_dying_link(ptr);
		percpu_vm_release(area);
	}
}

/**
 * percpu_vm_alloc - reserve room in the windows and map it
 * @size: bytes; with 0 nothing is booked, and the address must not be used
 * @align: bytes, a power of two up to PAGE_SIZE; 0 counts as 1
 * @owner: who asks, for messages and the list in debugfs; copied
 *
 * Returns a link address for percpu_vm_ptr(); the copy of every possible CPU
 * is zeroed.  Or ERR_PTR(): -EINVAL for an alignment that cannot be had,
 * -ENOMEM for lack of room or of pages; then nothing has changed, and one line
 * in the log says what was asked for and what was free.
 *
 * Process context; sleeps.
 */
void *percpu_vm_alloc(unsigned long size, unsigned long align,
		      const char *owner)
{
	unsigned long start, end, room, largest;
	struct percpu_vm_area *area;
	struct percpu_vm_gap gap;
	void *ptr;
	int cpu, err;

	if (!align)
		align = 1;
	if (align > PAGE_SIZE || (align & (align - 1))) {
		printk(KERN_WARNING "percpu_vm: %s: alignment %lu is not a "
		       "power of two up to %lu\n", owner, align, PAGE_SIZE);
		return ERR_PTR(-EINVAL);
	}
	if (!size)
		return PERCPU_VM_NOTHING;

	area = kmalloc(sizeof(*area) + strlen(owner) + 1, GFP_KERNEL);

	mutex_lock(&percpu_vm_mutex);
	percpu_vm_reap();
	err = -ENOMEM;
	if (!area)
		goto fail;
	err = percpu_vm_find(size, align, &gap);
	if (err)
		goto fail;
	area->offset = gap.start;
	area->size = size;
	strcpy(area->owner, owner);
	list_add_tail(&area->list, gap.next);

	percpu_vm_own_pages(area, &start, &end);
	err = percpu_vm_map(start, end);
	if (err)
		goto unlink;
	mutex_unlock(&percpu_vm_mutex);

	ptr = (void *)(PERCPU_VM_LINK + area->offset);
	for_each_possible_cpu(cpu)
		memset(percpu_vm_ptr(ptr, cpu), 0, size);
	return ptr;

unlink:
	list_del(&area->list);
fail:
	room = percpu_vm_room(&largest);
	mutex_unlock(&percpu_vm_mutex);
	kfree(area);
	printk(KERN_WARNING "percpu_vm: %s: %s for %lu bytes aligned to %lu on "
	       "each of %d CPUs; %lu bytes of the window free, %lu in one "
	       "piece\n", owner, err == -ENOSPC ? "no room" : "no memory",
	       size, align, num_possible_cpus(), room, largest);
	return ERR_PTR(-ENOMEM);
}

/**
 * percpu_vm_free - give a reservation back
 * @ptr: what percpu_vm_alloc() returned, or NULL
 *
 * The pages that nothing else touches are unmapped on every CPU and freed: an
 * access through a stale pointer faults.  Process context with interrupts
 * on, as other CPUs' TLBs are flushed; sleeps.
 */
void percpu_vm_free(void *ptr)
{
	struct percpu_vm_area *area;

	if (!ptr || ptr == PERCPU_VM_NOTHING)
		return;
	mutex_lock(&percpu_vm_mutex);
	area = percpu_vm_area_at(ptr);
	if (area)
		percpu_vm_release(area);
	mutex_unlock(&percpu_vm_mutex);
}

static void percpu_vm_reap_work(void *unused)
{
	mutex_lock(&percpu_vm_mutex);
	percpu_vm_reap();
	mutex_unlock(&percpu_vm_mutex);
}

static DECLARE_WORK(percpu_vm_work, percpu_vm_reap_work, NULL);

/**
 * __alloc_percpu - allocate an object for every possible CPU
 * @size: bytes
 *
 * Returns a pointer for per_cpu_ptr(), each copy zeroed, or NULL.  The
 * alignment is the largest power of two that divides @size, rounded up to
 * words, up to PAGE_SIZE: that is enough for any type of this size, objects of
 * one size are packed without holes, and one whose size is a power of two up
 * to PAGE_SIZE never crosses a page.
 *
 * Process context; sleeps.
 */
void *__alloc_percpu(size_t size)
{
	unsigned long align;
	char owner[20];
	void *ptr;

	/* free_percpu() needs a word, and an aligned one. */
	if (size <= PERCPU_VM_SIZE)
		size = max(ALIGN(size, sizeof(void *)), sizeof(void *));
	align = min(size & -size, (size_t)PAGE_SIZE);
	snprintf(owner, sizeof(owner), "%p", __builtin_return_address(0));
	ptr = percpu_vm_alloc(size, align, owner);
	return IS_ERR(ptr) ? NULL : ptr;
}
EXPORT_SYMBOL(__alloc_percpu);

/**
 * free_percpu - free what __alloc_percpu() returned
 * @ptr: the object, or NULL
 *
 * Any context but NMI, as with kfree(): also softirqs, where neither the mutex
 * can be taken nor other CPUs' TLBs be flushed.  So this only puts the object
 * on a list.  A work item releases it, or the next allocation if that is
 * earlier.
 */
void free_percpu(const void *ptr)
{
	unsigned long flags;

	if (!ptr)
		return;
	spin_lock_irqsave(&percpu_vm_dying_lock, flags);
	*percpu_vm_dying_link((void *)ptr) = percpu_vm_dying;
	percpu_vm_dying = (void *)ptr;
	spin_unlock_irqrestore(&percpu_vm_dying_lock, flags);
	if (keventd_up())
		schedule_work(&percpu_vm_work);
}
EXPORT_SYMBOL(free_percpu);

/**
 * percpu_vm_phys - physical address of a byte in a window
 * @copy: what per_cpu_ptr() or &per_cpu() gave, not a link address
 *
 * For who hands it to hardware or to another kernel; __pa() is for lowmem.
 * What follows is physically contiguous up to the end of the page only.
 */
unsigned long long percpu_vm_phys(const void *copy)
{
	unsigned long addr = (unsigned long)copy;
	pte_t pte = *percpu_vm_pte(addr);

	return ((unsigned long long)pte_pfn(pte) << PAGE_SHIFT) +
		(addr & ~PAGE_MASK);
}

static pte_t * __init percpu_vm_boot_pte(unsigned long addr, int node)
{
	pud_t *pud = pud_boot_alloc(pgd_offset_k(addr), addr, node);
	pmd_t *pmd = pud ? pmd_boot_alloc(pud, addr, node) : NULL;
	pte_t *pte = pmd ? pte_boot_alloc(pmd, addr, node) : NULL;

	if (!pte)
		panic("percpu_vm: no page table for %08lx\n", addr);
	if (!pte_none(*pte))
		panic("percpu_vm: %08lx is in use already\n", addr);
	return pte;
}

/* Page tables for a CPU's whole window, and pages for the static section. */
static void __init percpu_vm_boot_window(int cpu)
{
	unsigned long addr = percpu_vm_window(cpu);
	unsigned long last = addr + percpu_vm_static_size();
	unsigned long end = addr + PERCPU_VM_STRIDE;
	int node = percpu_vm_node(cpu);
	pte_t *pte;
	void *page;

	for (; addr < end; addr += PAGE_SIZE) {
		pte = percpu_vm_boot_pte(addr, node);
		if (addr >= last)
			continue;
		page = alloc_bootmem_pages_node(NODE_DATA(node), PAGE_SIZE);
		if (!page)
			panic("percpu_vm: no memory for CPU %d\n", cpu);
		set_pte_at(&init_mm, addr, pte,
			   pfn_pte(__pa(page) >> PAGE_SHIFT, PAGE_KERNEL));
	}
	flush_cache_vmap(percpu_vm_window(cpu), last);
}

/**
 * setup_per_cpu_areas - make the windows of all possible CPUs
 *
 * Called once from start_kernel(), with bootmem up and cpu_possible_map set.
 * Nothing may touch per-CPU data before: there is no memory behind it.
 * Panics when memory runs out, or when something else is in the windows.
 */
void __init setup_per_cpu_areas(void)
{
	int cpu;

	if (percpu_vm_static_size() > PERCPU_VM_SIZE)
		panic("percpu_vm: %lu bytes of static per-CPU data, a window "
		      "holds %lu\n", percpu_vm_static_size(), PERCPU_VM_SIZE);

	for_each_possible_cpu(cpu)
		percpu_vm_boot_window(cpu);
	percpu_vm_copy((void *)PERCPU_VM_LINK, __per_cpu_load,
		       percpu_vm_static_size());

	printk(KERN_INFO "percpu_vm: windows at %08lx, %lu KiB for each of %d "
	       "CPUs, %lu bytes static\n", PERCPU_VM_START,
	       PERCPU_VM_STRIDE >> 10, num_possible_cpus(),
	       percpu_vm_static_size());
}

#ifdef CONFIG_DEBUG_FS

static unsigned long percpu_vm_mapped(int cpu)
{
	unsigned long addr = percpu_vm_window(cpu);
	unsigned long end = addr + PERCPU_VM_STRIDE;
	unsigned long pages = 0;

	for (; addr < end; addr += PAGE_SIZE)
		if (!pte_none(*percpu_vm_pte(addr)))
			pages++;
	return pages;
}

/* Page-table pages that hold entries of a possible CPU's window. */
static unsigned long percpu_vm_tables(void)
{
	unsigned long addr, end, table, seen = 0, tables = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		addr = percpu_vm_window(cpu);
		end = addr + PERCPU_VM_STRIDE;
		for (; addr < end; addr += PAGE_SIZE) {
			table = (unsigned long)percpu_vm_pte(addr) & PAGE_MASK;
			if (table != seen)
				tables++;
			seen = table;
		}
	}
	return tables;
}

static int percpu_vm_layout_show(struct seq_file *m, void *unused)
{
	struct percpu_vm_area *area;
	unsigned long room, largest;
	int cpu;

	mutex_lock(&percpu_vm_mutex);
	room = percpu_vm_room(&largest);
	seq_printf(m, "link\t%08lx\n", PERCPU_VM_LINK);
	seq_printf(m, "windows\t%08lx\n", PERCPU_VM_START);
	seq_printf(m, "stride\t%lu\n", PERCPU_VM_STRIDE);
	seq_printf(m, "static\t%lu\n", percpu_vm_static_size());
	seq_printf(m, "reserved\t%lu\n",
		   PERCPU_VM_SIZE - percpu_vm_static_size() - room);
	seq_printf(m, "free\t%lu\n", room);
	seq_printf(m, "largest\t%lu\n", largest);
	seq_printf(m, "tables\t%lu\n", percpu_vm_tables());
	for_each_possible_cpu(cpu)
		seq_printf(m, "pages\tcpu%d %lu\n", cpu,
			   percpu_vm_mapped(cpu));
	list_for_each_entry(area, &percpu_vm_areas, list)
		seq_printf(m, "area\t%lu %lu %s\n", area->offset, area->size,
			   area->owner);
	mutex_unlock(&percpu_vm_mutex);
	return 0;
}

static int percpu_vm_layout_open(struct inode *inode, struct file *file)
{
	return single_open(file, percpu_vm_layout_show, NULL);
}

static struct file_operations percpu_vm_layout_fops = {
	.open		= percpu_vm_layout_open,
	.read		= seq_read,
	.llseek		= seq_lseek,
	.release	= single_release,
};

#ifdef CONFIG_DEBUG_PERCPU_VM
static void __init percpu_vm_debugfs_fail_page(struct dentry *dir)
{
	debugfs_create_u32("fail_page", 0600, dir, &percpu_vm_fail_page);
}
#else
static inline void percpu_vm_debugfs_fail_page(struct dentry *dir)
{
}
#endif

static int __init percpu_vm_debugfs(void)
{
	struct dentry *dir = debugfs_create_dir("percpu_vm", NULL);

	if (!dir || IS_ERR(dir))
		return -ENODEV;
	debugfs_create_file("layout", 0400, dir, NULL,
			    &percpu_vm_layout_fops);
	percpu_vm_debugfs_fail_page(dir);
	return 0;
}
__initcall(percpu_vm_debugfs);

#endif /* CONFIG_DEBUG_FS */
