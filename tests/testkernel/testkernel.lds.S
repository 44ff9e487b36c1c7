/* PERCPU_VM_LINK comes from offsets.c, as it would from asm-offsets.c. */
#define PAGE_OFFSET 0xc0000000

OUTPUT_FORMAT("elf32-i386")
OUTPUT_ARCH(i386)
ENTRY(phys_start)

PHDRS
{
	text PT_LOAD FLAGS(7);
	percpu PT_LOAD FLAGS(6);
	data PT_LOAD FLAGS(7);
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

	/* Linked in the slot that is never mapped, loaded here. */
	. = ALIGN(4096);
	__per_cpu_load = .;
	.data.percpu PERCPU_VM_LINK : AT(__per_cpu_load - PAGE_OFFSET) {
		__per_cpu_start = .;
		*(.data.percpu)
		__per_cpu_end = .;
	} :percpu
	. = __per_cpu_load + SIZEOF(.data.percpu);

	. = ALIGN(4096);
	.data : AT(ADDR(.data) - PAGE_OFFSET) { *(.data*) } :data
	.bss : AT(ADDR(.bss) - PAGE_OFFSET) { *(.bss*) *(COMMON) } :data
	_end = .;
	/DISCARD/ : { *(.note*) *(.comment) *(.eh_frame) }
}

__percpu_vm_stride = PERCPU_VM_STRIDE;
ASSERT(SIZEOF(.data.percpu) <= PERCPU_VM_STRIDE - 0x1000,
       "static per-CPU data does not fit in a window")
ASSERT((per_cpu__init_tss & 0xfff) <= 0x1000 - 104,
       "a page boundary in the hot part of init_tss")
