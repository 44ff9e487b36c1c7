#pragma once

#include <asm/page.h>

enum fixed_addresses {
	FIX_HOLE,
	FIX_APIC_BASE,
	__end_of_fixed_addresses = 32
};

#define FIXADDR_TOP		0xfffff000UL
#define FIXADDR_BOOT_START \
	(FIXADDR_TOP - (__end_of_fixed_addresses << PAGE_SHIFT))
#define fix_to_virt(n)		(FIXADDR_TOP - ((n) << PAGE_SHIFT))
