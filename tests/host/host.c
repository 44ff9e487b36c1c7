/*
 * The machine that mm/percpu_vm.c runs on in user space.  See host.h.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/kernel.h>
#include <linux/init.h>
#include <linux/string.h>
#include <linux/mutex.h>
#include <linux/rbtree.h>
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
#include "host.h"

#define PRESENT		1u
#define MAX_STALE	65536

unsigned char cpu_possible_map[NR_CPUS], cpu_online_map[NR_CPUS];
unsigned long host_pages, host_objects, host_stale, host_most_stale;
unsigned long host_boot_pages[4], host_flushes, host_tables, host_syncs;
unsigned long host_vmalloc = HOST_VMALLOC;
void *high_memory;
struct kcore_list *host_kcore;
void (*host_between)(void);
unsigned long host_symbol;
int host_symbol_copied = 1;
int host_atomic, host_keventd = 1;
int host_irqs_off, host_might_sleep, host_lines = 1 << 30;
unsigned long host_most_released, host_resched;
int host_nodes = 1, host_node_of[NR_CPUS], host_cpu;
char host_log[65536];

struct mm_struct { int unused; } init_mm;
struct pglist_data standin_nodes[4];

static char *ram;			/* all of it, for the kernel's use */
static int ram_fd;
static struct page pages[HOST_PAGES];
static unsigned long free_list[HOST_PAGES], nr_free, boot_next;
static pgd_t pgd[HOST_PGD_ENTRIES] = {
	[0 ... HOST_PGD_ENTRIES - 1] = { HOST_EMPTY }
};
static unsigned char unsynced[HOST_PGD_ENTRIES];
static struct { unsigned long addr; struct page *page; } stale[MAX_STALE];
static unsigned long fail_in;
static int fail_done, booting, booted, spinning, mutexes;
static unsigned long released;		/* since the mutex was taken */
static size_t log_used;

extern char host_init_start[], host_init_end[];
extern initcall_t __start_initcalls[], __stop_initcalls[];

void host_check_failed(const char *file, int line, const char *what)
{
	printf("# %s:%d: CHECK(%s) failed\n# log: %s\n", file, line, what,
	       host_log);
	fflush(stdout);
	abort();
}

int printk(const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(host_log + log_used, sizeof(host_log) - log_used, fmt,
		      args);
	va_end(args);
	if (log_used + n < sizeof(host_log))
		log_used += n;
	return n;
}

void host_log_clear(void)
{
	log_used = 0;
	host_log[0] = 0;
}

/* Exit status 42 says panic; the message is the last of the output. */
void panic(const char *fmt, ...)
{
	va_list args;

	printf("# panic: ");
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	fflush(stdout);
	exit(42);
}

void dump_stack(void)
{
	printk("dump_stack\n");
}

int printk_ratelimit(void)
{
	return host_lines > 0 && host_lines--;
}

/* As the kernel does: it tells, and goes on. */
void might_sleep(void)
{
	if (host_atomic || host_irqs_off)
		host_might_sleep++;
}

/* Whoever runs instead ends with interrupts on. */
int cond_resched(void)
{
	CHECK(!spinning);
	host_resched++;
	host_irqs_off = 0;
	return 1;
}

int irqs_disabled(void)
{
	return host_irqs_off;
}

void host_fail(unsigned long nth)
{
	fail_in = nth;
	fail_done = 0;
}

int host_failed(void)
{
	return fail_done;
}

static int fails(void)
{
	if (!fail_in || --fail_in)
		return 0;
	return fail_done = 1;
}

/* Memory. */

u64 host_pa(const void *va)
{
	CHECK((char *)va >= ram && (char *)va < ram + HOST_PAGES * PAGE_SIZE);
	return (char *)va - ram;
}

void *host_va(u64 pa)
{
	CHECK(pa < HOST_PAGES * PAGE_SIZE);
	return ram + pa;
}

struct page *host_page(u64 pa)
{
	CHECK(pa < HOST_PAGES * PAGE_SIZE);
	return &pages[pa >> PAGE_SHIFT];
}

u64 host_page_pa(struct page *page)
{
	return (u64)(page - pages) << PAGE_SHIFT;
}

