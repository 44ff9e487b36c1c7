/* Just enough memory management: bootmem, pages, kmalloc, a mutex. */
#include <linux/kernel.h>
#include <linux/bootmem.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "kernel.h"

struct page *mem_map;
unsigned long free_pages, kmalloced;

static unsigned long boot_next, boot_end;
static LIST_HEAD(free_list);
static int lock, boot_done;

static unsigned long lock_irqsave(void)
{
	unsigned long flags;

	__asm__ volatile("pushfl; popl %0; cli" : "=r" (flags) : : "memory");
	while (__sync_lock_test_and_set(&lock, 1))
		cpu_relax();
	return flags;
}

static void unlock_irqrestore(unsigned long flags)
{
	__sync_lock_release(&lock);
	__asm__ volatile("pushl %0; popfl" : : "r" (flags) : "memory", "cc");
}

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
	unsigned long flags = lock_irqsave();
	struct page *page = NULL;

	if (!list_empty(&free_list)) {
		page = list_entry(free_list.next, struct page, lru);
		list_del(&page->lru);
		page->allocated = 1;
		free_pages--;
	}
	unlock_irqrestore(flags);
	return page;
}

/* Freed pages are poisoned: who still sees one sees that. */
void __free_page(struct page *page)
{
	unsigned long flags;

	if (!page->allocated)
		panic("freeing a free page");
	memset(__va(page_to_pfn(page) << PAGE_SHIFT), 0x6b, PAGE_SIZE);
	flags = lock_irqsave();
	page->allocated = 0;
	list_add(&page->lru, &free_list);
	free_pages++;
	unlock_irqrestore(flags);
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

/* One size of object, plenty for what mm/percpu_vm.c asks for. */
#define OBJECT		64
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
	flags = lock_irqsave();
	object = free_object;
	if (object)
		free_object = *(void **)object;
	else if (next_object < OBJECTS)
		object = objects[next_object++];
	if (object)
		kmalloced++;
	unlock_irqrestore(flags);
	return object;
}

void kfree(const void *object)
{
	unsigned long flags;

	if (!object)
		return;
	flags = lock_irqsave();
	*(void **)object = free_object;
	free_object = (void *)object;
	kmalloced--;
	unlock_irqrestore(flags);
}

/*
 * Waiters sleep, with interrupts on as the holder may be flushing their TLB;
 * an unlock wakes one.  A spinning CPU would keep the holder from running:
 * there are more of them than the host has.
 */
static volatile u32 waiters;

void mutex_lock(struct mutex *mutex)
{
	u32 me = 1u << smp_processor_id();

	while (__sync_lock_test_and_set(&mutex->locked, 1)) {
		__sync_fetch_and_or(&waiters, me);
		sleep_while(&mutex->locked);
		__sync_fetch_and_and(&waiters, ~me);
	}
}

void mutex_unlock(struct mutex *mutex)
{
	u32 waiting;

	__sync_lock_release(&mutex->locked);
	__sync_synchronize();
	waiting = waiters;
	if (waiting)
		wake(__builtin_ctz(waiting));
}

int cpu_to_node(int cpu)
{
	return 0;
}

int node_online(int node)
{
	return !node;
}
