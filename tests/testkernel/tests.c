/* The tests: what needs a real MMU, real interrupts and several CPUs. */
#include <linux/kernel.h>
#include <linux/cpumask.h>
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include <asm/tlbflush.h>
#include "../../mm/percpu_vm.h"
#include "kernel.h"
#include "tests.h"
#include "../random.h"

#define ROUNDS		10000
#define window(cpu)	(PERCPU_VM_START + (cpu) * PERCPU_VM_STRIDE)
#define GUARD		PERCPU_VM_SIZE
/* Where a CPU's copy of static data is. */
#define copy(cpu) \
	((unsigned long)__va(__per_cpu_start) + (cpu) * PERCPU_VM_STRIDE)
/* Page tables stay where a bank was. */
#define PAGES		(free_pages + table_pages)

static DEFINE_PER_CPU(int, initial) = 1234;
static DEFINE_PER_CPU(char [5000], text) = "five thousand bytes of text";
static DEFINE_PER_CPU(unsigned long, seen);

static const char *why;

#define CHECK(c)							\
	do {								\
		if (!(c)) {						\
			quiet = 0;					\
			why = #c;					\
			return -1;					\
		}							\
	} while (0)

static int test_static(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		CHECK(per_cpu(initial, cpu) == 1234);
		CHECK(!strcmp(per_cpu(text, cpu), "five thousand bytes of "
			      "text"));
		per_cpu(initial, cpu) = cpu;
	}
	for_each_possible_cpu(cpu)
		CHECK(per_cpu(initial, cpu) == cpu);
	for_each_possible_cpu(cpu)
		per_cpu(initial, cpu) = 1234;
	return 0;
}

static void see_yourself(void *unused)
{
	__get_cpu_var(seen) = 0x1000 + smp_processor_id();
}

static int test_own_copy(void)
{
	int cpu;

	on_each_cpu(see_yourself, NULL);
	for_each_possible_cpu(cpu) {
		CHECK(per_cpu(seen, cpu) ==
		      (cpu_online(cpu) ? 0x1000u + cpu : 0));
		/* Not only somewhere that both ways lead to. */
		CHECK((unsigned long)&per_cpu(seen, cpu) - copy(cpu) ==
		      (unsigned long)&per_cpu__seen -
		      (unsigned long)__per_cpu_start);
	}
	on_each_cpu(see_yourself, NULL);
	for_each_online_cpu(cpu)
		per_cpu(seen, cpu) = 0;
	return 0;
}

/* A symbol without an accessor, and everything that is nobody's. */
static int test_guards(void)
{
	unsigned long addr;
	int cpu;

	for (addr = (unsigned long)__per_cpu_start;
	     addr < (unsigned long)__per_cpu_spare_end; addr += PAGE_SIZE)
		CHECK(touch(addr, 0));
	CHECK(touch((unsigned long)&per_cpu__initial, 1));
	CHECK(touch(window(0) - PAGE_SIZE, 0));
	for (cpu = 0; cpu < NR_CPUS; cpu++)
		for (addr = window(cpu); addr < window(cpu + 1);
		     addr += PAGE_SIZE)
			CHECK(touch(addr, 0));
	CHECK(current_thread_info()->fault_addr == window(NR_CPUS) - PAGE_SIZE);
	return 0;
}

/* What alloc_percpu() returns when it cannot leads nowhere, on any CPU. */
static int test_null(void)
{
	char *null;
	int cpu;

	quiet = 1;
	null = __alloc_percpu(2 * PERCPU_VM_STRIDE);
	quiet = 0;
	CHECK(!null);
	for_each_possible_cpu(cpu) {
		CHECK(touch((unsigned long)per_cpu_ptr(null, cpu), 0));
		CHECK(touch((unsigned long)per_cpu_ptr(null, cpu) +
			    PAGE_SIZE - 1, 1));
		CHECK(per_cpu_ptr(null, cpu) + PAGE_SIZE ==
		      (char *)window(cpu));
	}
	return 0;
}

struct remote {
	unsigned long *ptr;
	volatile int stage;
	volatile int faulted;
	unsigned long value;
	int cr3_loads;
};

