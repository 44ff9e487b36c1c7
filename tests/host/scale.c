/*
 * alloc_percpu() with many live objects, for counting.  A machine as simple as
 * can be, so that what is counted is nearly all ours: page tables that map
 * nothing (what they are for is plain memory), free lists, locks that only
 * pretend.
 *
 * usage: scale OBJECTS SIZE	SIZE in bytes, 0 for a mix of 4, 40 and 64
 *
 * Makes OBJECTS, replaces each of them once in random order, and then measures
 * the release of some in random order with one batch, and their allocation.
 * callgrind counts between its client requests and writes one file for each.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <valgrind/callgrind.h>

#include <linux/kernel.h>
#include <linux/init.h>
#include <linux/string.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <linux/slab.h>
#include <linux/bootmem.h>
#include <linux/cpumask.h>
#include <linux/topology.h>
#include <linux/kallsyms.h>
#include <linux/proc_fs.h>
#include <linux/vmalloc.h>
#include <linux/percpu_vm.h>
#include <asm/tlbflush.h>
#include "../random.h"

#define PRESENT		1u
#define PAGES		32768
#define TABLES		4096
#define MEASURED	1000

unsigned char cpu_possible_map[NR_CPUS], cpu_online_map[NR_CPUS];
int host_cpu;
unsigned long host_vmalloc = HOST_VMALLOC;
void *high_memory;
struct mm_struct { int unused; } init_mm;
struct pglist_data standin_nodes[1];

static struct page pages[PAGES];
static unsigned long free_pages[PAGES], nr_free, used_pages, flushes;
static char *ram;			/* page tables, and nothing else */
static unsigned long ram_next = 1;
static pgd_t pgd[HOST_PGD_ENTRIES];
static unsigned long bookkeeping;	/* bytes, as slabs hand them out */

DEFINE_PER_CPU(int, something) = 1;

int printk(const char *fmt, ...)
{
	return 0;
}

void panic(const char *fmt, ...)
{
	fprintf(stderr, "panic: %s", fmt);
	exit(1);
}

void dump_stack(void)
{
}

int printk_ratelimit(void)
{
	return 1;
}

void might_sleep(void)
{
}

int cond_resched(void)
{
	return 0;
}

int irqs_disabled(void)
{
	return 0;
}

u64 host_pa(const void *va)
{
	return (char *)va - ram;
}

void *host_va(u64 pa)
{
	return ram + pa;
}

struct page *host_page(u64 pa)
{
	return &pages[pa >> PAGE_SHIFT];
}

u64 host_page_pa(struct page *page)
{
	return (u64)(page - pages) << PAGE_SHIFT;
}

void *standin_bootmem(int node, unsigned long size)
{
	return ram + ram_next++ * PAGE_SIZE;
}

struct page *alloc_pages_node(int node, gfp_t flags, unsigned int order)
{
	if (!nr_free)
		return NULL;
	used_pages++;
	return &pages[free_pages[--nr_free]];
}

void __free_page(struct page *page)
{
	used_pages--;
	free_pages[nr_free++] = page - pages;
}

/* Objects of 32, 64 and 128 bytes, with the size in front for kfree(). */
static void *free_objects[3];

static int slab(size_t size)
{
	if (size > 128)
		panic("kmalloc()\n");
	return size <= 32 ? 0 : size <= 64 ? 1 : 2;
}

void *kmalloc(size_t size, gfp_t flags)
{
	int i = slab(size);
	void *ptr = free_objects[i];
	long *object;

	bookkeeping += 32 << i;
	if (ptr) {
		free_objects[i] = *(void **)ptr;
		return ptr;
	}
	object = malloc((32 << i) + 2 * sizeof(long));
	*object = i;
	return object + 2;
}

void kfree(const void *ptr)
{
	long *object = (long *)ptr - 2;

	bookkeeping -= 32 << *object;
	*(void **)ptr = free_objects[*object];
	free_objects[*object] = (void *)ptr;
}

size_t strlcpy(char *dst, const char *src, size_t size)
{
	return snprintf(dst, size, "%s", src);
}

const char *kallsyms_lookup(unsigned long addr, unsigned long *size,
			    unsigned long *offset, char **module, char *buf)
{
	return NULL;
}

void kclist_add(struct kcore_list *item, void *addr, size_t size)
{
}

int cpu_to_node(int cpu)
{
	return 0;
}

int node_online(int node)
{
	return 1;
}

void mutex_lock(struct mutex *lock)
{
}

void mutex_unlock(struct mutex *lock)
{
}

void spin_lock(spinlock_t *lock)
{
}

void spin_unlock(spinlock_t *lock)
{
}

unsigned long standin_spin_lock_irqsave(spinlock_t *lock)
{
	return 0;
}

void spin_unlock_irqrestore(spinlock_t *lock, unsigned long flags)
{
}

void spin_lock_irq(spinlock_t *lock)
{
}

void spin_unlock_irq(spinlock_t *lock)
{
}

static struct work_struct *work;

int keventd_up(void)
{
	return 1;
}

