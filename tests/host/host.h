#ifndef HOST_H
#define HOST_H
/*
 * A machine in user space: RAM, page tables that map for real, a TLB that
 * keeps stale entries until flushed, bootmem, a page allocator, nodes.
 */
#include <linux/types.h>

#define HOST_PAGES	16384	/* 64 MiB of RAM */

#ifdef __ARCH_PERCPU_VM_LOWMEM
#define LOWMEM		percpu_vm_lowmem()
#else
#define LOWMEM		0UL
#endif
/* A CPU's static copy; offsets count from that of CPU 0. */
#define host_copy(cpu)	(HOST_STATIC + (cpu) * PERCPU_VM_STRIDE)
#define FIRST_BANK	(PERCPU_VM_START - HOST_STATIC)
#define STATIC_SIZE	((unsigned long)(__per_cpu_end - __per_cpu_start))
/* Where modules may begin, and how much one of them may have. */
#define FLOOR		(PAGE_ALIGN(STATIC_SIZE) + PERCPU_VM_SIZE / 8)
#define MODULES		(LOWMEM ? PERCPU_VM_SIZE : PERCPU_VM_SIZE - FLOOR)

/* Boot with the CPUs of @possible; afterwards __init code is unreadable. */
extern void host_boot(u64 possible);

/* The @nth allocation of any kind from now fails, once; 0: none. */
extern void host_fail(unsigned long nth);
/* Whether the failure asked for has happened. */
extern int host_failed(void);

extern unsigned long host_pages;	/* allocated by the buddy allocator */
extern unsigned long host_tables;	/* page tables, from there, for good */
extern unsigned long host_syncs;	/* of page directories */
extern unsigned long host_objects;	/* by kmalloc() */
extern unsigned long host_stale;	/* cleared entries not yet flushed */
extern unsigned long host_most_stale;	/* at any time */
extern unsigned long host_flushes;
/* Called when a page is allocated: what another CPU might do; or NULL. */
extern void (*host_between)(void);
extern struct kcore_list *host_kcore;	/* what was added last */
/* A function that kallsyms knows, and whether its name is copied. */
extern unsigned long host_symbol;
extern int host_symbol_copied;
extern unsigned long host_boot_pages[4];	/* of bootmem, by node */
extern int host_nodes;			/* nodes online: 1 to 4 */
extern int host_node_of[];		/* by CPU */
extern struct page *host_page_at(unsigned long addr);	/* or NULL */

/* Inside an interrupt: nothing may sleep. */
extern int host_atomic;
/* Interrupts are off; how often something would have slept all the same. */
extern int host_irqs_off, host_might_sleep;
/* The most reservations that were forgotten under one hold of the mutex. */
extern unsigned long host_most_released;
/* How often the CPU was offered to others. */
extern unsigned long host_resched;
/* Lines that printk_ratelimit() still lets through. */
extern int host_lines;
/* Whether work was scheduled, and do it. */
extern int host_work_pending(void);
extern void host_run_work(void);		/* all of it, however often */
extern void host_run_work_once(void);
extern void host_run_delayed_work(void);
extern int host_keventd;		/* whether there is a work queue yet */
/* RAM at a physical address. */
extern void *host_va(u64 pa);

/* The log since the last call of host_log_clear(). */
extern char host_log[];
extern void host_log_clear(void);

/* A window of each CPU, as much as another bank takes, fits into vmalloc. */
extern int host_has_room_for_bank(void);
/* Banks there: in vmalloc space. */
extern int host_banks(void);

/* What touching an address does: 1 if it faults. */
extern int host_faults(unsigned long addr);

#define CHECK(c)							\
	do {								\
		if (!(c))						\
			host_check_failed(__FILE__, __LINE__, #c);	\
	} while (0)
extern void host_check_failed(const char *file, int line, const char *what)
	__attribute__((noreturn));

#endif