/* Read our copy, wait until it has been released, read it again. */
static void read_twice(void *data)
{
	struct remote *r = data;
	unsigned long *mine = percpu_vm_ptr(r->ptr, smp_processor_id());
	int i;

	r->value = *mine;
	for (i = 0; i < r->cr3_loads; i++)
		load_cr3(read_cr3());
	r->stage = 1;
	while (r->stage != 2)
		cpu_relax();
	r->faulted = touch((unsigned long)mine, 0);
}

static int release_while_read(int cpu, int cr3_loads)
{
	struct remote r = { NULL, 0, 0, 1, cr3_loads };
	void *first;

	r.ptr = percpu_vm_alloc(PAGE_SIZE, PAGE_SIZE, "remote");
	CHECK(!IS_ERR(r.ptr));
	first = r.ptr;
	start_on(cpu, read_twice, &r);
	while (!r.stage)
		cpu_relax();
	percpu_vm_free(first);
	r.stage = 2;
	wait_for(cpu);
	CHECK(!r.value);
	CHECK(r.faulted);
	return 0;
}

/* After a release another CPU's access faults: its TLB was flushed. */
static int test_remote_flush(void)
{
	int cpu;

	for_each_online_cpu(cpu)
		if (cpu != smp_processor_id() && release_while_read(cpu, 0))
			return -1;
	return 0;
}

static int test_local_flush(void)
{
	unsigned long *ptr = percpu_vm_alloc(PAGE_SIZE, PAGE_SIZE, "local");
	unsigned long *mine = percpu_vm_ptr(ptr, smp_processor_id());

	CHECK(!IS_ERR(ptr) && !touch((unsigned long)mine, 1));
	percpu_vm_free(ptr);
	CHECK(touch((unsigned long)mine, 0));
	return 0;
}

/* A process's page directory. */
static unsigned long process_cr3;

static void use_process_cr3(void *unused)
{
	load_cr3(process_cr3);
}

static void use_kernel_cr3(void *unused)
{
	load_cr3(__pa(swapper_pg_dir));
}

static pgd_t *new_process(void)
{
	pgd_t *pgd = new_pgd();

	process_cr3 = __pa(pgd);
	return pgd;
}

static void count_in_area(void *ptr)
{
	if (touch((unsigned long)percpu_vm_ptr(ptr, smp_processor_id()), 1))
		return;
	++*percpu_vm_ptr((unsigned long *)ptr, smp_processor_id());
}

static unsigned long faults(void)
{
	unsigned long sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += per_cpu(fault_count, cpu);
	return sum;
}

/*
 * Pages that come after a process was born are seen with its directory, on
 * every CPU, without a fault: nothing has to be synchronised.
 */
static int test_process_cr3(void)
{
	/* All that modules can have, but not all of the memory. */
	unsigned long size = num_possible_cpus() > 8 ? 8 * PAGE_SIZE :
		PERCPU_VM_SIZE;
	unsigned long before, *ptr;
	int cpu, err = -1;

	new_process();
	on_each_cpu(use_process_cr3, NULL);
	before = faults();
	ptr = percpu_vm_alloc(size, 1, "late");
	if (!IS_ERR(ptr)) {
		on_each_cpu(count_in_area, ptr);
		on_each_cpu(use_kernel_cr3, NULL);
		on_each_cpu(use_process_cr3, NULL);
		on_each_cpu(count_in_area, ptr);
		err = 0;
		for_each_online_cpu(cpu)
			err |= *percpu_vm_ptr(ptr, cpu) != 2;
		percpu_vm_free(ptr);
	}
	on_each_cpu(use_kernel_cr3, NULL);
	CHECK(!err);
	CHECK(faults() == before);
	return 0;
}

static int in_vmalloc(void *ptr)
{
	unsigned long addr = (unsigned long)percpu_vm_ptr(ptr, 0);

	return addr >= VMALLOC_START && addr < VMALLOC_END;
}

/*
 * When the window is full another bank is opened, in a process that was born
 * before: its page tables are seen on every CPU, again without a fault.  It is
 * closed when it is empty, and then nobody sees it.
 */
