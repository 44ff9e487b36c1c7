/*
 * pcpu_notes - where kexec's crash_notes are, by the page tables of the running
 * process
 */
#include "test_module.h"
#include <linux/kexec.h>
#include <linux/kallsyms.h>
#include <linux/cpumask.h>
#include <asm/pgtable.h>

static unsigned long long physical(unsigned long addr)
{
	unsigned long cr3;
	pgd_t *pgd;
	pmd_t *pmd;
	pte_t *pte;

	__asm__("movl %%cr3, %0" : "=r" (cr3));
	pgd = (pgd_t *)__va(cr3) + pgd_index(addr);
	if (pgd_none(*pgd))
		return 0;
	pmd = pmd_offset(pud_offset(pgd, addr), addr);
	if (pmd_none(*pmd))
		return 0;
	if (pmd_large(*pmd))
		return (pmd_val(*pmd) & PMD_MASK) + (addr & ~PMD_MASK);
	pte = pte_offset_kernel(pmd, addr);
	return ((unsigned long long)pte_pfn(*pte) << PAGE_SHIFT) +
		(addr & ~PAGE_MASK);
}

static int __init notes_init(void)
{
	note_buf_t **notes =
		(note_buf_t **)kallsyms_lookup_name("crash_notes");
	int cpu;

	if (!notes || !*notes)
		return -ENOENT;
	for_each_possible_cpu(cpu)
		printk(KERN_INFO "pcpu_notes: cpu%d %Lx\n", cpu,
		       physical((unsigned long)per_cpu_ptr(*notes, cpu)));
	return 0;
}

TEST_MODULE(notes_init);
