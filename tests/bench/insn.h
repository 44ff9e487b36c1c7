#ifndef BENCH_INSN_H
#define BENCH_INSN_H
/*
 * Which instructions of x86 take longer than the others on some processors:
 * those by which an address of per-CPU data may be computed.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum insn_class {
	INSN_OTHER,
	INSN_IMUL,		/* imul and mul, of registers or memory */
	INSN_SHIFT,		/* shifts and rotations, also of two registers */
	INSN_LEA,		/* lea that multiplies the index by 2, 4 or 8 */
	INSN_CLASSES
};

/* @long_mode: 40 to 4f are prefixes, not inc and dec. */
extern enum insn_class insn_class(const uint8_t *code, size_t size,
				  bool long_mode);

#endif
