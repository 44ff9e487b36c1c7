#ifndef _HOST_ASM_PGTABLE_H
#define _HOST_ASM_PGTABLE_H
/*
 * Page tables of HOST_LEVELS real levels, 16 entries a table, so that a few
 * windows need many tables.  Setting a pte maps the page at its address for
 * real; clearing it leaves the mapping, as a TLB would, until it is flushed.
 *
 * With HOST_FIXUP it is like s390: an empty entry is not zero, and as with
 * <asm-generic/4level-fixup.h> a pud is the pgd, and never none.
 */
#include <linux/types.h>
#include <linux/mm.h>
#include <asm/page.h>
#include <asm/percpu_vm.h>

#define TABLE_SHIFT	4
#define TABLE_ENTRIES	(1UL << TABLE_SHIFT)
#define PMD_SHIFT	(PAGE_SHIFT + TABLE_SHIFT)
#define PUD_SHIFT	(PMD_SHIFT + TABLE_SHIFT)
#define PGDIR_SHIFT	(PAGE_SHIFT + TABLE_SHIFT * (HOST_LEVELS - 1))
#define HOST_PGD_ENTRIES \
	(((PERCPU_VM_END - HOST_BASE) >> PGDIR_SHIFT) + 1)

typedef struct { u64 v; } pte_t;
typedef struct { u64 v; } pmd_t;
typedef struct { u64 v; } pgd_t;
#ifdef HOST_FIXUP
#define pud_t		pgd_t
#define HOST_EMPTY	0x420UL
#define pud_none(pud)	0
#else
typedef struct { u64 v; } pud_t;
#define HOST_EMPTY	0UL
#define pud_none(pud)	((pud).v == HOST_EMPTY)
#endif
#define pgd_none(pgd)	((pgd).v == HOST_EMPTY)
#define pmd_none(pmd)	((pmd).v == HOST_EMPTY)
typedef struct { u64 v; } pgprot_t;

#define PAGE_KERNEL	((pgprot_t){ 3 })

extern pgd_t *pgd_offset_k(unsigned long addr);
extern void *host_table(u64 entry);
extern void *host_va(u64 pa);
extern u64 host_pa(const void *va);
extern struct page *host_page(u64 pa);
extern u64 host_page_pa(struct page *page);

#define table_index(addr, shift)	(((addr) >> (shift)) & (TABLE_ENTRIES - 1))

static inline pud_t *pud_offset(pgd_t *pgd, unsigned long addr)
{
	return HOST_LEVELS < 4 ? (pud_t *)pgd :
		(pud_t *)host_table(pgd->v) + table_index(addr, PUD_SHIFT);
}

static inline pmd_t *pmd_offset(pud_t *pud, unsigned long addr)
{
	return HOST_LEVELS < 3 ? (pmd_t *)pud :
		(pmd_t *)host_table(pud->v) + table_index(addr, PMD_SHIFT);
}

static inline pte_t *pte_offset_kernel(pmd_t *pmd, unsigned long addr)
{
	return (pte_t *)host_table(pmd->v) + table_index(addr, PAGE_SHIFT);
}

#define PMD_SIZE	(1UL << PMD_SHIFT)
#define PMD_MASK	(~(PMD_SIZE - 1))

extern pud_t *pud_alloc(struct mm_struct *mm, pgd_t *pgd, unsigned long addr);
extern pmd_t *pmd_alloc(struct mm_struct *mm, pud_t *pud, unsigned long addr);
extern pte_t *pte_alloc_kernel(pmd_t *pmd, unsigned long addr);

#define __pa(va)		host_pa((const void *)(va))
#define pte_none(pte)		((pte).v == HOST_EMPTY)
#define pte_page(pte)		host_page((pte).v & PAGE_MASK)
#define pte_pfn(pte)		((pte).v >> PAGE_SHIFT)
#define pfn_pte(pfn, prot)	((pte_t){ ((u64)(pfn) << PAGE_SHIFT) | (prot).v })
#define mk_pte(page, prot)	((pte_t){ host_page_pa(page) | (prot).v })

extern void set_pte_at(struct mm_struct *mm, unsigned long addr, pte_t *ptep,
		       pte_t pte);
extern pte_t ptep_get_and_clear(struct mm_struct *mm, unsigned long addr,
				pte_t *ptep);

#endif
