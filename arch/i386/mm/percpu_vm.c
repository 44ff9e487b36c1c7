/*
 * arch/i386/mm/percpu_vm.c - memory and page tables of per-CPU areas
 *
 * Licensed under the GPL, version 2.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/bootmem.h>
#include <linux/pfn.h>
#include <linux/initrd.h>
#include <linux/kexec.h>
#include <linux/cpumask.h>
#include <linux/module.h>
#include <linux/percpu_vm.h>
#include <asm/pgtable.h>

EXPORT_SYMBOL(__percpu_vm_windows);	/* per_cpu_ptr() uses it */

/* CPUs with RAM for their static copies. */
static cpumask_t percpu_vm_copies = CPU_MASK_CPU0;

/* i386 has no pud level of its own. */
pud_t * __init pud_boot_alloc(pgd_t *pgd, unsigned long addr, int node)
{
	return pud_offset(pgd, addr);
}

/*
 * With two levels there is no pmd either.  With PAE pagetable_init() has
 * given every kernel pgd entry its pmd page.  Nothing to allocate.
 */
pmd_t * __init pmd_boot_alloc(pud_t *pud, unsigned long addr, int node)
{
	return pmd_offset(pud, addr);
}

/* Neighbouring windows share a table, the last ones one with the fixmap. */
pte_t * __init pte_boot_alloc(pmd_t *pmd, unsigned long addr, int node)
{
	pte_t *table;

	if (pmd_none(*pmd)) {
		table = alloc_bootmem_pages_node(NODE_DATA(node), PAGE_SIZE);
		set_pmd(pmd, __pmd(__pa(table) | _PAGE_TABLE));
	}
	return pte_offset_kernel(pmd, addr);
}

/* All of lowmem is bootmem of node 0, whose map starts at 0. */
static int __init percpu_vm_is_free(unsigned long pfn)
{
	return pfn < max_low_pfn &&
	       !test_bit(pfn, NODE_DATA(0)->bdata->node_bootmem_map);
}

#ifdef CONFIG_BLK_DEV_INITRD
#ifdef CONFIG_KEXEC
static int __init percpu_vm_is_crash_kernels(unsigned long start,
					     unsigned long end)
{
	return crashk_res.start != crashk_res.end &&
	       start <= crashk_res.end && end > crashk_res.start;
}
#else
static inline int percpu_vm_is_crash_kernels(unsigned long start,
					     unsigned long end)
{
	return 0;
}
#endif

/* Is that page the initrd's, and can it be moved? */
static int __init percpu_vm_is_initrd(unsigned long pfn)
{
	unsigned long start = initrd_start - PAGE_OFFSET;
	unsigned long end = initrd_end - PAGE_OFFSET;

	return initrd_start && pfn >= PFN_DOWN(start) && pfn < PFN_UP(end) &&
	       !percpu_vm_is_crash_kernels(start, end);
}
#else
static inline int percpu_vm_is_initrd(unsigned long pfn)
{
	return 0;
}
#endif

/* The first page of the static copy of CPU @cpu, and the one after the last. */
static unsigned long __init percpu_vm_first_pfn(int cpu)
{
	return PFN_DOWN(percpu_vm_static_phys(cpu));
}

static unsigned long __init percpu_vm_end_pfn(int cpu)
{
	return percpu_vm_first_pfn(cpu) + PFN_DOWN(percpu_vm_lowmem());
}

static void __init percpu_vm_reserve_copy(int cpu)
{
	reserve_bootmem(percpu_vm_static_phys(cpu), percpu_vm_lowmem());
}

/**
 * percpu_vm_cpu - the number for a CPU that is found
 * @n: how many were found before
 * @flat: whether its APIC can be addressed by numbers below 8 only
 *
 * Returns the number of the nth CPU that has RAM for its static copy, or
 * NR_CPUS if there is none, or if it is too high for the APIC.
 */
int __devinit percpu_vm_cpu(int n, int flat)
{
	int cpu, found = 0;

	for_each_cpu_mask(cpu, percpu_vm_copies)
		if (found++ == n)
			return (flat && n < 8 && cpu >= 8) ? NR_CPUS : cpu;
	return NR_CPUS;
}

/**
 * percpu_vm_reserve_static - take the RAM of static copies out of bootmem
 *
 * Before anybody else can have it.  Which CPUs are possible is not known yet,
 * so this takes that of all; percpu_vm_trim_static() gives back.  An initrd
 * may be in the way, percpu_vm_fill_static() moves it.  Where anything else is,
 * that CPU number is not used, nor one whose copy would be in the upper half of
 * what the image leaves of lowmem: a small machine needs some of that in one
 * piece.
 */