static int test_grow(void)
{
	unsigned long before, pages, objects = kmalloced, *ptr, *object;
	void *first;
	int cpu, err = -1;

	new_process();
	pages = PAGES;
	on_each_cpu(use_process_cr3, NULL);
	before = faults();
	first = percpu_vm_alloc(PERCPU_VM_SIZE, 1, "first");
	ptr = percpu_vm_alloc(5000, 4, "second");
	object = __alloc_percpu(2 * PAGE_SIZE);
	if (!IS_ERR(first) && !IS_ERR(ptr) && object) {
		on_each_cpu(count_in_area, ptr);
		err = 0;
		for_each_online_cpu(cpu) {
			err |= *percpu_vm_ptr(ptr, cpu) != 1;
			err |= touch((unsigned long)per_cpu_ptr(object, cpu),
				     1);
		}
	}
	on_each_cpu(use_kernel_cr3, NULL);
	CHECK(!err);
	CHECK(faults() == before);
	CHECK(in_vmalloc(ptr) && vmlist && !vmlist->next);

	/* All this is nobody else's memory. */
	for_each_possible_cpu(cpu)
		CHECK(per_cpu(initial, cpu) == 1234);

	/* Guards, and the object beside, which keeps the bank open. */
	for_each_possible_cpu(cpu)
		CHECK(touch((unsigned long)percpu_vm_ptr(ptr, cpu) + 5000, 0));
	percpu_vm_free(ptr);
	CHECK(vmlist);
	for_each_possible_cpu(cpu) {
		CHECK(touch((unsigned long)percpu_vm_ptr(ptr, cpu), 0));
		CHECK(!touch((unsigned long)per_cpu_ptr(object, cpu), 0));
	}
	free_percpu(object);
	run_work();
	CHECK(!vmlist);
	for_each_possible_cpu(cpu)
		CHECK(touch((unsigned long)per_cpu_ptr(object, cpu), 0));

	/* Opened and closed while another CPU has it in its TLB. */
	for_each_online_cpu(cpu)
		if (cpu != smp_processor_id() && release_while_read(cpu, 0))
			return -1;
	percpu_vm_free(first);
	CHECK(!vmlist && PAGES == pages && kmalloced == objects);
	return 0;
}

/*
 * Entries are global, and a release still reaches a CPU that has loaded CR3
 * since it used them.  (QEMU's TLB drops everything at a CR3 load, hardware
 * keeps global entries: the bits are checked too.)
 */
static int test_global(void)
{
	unsigned long *ptr = percpu_vm_alloc(8, 8, "global"), addr;
	int cpu;

	CHECK(!IS_ERR(ptr));
	CHECK(read_cr4() & CR4_PGE);
	for_each_possible_cpu(cpu) {
		addr = (unsigned long)percpu_vm_ptr(ptr, cpu);
		CHECK(pte_offset_kernel(pmd_offset(pud_offset(
			pgd_offset_k(addr), addr), addr), addr)->v &
		      _PAGE_GLOBAL);
	}
	percpu_vm_free(ptr);
	for_each_online_cpu(cpu)
		if (cpu != smp_processor_id() && release_while_read(cpu, 3))
			return -1;
	return 0;
}

static void loop_until(void *stop)
{
	void *ptr;

	while (!*(volatile int *)stop) {
		ptr = percpu_vm_alloc(100, 4, "loop");
		if (!IS_ERR(ptr))
			percpu_vm_free(ptr);
		load_cr3(read_cr3());
	}
}

/*
 * NMIs while pages come and go and TLBs are flushed: the handler uses static
 * and reserved per-CPU data, and no fault is ever taken.
 */
static int test_nmi(void)
{
	unsigned long before[NR_CPUS], probed[NR_CPUS], faulted = faults();
	unsigned long *probe, i, got;
	volatile int stop = 0;
	int cpu, me = smp_processor_id();

	probe = percpu_vm_alloc(sizeof(*probe), 4, "nmi probe");
	CHECK(!IS_ERR(probe));
	for_each_online_cpu(cpu) {
		before[cpu] = per_cpu(nmi_count, cpu);
		probed[cpu] = *percpu_vm_ptr(probe, cpu);
	}
	handler_probe = probe;
	for_each_online_cpu(cpu)
		if (cpu != me)
			start_on(cpu, loop_until, (void *)&stop);
	for (i = 1; i <= 50; i++)
		for_each_online_cpu(cpu) {
			send_nmi(cpu);
			/* One at a time: a second one would be merged. */
			for (got = 0; got < 100000000 &&
			     per_cpu(nmi_count, cpu) - before[cpu] < i; got++)
				cpu_relax();
		}
	stop = 1;
	for_each_online_cpu(cpu)
		if (cpu != me)
			wait_for(cpu);
	handler_probe = NULL;
	for_each_online_cpu(cpu) {
		CHECK(per_cpu(nmi_count, cpu) - before[cpu] == 50);
		CHECK(*percpu_vm_ptr(probe, cpu) - probed[cpu] == 50);
	}
	percpu_vm_free(probe);
	CHECK(faults() == faulted);
	return 0;
}

