/* Constants for the linker script, in the way of asm-offsets.c. */
#include <linux/kernel.h>
#include <linux/percpu_vm.h>

void offsets(void);
void offsets(void)
{
	__asm__ volatile("\n->PERCPU_VM_START %0" : : "i" (PERCPU_VM_START));
	__asm__ volatile("\n->PERCPU_VM_STRIDE %0" : : "i" (PERCPU_VM_STRIDE));
}
