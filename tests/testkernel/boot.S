/*
 * Start-up of the test kernel: multiboot gives us 32-bit protected mode; set
 * up a linear map of large pages at PAGE_OFFSET and go there.  Other CPUs
 * start in real mode at TRAMPOLINE and take the same way.
 */
#define __ASSEMBLY__
#include <asm/page.h>

#define PHYS(x)		((x) - PAGE_OFFSET)
#define LARGE_PAGE	0x1e3		/* global, large, dirty, accessed, rw */
#define CR4_PSE		0x10
#define CR4_PAE		0x20
#define CR4_PGE		0x80

#ifdef CONFIG_X86_PAE
#define CR4_BITS	(CR4_PSE | CR4_PAE | CR4_PGE)
#define ENTRY_SIZE	8
#else
#define CR4_BITS	(CR4_PSE | CR4_PGE)
#define ENTRY_SIZE	4
#endif
#define LARGE_PAGES	((LOWMEM_MB << 20) >> PMD_SHIFT)
#define KERNEL_ENTRY	((PAGE_OFFSET >> PMD_SHIFT) & (4096 / ENTRY_SIZE - 1))

	.section .multiboot, "a"
	.align 4
	.long 0x1badb002, 3, -(0x1badb002 + 3)

	.text
	.globl phys_start
	.set phys_start, PHYS(start)
start:
	cli
	movl %ebx, PHYS(multiboot_info)
	movl %eax, PHYS(multiboot_magic)

	/* The same large pages at 0 and at PAGE_OFFSET. */
	movl $PHYS(low_table), %edi
	movl $PHYS(kernel_table + KERNEL_ENTRY * ENTRY_SIZE), %esi
	movl $LARGE_PAGE, %eax
	movl $LARGE_PAGES, %ecx
1:	movl %eax, (%edi)
	movl %eax, (%esi)
	addl $(1 << PMD_SHIFT), %eax
	addl $ENTRY_SIZE, %edi
	addl $ENTRY_SIZE, %esi
	loop 1b

	call enable_paging
	movl $(boot_stack + THREAD_SIZE), %esp
	movl $1f, %eax
	jmp *%eax
1:	call start_kernel
	ud2

enable_paging:
	movl $CR4_BITS, %eax
	movl %eax, %cr4
	movl $PHYS(swapper_pg_dir), %eax
	movl %eax, %cr3
	movl %cr0, %eax
	orl $0x80010000, %eax		/* PG, WP */
	movl %eax, %cr0
	ret

/* Copied to TRAMPOLINE, below 1 MiB; addresses in it are relative to that. */
#define TRAMPOLINE	0x8000
#define TRAMP(x)	(TRAMPOLINE + (x) - trampoline)
	.globl trampoline, trampoline_end
	.code16
trampoline:
	cli
	xorw %ax, %ax
	movw %ax, %ds
	lgdtl TRAMP(tramp_gdtr)
	movl %cr0, %eax
	orb $1, %al
	movl %eax, %cr0
	ljmpl $0x08, $TRAMP(1f)
	.code32
1:	movw $0x10, %ax
	movw %ax, %ds
	movw %ax, %es
	movw %ax, %ss
	movl $TRAMP(2f), %esp		/* a stack for one call */
	movl $PHYS(enable_paging), %eax
	call *%eax
	movl ap_stack, %esp
	movl $ap_main, %eax
	jmp *%eax
	.long 0, 0, 0, 0
2:
	.align 8
tramp_gdt:
	.quad 0, 0x00cf9a000000ffff, 0x00cf92000000ffff
tramp_gdtr:
	.word 23
	.long TRAMP(tramp_gdt)
trampoline_end:

/* Interrupt entry: one stub for each vector, then struct regs on the stack. */
	.globl trap_stubs
	.align 16
trap_stubs:
	vector = 0
	.rept 256
	.align 16
	.if vector <> 8 && vector <> 17 && (vector < 10 || vector > 14)
	pushl $0
	.endif
	pushl $vector
	jmp trap_entry
	vector = vector + 1
	.endr

trap_entry:
	pushal
	pushl %ds
	pushl %es
	movl $0x10, %eax
	movl %eax, %ds
	movl %eax, %es
	movl %esp, %eax
	call trap
	popl %es
	popl %ds
	popal
	addl $8, %esp
	iret

/* A user program: one page, position-independent; see test_stack_switch(). */
	.globl user_code, user_code_end
user_code:
	movl $3, %ecx
1:	int $0x80
	loop 1b
	movl $1, %eax
	int $0x80
	jmp .
user_code_end:

	.data
	.globl multiboot_info, multiboot_magic, ap_stack
multiboot_info:		.long 0
multiboot_magic:	.long 0
ap_stack:		.long 0

	.balign 4096
	.globl swapper_pg_dir
swapper_pg_dir:
#ifdef CONFIG_X86_PAE
	.long PHYS(low_table) + 1, 0, 0, 0, 0, 0, PHYS(kernel_table) + 1, 0
	.balign 4096
low_table:
	.fill 4096
	.balign 4096
kernel_table:
	.fill 4096
#else
low_table:
kernel_table:
	.fill 4096
#endif

	.section .bss
	.balign THREAD_SIZE
	.globl boot_stack
boot_stack:
	.skip THREAD_SIZE
	.section .note.GNU-stack, ""