void *standin_bootmem(int node, unsigned long size)
{
	void *page;

	CHECK(booting && size == PAGE_SIZE && node < host_nodes);
	host_boot_pages[node]++;
	pages[boot_next].node = node;
	CHECK(boot_next < HOST_PAGES);
	page = ram + boot_next++ * PAGE_SIZE;
	memset(page, 0, PAGE_SIZE);
	return page;
}

static struct page *get_page(int node)
{
	struct page *page;

	CHECK(booted && !host_atomic && !spinning && !mutexes);
	if (fails() || !nr_free)
		return NULL;
	page = &pages[free_list[--nr_free]];
	CHECK(!page->allocated && !page->mapped);
	page->allocated = 1;
	page->node = node;
	/* Whoever wants zeroes must write them. */
	memset(host_va(host_page_pa(page)), 0x5a, PAGE_SIZE);
	return page;
}

struct page *alloc_pages_node(int node, gfp_t flags, unsigned int order)
{
	struct page *page;

	CHECK(order == 0 && flags == GFP_KERNEL);
	CHECK(node >= 0 && node < host_nodes);
	if (host_between)
		host_between();
	page = get_page(node);
	host_pages += !!page;
	return page;
}

void __free_page(struct page *page)
{
	CHECK(page->allocated);
	CHECK(!page->mapped);	/* still mapped, or not flushed yet */
	page->allocated = 0;
	host_pages--;
	memset(host_va(host_page_pa(page)), 0x6b, PAGE_SIZE);
	free_list[nr_free++] = page - pages;
}

void *kmalloc(size_t size, gfp_t flags)
{
	CHECK(flags == GFP_KERNEL && !host_atomic && !spinning && !mutexes);
	if (fails())
		return NULL;
	host_objects++;
	return malloc(size);
}

size_t strlcpy(char *dst, const char *src, size_t size)
{
	return snprintf(dst, size, "%s", src);
}

/* One function has a name: the kernel's in the buffer, a module's not. */
const char *kallsyms_lookup(unsigned long addr, unsigned long *size,
			    unsigned long *offset, char **module, char *buf)
{
	if (addr - host_symbol >= 4096)
		return NULL;
	return host_symbol_copied ? strcpy(buf, "symbol_in_kernel") :
		"symbol_in_module";
}

void kclist_add(struct kcore_list *item, void *addr, size_t size)
{
	item->addr = (unsigned long)addr;
	item->size = size;
	host_kcore = item;
}

void kfree(const void *ptr)
{
	if (ptr)
		host_objects--;
	free((void *)ptr);
}

int cpu_to_node(int cpu)
{
	return host_node_of[cpu];
}

int node_online(int node)
{
	return node < host_nodes;
}

/* Locks must be free when taken and held when released: one thread. */
void mutex_lock(struct mutex *lock)
{
	CHECK(!lock->locked && !host_atomic && !spinning);
	mutexes++;
	released = 0;
	lock->locked = 1;
}

void mutex_unlock(struct mutex *lock)
{
	CHECK(lock->locked);
	mutexes--;
	lock->locked = 0;
}

#define IRQS_ON		1
#define IRQS_OFF	2

void spin_lock(spinlock_t *lock)
{
	CHECK(!lock->locked);
	spinning++;
	lock->locked = 1;
}

void spin_unlock(spinlock_t *lock)
{
	CHECK(lock->locked);
	spinning--;
	lock->locked = 0;
}

unsigned long standin_spin_lock_irqsave(spinlock_t *lock)
{
	unsigned long flags = host_irqs_off ? IRQS_OFF : IRQS_ON;

	spin_lock(lock);
	host_irqs_off = 1;
	return flags;
}

void spin_unlock_irqrestore(spinlock_t *lock, unsigned long flags)
{
	CHECK(flags == IRQS_ON || flags == IRQS_OFF);
	spin_unlock(lock);
	host_irqs_off = flags == IRQS_OFF;
}

void spin_lock_irq(spinlock_t *lock)
{
	standin_spin_lock_irqsave(lock);
}

void spin_unlock_irq(spinlock_t *lock)
{
	spin_unlock_irqrestore(lock, IRQS_ON);
}

