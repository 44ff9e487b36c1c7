/* Descriptor tables and exceptions. */
#include <linux/kernel.h>
#include <linux/cpumask.h>
#include <linux/string.h>
#include "kernel.h"
#include "tests.h"

DEFINE_PER_CPU(struct tss, init_tss) = { .ss0 = KERNEL_DS, .iomap = 104 };
DEFINE_PER_CPU(unsigned long, fault_count);
DEFINE_PER_CPU(unsigned long, nmi_count);

/* A link address that the handlers touch too, or NULL. */
unsigned long *volatile handler_probe;

volatile unsigned long user_calls;
unsigned long user_return;

static u64 gdt[NR_CPUS][6];
static u64 idt[256];

extern char trap_stubs[];

struct table_register {
	u16 limit;
	u32 base;
} __attribute__((packed));

void traps_init(void)
{
	u32 addr;
	int i;

	for (i = 0; i < 256; i++) {
		addr = (u32)trap_stubs + i * 16;
		/* An interrupt gate; 0x80 is for everybody. */
		idt[i] = (u64)(addr & 0xffff0000) << 32 |
			(i == 0x80 ? 0xee00ull : 0x8e00ull) << 32 |
			KERNEL_CS << 16 | (addr & 0xffff);
	}
}

void cpu_init(int cpu)
{
	struct table_register gdtr = { sizeof(gdt[0]) - 1, (u32)gdt[cpu] };
	struct table_register idtr = { sizeof(idt) - 1, (u32)idt };
	u32 tss = (u32)&per_cpu(init_tss, cpu);

	gdt[cpu][1] = 0x00cf9a000000ffffull;
	gdt[cpu][2] = 0x00cf92000000ffffull;
	gdt[cpu][3] = 0x00cffa000000ffffull;
	gdt[cpu][4] = 0x00cff2000000ffffull;
	gdt[cpu][5] = 103 | (u64)(tss & 0xffffff) << 16 | 0x89ull << 40 |
		(u64)(tss >> 24) << 56;
	__asm__ volatile("lgdt %0; lidt %1\n"
			 "ljmp %2, $1f\n"
			 "1: movl %3, %%ds; movl %3, %%es; movl %3, %%ss\n"
			 "movl %3, %%fs; movl %3, %%gs\n"
			 "ltr %w4"
			 : : "m" (gdtr), "m" (idtr), "i" (KERNEL_CS),
			   "r" (KERNEL_DS), "r" (TSS_SEL) : "memory");
}

static void oops(struct regs *regs)
{
	struct thread_info *ti = current_thread_info();

	quiet = 0;
	if (regs->vector == 14)
		printk("BUG: unable to handle kernel paging request at virtual "
		       "address %08lx\n", ti->fault_addr);
	printk("Oops: vector %u, error %04x, CPU %d, eip %08x\n", regs->vector,
	       regs->error, ti->cpu, regs->eip);
	power_off();
}

static void page_fault(struct regs *regs)
{
	struct thread_info *ti = current_thread_info();

	ti->fault_addr = read_cr2();
	if (ti->in_fault++) {
		printk("BUG: a fault at %08lx inside the page-fault handler\n",
		       ti->fault_addr);
		oops(regs);
	}
	__get_cpu_var(fault_count)++;
	if (handler_probe)
		++*percpu_vm_ptr(handler_probe, smp_processor_id());
	ti->in_fault--;
	if (!ti->resume)
		oops(regs);
	regs->eip = ti->resume;
	ti->resume = 0;
}

void trap(struct regs *regs);
void trap(struct regs *regs)
{
	switch (regs->vector) {
	case 2:
		__get_cpu_var(nmi_count)++;
		if (handler_probe)
			++*percpu_vm_ptr(handler_probe, smp_processor_id());
		break;
	case 14:
		page_fault(regs);
		break;
	case 0x80:
		user_calls++;
		if (regs->eax != 1)
			break;
		/* Back to enter_user(), which knows its stack. */
		regs->eip = user_return;
		regs->cs = KERNEL_CS;
		regs->eflags &= ~0x3000;
		break;
	case FLUSH_VECTOR:
		flush_interrupt();
		apic_eoi();
		break;
	case WAKE_VECTOR:
		apic_eoi();
		break;
	case SPURIOUS_VECTOR:
		break;
	default:
		oops(regs);
	}
}
