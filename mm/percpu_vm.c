/*
 * mm/percpu_vm.c - virtually mapped per-CPU areas
 *
 * Whatever is per CPU has its copies one stride apart, so a copy is found by
 * arithmetic on constants and the CPU number:
 *
 *	copy(cpu) = copy(0) + cpu * PERCPU_VM_STRIDE
 *
 * Copies are in banks.  A bank is a window for each CPU, and the last page of a
 * stride is a guard that is never mapped:
 *
 *	CPU 0               CPU 1               CPU 2
 *	[ window ] guard    [ window ] guard    [ window ] guard
 *
 * The first bank is set aside at boot, at PERCPU_VM_START.  Its page tables
 * are made then.  When no bank has room, and the architecture can, another one
 * is opened in vmalloc space; when nothing is left in that, it is closed.
 *
 * The static section comes first.  With __ARCH_PERCPU_VM_LOWMEM it is not in a
 * window: in the kernel image it is CPU 0's copy, and the architecture finds
 * RAM for the other CPUs' a stride apart behind it.  They lie in the large
 * pages that map lowmem, and so does the spare room after each, which is used
 * first, for objects alone.  Without it the section is at the start of the
 * first bank, mapped at boot.
 *
 * This file owns, and nothing else does: where the banks are, which byte
 * ranges are reserved (the same ranges for every CPU), and which pages are
 * mapped.  Modules and alloc_percpu() use it.
 *
 * A page is mapped on every possible CPU if, and only if, a reservation or a
 * static section that is mapped touches it.  Hence no page is counted: what
 * lies before and after a reservation says which pages come and go with it.
 *
 * No per-CPU access ever faults.  The page tables of a bank are made before
 * anything in it is handed out, and are in every page directory: those of the
 * first one as they are made before the first process copies the kernel part
 * of the page directory, those of others by vmalloc_sync_all().  Only pages
 * come and go, and a reservation is handed out when its pages are there.  So
 * per-CPU data may be used in an NMI, in the page fault handler and on a stack
 * switch.
 *
 * Reservations are the nodes of one tree, ordered by offset: the distance
 * from the static section, the same on every CPU.  A node knows the gap in
 * front of it and the largest gap in its subtree, so a gap is found, and a
 * reservation forgotten, in O(log n).  The last node of a bank is its guard
 * page: every gap has a node after it.  Running past the last reservation
 * faults there instead of hitting the next CPU, and so does
 * per_cpu_ptr(NULL, cpu).  The spare room has none: it ends as a slab does.
 *
 * Objects of alloc_percpu() take the first gap from the low end, modules the
 * first from the high end: the many and small do not break up the room of the
 * few and large.  Modules leave PERCPU_VM_DYNAMIC_RESERVE bytes above the
 * static section to the kernel itself, for where no bank can be opened.
 *
 * Pages are lowmem, although mapping would let them be highmem: software
 * suspend restores highmem late, when per-CPU data is in use already.
 *
 * An architecture supplies, in <asm/percpu_vm.h>: __ARCH_HAS_VM_PERCPU;
 * PERCPU_VM_START and PERCPU_VM_END, page-aligned and not used for anything
 * else, with nothing mapped in the page below PERCPU_VM_START; the constants
 * that <asm-generic/percpu_vm.h> names, where its own do not fit.  And the
 * three callbacks in <linux/percpu_vm.h> that allocate page tables at boot.
 * If it defines __ARCH_PERCPU_VM_LOWMEM, also __per_cpu_spare_end, page-aligned
 * and after the section, memory at every possible CPU's copy, filled before
 * setup_per_cpu_areas(), and percpu_vm_trim_static(), which takes back what
 * CPUs have that are not possible.  __ARCH_GROWS_VM_PERCPU says that banks may
 * be opened, with vmalloc_sync_all().
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
#include <linux/rbtree.h>
#include <linux/err.h>
#include <linux/string.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <linux/bootmem.h>
#include <linux/cpumask.h>
#include <linux/topology.h>
#include <linux/vmalloc.h>
#include <linux/kallsyms.h>
#include <linux/proc_fs.h>
#include <asm/pgtable.h>
#include <asm/cacheflush.h>
#include <asm/tlbflush.h>

#include "percpu_vm.h"

EXPORT_SYMBOL(__per_cpu_start);		/* the accessors use it */

/*
 * A request of no bytes gets this link address, in the guard page, and books
 * nothing.
 */
#define PERCPU_VM_ZERO_SIZE \
	percpu_vm_link(percpu_vm_first_bank() + PERCPU_VM_SIZE)

/*
 * Some gaps are large enough only until their start is aligned.  After this
 * many a search wants one that will do however it is aligned, as a whole window
 * does: that bounds it.  A smaller one that would have done is passed over.
 */
#define PERCPU_VM_TRIES		8

/*
 * Emptied pages, on each CPU, that wait for one flush.  They are lost to
 * everybody meanwhile, hence a bound.
 */
#define PERCPU_VM_BATCH		256

/* Freed objects that are released before the mutex is given up. */
#define PERCPU_VM_PURGE_MAX		1024

/*
 * A reservation, or the end of a bank.  Offsets and sizes are bytes, offsets
 * count from the static section.  It ends where the gap of the next one starts:
 * the end of a bank goes as far as the next bank.  It is 32 bytes where a
 * pointer has 32 bits: a kmalloc() object without waste.
 */
struct percpu_vm_area {
	struct rb_node	node;
	u32		offset;
	u32		gap : 30;	/* bytes free in front of it */
	u32		kind : 2;
	u32		largest;	/* gap in this subtree */
	struct percpu_vm_area *next;	/* freed before */
#ifdef CONFIG_DEBUG_PERCPU_VM
	const void	*caller;	/* that made the object, or freed it */
	char		name[0];	/* of the module */
#endif
};

/* Windows for CPU 0 to the highest possible CPU. */
struct percpu_vm_bank {
	struct vm_struct	*vm;	/* NULL: the first one, never closed */
	struct list_head	list;	/* of open ones, or to be closed */
	struct percpu_vm_area	end;
};