static void fault_often(void *unused)
{
	int i;

	for (i = 0; i < 200; i++)
		touch(window(smp_processor_id()) + GUARD, i & 1);
}

/* The page-fault handler uses per-CPU data; a fault there would show. */
static int test_fault_handler(void)
{
	unsigned long before = faults(), *probe;
	int cpu;

	probe = percpu_vm_alloc(sizeof(*probe), 4, "fault probe");
	CHECK(!IS_ERR(probe));
	handler_probe = probe;
	on_each_cpu(fault_often, NULL);
	handler_probe = NULL;
	for_each_online_cpu(cpu)
		CHECK(*percpu_vm_ptr(probe, cpu) == 200);
	CHECK(faults() - before == 200ul * nr_cpus);
	percpu_vm_free(probe);
	return 0;
}

/*
 * A user program's system calls: the CPU reads the kernel's stack pointer
 * from the TSS in the window.
 */
extern char user_code[], user_code_end[];

static void enter_user(unsigned long eip)
{
	static unsigned long saved;

	__asm__ volatile("pushal\n"
			 "movl %%esp, %[saved]\n"
			 "leal -16(%%esp), %%ecx\n"
			 "movl %%ecx, (%[esp0])\n"
			 "movl $1f, %[back]\n"
			 "pushl %[user_ds]\n"
			 "pushl $0\n"
			 "pushl $0x202\n"
			 "pushl %[user_cs]\n"
			 "pushl %[eip]\n"
			 "iret\n"
			 "1: movl %[saved], %%esp\n"
			 "sti\n"
			 "popal\n"
			 : [saved] "=m" (saved), [back] "=m" (user_return)
			 : [esp0] "r" (&__get_cpu_var(init_tss).esp0),
			   [eip] "r" (eip), [user_ds] "i" (USER_DS),
			   [user_cs] "i" (USER_CS)
			 : "ecx", "memory", "cc");
}

static int test_stack_switch(void)
{
	unsigned long addr = 0x10000000, before = faults();
	pgd_t *pgd = new_process();
	char *page = get_page();
	pmd_t *pmd;
	pte_t *pte;

	memcpy(page, user_code, user_code_end - user_code);
	if (sizeof(entry_t) == 8)
		pgd[addr >> PGDIR_SHIFT].v = __pa(get_page()) | _PAGE_PRESENT;
	pmd = pmd_offset(pud_offset(pgd + (addr >> PGDIR_SHIFT), addr), addr);
	set_pmd(pmd, __pmd(__pa(get_page()) | _PAGE_TABLE));
	pte = pte_offset_kernel(pmd, addr);
	set_pte_at(&init_mm, addr, pte, pfn_pte(__pa(page) >> PAGE_SHIFT,
		   ((pgprot_t){ _PAGE_PRESENT | _PAGE_USER })));
	user_calls = 0;
	use_process_cr3(NULL);
	enter_user(addr);
	use_kernel_cr3(NULL);
	CHECK(user_calls == 4);
	CHECK(faults() == before);
	return 0;
}

struct rounds {
	volatile unsigned int failed, done;
};