int schedule_work(struct work_struct *todo)
{
	work = todo;
	return !todo->pending++;
}

int schedule_delayed_work(struct work_struct *todo, unsigned long delay)
{
	return 0;
}

static void run_work(void)
{
	while (work && work->pending) {
		work->pending = 0;
		work->func(work->data);
	}
}

pgd_t *pgd_offset_k(unsigned long addr)
{
	return &pgd[(addr - HOST_BASE) >> PGDIR_SHIFT];
}

void *host_table(u64 entry)
{
	return host_va(entry & PAGE_MASK);
}

pud_t * __init pud_boot_alloc(pgd_t *entry, unsigned long addr, int node)
{
	return pud_offset(entry, addr);
}

pmd_t * __init pmd_boot_alloc(pud_t *pud, unsigned long addr, int node)
{
	return pmd_offset(pud, addr);
}

pte_t * __init pte_boot_alloc(pmd_t *pmd, unsigned long addr, int node)
{
	if (!pmd->v)
		pmd->v = host_pa(standin_bootmem(node, PAGE_SIZE)) | PRESENT;
	return pte_offset_kernel(pmd, addr);
}

void percpu_vm_trim_static(void)
{
}

pud_t *pud_alloc(struct mm_struct *mm, pgd_t *entry, unsigned long addr)
{
	return pud_offset(entry, addr);
}

pmd_t *pmd_alloc(struct mm_struct *mm, pud_t *pud, unsigned long addr)
{
	return pmd_offset(pud, addr);
}

pte_t *pte_alloc_kernel(pmd_t *pmd, unsigned long addr)
{
	return pte_boot_alloc(pmd, addr, 0);
}

void vmalloc_sync_all(void)
{
}

void set_pte_at(struct mm_struct *mm, unsigned long addr, pte_t *ptep,
		pte_t pte)
{
	*ptep = pte;
}

pte_t ptep_get_and_clear(struct mm_struct *mm, unsigned long addr, pte_t *ptep)
{
	pte_t pte = *ptep;

	ptep->v = 0;
	return pte;
}

void flush_tlb_kernel_range(unsigned long start, unsigned long end)
{
	flushes++;
}

static unsigned long long state = 1;

static u32 rnd(u32 below)
{
	return random_below(&state, below);
}

static unsigned long object_size(unsigned long size)
{
	static const unsigned long mix[] = { 4, 40, 64 };

	return size ? size : mix[rnd(3)];
}

static unsigned long bytes;		/* in live objects */

static void *make(unsigned long size)
{
	void *ptr;

	size = object_size(size);
	bytes += size;
	ptr = __alloc_percpu(size);
	if (!ptr)
		panic("out of memory\n");
	*(unsigned long *)per_cpu_ptr(ptr, NR_CPUS - 1) = size;
	return ptr;
}

static void drop(void *ptr)
{
	bytes -= *(unsigned long *)per_cpu_ptr(ptr, NR_CPUS - 1);
	free_percpu(ptr);
}

int main(int argc, char **argv)
{
	unsigned long n = atol(argv[1]), size = atol(argv[2]), i, j, m;
	void **live = malloc(n * sizeof(*live)), *swap;
	unsigned long least, before, sizes[MEASURED];

	m = n < MEASURED ? n : MEASURED;
	ram = calloc(TABLES, PAGE_SIZE);
	if (!ram || mmap((void *)HOST_RAM, PERCPU_VM_END - HOST_RAM,
			 PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS |
			 MAP_NORESERVE | MAP_FIXED, -1, 0) !=
	    (void *)HOST_RAM)
		panic("no memory\n");
	for (i = 0; i < NR_CPUS; i++)
		cpu_possible_map[i] = 1;
	setup_per_cpu_areas();
	for (nr_free = 0; nr_free < PAGES - 1; nr_free++)
		free_pages[nr_free] = nr_free + 1;

	for (i = 0; i < n; i++)
		live[i] = make(size);
	for (i = 0; i < n; i++) {
		j = rnd(n);
		drop(live[j]);
		live[j] = make(size);
	}
	least = (bytes + PAGE_SIZE - 1) / PAGE_SIZE;
	printf("pages %lu\n", used_pages / NR_CPUS);
	printf("least %lu\n", least);
	printf("bookkeeping %lu\n", bookkeeping / n);

	for (i = 0; i < m; i++) {
		j = i + rnd(n - i);
		sizes[i] = object_size(size);
		swap = live[i];
		live[i] = live[j];
		live[j] = swap;
	}
	before = flushes;
	CALLGRIND_START_INSTRUMENTATION;
	CALLGRIND_ZERO_STATS;
	for (i = 0; i < m; i++)
		free_percpu(live[i]);
	run_work();
	CALLGRIND_DUMP_STATS_AT("free");
	CALLGRIND_ZERO_STATS;
	for (i = 0; i < m; i++)
		live[i] = __alloc_percpu(sizes[i]);
	CALLGRIND_DUMP_STATS_AT("alloc");
	printf("flushes %lu\n", flushes - before);
	printf("measured %lu\n", m);
	return 0;
}