/* The tree changes under a spinlock: see the Makefile. */
extern void __real_rb_insert_color(struct rb_node *, struct rb_root *);
extern void __real_rb_erase(struct rb_node *, struct rb_root *);
extern void __wrap_rb_insert_color(struct rb_node *, struct rb_root *);
extern void __wrap_rb_erase(struct rb_node *, struct rb_root *);

void __wrap_rb_insert_color(struct rb_node *node, struct rb_root *root)
{
	CHECK(spinning && host_irqs_off && (mutexes || booting));
	__real_rb_insert_color(node, root);
}

void __wrap_rb_erase(struct rb_node *node, struct rb_root *root)
{
	CHECK(spinning && host_irqs_off && mutexes);
	host_most_released = max(host_most_released, ++released);
	__real_rb_erase(node, root);
}

static struct work_struct *work, *delayed;

int keventd_up(void)
{
	return host_keventd;
}

int schedule_work(struct work_struct *todo)
{
	CHECK(host_keventd && (!work || work == todo));
	work = todo;
	return !todo->pending++;
}

int schedule_delayed_work(struct work_struct *todo, unsigned long delay)
{
	CHECK(host_keventd && (!delayed || delayed == todo) && delay);
	delayed = todo;
	return !todo->pending++;
}

int host_work_pending(void)
{
	return work && work->pending;
}

void host_run_work_once(void)
{
	CHECK(host_work_pending());
	work->pending = 0;
	work->func(work->data);
}

void host_run_work(void)
{
	do
		host_run_work_once();
	while (host_work_pending());
}

void host_run_delayed_work(void)
{
	CHECK(delayed && delayed->pending);
	delayed->pending = 0;
	delayed->func(delayed->data);
}

/* Page tables. */

pgd_t *pgd_offset_k(unsigned long addr)
{
	CHECK(addr >= HOST_BASE && addr < PERCPU_VM_END);
	return &pgd[(addr - HOST_BASE) >> PGDIR_SHIFT];
}

void *host_table(u64 entry)
{
	CHECK(entry & PRESENT);
	return host_va(entry & PAGE_MASK);
}

static u64 new_table(u64 *table)
{
	unsigned long i;

	for (i = 0; i < TABLE_ENTRIES; i++)
		table[i] = HOST_EMPTY;
	return host_pa(table) | PRESENT;
}

static u64 boot_table(int node)
{
	return new_table(standin_bootmem(node, PAGE_SIZE));
}

pud_t * __init pud_boot_alloc(pgd_t *pgd, unsigned long addr, int node)
{
	if (HOST_LEVELS == 4 && pgd_none(*pgd))
		pgd->v = boot_table(node);
	return pud_offset(pgd, addr);
}

pmd_t * __init pmd_boot_alloc(pud_t *pud, unsigned long addr, int node)
{
	/* A port of HOST_FIXUP must do the same, and not ask pud_none(). */
	if (HOST_LEVELS >= 3 && pud->v == HOST_EMPTY)
		pud->v = boot_table(node);
	return pmd_offset(pud, addr);
}

pte_t * __init pte_boot_alloc(pmd_t *pmd, unsigned long addr, int node)
{
	if (pmd_none(*pmd))
		pmd->v = boot_table(node);
	return pte_offset_kernel(pmd, addr);
}

/* After boot: other page directories have a new entry after the next sync. */
static int run_time_table(u64 *entry)
{
	struct page *page;

	if (*entry != HOST_EMPTY)
		return 1;
	page = get_page(0);
	if (!page)
		return 0;
	host_tables++;
	*entry = new_table(host_va(host_page_pa(page)));
	if (entry >= &pgd[0].v && entry <= &pgd[HOST_PGD_ENTRIES - 1].v)
		unsynced[entry - &pgd[0].v] = 1;
	return 1;
}

pud_t *pud_alloc(struct mm_struct *mm, pgd_t *pgd, unsigned long addr)
{
	CHECK(mm == &init_mm);
	if (HOST_LEVELS == 4 && !run_time_table(&pgd->v))
		return NULL;
	return pud_offset(pgd, addr);
}

pmd_t *pmd_alloc(struct mm_struct *mm, pud_t *pud, unsigned long addr)
{
	CHECK(mm == &init_mm);
	if (HOST_LEVELS >= 3 && !run_time_table(&pud->v))
		return NULL;
	return pmd_offset(pud, addr);
}