/* A CPU's share of the rounds: reserve, fill, check, release. */
static void do_rounds(void *data)
{
	int cpu = smp_processor_id(), i, j, n = ROUNDS / nr_cpus + 1;
	unsigned long long seed = cpu + 1;
	u32 size, *mine;
	struct rounds *r = data;
	void *ptr[3] = { NULL, NULL, NULL };
	u32 sizes[3];

	for (i = 0; i < n; i++) {
		j = i % 3;
		if (ptr[j]) {
			mine = percpu_vm_ptr((u32 *)ptr[j], cpu);
			for (size = 0; size < sizes[j] / 4; size += 16)
				if (mine[size] != (u32)cpu)
					__sync_fetch_and_add(&r->failed, 1);
			percpu_vm_free(ptr[j]);
			__sync_fetch_and_add(&r->done, 1);
		}
		sizes[j] = 4 + random_below(&seed, random_below(&seed, 2) ?
					    6000 : 200);
		ptr[j] = percpu_vm_alloc(sizes[j], 4, "round");
		if (IS_ERR(ptr[j])) {
			__sync_fetch_and_add(&r->failed, 1);
			ptr[j] = NULL;
			continue;
		}
		mine = percpu_vm_ptr((u32 *)ptr[j], cpu);
		for (size = 0; size < sizes[j] / 4; size += 16)
			mine[size] = cpu;
	}
	for (j = 0; j < 3; j++)
		if (ptr[j]) {
			percpu_vm_free(ptr[j]);
			__sync_fetch_and_add(&r->done, 1);
		}
}

static int test_rounds(void)
{
	unsigned long pages = PAGES, objects = kmalloced;
	struct rounds r = { 0, 0 };

	on_each_cpu(do_rounds, &r);
	printk("# %u rounds on %d CPUs\n", r.done, nr_cpus);
	CHECK(!r.failed && r.done >= ROUNDS);
	CHECK(PAGES == pages && kmalloced == objects);
	return 0;
}

/* A page of a reservation cannot be had: each in turn, later ones by steps. */
static int test_no_memory(void)
{
	unsigned long pages = PAGES, objects = kmalloced;
	u32 *fail_page = standin_debugfs_u32("fail_page");
	void *ptr;
	int i, n = 0;

	quiet = 1;
	for (i = 1; ; i += 1 + i / 64, n++) {
		*fail_page = i;
		ptr = percpu_vm_alloc(20 * PAGE_SIZE, PAGE_SIZE, "victim");
		if (!IS_ERR(ptr))
			break;
		CHECK(PTR_ERR(ptr) == -ENOMEM && !*fail_page);
		CHECK(PAGES == pages && kmalloced == objects);
	}
	quiet = 0;
	*fail_page = 0;
	percpu_vm_free(ptr);
	CHECK(i > 20 * num_possible_cpus());
	CHECK(PAGES == pages && kmalloced == objects);
	printk("# %d failures injected and survived\n", n);
	return 0;
}

/* Modules: loaded, run, unloaded, refused; and memory back. */
static int test_modules(void)
{
	unsigned long pages = PAGES, objects = kmalloced;
	int i;

	for (i = 0; i < 3; i++) {
		CHECK(insmod("pcpu_consumer") == -ENOENT);
		CHECK(!insmod("pcpu_provider"));
		CHECK(!insmod("bigarray"));
		CHECK(!insmod("pcpu_consumer"));
		CHECK(!insmod("pcpu_over64k"));
		CHECK(!insmod("pcpu_empty"));
		CHECK(insmod("pcpu_toolarge") == -ENOMEM);
		CHECK(insmod("pcpu_overaligned") == -EINVAL);
		CHECK(insmod("bad_guest_fails") == -ENODEV);
		CHECK(strstr(standin_debugfs_read("layout"),
			     " 16800 bigarray\n"));
		CHECK(!rmmod("pcpu_over64k"));
		CHECK(!rmmod("pcpu_consumer"));
		CHECK(!rmmod("bigarray"));
		CHECK(!rmmod("pcpu_provider"));
		CHECK(!rmmod("pcpu_empty"));
		CHECK(PAGES == pages && kmalloced == objects);
	}
	return 0;
}

#define OBJECTS		35000
#define IN_FLIGHT	1000	/* objects that a CPU has at a time */

static void *objects[NR_CPUS][IN_FLIGHT];

