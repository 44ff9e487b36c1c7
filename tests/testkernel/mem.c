/* Just enough memory management: bootmem, pages, kmalloc. */
#include <linux/kernel.h>
#include <linux/bootmem.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/proc_fs.h>
#include <linux/kallsyms.h>
#include <linux/pfn.h>
#include <linux/percpu_vm.h>
#include <linux/vmalloc.h>
#include "kernel.h"

struct page *mem_map;
void *high_memory;
unsigned long free_pages, kmalloced, table_pages;

/* A bit for each page of bootmem that is taken. */
static unsigned long boot_map[(LOWMEM_MB << (20 - PAGE_SHIFT)) / 32];
static struct bootmem_data bdata = { boot_map };
struct pglist_data standin_nodes[1] = { { &bdata } };
unsigned long max_low_pfn;

static LIST_HEAD(free_list);
static DEFINE_SPINLOCK(lock);
static DEFINE_SPINLOCK(table_lock);
static int boot_done;

/* Physical memory [start, end) is ours, less what is reserved at once. */
void mem_init(unsigned long start, unsigned long end)
{
	max_low_pfn = PFN_DOWN(end);
	high_memory = __va(end & PAGE_MASK);
	memset(boot_map, 0xff, sizeof(boot_map));
	free_bootmem(PAGE_ALIGN(start), (end & PAGE_MASK) - PAGE_ALIGN(start));
	percpu_vm_reserve_static();
	mem_map = standin_bootmem(0, max_low_pfn * sizeof(struct page));
}

void reserve_bootmem(unsigned long addr, unsigned long size)
{
	unsigned long pfn = PFN_DOWN(addr), end = PFN_UP(addr + size);

	for (; pfn < end; pfn++) {
		if (test_bit(pfn, boot_map))
			panic("page %lu is reserved twice", pfn);
		__set_bit(pfn, boot_map);
	}
}

void free_bootmem(unsigned long addr, unsigned long size)
{
	unsigned long pfn = PFN_DOWN(addr), end = PFN_UP(addr + size);

	for (; pfn < end; pfn++) {
		if (!test_bit(pfn, boot_map))
			panic("page %lu is free already", pfn);
		__clear_bit(pfn, boot_map);
	}
}

void *standin_bootmem(int node, unsigned long size)
{
	unsigned long pfn, run = 0;

	if (boot_done)
		panic("bootmem is gone");
	for (pfn = 0; run < PFN_UP(size); pfn++) {
		if (pfn == max_low_pfn)
			panic("out of memory");
		run = test_bit(pfn, boot_map) ? 0 : run + 1;
	}
	pfn -= run;
	reserve_bootmem(pfn << PAGE_SHIFT, size);
	return memset(__va(pfn << PAGE_SHIFT), 0, PAGE_ALIGN(size));
}

/* What bootmem has left goes to the page allocator. */
void mem_boot_done(void)
{
	unsigned long pfn;

	boot_done = 1;
	for (pfn = 0; pfn < max_low_pfn; pfn++) {
		if (test_bit(pfn, boot_map))
			continue;
		list_add_tail(&pfn_to_page(pfn)->lru, &free_list);
		free_pages++;
	}
}

struct page *alloc_pages_node(int node, gfp_t gfp, unsigned int order)
{
	unsigned long flags = standin_spin_lock_irqsave(&lock);
	struct page *page = NULL;

	if (!list_empty(&free_list)) {
		page = list_entry(free_list.next, struct page, lru);
		list_del(&page->lru);
		page->allocated = 1;
		free_pages--;
	}
	spin_unlock_irqrestore(&lock, flags);
	return page;
}

/* Freed pages are poisoned: who still sees one sees that. */
void __free_page(struct page *page)
{
	unsigned long flags;

	if (!page->allocated)
		panic("freeing a free page");
	memset(__va(page_to_pfn(page) << PAGE_SHIFT), 0x6b, PAGE_SIZE);
	flags = standin_spin_lock_irqsave(&lock);
	page->allocated = 0;
	list_add(&page->lru, &free_list);
	free_pages++;
	spin_unlock_irqrestore(&lock, flags);
}