pte_t *pte_alloc_kernel(pmd_t *pmd, unsigned long addr)
{
	return run_time_table(&pmd->v) ? pte_offset_kernel(pmd, addr) : NULL;
}

void vmalloc_sync_all(void)
{
	CHECK(!host_atomic && !spinning);
	host_syncs++;
	memset(unsynced, 0, sizeof(unsynced));
}

/* Address space is given back when no entry and no TLB leads anywhere. */
extern struct vm_struct *__real_remove_vm_area(void *);
extern struct vm_struct *__wrap_remove_vm_area(void *);

struct vm_struct *__wrap_remove_vm_area(void *start)
{
	struct vm_struct *area = __real_remove_vm_area(start);
	unsigned long addr, end, i;

	CHECK(area);
	addr = (unsigned long)area->addr;
	end = addr + area->size;
	for (i = 0; i < host_stale; i++)
		CHECK(stale[i].addr < addr || stale[i].addr >= end);
	for (; addr < end; addr += PAGE_SIZE)
		CHECK(!host_page_at(addr));
	return area;
}

int host_has_room_for_bank(void)
{
	unsigned long addr = VMALLOC_START, size = PAGE_SIZE;
	struct vm_struct *vm;
	int cpu;

	for (cpu = NR_CPUS; cpu && !cpu_possible(cpu - 1); cpu--)
		;
	size += cpu * PERCPU_VM_STRIDE;
	for (vm = vmlist; vm; vm = vm->next) {
		if ((unsigned long)vm->addr - addr >= size)
			return 1;
		addr = (unsigned long)vm->addr + vm->size;
	}
	return addr + size <= VMALLOC_END;
}

int host_banks(void)
{
	struct vm_struct *vm;
	int banks = 0;

	for (vm = vmlist; vm; vm = vm->next)
		banks += vm->flags == VM_PERCPU;
	return banks;
}

/* The entry of an address, or NULL where there is no table. */
static pte_t *walk(unsigned long addr)
{
	pgd_t *entry = pgd_offset_k(addr);
	pud_t *pud;
	pmd_t *pmd;

	if (entry->v == HOST_EMPTY)
		return NULL;
	pud = pud_offset(entry, addr);
	if (pud->v == HOST_EMPTY)
		return NULL;
	pmd = pmd_offset(pud, addr);
	return pmd_none(*pmd) ? NULL : pte_offset_kernel(pmd, addr);
}

static void map_at(unsigned long addr, int fd, off_t offset)
{
	int prot = fd < 0 ? PROT_NONE : PROT_READ | PROT_WRITE;
	int flags = fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE :
		MAP_SHARED;

	if (mmap((void *)addr, PAGE_SIZE, prot, flags | MAP_FIXED, fd,
		 offset) == MAP_FAILED) {
		perror("mmap");
		abort();
	}
}

static int in_bank(unsigned long addr)
{
	struct vm_struct *vm;

	for (vm = vmlist; vm; vm = vm->next)
		if (vm->flags == VM_PERCPU &&
		    addr - (unsigned long)vm->addr < vm->size - PAGE_SIZE)
			return 1;
	return 0;
}

void set_pte_at(struct mm_struct *mm, unsigned long addr, pte_t *ptep,
		pte_t pte)
{
	unsigned long i;

	CHECK(mm == &init_mm && !(addr & ~PAGE_MASK));
	CHECK(ptep == walk(addr) && pte_none(*ptep) && (pte.v & PRESENT));
	CHECK(!unsynced[(addr - HOST_BASE) >> PGDIR_SHIFT]);
	CHECK(addr >= PERCPU_VM_START || in_bank(addr));
	for (i = 0; i < host_stale; i++)
		CHECK(stale[i].addr != addr);
	*ptep = pte;
	pte_page(pte)->mapped++;
	map_at(addr, ram_fd, pte.v & PAGE_MASK);
}

/* Until the flush the address still leads to the page, as with a TLB. */
pte_t ptep_get_and_clear(struct mm_struct *mm, unsigned long addr, pte_t *ptep)
{
	pte_t pte = *ptep;

	CHECK(mm == &init_mm && ptep == walk(addr));
	if (pte_none(pte))
		return pte;
	ptep->v = HOST_EMPTY;
	CHECK(host_stale < MAX_STALE);
	stale[host_stale].addr = addr;
	stale[host_stale++].page = pte_page(pte);
	host_most_stale = max(host_most_stale, host_stale);
	return pte;
}