/* Pages that are unmapped but not flushed yet, and banks they leave empty. */
struct percpu_vm_batch {
	struct list_head	pages;
	unsigned long		count;		/* on each CPU */
	unsigned long		start, end;	/* offsets that they are in */
	struct list_head	banks;
};

#define PERCPU_VM_BATCH_INIT(name)	\
	{ .pages = LIST_HEAD_INIT((name).pages), .start = ~0UL,		\
	  .banks = LIST_HEAD_INIT((name).banks) }

/*
 * Serialises reservations and every change of the windows' ptes after boot.
 * Nests inside module_mutex.  Nothing is allocated with it held, so waiting
 * for it is never waiting for reclaim.  That matters as keventd takes it, and
 * reclaim may wait for keventd.
 */
static DEFINE_MUTEX(percpu_vm_mutex);

/*
 * Taken in any context but NMI, inside the mutex, for O(log n) steps at most.
 * free_percpu() finds the object's record under it: a bad free is reported at
 * the call, unless the place is another object's by then, and what is in a
 * freed object is never believed.
 */
static DEFINE_SPINLOCK(percpu_vm_lock);

/* The first bank, and the spare room after a static section in lowmem. */
static struct percpu_vm_bank percpu_vm_first;
static struct percpu_vm_area percpu_vm_spare;

/*
 * Reservations and ends of banks in address order.  Read under percpu_vm_mutex
 * or percpu_vm_lock, changed under both; but the kind under the lock alone.
 */
static struct rb_root percpu_vm_areas = RB_ROOT;

/* Objects that wait for release, by percpu_vm_area.next.  Under the lock. */
static struct percpu_vm_area *percpu_vm_freed;

/* Lines that were left out of the log.  Under the lock. */
static unsigned int percpu_vm_suppressed;

/* Open banks, and bytes that are free.  Under percpu_vm_mutex. */
static LIST_HEAD(percpu_vm_banks);
static unsigned long percpu_vm_free_bytes;

/* Bytes from the copy of CPU 0 to that of the highest possible CPU. */
static unsigned long percpu_vm_span __read_mostly;

#ifdef CONFIG_DEBUG_PERCPU_VM
/*
 * The page allocation that is to fail: 1 is the next, 0 is none.  The lock is
 * for those who count down; debugfs sets it without.
 */
u32 percpu_vm_fail_page;
static DEFINE_SPINLOCK(percpu_vm_fail_lock);

static int percpu_vm_should_fail(void)
{
	int fail;

	spin_lock(&percpu_vm_fail_lock);
	fail = percpu_vm_fail_page && !--percpu_vm_fail_page;
	spin_unlock(&percpu_vm_fail_lock);
	return fail;
}

/* Flushes to free pages, since boot.  Under percpu_vm_mutex. */
static unsigned long percpu_vm_flushes;

static void percpu_vm_count_flush(void)
{
	percpu_vm_flushes++;
}
#else
static inline int percpu_vm_should_fail(void)
{
	return 0;
}

static inline void percpu_vm_count_flush(void)
{
}
#endif

/* Where interrupts are off they stay off: a schedule would switch them on. */
static void percpu_vm_cond_resched(void)
{
	if (!irqs_disabled())
		cond_resched();
}

/* The link address of what is at @offset. */
static void *percpu_vm_link(unsigned long offset)
{
	return __per_cpu_start + offset;
}

static int percpu_vm_nid(int cpu)
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

	for_each_possible_cpu(cpu) {
		memcpy(percpu_vm_ptr(dst, cpu), src, size);
		percpu_vm_cond_resched();
	}
}

/**
 * percpu_vm_pte - the page table entry of an address
 * @addr: in the window of a possible CPU
 */
pte_t *percpu_vm_pte(unsigned long addr)
{
	pgd_t *pgd = pgd_offset_k(addr);
	pud_t *pud = pud_offset(pgd, addr);
	pmd_t *pmd = pmd_offset(pud, addr);

	return pte_offset_kernel(pmd, addr);
}

static void percpu_vm_free_pages(struct list_head *pages)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, pages, lru) {
		list_del(&page->lru);
		__free_page(page);
		percpu_vm_cond_resched();
	}
}

/* Add @count pages for each possible CPU, in the order of the CPUs. */
static int percpu_vm_get_pages(struct list_head *pages, long count)
{
	struct page *page;
	int cpu;

	while (count-- > 0)
		for_each_possible_cpu(cpu) {
			page = NULL;
			if (!percpu_vm_should_fail())
				page = alloc_pages_node(percpu_vm_nid(cpu),
							GFP_KERNEL, 0);
			if (!page)
				return -ENOMEM;
			list_add_tail(&page->lru, pages);
		}
	return 0;
}

/* Map [start, end) on every CPU, page by page in that order. */
static void percpu_vm_map(unsigned long start, unsigned long end,
			  struct list_head *pages)
{
	unsigned long offset, addr;
	struct page *page;
	int cpu;

	for (offset = start; offset < end; offset += PAGE_SIZE) {
		for_each_possible_cpu(cpu) {
			page = list_entry(pages->next, struct page, lru);
			list_del(&page->lru);
			addr = percpu_vm_base(cpu) + offset;
			set_pte_at(&init_mm, addr, percpu_vm_pte(addr),
				   mk_pte(page, PAGE_KERNEL));
		}
		percpu_vm_cond_resched();
	}
	flush_cache_vmap(percpu_vm_base(0) + start,
			 percpu_vm_base(0) + end + percpu_vm_span);
}

static void percpu_vm_close_banks(struct percpu_vm_batch *batch);

/* Any CPU may have any window's entries in its TLB, global ones at that. */
static void percpu_vm_flush(struct percpu_vm_batch *batch)
{
	if (batch->count) {
		flush_tlb_kernel_range(percpu_vm_base(0) + batch->start,
				       percpu_vm_base(0) + batch->end +
				       percpu_vm_span);
		percpu_vm_count_flush();
		percpu_vm_free_pages(&batch->pages);
		batch->count = 0;
		batch->start = ~0UL;
		batch->end = 0;
	}
	percpu_vm_close_banks(batch);
}

/* Unmap the pages [start, end) of every CPU; they join @batch. */
static void percpu_vm_unmap(unsigned long start, unsigned long end,
			    struct percpu_vm_batch *batch)
{
	unsigned long addr, last;
	pte_t pte;
	int cpu;

