#pragma once

#include <linux/kernel.h>
#include <linux/mm.h>
#include <asm/processor.h>

/* lib.c */
extern int quiet;		/* printk() says nothing, but counts alarms */
extern int alarms;
extern void console_write(const char *s);

/* mem.c */
extern void mem_init(unsigned long start, unsigned long end);
extern void mem_boot_done(void);
extern void run_work(void);		/* what schedule_work() was given */
extern void *get_page(void);		/* for good, zeroed */
extern unsigned long free_pages, kmalloced;
extern unsigned long table_pages;	/* made after boot, for good */
/* A page directory that has what is mapped for the kernel, now and later. */
extern pgd_t *new_pgd(void);

/* traps.c */
extern void traps_init(void);
extern void cpu_init(int cpu);

/* smp.c */
#define FLUSH_VECTOR	0xf0
#define WAKE_VECTOR	0xf1
#define SPURIOUS_VECTOR	0xff
extern int nr_cpus;			/* started; 0 to nr_cpus - 1 */
extern void fixmap_init(void);
extern void smp_init(int cpus);
extern void apic_eoi(void);
extern void flush_interrupt(void);
extern void send_nmi(int cpu);
extern void wake(int cpu);
/* Run fn(arg) on one CPU or all, interrupts on, and wait for the end. */
extern void start_on(int cpu, void (*fn)(void *), void *arg);
extern void wait_for(int cpu);
extern void on_each_cpu(void (*fn)(void *), void *arg);

/* main.c */
struct image {
	const char *name;
	void *start, *end;
};
extern struct image *find_image(const char *name);
/* A line of the plan that was announced; why it failed, or NULL. */
extern void report(const char *name, const char *why);
extern void power_off(void) __attribute__((noreturn));

/* loader.c */
extern int insmod(const char *name);
extern int rmmod(const char *name);

/* tests.c */
extern int count_tests(const char *name);	/* those that it stands for */
extern void run_tests(const char *name);

/* Sleep until an interrupt if *@busy; none between the look and the sleep. */
static inline void sleep_while(volatile int *busy)
{
	local_irq_disable();
	if (*busy)
		__asm__ volatile("sti; hlt" : : : "memory");
	else
		local_irq_enable();
}

/* Read or write a byte; 1 if that faulted, at current's fault_addr. */
static inline int touch(unsigned long addr, int write)
{
	struct thread_info *ti = current_thread_info();
	int faulted;

	__asm__ volatile("movl $3f, %[resume]\n"
			 "testl %[write], %[write]\n"
			 "jnz 1f\n"
			 "movb (%[addr]), %%dl\n"
			 "jmp 2f\n"
			 "1: orb $0, (%[addr])\n"
			 "2: xorl %[faulted], %[faulted]\n"
			 "jmp 4f\n"
			 "3: movl $1, %[faulted]\n"
			 "4: movl $0, %[resume]\n"
			 : [faulted] "=&a" (faulted), [resume] "+m" (ti->resume)
			 : [addr] "r" (addr), [write] "r" (write)
			 : "edx", "memory", "cc");
	return faulted;
}
