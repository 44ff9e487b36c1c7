/* See insn.h. Opcodes are those of Intel's manual, volume 2, appendix A. */
#include "insn.h"

static bool is_prefix(uint8_t byte, bool long_mode)
{
	switch (byte) {
	case 0x26: case 0x2e: case 0x36: case 0x3e: case 0x64: case 0x65:
	case 0x66: case 0x67: case 0xf0: case 0xf2: case 0xf3:
		return true;
	}
	return long_mode && (byte & 0xf0) == 0x40;
}

enum insn_class insn_class(const uint8_t *code, size_t size, bool long_mode)
{
	const uint8_t *end = code + size;
	uint8_t modrm;

	while (code < end && is_prefix(*code, long_mode))
		code++;
	/* All of them have a byte that says where the operands are. */
	if (end - code < 2)
		return INSN_OTHER;
	modrm = code[1];
	switch (code[0]) {
	case 0x69: case 0x6b:
		return INSN_IMUL;
	case 0xf6: case 0xf7:
		return (modrm >> 3 & 6) == 4 ? INSN_IMUL : INSN_OTHER;
	case 0xc0: case 0xc1: case 0xd0: case 0xd1: case 0xd2: case 0xd3:
		return INSN_SHIFT;
	case 0x8d:
		return (modrm & 7) == 4 && end - code > 2 && code[2] >> 6 ?
			INSN_LEA : INSN_OTHER;
	case 0x0f:
		if (modrm == 0xaf)
			return INSN_IMUL;
		if (modrm == 0xa4 || modrm == 0xa5 || modrm == 0xac ||
		    modrm == 0xad)
			return INSN_SHIFT;
	}
	return INSN_OTHER;
}