	flush_cache_vunmap(percpu_vm_base(0) + start,
			   percpu_vm_base(0) + end + percpu_vm_span);
	for_each_possible_cpu(cpu) {
		addr = percpu_vm_base(cpu) + start;
		last = percpu_vm_base(cpu) + end;
		for (; addr < last; addr += PAGE_SIZE) {
			pte = ptep_get_and_clear(&init_mm, addr,
						 percpu_vm_pte(addr));
			list_add(&pte_page(pte)->lru, &batch->pages);
		}
		percpu_vm_cond_resched();
	}
	batch->start = min(batch->start, start);
	batch->end = max(batch->end, end);
	batch->count += (end - start) >> PAGE_SHIFT;
	if (batch->count >= PERCPU_VM_BATCH)
		percpu_vm_flush(batch);
}

/*
 * From the bytes [*start, *end), alone between @prev_end and @next_start, to
 * the pages that nothing else touches: all they overlap, less those that what
 * ends at @prev_end or starts at @next_start overlaps.  Returns 0 if there is
 * none, and in the spare room of lowmem.
 */
static int percpu_vm_whole_pages(unsigned long prev_end, unsigned long *start,
				 unsigned long *end, unsigned long next_start)
{
	if (*start < percpu_vm_lowmem())
		return 0;
	*start = max(*start & PAGE_MASK, PAGE_ALIGN(prev_end));
	*end = min(PAGE_ALIGN(*end), next_start & PAGE_MASK);
	return *start < *end;
}

static struct percpu_vm_area *percpu_vm_entry(struct rb_node *node)
{
	return rb_entry(node, struct percpu_vm_area, node);
}

static u32 percpu_vm_largest(struct rb_node *node)
{
	return node ? percpu_vm_entry(node)->largest : 0;
}

static void percpu_vm_augment_node(struct rb_node *node)
{
	struct percpu_vm_area *area;

	if (!node)
		return;
	area = percpu_vm_entry(node);
	area->largest = max(percpu_vm_largest(node->rb_left),
			    percpu_vm_largest(node->rb_right));
	area->largest = max_t(u32, area->largest, area->gap);
}

/*
 * Make percpu_vm_area.largest right again after a change of the tree, from the
 * deepest node that has other children or another gap now.  Rebalancing turns
 * only the path above it, and leaves what it moves on that path or as the
 * other child of a node there.
 */
static void percpu_vm_augment(struct rb_node *node)
{
	struct rb_node *parent;

	percpu_vm_augment_node(node->rb_left);
	percpu_vm_augment_node(node->rb_right);
	percpu_vm_augment_node(node);
	while ((parent = node->rb_parent)) {
		percpu_vm_augment_node(node == parent->rb_left ?
				       parent->rb_right : parent->rb_left);
		percpu_vm_augment_node(parent);
		node = parent;
	}
}

/* Put @node, of which everything is set, below @parent. */
static void percpu_vm_attach(struct rb_node *node, struct rb_node *parent,
			     struct rb_node **link)
{
	rb_link_node(node, parent, link);
	rb_insert_color(node, &percpu_vm_areas);
	percpu_vm_augment(node);
}

/* Take @node, in front of @next, out. */
static void percpu_vm_detach(struct rb_node *node, struct rb_node *next)
{
	struct rb_node *deepest = node->rb_parent;

	/*
	 * With nothing on the right @next is above.  Else it is the leftmost
	 * there, takes the place of @node and leaves its own.
	 */
	if (node->rb_right) {
		deepest = next;
		if (deepest->rb_parent != node)
			deepest = deepest->rb_parent;
	}
	rb_erase(node, &percpu_vm_areas);
	if (deepest)
		percpu_vm_augment(deepest);
}

/* Put @area, of @size bytes, at @offset in the gap before @next. */
static void percpu_vm_insert(struct percpu_vm_area *area, unsigned long offset,
			     unsigned long size, struct percpu_vm_area *next)
{
	struct rb_node *parent = &next->node, **link = &parent->rb_left;
	unsigned long flags;

	spin_lock_irqsave(&percpu_vm_lock, flags);
	area->offset = offset;
	area->gap = offset - (next->offset - next->gap);
	next->gap = next->offset - (offset + size);
	percpu_vm_free_bytes -= size;

	while (*link) {
		parent = *link;
		link = &parent->rb_right;
	}
	percpu_vm_attach(&area->node, parent, link);
	spin_unlock_irqrestore(&percpu_vm_lock, flags);
}

/* Take @area, in front of @next, out. */
static void percpu_vm_erase(struct percpu_vm_area *area,
			    struct percpu_vm_area *next)
{
	unsigned long flags;

	spin_lock_irqsave(&percpu_vm_lock, flags);
	percpu_vm_free_bytes += next->offset - next->gap - area->offset;
	next->gap = next->offset - (area->offset - area->gap);
	percpu_vm_detach(&area->node, &next->node);
	spin_unlock_irqrestore(&percpu_vm_lock, flags);
}

/* A bank that ends at @offset, with @free bytes free in front of that. */
static void percpu_vm_insert_end(struct percpu_vm_area *end,
				 unsigned long offset, unsigned long free)
{
	struct rb_node *parent = NULL, **link = &percpu_vm_areas.rb_node;
	unsigned long flags;

	spin_lock_irqsave(&percpu_vm_lock, flags);
	end->offset = offset;
	end->gap = free;
	end->kind = PERCPU_VM_END_OF_BANK;
	percpu_vm_free_bytes += free;

	while (*link) {
		parent = *link;
		link = offset < percpu_vm_entry(parent)->offset ?
			&parent->rb_left : &parent->rb_right;
	}
	percpu_vm_attach(&end->node, parent, link);
	spin_unlock_irqrestore(&percpu_vm_lock, flags);
}

/* The first node at or after @offset, or NULL. */
static struct percpu_vm_area *percpu_vm_area_from(unsigned long offset)
{
	struct percpu_vm_area *area, *found = NULL;
	struct rb_node *node = percpu_vm_areas.rb_node;

