/* Just enough memory management: bootmem, pages, kmalloc. */
#include <linux/kernel.h>
#include <linux/bootmem.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/proc_fs.h>
#include <linux/kallsyms.h>
#include "kernel.h"

struct page *mem_map;
unsigned long free_pages, kmalloced;

static unsigned long boot_next, boot_end;
static LIST_HEAD(free_list);
static DEFINE_SPINLOCK(lock);
static int boot_done;

/* Physical memory [start, end) is ours. */
void mem_init(unsigned long start, unsigned long end)
{
	boot_next = PAGE_ALIGN(start);
	boot_end = end & PAGE_MASK;
	mem_map = __va(boot_next);
	boot_next += (boot_end >> PAGE_SHIFT) * sizeof(struct page);
	boot_next = PAGE_ALIGN(boot_next);
	memset(mem_map, 0, (char *)__va(boot_next) - (char *)mem_map);
}

void *standin_bootmem(int node, unsigned long size)
{
	void *page = __va(boot_next);

	if (boot_done)
		panic("bootmem is gone");
	boot_next += PAGE_ALIGN(size);
	if (boot_next > boot_end)
		panic("out of memory");
	memset(page, 0, size);
	return page;
}

/* What bootmem has left goes to the page allocator. */
void mem_boot_done(void)
{
	boot_done = 1;
	for (; boot_next < boot_end; boot_next += PAGE_SIZE) {
		list_add_tail(&pfn_to_page(boot_next >> PAGE_SHIFT)->lru,
			      &free_list);
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
