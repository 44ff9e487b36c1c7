/* The local APIC: starting CPUs, interrupts between them. */
#include <linux/kernel.h>
#include <linux/bootmem.h>
#include <linux/cpumask.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/string.h>
#include <asm/tlbflush.h>
#include "kernel.h"

#define APIC_EOI	0x0b0
#define APIC_SPIV	0x0f0
#define APIC_ICR	0x300
#define APIC_ICR2	0x310
#define TRAMPOLINE	0x8000

unsigned char cpu_possible_map[NR_CPUS], cpu_online_map[NR_CPUS];
int nr_cpus = 1;
EXPORT_SYMBOL(cpu_possible_map);
EXPORT_SYMBOL(cpu_online_map);

static struct {
	void (*fn)(void *);
	void *arg;
	volatile int todo, idle;
} work[NR_CPUS] = { [0 ... NR_CPUS - 1] = { .idle = 1 } };

static volatile int flush_pending;
static volatile int started;

extern char trampoline[], trampoline_end[];
extern u32 ap_stack;
void ap_main(void);

static volatile u32 *apic(unsigned int reg)
{
	return (volatile u32 *)(fix_to_virt(FIX_APIC_BASE) + reg);
}

void apic_eoi(void)
{
	*apic(APIC_EOI) = 0;
}

static void icr(u32 cpu, u32 command)
{
	unsigned long flags;

	__asm__ volatile("pushfl; popl %0; cli" : "=r" (flags) : : "memory");
	while (*apic(APIC_ICR) & 0x1000)
		cpu_relax();
	*apic(APIC_ICR2) = cpu << 24;
	*apic(APIC_ICR) = command;
	__asm__ volatile("pushl %0; popfl" : : "r" (flags) : "memory", "cc");
}

void send_nmi(int cpu)
{
	icr(cpu, 0x4400);
}

static void local_flush(void)
{
	unsigned long cr4 = read_cr4();

	write_cr4(cr4 & ~CR4_PGE);
	write_cr4(cr4);
}

void flush_interrupt(void)
{
	local_flush();
	__sync_fetch_and_sub(&flush_pending, 1);
}

/* Interrupts on; one caller at a time, as the window's mutex sees to. */
void flush_tlb_all(void)
{
	local_flush();
	if (nr_cpus == 1)
		return;
	flush_pending = nr_cpus - 1;
	icr(0, 0xc4000 | FLUSH_VECTOR);		/* all but this one */
	while (flush_pending)
		cpu_relax();
}

void wake(int cpu)
{
	icr(cpu, 0x4000 | WAKE_VECTOR);
}

void start_on(int cpu, void (*fn)(void *), void *arg)
{
	wait_for(cpu);
	work[cpu].fn = fn;
	work[cpu].arg = arg;
	work[cpu].idle = 0;
	work[cpu].todo = 1;
	wake(cpu);
}

void wait_for(int cpu)
{
	while (work[cpu].todo)
		sleep_while(&work[cpu].todo);
}

void on_each_cpu(void (*fn)(void *), void *arg)
{
	int cpu, me = smp_processor_id();

	for_each_online_cpu(cpu)
		if (cpu != me)
			start_on(cpu, fn, arg);
	fn(arg);
	for_each_online_cpu(cpu)
		if (cpu != me)
			wait_for(cpu);
}

void ap_main(void)
{
	int cpu = nr_cpus;

	current_thread_info()->cpu = cpu;
	cpu_init(cpu);
	*apic(APIC_SPIV) = 0x100 | SPURIOUS_VECTOR;
	started = 1;
	local_irq_enable();
	for (;;) {
		while (!work[cpu].todo)
			sleep_while(&work[cpu].idle);
		work[cpu].fn(work[cpu].arg);
		work[cpu].idle = 1;
		__sync_synchronize();
		work[cpu].todo = 0;
		wake(0);
	}
}

static void delay_us(int us)
{
	while (us--)
		inb(0x80);
}

static void start_cpu(int cpu)
{
	char *stack = get_page(), *stack2 = get_page();
	int tries;

	/* Two pages in a row, aligned to THREAD_SIZE. */
	while (stack2 != stack + PAGE_SIZE ||
	       (unsigned long)stack & (THREAD_SIZE - 1)) {
		stack = stack2;
		stack2 = get_page();
	}
	ap_stack = (u32)stack + THREAD_SIZE;
	started = 0;
	icr(cpu, 0x4500);			/* INIT */
	delay_us(10000);
	icr(cpu, 0x4600 | TRAMPOLINE >> 12);	/* start-up */
	for (tries = 0; !started && tries < 5000000; tries++)
		delay_us(1);
	if (!started)
		panic("CPU %d does not start", cpu);
	cpu_online_map[cpu] = 1;
	nr_cpus++;
}

/* Before the windows, which are in the same page table. */
void fixmap_init(void)
{
	unsigned long addr = fix_to_virt(FIX_APIC_BASE);
	pmd_t *pmd = pmd_offset(pud_offset(pgd_offset_k(addr), addr), addr);

	if (pmd_none(*pmd))
		set_pmd(pmd, __pmd(__pa(get_page()) | _PAGE_TABLE));
	set_pte_at(&init_mm, addr, pte_offset_kernel(pmd, addr),
		   pfn_pte(0xfee00, ((pgprot_t){ _PAGE_PRESENT | _PAGE_RW |
						 _PAGE_PCD })));
}

void smp_init(int cpus)
{
	unsigned long addr;
	int cpu;

	*apic(APIC_SPIV) = 0x100 | SPURIOUS_VECTOR;
	outb(0x21, 0xff);		/* no interrupts from the PICs */
	outb(0xa1, 0xff);
	local_irq_enable();

	memcpy(__va(TRAMPOLINE), trampoline, trampoline_end - trampoline);
	for (cpu = 1; cpu < cpus; cpu++)
		start_cpu(cpu);

	/* Low addresses were only for getting here. */
	for (addr = 0; addr < PTRS_PER_PGD * 3 / 4; addr++)
		swapper_pg_dir[addr].v = 0;
	flush_tlb_all();
	printk("Brought up %d CPUs\n", nr_cpus);
}
