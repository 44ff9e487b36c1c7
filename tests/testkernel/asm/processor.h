#pragma once

#include <linux/types.h>
#include <linux/percpu.h>

#define KERNEL_CS	0x08
#define KERNEL_DS	0x10
#define USER_CS		0x1b
#define USER_DS		0x23
#define TSS_SEL		0x28

struct tss {
	u32 link, esp0, ss0, rest[22];
	u16 trace, iomap;
} __attribute__((packed));

DECLARE_PER_CPU(struct tss, init_tss);

struct regs {
	u32 es, ds;
	u32 edi, esi, ebp, esp0, ebx, edx, ecx, eax;
	u32 vector, error;
	u32 eip, cs, eflags, esp, ss;
};

static inline void outb(u16 port, u8 value)
{
	__asm__ volatile("outb %0,%1" : : "a" (value), "Nd" (port));
}

static inline u8 inb(u16 port)
{
	u8 value;

	__asm__ volatile("inb %1,%0" : "=a" (value) : "Nd" (port));
	return value;
}

static inline void cpu_relax(void)
{
	__asm__ volatile("pause" : : : "memory");
}

static inline void local_irq_enable(void)
{
	__asm__ volatile("sti" : : : "memory");
}

static inline void local_irq_disable(void)
{
	__asm__ volatile("cli" : : : "memory");
}

static inline unsigned long read_cr2(void)
{
	unsigned long value;

	__asm__ volatile("movl %%cr2,%0" : "=r" (value));
	return value;
}

static inline unsigned long read_cr3(void)
{
	unsigned long value;

	__asm__ volatile("movl %%cr3,%0" : "=r" (value));
	return value;
}

static inline void load_cr3(unsigned long value)
{
	__asm__ volatile("movl %0,%%cr3" : : "r" (value) : "memory");
}

static inline unsigned long read_cr4(void)
{
	unsigned long value;

	__asm__ volatile("movl %%cr4,%0" : "=r" (value));
	return value;
}

static inline void write_cr4(unsigned long value)
{
	__asm__ volatile("movl %0,%%cr4" : : "r" (value) : "memory");
}

#define CR4_PGE	0x80