	while (node) {
		area = percpu_vm_entry(node);
		if (area->offset < offset) {
			node = node->rb_right;
		} else {
			found = area;
			node = node->rb_left;
		}
	}
	return found;
}

/* The node that starts at @offset, or NULL. */
static struct percpu_vm_area *percpu_vm_area_at(unsigned long offset)
{
	struct percpu_vm_area *area = percpu_vm_area_from(offset);

	return area && area->offset == offset ? area : NULL;
}

#ifdef __ARCH_GROWS_VM_PERCPU
/* Page tables for the addresses [@addr, @end), in every page directory. */
static int percpu_vm_make_tables(unsigned long addr, unsigned long end)
{
	pud_t *pud;
	pmd_t *pmd;

	/* pmd_addr_end() is of no use where pmds are folded; 0 is the top. */
	do {
		pud = pud_alloc(&init_mm, pgd_offset_k(addr), addr);
		if (!pud)
			return -ENOMEM;
		pmd = pmd_alloc(&init_mm, pud, addr);
		if (!pmd || !pte_alloc_kernel(pmd, addr))
			return -ENOMEM;
		addr = (addr + PMD_SIZE) & PMD_MASK;
	} while (addr && addr < end);
	vmalloc_sync_all();
	return 0;
}

static void percpu_vm_free_bank(struct percpu_vm_bank *bank)
{
	/* That flushes, too.  Page tables stay, for vmalloc as well. */
	kfree(remove_vm_area(bank->vm->addr));
	kfree(bank);
}

/* Address space and page tables for a bank, or ERR_PTR(); sleeps. */
static struct percpu_vm_bank *percpu_vm_new_bank(void)
{
	unsigned long size = percpu_vm_span + PERCPU_VM_STRIDE, addr;
	struct percpu_vm_bank *bank = kmalloc(sizeof(*bank), GFP_KERNEL);

	if (!bank)
		return ERR_PTR(-ENOMEM);
	bank->vm = get_vm_area(size, VM_PERCPU);
	if (!bank->vm) {
		kfree(bank);
		return ERR_PTR(-ENOSPC);
	}
	addr = (unsigned long)bank->vm->addr;
	if (percpu_vm_make_tables(addr, addr + size)) {
		percpu_vm_free_bank(bank);
		return ERR_PTR(-ENOMEM);
	}
	return bank;
}

static void percpu_vm_open_bank(struct percpu_vm_bank *bank)
{
	unsigned long offset = (unsigned long)bank->vm->addr -
			       percpu_vm_base(0);

	percpu_vm_insert_end(&bank->end, offset + PERCPU_VM_SIZE,
			     PERCPU_VM_SIZE);
	list_add_tail(&bank->list, &percpu_vm_banks);
}

/* Something in front of @end is free now: is the whole bank? */
static void percpu_vm_leave_bank(struct percpu_vm_area *end,
				 struct percpu_vm_batch *batch)
{
	struct percpu_vm_bank *bank;
	unsigned long flags;

	if (end->kind != PERCPU_VM_END_OF_BANK || end->gap < PERCPU_VM_SIZE)
		return;
	bank = container_of(end, struct percpu_vm_bank, end);
	if (bank == &percpu_vm_first)
		return;
	spin_lock_irqsave(&percpu_vm_lock, flags);
	percpu_vm_detach(&end->node, rb_next(&end->node));
	percpu_vm_free_bytes -= PERCPU_VM_SIZE;
	spin_unlock_irqrestore(&percpu_vm_lock, flags);
	list_move(&bank->list, &batch->banks);
}

/* Give address space back, of which no TLB has an entry any more. */
static void percpu_vm_close_banks(struct percpu_vm_batch *batch)
{
	struct percpu_vm_bank *bank, *next;

	list_for_each_entry_safe(bank, next, &batch->banks, list) {
		list_del(&bank->list);
		percpu_vm_free_bank(bank);
	}
}
#else
static inline struct percpu_vm_bank *percpu_vm_new_bank(void)
{
	return NULL;
}

static inline void percpu_vm_open_bank(struct percpu_vm_bank *bank)
{
}

static inline void percpu_vm_leave_bank(struct percpu_vm_area *end,
					struct percpu_vm_batch *batch)
{
}

static inline void percpu_vm_free_bank(struct percpu_vm_bank *bank)
{
}

static inline void percpu_vm_close_banks(struct percpu_vm_batch *batch)
{
}
#endif

/* The children of a node, in the order in which a search comes to them. */
static struct rb_node *percpu_vm_first_child(struct rb_node *node, int kind)
{
	return kind == PERCPU_VM_MODULE ? node->rb_right : node->rb_left;
}

static struct rb_node *percpu_vm_other_child(struct rb_node *node, int kind)
{
	return kind == PERCPU_VM_MODULE ? node->rb_left : node->rb_right;
}

/* Down to the first node of this subtree that may have a gap of @size. */
static struct rb_node *percpu_vm_find_first(struct rb_node *node,
					    unsigned long size, int kind)
{
	while (percpu_vm_largest(percpu_vm_first_child(node, kind)) >= size)
		node = percpu_vm_first_child(node, kind);
	return node;
}

/* From @node to the next one with a gap of @size, or NULL. */
static struct rb_node *percpu_vm_find_next(struct rb_node *node,
					   unsigned long size, int kind)
{
	struct rb_node *child;

	do {
		child = percpu_vm_other_child(node, kind);
		if (percpu_vm_largest(child) >= size) {
			node = percpu_vm_find_first(child, size, kind);
			continue;
		}
		do {
			child = node;
			node = node->rb_parent;
		} while (node && child == percpu_vm_other_child(node, kind));
	} while (node && percpu_vm_entry(node)->gap < size);
	return node;
}

/* The lowest offset that modules may have. */
static unsigned long percpu_vm_floor(void)
{
	if (percpu_vm_lowmem())
		return percpu_vm_lowmem();
	return PAGE_ALIGN(percpu_vm_static_size()) + PERCPU_VM_DYNAMIC_RESERVE;
}

/*
 * The reservation whose gap takes @size bytes aligned to @align, and at which
 * offset; or NULL.
 */