/* A CPU's share of the objects; freed with interrupts off, as in softirqs. */
static void make_objects(void *data)
{
	int cpu = smp_processor_id(), left = OBJECTS / nr_cpus + 1, i, n;
	volatile u32 *failed = data;
	unsigned long long seed = cpu + 1;
	u32 *mine;

	for (; left > 0; left -= n) {
		n = min(left, IN_FLIGHT / nr_cpus);
		for (i = 0; i < n; i++) {
			objects[cpu][i] =
				__alloc_percpu(4 + random_below(&seed, 64));
			if (!objects[cpu][i]) {
				__sync_fetch_and_add(failed, 1);
				continue;
			}
			mine = per_cpu_ptr((u32 *)objects[cpu][i], cpu);
			if (*mine)
				__sync_fetch_and_add(failed, 1);
			*mine = cpu * OBJECTS + i;
		}
		for (i = 0; i < n; i++) {
			mine = per_cpu_ptr((u32 *)objects[cpu][i], cpu);
			if (!objects[cpu][i] || *mine != cpu * OBJECTS + i)
				__sync_fetch_and_add(failed, 1);
			local_irq_disable();
			free_percpu(objects[cpu][i]);
			local_irq_enable();
		}
	}
}

/* 35,000 objects of mixed size from all CPUs at once, all freed. */
static int test_alloc_percpu(void)
{
	unsigned long pages = PAGES, count = kmalloced;
	struct percpu_vm_totals before, after;
	u32 failed = 0;
	int cpu, *ptr;

	on_each_cpu(make_objects, &failed);
	CHECK(!failed);
	run_work();
	CHECK(PAGES == pages && kmalloced == count);

	/* However many pages a batch empties: here one flush. */
	for (cpu = 0; cpu < 50; cpu++) {
		objects[0][cpu] = __alloc_percpu(PAGE_SIZE / 2);
		CHECK(objects[0][cpu]);
	}
	percpu_vm_totals(&before);
	for (cpu = 0; cpu < 50; cpu++)
		free_percpu(objects[0][cpu]);
	run_work();
	percpu_vm_totals(&after);
	CHECK(after.flushes == before.flushes + 1);
	CHECK(PAGES == pages && kmalloced == count);

	/* What the linear map shows at the physical address. */
	ptr = alloc_percpu(int);
	CHECK(ptr);
	for_each_possible_cpu(cpu)
		*per_cpu_ptr(ptr, cpu) = 5000 + cpu;
	for_each_possible_cpu(cpu) {
		CHECK(*(int *)__va(percpu_vm_phys(per_cpu_ptr(ptr, cpu))) ==
		      5000 + cpu);
		CHECK(*(int *)__va(percpu_vm_phys(&per_cpu(initial, cpu))) ==
		      1234);
	}
	free_percpu(ptr);
	run_work();
	CHECK(PAGES == pages && kmalloced == count);
	return 0;
}

struct traffic {
	volatile int stop;
	volatile unsigned int failed, done;
};

/* Other CPUs reserve, fill, check and release until they are told to stop. */
static void make_traffic(void *data)
{
	int cpu = smp_processor_id();
	struct traffic *t = data;
	u32 *ptr, *mine, size = 16 + cpu * 1000, i;

	while (!t->stop) {
		ptr = percpu_vm_alloc(size, 4, "traffic");
		if (IS_ERR(ptr))
			continue;	/* the modules have all the room */
		mine = percpu_vm_ptr(ptr, cpu);
		for (i = 0; i < size / 4; i += 8)
			mine[i] = cpu + i;
		for (i = 0; i < size / 4; i += 8)
			if (mine[i] != cpu + i)
				__sync_fetch_and_add(&t->failed, 1);
		percpu_vm_free(ptr);
		__sync_fetch_and_add(&t->done, 1);
		if (__get_cpu_var(initial) != 1234)
			__sync_fetch_and_add(&t->failed, 1);
	}
}

/*
 * 10,000 times a module is loaded or unloaded, in random order, several at
 * once, with traffic on every other CPU.
 */