void __init percpu_vm_reserve_static(void)
{
	unsigned long pfn, image_end = percpu_vm_end_pfn(0);
	int cpu;

	for (cpu = 1; cpu < NR_CPUS; cpu++) {
		if (percpu_vm_end_pfn(cpu) > (image_end + max_low_pfn) / 2)
			break;
		for (pfn = percpu_vm_first_pfn(cpu);
		     pfn < percpu_vm_end_pfn(cpu); pfn++)
			if (!percpu_vm_is_free(pfn) &&
			    !percpu_vm_is_initrd(pfn))
				break;
		if (pfn < percpu_vm_end_pfn(cpu))
			continue;
		percpu_vm_reserve_copy(cpu);
		cpu_set(cpu, percpu_vm_copies);
	}
}

#ifdef CONFIG_BLK_DEV_INITRD
/* Free pages in one piece, above the image and as high as may be, or 0. */
static unsigned long __init percpu_vm_find_ram(unsigned long pages)
{
	unsigned long pfn = max_low_pfn, run = 0;

	while (pfn > percpu_vm_first_pfn(1) && run < pages) {
		pfn--;
		run = percpu_vm_is_free(pfn) ? run + 1 : 0;
	}
	return run == pages ? pfn << PAGE_SHIFT : 0;
}

static int __init percpu_vm_in_initrd(int cpu)
{
	unsigned long pfn;

	for (pfn = percpu_vm_first_pfn(cpu); pfn < percpu_vm_end_pfn(cpu);
	     pfn++)
		if (percpu_vm_is_initrd(pfn))
			return 1;
	return 0;
}

/* Leave to the initrd what it has of the CPU's copy, and free the rest. */
static void __init percpu_vm_give_up(int cpu)
{
	unsigned long pfn;

	for (pfn = percpu_vm_first_pfn(cpu); pfn < percpu_vm_end_pfn(cpu);
	     pfn++)
		if (!percpu_vm_is_initrd(pfn))
			free_bootmem(pfn << PAGE_SHIFT, PAGE_SIZE);
	cpu_clear(cpu, percpu_vm_copies);
}

static void __init percpu_vm_move_initrd(void)
{
	unsigned long size = initrd_end - initrd_start;
	unsigned long old = initrd_start - PAGE_OFFSET, new;
	cpumask_t in_it = CPU_MASK_NONE;
	int cpu;

	for_each_cpu_mask(cpu, percpu_vm_copies)
		if (cpu && percpu_vm_in_initrd(cpu))
			cpu_set(cpu, in_it);
	if (cpus_empty(in_it))
		return;
	new = percpu_vm_find_ram(PFN_UP(size));
	if (!new) {
		printk(KERN_WARNING "percpu_vm: no room to move the initrd "
		       "away from %08lx\n", old);
		for_each_cpu_mask(cpu, in_it)
			percpu_vm_give_up(cpu);
		return;
	}
	printk(KERN_INFO "percpu_vm: initrd moved from %08lx to %08lx\n", old,
	       new);
	reserve_bootmem(new, size);
	memcpy(__va(new), __va(old), size);
	initrd_start = (unsigned long)__va(new);
	initrd_end = initrd_start + size;
	free_bootmem(old, size);
	for_each_cpu_mask(cpu, in_it)
		percpu_vm_reserve_copy(cpu);
}
#else
static inline void percpu_vm_move_initrd(void)
{
}
#endif

/**
 * percpu_vm_fill_static - give the other CPUs their static copies
 *
 * As soon as lowmem is mapped.  What setup_arch() has changed in CPU 0's copy
 * by then they have, too.
 */
void __init percpu_vm_fill_static(void)
{
	int cpu;

	percpu_vm_move_initrd();
	for_each_cpu_mask(cpu, percpu_vm_copies)
		if (cpu)
			memcpy((void *)percpu_vm_base(cpu),
			       (void *)percpu_vm_base(0), percpu_vm_lowmem());
}

/* Give back what CPUs have that are not possible. */
void __init percpu_vm_trim_static(void)
{
	int cpu, missing = 0;

	for (cpu = 1; cpu < NR_CPUS; cpu++) {
		if (!cpu_isset(cpu, percpu_vm_copies)) {
			missing++;
		} else if (!cpu_possible(cpu)) {
			free_bootmem(percpu_vm_static_phys(cpu),
				     percpu_vm_lowmem());
			cpu_clear(cpu, percpu_vm_copies);
		} else if (missing) {
			printk(KERN_INFO "percpu_vm: %d CPU numbers below %d "
			       "are not used, no free RAM at %08lx\n",
			       missing, cpu, percpu_vm_static_phys(cpu - 1));
			missing = 0;
		}
	}
}