void flush_tlb_kernel_range(unsigned long start, unsigned long end)
{
	unsigned long i, kept = 0;

	CHECK(!host_atomic && !host_irqs_off && !spinning);
	host_flushes++;
	for (i = 0; i < host_stale; i++) {
		if (stale[i].addr < start || stale[i].addr >= end) {
			stale[kept++] = stale[i];
			continue;
		}
		stale[i].page->mapped--;
		map_at(stale[i].addr, -1, 0);
	}
	host_stale = kept;
}

struct page *host_page_at(unsigned long addr)
{
	pte_t *pte = walk(addr);

	return !pte || pte_none(*pte) ? NULL : pte_page(*pte);
}

static sigjmp_buf fault_env;
static volatile sig_atomic_t fault_expected;

static void on_fault(int sig)
{
	if (!fault_expected) {
		signal(sig, SIG_DFL);
		return;
	}
	siglongjmp(fault_env, 1);
}

int host_faults(unsigned long addr)
{
	int faulted = 1;

	if (!sigsetjmp(fault_env, 1)) {
		fault_expected = 1;
		(void)*(volatile char *)addr;
		faulted = 0;
	}
	fault_expected = 0;
	return faulted;
}

#ifdef HOST_LOWMEM
/* What lies between the copies, and behind the last one, is other memory. */
static void fill_static(void)
{
	int cpu;

	CHECK(LOWMEM < PERCPU_VM_STRIDE);
	for (cpu = 0; cpu < NR_CPUS; cpu++) {
		memset((void *)host_copy(cpu), 0x5a, LOWMEM);
		memcpy((void *)host_copy(cpu), __per_cpu_start, STATIC_SIZE);
		CHECK(!mprotect((void *)(host_copy(cpu) + LOWMEM),
				PERCPU_VM_STRIDE - LOWMEM, PROT_NONE));
	}
	boot_next = (host_copy(NR_CPUS) - HOST_RAM) >> PAGE_SHIFT;
}

void percpu_vm_trim_static(void)
{
	int cpu;

	CHECK(booting);
	for (cpu = 0; cpu < NR_CPUS; cpu++)
		if (!cpu_possible(cpu))
			CHECK(!mprotect((void *)host_copy(cpu), LOWMEM,
					PROT_NONE));
}
#else
static void fill_static(void)
{
	boot_next = 1;		/* page 0 is nobody's */
}
#endif

void host_boot(u64 possible)
{
	unsigned long size = PERCPU_VM_END - HOST_BASE;
	initcall_t *call;
	int cpu;

	signal(SIGSEGV, on_fault);
	ram_fd = memfd_create("ram", 0);
	if (ram_fd < 0 || ftruncate(ram_fd, HOST_PAGES * PAGE_SIZE)) {
		perror("ram");
		exit(1);
	}
	ram = mmap((void *)HOST_RAM, HOST_PAGES * PAGE_SIZE, PROT_READ |
		   PROT_WRITE, MAP_SHARED | MAP_FIXED_NOREPLACE, ram_fd, 0);
	CHECK(ram == (void *)HOST_RAM);
	high_memory = ram + HOST_PAGES * PAGE_SIZE;
	CHECK(mmap((void *)HOST_BASE, size, PROT_NONE, MAP_PRIVATE |
		   MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0)
	      == (void *)HOST_BASE);

	for (cpu = 0; cpu < NR_CPUS; cpu++)
		cpu_possible_map[cpu] = possible >> cpu & 1;
	fill_static();
	booting = 1;
	setup_per_cpu_areas();
	booting = 0;
	for (nr_free = 0; boot_next + nr_free < HOST_PAGES; nr_free++)
		free_list[nr_free] = HOST_PAGES - 1 - nr_free;
	booted = 1;
	for (call = __start_initcalls; call < __stop_initcalls; call++)
		CHECK(!(*call)());
	CHECK(!mprotect(host_init_start, host_init_end - host_init_start,
			PROT_NONE));
}
