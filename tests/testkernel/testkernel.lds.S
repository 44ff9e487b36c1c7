/* PERCPU_VM_START comes from offsets.c, as it would from asm-offsets.c. */
#define PAGE_OFFSET 0xc0000000

OUTPUT_FORMAT("elf32-i386")
OUTPUT_ARCH(i386)
ENTRY(phys_start)

PHDRS
{
	text PT_LOAD FLAGS(7);
	data PT_LOAD FLAGS(7);
	percpu PT_LOAD FLAGS(6);
}

SECTIONS
{
	. = PAGE_OFFSET + 0x100000;
	.text : AT(ADDR(.text) - PAGE_OFFSET) {
		*(.multiboot)
		*(.text*)
		*(.init.text)
		*(.rodata*)
	} :text
	ksymtab : AT(ADDR(ksymtab) - PAGE_OFFSET) {
		__start_ksymtab = .;
		KEEP(*(ksymtab))
		__stop_ksymtab = .;
		. = ALIGN(4);
		__start_initcalls = .;
		KEEP(*(initcalls))
		__stop_initcalls = .;
	} :text

	. = ALIGN(4096);
	.data : AT(ADDR(.data) - PAGE_OFFSET) { *(.data) } :data
	.bss : AT(ADDR(.bss) - PAGE_OFFSET) { *(.bss*) *(COMMON) } :data

	/* CPU 0's copy, linked at its physical address; spare room. */
	. = ALIGN(4096);
	__per_cpu_copy = .;
	.data.percpu (__per_cpu_copy - PAGE_OFFSET) :
		AT(__per_cpu_copy - PAGE_OFFSET) {
		__per_cpu_start = .;
		*(.data.percpu)
		__per_cpu_end = .;
		. = ALIGN(4096) + 4096;
		__per_cpu_spare_end = .;
	} :percpu
	. = __per_cpu_copy + SIZEOF(.data.percpu);
	_end = .;
	/DISCARD/ : { *(.note*) *(.comment) *(.eh_frame) }
}

__percpu_vm_windows = PERCPU_VM_START;
ASSERT(SIZEOF(.data.percpu) <= PERCPU_VM_STRIDE,
       "no room for static per-CPU data: raise CONFIG_PERCPU_VM_KB")
