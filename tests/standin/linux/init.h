#pragma once

typedef int (*initcall_t)(void);

/*
 * Code of the kernel's that runs only at boot must not run later: the host
 * tests' linker script gathers it, and the harness makes it unreadable.
 */
#define __devinit
#define __init		__attribute__((__section__(".init.text")))

#define __define_initcall(level, fn)					\
	static initcall_t __initcall_##fn				\
	__attribute__((__used__, __section__("initcalls"))) = fn
#define core_initcall(fn)	__define_initcall(1, fn)
#define __initcall(fn)		__define_initcall(6, fn)
#define module_init(fn)		int init_module(void) { return fn(); }
#define module_exit(fn)		void cleanup_module(void) { fn(); }
#define __exit