static struct percpu_vm_area *percpu_vm_find(unsigned long size,
					     unsigned long align, int kind,
					     unsigned long *offset)
{
	unsigned long floor = percpu_vm_floor();
	struct rb_node *node = percpu_vm_areas.rb_node;
	struct percpu_vm_area *area;
	unsigned long want = size;
	int tries;

	if (percpu_vm_largest(node) < size)
		return NULL;
	node = percpu_vm_find_first(node, size, kind);
	if (percpu_vm_entry(node)->gap < size)
		node = percpu_vm_find_next(node, size, kind);

	for (tries = 1; node; tries++) {
		area = percpu_vm_entry(node);
		if (kind == PERCPU_VM_MODULE) {
			*offset = (area->offset - size) & ~(align - 1);
			if (*offset < floor)
				return NULL;
		} else {
			*offset = ALIGN(area->offset - area->gap, align);
		}
		if (*offset >= area->offset - area->gap &&
		    *offset + size <= area->offset)
			return area;
		if (tries == PERCPU_VM_TRIES)
			want = min(want + align - 1, PERCPU_VM_SIZE);
		node = percpu_vm_find_next(node, want, kind);
	}
	return NULL;
}

#ifdef CONFIG_DEBUG_PERCPU_VM
static struct percpu_vm_area *percpu_vm_new_area(int kind, const void *owner)
{
	size_t name = kind == PERCPU_VM_MODULE ? strlen(owner) + 1 : 0;
	struct percpu_vm_area *area = kmalloc(sizeof(*area) + name, GFP_KERNEL);

	if (area) {
		area->kind = kind;
		area->caller = owner;
		memcpy(area->name, owner, name);
	}
	return area;
}

static const void *percpu_vm_caller(struct percpu_vm_area *area)
{
	return area->caller;
}

static void percpu_vm_set_caller(struct percpu_vm_area *area,
				 const void *caller)
{
	area->caller = caller;
}
#else
static struct percpu_vm_area *percpu_vm_new_area(int kind, const void *owner)
{
	struct percpu_vm_area *area = kmalloc(sizeof(*area), GFP_KERNEL);

	if (area)
		area->kind = kind;
	return area;
}

static inline const void *percpu_vm_caller(struct percpu_vm_area *area)
{
	return NULL;
}

static inline void percpu_vm_set_caller(struct percpu_vm_area *area,
					const void *caller)
{
}
#endif

/*
 * Place and map @area.  Returns 0, or -ENOSPC, or how many pages of each CPU
 * that takes if it is more than @have; then nothing has changed.
 */
static long percpu_vm_place(struct percpu_vm_area *area, unsigned long size,
			    unsigned long align, int kind,
			    struct list_head *pages, long have)
{
	unsigned long offset, start, end;
	struct percpu_vm_area *next;
	long need;

	next = percpu_vm_find(size, align, kind, &offset);
	if (!next)
		return -ENOSPC;
	start = offset;
	end = offset + size;
	if (percpu_vm_whole_pages(next->offset - next->gap, &start, &end,
				  next->offset)) {
		need = (end - start) >> PAGE_SHIFT;
		if (need > have)
			return need;
		percpu_vm_map(start, end, pages);
	}
	percpu_vm_insert(area, offset, size, next);
	return 0;
}

/*
 * Forget @area; the pages that only it touched join @batch, and so does its
 * bank if nothing is left there.
 */
static void percpu_vm_release(struct percpu_vm_area *area,
			      struct percpu_vm_batch *batch)
{
	struct percpu_vm_area *next = percpu_vm_entry(rb_next(&area->node));
	unsigned long prev_end = area->offset - area->gap;
	unsigned long start = area->offset;
	unsigned long end = next->offset - next->gap;

	if (percpu_vm_whole_pages(prev_end, &start, &end, next->offset))
		percpu_vm_unmap(start, end, batch);
	percpu_vm_erase(area, next);
	kfree(area);
	percpu_vm_leave_bank(next, batch);
}

static struct percpu_vm_area *percpu_vm_pop_freed(void)
{
	struct percpu_vm_area *area;
	unsigned long flags;

	spin_lock_irqsave(&percpu_vm_lock, flags);
	area = percpu_vm_freed;
	if (area)
		percpu_vm_freed = area->next;
	spin_unlock_irqrestore(&percpu_vm_lock, flags);
	return area;
}

/*
 * Release some of what free_percpu() left.  Returns whether more of it waits
 * that this caller may release.  percpu_vm_mutex is held.
 */
static int percpu_vm_purge(void)
{
	struct percpu_vm_batch batch = PERCPU_VM_BATCH_INIT(batch);
	struct percpu_vm_area *area;
	int left = PERCPU_VM_PURGE_MAX;

	/* To flush is to interrupt others, and switches interrupts on. */
	if (irqs_disabled())
		return 0;
	while (left-- && (area = percpu_vm_pop_freed())) {
		percpu_vm_release(area, &batch);
		cond_resched();
	}
	percpu_vm_flush(&batch);
	return percpu_vm_freed != NULL;
}

static void percpu_vm_purge_work(void *work);

static DECLARE_WORK(percpu_vm_work, percpu_vm_purge_work, &percpu_vm_work);

/*
 * Others that wait for keventd, or for the mutex, come in between: unlocking
 * hands the mutex to nobody, so this one stays away for a tick, or, if more is
 * freed meanwhile, queues again behind what keventd has to do.
 */
static void percpu_vm_purge_work(void *work)
{
	int more;

	mutex_lock(&percpu_vm_mutex);
	more = percpu_vm_purge();
	mutex_unlock(&percpu_vm_mutex);
	if (more)
		schedule_delayed_work(work, 1);
}

/* A module's name, or the function at a code address, or the address. */
static void percpu_vm_owner(const char *module, const void *caller, char *owner)
{
	unsigned long size, offset;
	char *modname;

	BUILD_BUG_ON(PERCPU_VM_OWNER_LEN <= KSYM_NAME_LEN);
	/* The list of modules is stable as long as this CPU does not stop. */
	preempt_disable();
	if (!module)
		module = kallsyms_lookup((unsigned long)caller, &size, &offset,
					 &modname, owner);
	if (!module)
		snprintf(owner, PERCPU_VM_OWNER_LEN, "%p", caller);
	else if (module != owner)
		strlcpy(owner, module, PERCPU_VM_OWNER_LEN);
	preempt_enable();
}