void *get_page(void)
{
	struct page *page;
	void *va;

	if (!boot_done)
		return standin_bootmem(0, PAGE_SIZE);
	page = alloc_pages_node(0, GFP_KERNEL, 0);
	if (!page)
		panic("out of memory");
	va = __va(page_to_pfn(page) << PAGE_SHIFT);
	return memset(va, 0, PAGE_SIZE);
}

/* Others may want the same table at the same time. */
pte_t *pte_alloc_kernel(pmd_t *pmd, unsigned long addr)
{
	struct page *page = alloc_pages_node(0, GFP_KERNEL, 0);
	unsigned long flags, pa;

	if (!page)
		return NULL;
	pa = page_to_pfn(page) << PAGE_SHIFT;
	memset(__va(pa), 0, PAGE_SIZE);
	flags = standin_spin_lock_irqsave(&table_lock);
	if (pmd_none(*pmd)) {
		set_pmd(pmd, __pmd(pa | _PAGE_TABLE));
		table_pages++;
		page = NULL;
	}
	spin_unlock_irqrestore(&table_lock, flags);
	if (page)
		__free_page(page);
	return pte_offset_kernel(pmd, addr);
}

#define KERNEL_PGD	(PTRS_PER_PGD * 3 / 4)

static pgd_t *pgds[16];
static int nr_pgds;

pgd_t *new_pgd(void)
{
	if (nr_pgds == (int)ARRAY_SIZE(pgds))
		panic("too many page directories");
	pgds[nr_pgds] = get_page();
	memcpy(pgds[nr_pgds], swapper_pg_dir, PTRS_PER_PGD * sizeof(pgd_t));
	return pgds[nr_pgds++];
}

void vmalloc_sync_all(void)
{
	int i;

	for (i = 0; i < nr_pgds; i++)
		memcpy(pgds[i] + KERNEL_PGD, swapper_pg_dir + KERNEL_PGD,
		       (PTRS_PER_PGD - KERNEL_PGD) * sizeof(pgd_t));
}

/* One size of object, plenty for what mm/percpu_vm*.c ask for. */
#define OBJECT		192
#define OBJECTS		8192

static char objects[OBJECTS][OBJECT];
static void *free_object;
static int next_object;

void *kmalloc(size_t size, gfp_t gfp)
{
	unsigned long flags;
	void *object;

	if (size > OBJECT)
		panic("kmalloc of %u bytes", size);
	flags = standin_spin_lock_irqsave(&lock);
	object = free_object;
	if (object)
		free_object = *(void **)object;
	else if (next_object < OBJECTS)
		object = objects[next_object++];
	if (object)
		kmalloced++;
	spin_unlock_irqrestore(&lock, flags);
	return object;
}

void kfree(const void *object)
{
	unsigned long flags;

	if (!object)
		return;
	flags = standin_spin_lock_irqsave(&lock);
	*(void **)object = free_object;
	free_object = (void *)object;
	kmalloced--;
	spin_unlock_irqrestore(&lock, flags);
}

/* No /proc and no symbols here. */
void kclist_add(struct kcore_list *item, void *addr, size_t size)
{
}

const char *kallsyms_lookup(unsigned long addr, unsigned long *size,
			    unsigned long *offset, char **module, char *buf)
{
	return NULL;
}

/* Work is done when a test says so: there are no threads. */
static struct work_struct *volatile work;

int keventd_up(void)
{
	return boot_done;
}

int schedule_work(struct work_struct *todo)
{
	work = todo;
	todo->pending = 1;
	return 1;
}

/* What comes later is for who has a clock. */
int schedule_delayed_work(struct work_struct *todo, unsigned long delay)
{
	return 1;
}

void run_work(void)
{
	while (work && work->pending) {
		work->pending = 0;
		work->func(work->data);
	}
}

int cpu_to_node(int cpu)
{
	return 0;
}

int node_online(int node)
{
	return !node;
}
