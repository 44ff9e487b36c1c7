#pragma once

/* i386 page tables: two levels, or three with PAE.  The pud is folded. */
#include <linux/types.h>
#include <linux/mm.h>
#include <asm/page.h>
#include <asm/fixmap.h>

#define _PAGE_PRESENT	0x001
#define _PAGE_RW	0x002
#define _PAGE_USER	0x004
#define _PAGE_PCD	0x010
#define _PAGE_ACCESSED	0x020
#define _PAGE_DIRTY	0x040
#define _PAGE_GLOBAL	0x100
#define _PAGE_TABLE	(_PAGE_PRESENT | _PAGE_RW | _PAGE_USER | \
			 _PAGE_ACCESSED | _PAGE_DIRTY)

#ifdef CONFIG_X86_PAE
typedef u64 entry_t;
#define PGDIR_SHIFT	30
#else
typedef u32 entry_t;
#define PGDIR_SHIFT	22
#endif

#define PTRS_PER_TABLE	(PAGE_SIZE / sizeof(entry_t))
#define PTRS_PER_PGD	(1UL << (32 - PGDIR_SHIFT))

typedef struct { entry_t v; } pte_t;
typedef struct { entry_t v; } pmd_t;
typedef struct { entry_t v; } pud_t;
typedef struct { entry_t v; } pgd_t;
typedef struct { entry_t v; } pgprot_t;

extern pgd_t swapper_pg_dir[];

#define PAGE_KERNEL	((pgprot_t){ _PAGE_PRESENT | _PAGE_RW | \
			_PAGE_ACCESSED | _PAGE_DIRTY | _PAGE_GLOBAL })

#define __pmd(x)	((pmd_t){ (x) })
#define pmd_none(pmd)	(!(pmd).v)
#define pte_none(pte)	(!(pte).v)

#define pgd_offset_k(addr)	(&swapper_pg_dir[(addr) >> PGDIR_SHIFT])
#define pud_offset(pgd, addr)	((pud_t *)(pgd))

static inline pmd_t *pmd_offset(pud_t *pud, unsigned long addr)
{
#ifdef CONFIG_X86_PAE
	return (pmd_t *)__va(pud->v & PAGE_MASK) +
		((addr >> PMD_SHIFT) & (PTRS_PER_TABLE - 1));
#else
	return (pmd_t *)pud;
#endif
}

static inline pte_t *pte_offset_kernel(pmd_t *pmd, unsigned long addr)
{
	return (pte_t *)__va(pmd->v & PAGE_MASK) +
		((addr >> PAGE_SHIFT) & (PTRS_PER_TABLE - 1));
}

extern struct page *mem_map;

#define page_to_pfn(page)	((unsigned long)((page) - mem_map))
#define pfn_to_page(pfn)	(mem_map + (pfn))
#define pte_pfn(pte)		((unsigned long)((pte).v >> PAGE_SHIFT))
#define pte_page(pte)		pfn_to_page(pte_pfn(pte))
#define pfn_pte(pfn, prot)	\
	((pte_t){ ((entry_t)(pfn) << PAGE_SHIFT) | (prot).v })
#define mk_pte(page, prot)	pfn_pte(page_to_pfn(page), prot)

/* The high half first: the entry becomes present by the low half. */
static inline void set_entry(void *ptr, entry_t value)
{
	volatile u32 *half = ptr;

	if (sizeof(entry_t) == 8)
		half[1] = (u64)value >> 32;
	half[0] = value;
}

#define set_pmd(pmdp, pmd)		set_entry(pmdp, (pmd).v)
#define set_pte_at(mm, addr, ptep, pte)	set_entry(ptep, (pte).v)

static inline pte_t ptep_get_and_clear(struct mm_struct *mm,
				       unsigned long addr, pte_t *ptep)
{
	pte_t pte = *ptep;

	*(volatile u32 *)ptep = 0;
	set_entry(ptep, 0);
	return pte;
}

#define VMALLOC_START	(PAGE_OFFSET + (LOWMEM_MB << 20) + (8UL << 20))
#define VMALLOC_END	(PERCPU_VM_START - 2 * PAGE_SIZE)

#define PMD_SIZE	(1UL << PMD_SHIFT)
#define PMD_MASK	(~(PMD_SIZE - 1))

/* Only what is below a pmd comes and goes. */
#define pud_alloc(mm, pgd, addr)	pud_offset(pgd, addr)
#define pmd_alloc(mm, pud, addr)	pmd_offset(pud, addr)
extern pte_t *pte_alloc_kernel(pmd_t *pmd, unsigned long addr);