static void percpu_vm_say_suppressed(void *unused)
{
	unsigned long flags;
	unsigned int lines;

	spin_lock_irqsave(&percpu_vm_lock, flags);
	lines = percpu_vm_suppressed;
	percpu_vm_suppressed = 0;
	spin_unlock_irqrestore(&percpu_vm_lock, flags);
	if (lines)
		printk(KERN_WARNING "percpu_vm: %u more messages left out\n",
		       lines);
}

static DECLARE_WORK(percpu_vm_suppressed_work, percpu_vm_say_suppressed, NULL);

/*
 * May another message go to the log?  When there are too many, one that comes
 * later says how many there were.
 */
static int percpu_vm_ratelimit(void)
{
	unsigned long flags;

	if (printk_ratelimit() || !keventd_up())
		return 1;
	spin_lock_irqsave(&percpu_vm_lock, flags);
	percpu_vm_suppressed++;
	spin_unlock_irqrestore(&percpu_vm_lock, flags);
	schedule_delayed_work(&percpu_vm_suppressed_work, 5 * HZ);
	return 0;
}

/* @by frees what it must not; @freed did it before, if that is known. */
static noinline void percpu_vm_bad_free(unsigned long offset, const void *by,
					const char *why, const void *freed)
{
	char name[PERCPU_VM_OWNER_LEN], before[PERCPU_VM_OWNER_LEN];

	if (!percpu_vm_ratelimit())
		return;
	percpu_vm_owner(NULL, by, name);
	if (freed) {
		percpu_vm_owner(NULL, freed, before);
		printk(KERN_ERR "percpu_vm: %s (%p): freeing offset %lu, which "
		       "was freed by %s (%p)\n", name, by, offset, before,
		       freed);
	} else {
		printk(KERN_ERR "percpu_vm: %s (%p): freeing offset %lu, which "
		       "%s\n", name, by, offset, why);
	}
	dump_stack();
}

/* Not inline: the path that succeeds needs no buffer on its stack. */
static noinline void percpu_vm_refuse(long err, unsigned long size,
				      unsigned long align, const char *module,
				      const void *caller)
{
	char name[PERCPU_VM_OWNER_LEN];
	unsigned long free, largest, most = PERCPU_VM_SIZE;

	if (!percpu_vm_ratelimit())
		return;
	if (!percpu_vm_lowmem())
		most -= module ? percpu_vm_floor() :
			PAGE_ALIGN(percpu_vm_static_size());
	mutex_lock(&percpu_vm_mutex);
	free = percpu_vm_free_bytes;
	largest = percpu_vm_largest(percpu_vm_areas.rb_node);
	mutex_unlock(&percpu_vm_mutex);
	percpu_vm_owner(module, caller, name);
	if (size > most)
		printk(KERN_WARNING "percpu_vm: %s: no room for %lu bytes, a "
		       "window has %lu: take a larger CONFIG_PERCPU_VM_*\n",
		       name, size, most);
	else
		printk(KERN_WARNING "percpu_vm: %s: no %s for %lu bytes "
		       "aligned to %lu on each of %d CPUs; %lu bytes of the "
		       "windows free, %lu in one piece%s\n", name,
		       err == -ENOSPC ? "room" : "memory", size, align,
		       num_possible_cpus(), free, largest,
		       module && PERCPU_VM_DYNAMIC_RESERVE ?
		       ", an eighth of a window not for modules" : "");
}

/**
 * percpu_vm_reserve - reserve room in the windows and map it
 * @size: bytes, at least 1
 * @align: bytes, a power of two up to PAGE_SIZE
 * @kind: PERCPU_VM_OBJECT: from the low end, and @owner is a code address;
 *	PERCPU_VM_MODULE: from the high end, and @owner is a name (copied)
 * @owner: the caller, for messages and the list in debugfs
 *
 * Returns the offset from the static section; the copy of every possible CPU
 * is zeroed.  Or -ENOMEM, for IS_ERR_VALUE(), for lack of room or of memory;
 * then nothing has changed, and the log says what was asked for and what was
 * free.
 *
 * Process context with interrupts on; sleeps.  Called with interrupts off,
 * which might_sleep() tells, it sends no flush and opens no bank, may come back
 * with them on, and does not find the room of objects that were freed just now.
 */
unsigned long percpu_vm_reserve(unsigned long size, unsigned long align,
				int kind, const void *owner)
{
	struct percpu_vm_bank *bank = NULL;
	struct percpu_vm_area *area;
	unsigned long offset;
	long have = 0, need, err;
	LIST_HEAD(pages);
	int cpu, more, purge = 1;

	might_sleep();
	area = percpu_vm_new_area(kind, owner);
	err = area ? 0 : -ENOMEM;
	/*
	 * Without the mutex another may take the place: look again.  One turn
	 * of releases is enough, if there is room.  A new bank is opened when
	 * there are pages for it, so it is never there empty.
	 */
	for (;;) {
		mutex_lock(&percpu_vm_mutex);
		more = purge ? percpu_vm_purge() : 1;
		need = err ? err : percpu_vm_place(area, size, align, kind,
						   &pages, have);
		if (need == -ENOSPC && bank) {
			percpu_vm_open_bank(bank);
			bank = NULL;
			need = percpu_vm_place(area, size, align, kind, &pages,
					       have);
		}
		mutex_unlock(&percpu_vm_mutex);
		purge = need == -ENOSPC && more;
		if (purge)
			continue;
		if (need == -ENOSPC && size <= PERCPU_VM_SIZE &&
		    !irqs_disabled()) {
			bank = percpu_vm_new_bank();
			if (IS_ERR(bank)) {
				err = PTR_ERR(bank);
				bank = NULL;
				break;
			}
			if (bank)
				need = PAGE_ALIGN(size) >> PAGE_SHIFT;
		}
		if (need <= 0)
			break;
		if (need > have)
			err = percpu_vm_get_pages(&pages, need - have);
		have = max(have, need);
	}
	percpu_vm_free_pages(&pages);
	if (bank)
		percpu_vm_free_bank(bank);
	if (need < 0) {
		kfree(area);
		percpu_vm_refuse(err ? err : need, size, align,
				 kind == PERCPU_VM_MODULE ? owner : NULL,
				 owner);
		return -ENOMEM;
	}

	offset = area->offset;
	for_each_possible_cpu(cpu) {
		memset((void *)(percpu_vm_base(cpu) + offset), 0, size);
		percpu_vm_cond_resched();
	}
	return offset;
}

