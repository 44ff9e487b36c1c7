/*
 * arch/i386/mm/percpu_vm_early.c - per-CPU data used too early
 *
 * Licensed under the GPL, version 2.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/linkage.h>
#include <linux/percpu_vm.h>
#include <asm/arch_hooks.h>
#include <asm/desc.h>
#include <asm/fixmap.h>
#include <asm/system.h>

/*
 * Until setup_per_cpu_areas() nothing is mapped at the windows, and until
 * trap_init() every fault goes to ignore_int in head.S, which takes the error
 * code for the EIP to return to.  Say what is wrong, and stop, instead.  On a
 * serial console that is seen with earlyprintk= only.
 */
asmlinkage void percpu_vm_early_fault(void);
asm(".section .init.text,\"ax\"\n"
    "percpu_vm_early_fault:\n"
    "	movl 4(%esp), %eax\n"		/* above the error code */
    "	movl %cr2, %edx\n"
    "	call percpu_vm_early_panic\n"
    ".previous");

#ifdef CONFIG_EARLY_PRINTK
#define percpu_vm_early_printk early_printk
#else
#define percpu_vm_early_printk printk
#endif

static void __init __attribute_used__ fastcall
percpu_vm_early_panic(unsigned long eip, unsigned long addr)
{
	percpu_vm_early_printk("percpu_vm: page fault at %08lx, EIP %08lx%s\n",
		addr, eip, addr - PERCPU_VM_LINK <
			PERCPU_VM_END - PERCPU_VM_LINK ?
		": per-CPU data used before setup_per_cpu_areas()" : "");
	for (;;)
		halt();
}

void __init percpu_vm_trap_early(void)
{
	set_intr_gate(14, percpu_vm_early_fault);
}