static int test_cycles(void)
{
	static const char *const names[] = {
		"bigarray", "pcpu_over64k", "pcpu_empty", "pcpu_provider",
	};
	unsigned long pages = PAGES, objects = kmalloced;
	int loaded[ARRAY_SIZE(names)] = { 0 }, i, cpu, err = 0;
	struct traffic t = { 0, 0, 0 };
	unsigned long long seed = 42;
	u32 n, refused = 0;

	for_each_online_cpu(cpu)
		if (cpu != smp_processor_id())
			start_on(cpu, make_traffic, &t);
	quiet = 1;
	alarms = 0;
	for (i = 0; i < ROUNDS && !err; i++) {
		n = random_below(&seed, ARRAY_SIZE(names));
		if (!random_below(&seed, 16))
			refused += insmod("pcpu_toolarge") == -ENOMEM &&
				insmod("bad_guest_fails") == -ENODEV;
		err = loaded[n] ? rmmod(names[n]) : insmod(names[n]);
		loaded[n] ^= 1;
		if (i % 1000 == 999) {
			quiet = 0;
			printk("# %d cycles, %u by other CPUs\n", i + 1,
			       t.done);
			quiet = 1;
		}
	}
	for (n = 0; n < ARRAY_SIZE(names); n++)
		if (loaded[n])
			err |= rmmod(names[n]);
	quiet = 0;
	t.stop = 1;
	for_each_online_cpu(cpu)
		if (cpu != smp_processor_id())
			wait_for(cpu);
	CHECK(!err && refused > 100);
	CHECK(alarms == 0);
	CHECK(!t.failed);
	CHECK(PAGES == pages && kmalloced == objects);
	return 0;
}

/* A mark for tests/bench/plugin.c: start or end of a measurement. */
static void mark(void)
{
	__asm__ volatile("xchg %%bx,%%bx" : : : "memory");
}

/* Another: it empties the models. */
static void empty_tlb_models(void)
{
	__asm__ volatile("xchg %%cx,%%cx" : : : "memory");
}

/*
 * Read from each of 20, 60, 70 and 200 pages of the window, ten times; from
 * 20, ten times, with the models emptied each time; and from none, in 1000
 * instructions.
 */
static int test_tlb_patterns(void)
{
	static const int counts[] = { 20, 60, 70, 200 };
	char *mine, *ptr = percpu_vm_alloc(200 * PAGE_SIZE, PAGE_SIZE, "tlb");
	unsigned int i;
	int round, page;

	CHECK(!IS_ERR(ptr));
	mine = percpu_vm_ptr(ptr, smp_processor_id());
	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		flush_tlb_all();
		mark();
		for (round = 0; round < 10; round++)
			for (page = 0; page < counts[i]; page++)
				*(volatile char *)(mine + page * PAGE_SIZE);
		mark();
	}
	mark();
	for (round = 0; round < 10; round++) {
		empty_tlb_models();
		for (page = 0; page < 20; page++)
			*(volatile char *)(mine + page * PAGE_SIZE);
	}
	mark();
	mark();
	__asm__ volatile(".rept 1000; nop; .endr");
	mark();
	percpu_vm_free(ptr);
	return 0;
}

static const struct {
	const char *name;
	int (*run)(void);
	int needs_other;
	int slow;		/* only when asked for by name */
} tests[] = {
	{ "static", test_static, 0 },
	{ "own_copy", test_own_copy, 0 },
	{ "guards", test_guards, 0 },
	{ "null", test_null, 0 },
	{ "local_flush", test_local_flush, 0 },
	{ "remote_flush", test_remote_flush, 1 },
	{ "process_cr3", test_process_cr3, 0 },
	{ "grow", test_grow, 0 },
	{ "global", test_global, 0 },
	{ "nmi", test_nmi, 0 },
	{ "fault_handler", test_fault_handler, 0 },
	{ "stack_switch", test_stack_switch, 0 },
	{ "no_memory", test_no_memory, 0 },
	{ "modules", test_modules, 0 },
	{ "rounds", test_rounds, 0 },
	{ "alloc_percpu", test_alloc_percpu, 0 },
	{ "cycles", test_cycles, 0, 1 },
	{ "tlb_patterns", test_tlb_patterns, 0, 1 },
};

static int stands_for(const char *name, unsigned int i)
{
	return strcmp(name, "all") ? !strcmp(name, tests[i].name) :
		!tests[i].slow;
}

int count_tests(const char *name)
{
	unsigned int i;
	int n = 0;

	for (i = 0; i < ARRAY_SIZE(tests); i++)
		n += stands_for(name, i);
	return n;
}

void run_tests(const char *name)
{
	char skipped[64];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(tests); i++) {
		if (!stands_for(name, i))
			continue;
		if (tests[i].needs_other && nr_cpus == 1) {
			snprintf(skipped, sizeof(skipped),
				 "%s # SKIP needs a second CPU", tests[i].name);
			report(skipped, NULL);
			continue;
		}
		report(tests[i].name, tests[i].run() ? why : NULL);
	}
}