/**
 * percpu_vm_free_deferred - give an object back from any context but NMI
 * @offset: what percpu_vm_reserve() returned for PERCPU_VM_OBJECT
 * @by: the caller, a code address for messages
 *
 * Where this is called neither the mutex can be taken nor other CPUs' TLBs be
 * flushed.  So it only marks the object and puts it on a list.  A work item
 * releases what is there, or the next reservation if that is earlier.  What is
 * no object, or freed already, is left as it is, with a message.
 */
void percpu_vm_free_deferred(unsigned long offset, const void *by)
{
	const char *why = "is not reserved";
	const void *freed = NULL;
	struct percpu_vm_area *area;
	unsigned long flags;

	spin_lock_irqsave(&percpu_vm_lock, flags);
	area = percpu_vm_area_at(offset);
	if (area && area->kind == PERCPU_VM_OBJECT) {
		area->kind = PERCPU_VM_FREED;
		percpu_vm_set_caller(area, by);
		area->next = percpu_vm_freed;
		percpu_vm_freed = area;
		why = NULL;
	} else if (area && area->kind == PERCPU_VM_FREED) {
		freed = percpu_vm_caller(area);
		why = "was freed before";
	} else if (area && area->kind == PERCPU_VM_MODULE) {
		why = "is a module's";
	}
	spin_unlock_irqrestore(&percpu_vm_lock, flags);
	if (why)
		percpu_vm_bad_free(offset, by, why, freed);
	else if (keventd_up())
		schedule_work(&percpu_vm_work);
}

/**
 * percpu_vm_alloc - reserve and map room for the per-CPU data of a module
 * @size: bytes; with 0 nothing is booked, and the address must not be used
 * @align: bytes, a power of two up to PAGE_SIZE; 0 counts as 1
 * @owner: the module's name
 *
 * Returns a link address for percpu_vm_ptr(), or ERR_PTR(): -EINVAL for an
 * alignment that cannot be had, and else as percpu_vm_reserve().
 *
 * Process context with interrupts on; sleeps.
 */
void *percpu_vm_alloc(unsigned long size, unsigned long align,
		      const char *owner)
{
	unsigned long offset;

	if (!align)
		align = 1;
	if (align > PAGE_SIZE || (align & (align - 1))) {
		if (percpu_vm_ratelimit())
			printk(KERN_WARNING "percpu_vm: %s: alignment %lu is "
			       "not a power of two up to %lu\n", owner, align,
			       PAGE_SIZE);
		return ERR_PTR(-EINVAL);
	}
	if (!size)
		return PERCPU_VM_ZERO_SIZE;
	offset = percpu_vm_reserve(size, align, PERCPU_VM_MODULE, owner);
	return IS_ERR_VALUE(offset) ? ERR_PTR(offset) : percpu_vm_link(offset);
}

/**
 * percpu_vm_free - give back what percpu_vm_alloc() reserved
 * @ptr: the link address, or NULL
 *
 * The pages that nothing else touches are unmapped on every CPU and freed: an
 * access through a stale pointer faults.  Process context with interrupts
 * on, as other CPUs' TLBs are flushed; sleeps.
 */
void percpu_vm_free(void *ptr)
{
	unsigned long offset = (unsigned long)ptr -
			       (unsigned long)__per_cpu_start;
	struct percpu_vm_batch batch = PERCPU_VM_BATCH_INIT(batch);
	struct percpu_vm_area *area;
	int found;

	might_sleep();
	if (!ptr || ptr == PERCPU_VM_ZERO_SIZE)
		return;
	mutex_lock(&percpu_vm_mutex);
	area = percpu_vm_area_at(offset);
	found = area && area->kind == PERCPU_VM_MODULE;
	if (found)
		percpu_vm_release(area, &batch);
	percpu_vm_flush(&batch);
	mutex_unlock(&percpu_vm_mutex);
	if (!found)
		percpu_vm_bad_free(offset, __builtin_return_address(0),
				   "is not reserved", NULL);
}

/**
 * percpu_vm_phys - physical address of a byte in a CPU's copy
 * @copy: what per_cpu_ptr() or &per_cpu() gave, not a link address
 *
 * To hand it to hardware or to another kernel; __pa() is for lowmem.
 * What follows is physically contiguous up to the end of the page only.
 */
unsigned long long percpu_vm_phys(const void *copy)
{
	unsigned long addr = (unsigned long)copy;
	pte_t pte;

	if (percpu_vm_lowmem() && addr < (unsigned long)high_memory)
		return __pa(addr);
	pte = *percpu_vm_pte(addr);
	return ((unsigned long long)pte_pfn(pte) << PAGE_SHIFT) +
		(addr & ~PAGE_MASK);
}
EXPORT_SYMBOL_GPL(percpu_vm_phys);

#ifdef CONFIG_DEBUG_PERCPU_VM
/**
 * percpu_vm_totals - what is free, and how often TLBs were flushed
 * @totals: filled in
 */
void percpu_vm_totals(struct percpu_vm_totals *totals)
{
	struct percpu_vm_bank *bank;

	mutex_lock(&percpu_vm_mutex);
	totals->size = percpu_vm_lowmem();
	list_for_each_entry(bank, &percpu_vm_banks, list)
		totals->size += PERCPU_VM_SIZE;
	totals->free = percpu_vm_free_bytes;
	totals->largest = percpu_vm_largest(percpu_vm_areas.rb_node);
	totals->flushes = percpu_vm_flushes;
	mutex_unlock(&percpu_vm_mutex);
}

/**
 * percpu_vm_describe - describe a reservation, or the end of a bank
 * @from: the first one at or after this offset is meant
 * @info: filled in; of a bank all of it, and no owner
 *
 * Returns 0, or -ENOENT if there is none.
 */
