#pragma once

#include <linux/init.h>

#define MODULE_LICENSE(s)

struct standin_export {
	const char *name;
	void *addr;
};

#define EXPORT_SYMBOL(sym)						\
	static const struct standin_export __export_##sym		\
	__attribute__((__used__, __section__("ksymtab"))) =		\
	{ #sym, (void *)&sym }

#define EXPORT_SYMBOL_GPL(sym)	EXPORT_SYMBOL(sym)