int percpu_vm_describe(unsigned long from, struct percpu_vm_info *info)
{
	struct percpu_vm_area *area, *next;
	int err = -ENOENT;
	const void *caller;
	unsigned long flags;

	mutex_lock(&percpu_vm_mutex);
	area = percpu_vm_area_from(from);
	if (area) {
		info->offset = area->offset;
		spin_lock_irqsave(&percpu_vm_lock, flags);
		info->kind = area->kind;
		caller = area->caller;
		spin_unlock_irqrestore(&percpu_vm_lock, flags);
		err = 0;
	}
	if (area && info->kind == PERCPU_VM_END_OF_BANK) {
		info->size = area == &percpu_vm_spare ? area->offset :
			     PERCPU_VM_SIZE;
	} else if (area) {
		next = percpu_vm_entry(rb_next(&area->node));
		info->size = next->offset - next->gap - area->offset;
		percpu_vm_owner(info->kind == PERCPU_VM_MODULE ? area->name :
				NULL, caller, info->owner);
	}
	mutex_unlock(&percpu_vm_mutex);
	return err;
}

/**
 * percpu_vm_bank_offset - where an open bank is
 * @n: how many to pass over, in the order in which they were opened
 * @offset: set to that of its windows
 *
 * Returns 0, or -ENOENT if there are fewer.
 */
int percpu_vm_bank_offset(unsigned long n, unsigned long *offset)
{
	struct percpu_vm_bank *bank;
	int err = -ENOENT;

	mutex_lock(&percpu_vm_mutex);
	list_for_each_entry(bank, &percpu_vm_banks, list)
		if (!n--) {
			*offset = bank->end.offset - PERCPU_VM_SIZE;
			err = 0;
			break;
		}
	mutex_unlock(&percpu_vm_mutex);
	return err;
}
#endif

static pte_t * __init percpu_vm_boot_pte(unsigned long addr, int node)
{
	pud_t *pud = pud_boot_alloc(pgd_offset_k(addr), addr, node);
	pmd_t *pmd = pmd_boot_alloc(pud, addr, node);
	pte_t *pte = pte_boot_alloc(pmd, addr, node);

	if (!pte_none(*pte))
		panic("percpu_vm: %08lx is in use already\n", addr);
	return pte;
}

/*
 * Page tables for a CPU's window of the first bank, and pages for a static
 * section that is not in lowmem.
 */
static void __init percpu_vm_boot_window(int cpu)
{
	unsigned long start = percpu_vm_base(cpu) + percpu_vm_first_bank();
	unsigned long last = percpu_vm_base(cpu) + percpu_vm_static_size();
	unsigned long addr, end = start + PERCPU_VM_SIZE;
	int node = percpu_vm_nid(cpu);
	pte_t *pte;
	void *page;

	for (addr = start; addr < end; addr += PAGE_SIZE) {
		pte = percpu_vm_boot_pte(addr, node);
		if (addr >= last)
			continue;
		page = alloc_bootmem_pages_node(NODE_DATA(node), PAGE_SIZE);
		set_pte_at(&init_mm, addr, pte,
			   pfn_pte(__pa(page) >> PAGE_SHIFT, PAGE_KERNEL));
	}
	flush_cache_vmap(start, end);
}

/*
 * From a link address to a CPU's copy.  Debuggers find copies by this array;
 * in the kernel i386's i387.h takes it as an address.  0: not possible.
 */
unsigned long __per_cpu_offset[NR_CPUS] __read_mostly;
EXPORT_SYMBOL(__per_cpu_offset);

/**
 * setup_per_cpu_areas - make the static copies and the first bank
 *
 * Called once from start_kernel(), with bootmem up and cpu_possible_map set.
 * Without __ARCH_PERCPU_VM_LOWMEM nothing may touch per-CPU data before: there
 * is no memory behind it.  Panics when memory runs out, or when something else
 * is in the windows.
 */
void __init setup_per_cpu_areas(void)
{
	unsigned long size = percpu_vm_static_size(), mapped = 0;
	unsigned long lowmem = percpu_vm_lowmem();
	int cpu;

	BUILD_BUG_ON(PERCPU_VM_END - PERCPU_VM_START !=
		     NR_CPUS * PERCPU_VM_STRIDE);
	BUILD_BUG_ON(PERCPU_VM_SIZE >= 1UL << 30);	/* percpu_vm_area.gap */

	if (!lowmem)
		mapped = size;
	if (mapped > PERCPU_VM_SIZE)
		panic("percpu_vm: %lu bytes of static per-CPU data, a window "
		      "holds %lu\n", size, PERCPU_VM_SIZE);
	percpu_vm_trim_static();
	for_each_possible_cpu(cpu) {
		percpu_vm_boot_window(cpu);
		percpu_vm_span = cpu * PERCPU_VM_STRIDE;
		__per_cpu_offset[cpu] = percpu_vm_base(cpu) -
					(unsigned long)__per_cpu_start;
	}
	if (lowmem)
		percpu_vm_insert_end(&percpu_vm_spare, lowmem, lowmem - size);
	else
		percpu_vm_copy(__per_cpu_start, __per_cpu_load, size);
	percpu_vm_insert_end(&percpu_vm_first.end,
			     percpu_vm_first_bank() + PERCPU_VM_SIZE,
			     PERCPU_VM_SIZE - mapped);
	list_add(&percpu_vm_first.list, &percpu_vm_banks);

	printk(KERN_INFO "percpu_vm: windows at %08lx, %lu KiB for each of %d "
	       "CPUs, %lu bytes static at %08lx\n", PERCPU_VM_START,
	       PERCPU_VM_SIZE >> 10, num_possible_cpus(), size,
	       percpu_vm_base(0));
}

static struct kcore_list percpu_vm_kcore;

/* What is not mapped reads as zeroes in /proc/kcore. */
static int __init percpu_vm_kcore_init(void)
{
	kclist_add(&percpu_vm_kcore, (void *)PERCPU_VM_START,
		   PERCPU_VM_END - PERCPU_VM_START);
	return 0;
}
__initcall(percpu_vm_kcore_init);
