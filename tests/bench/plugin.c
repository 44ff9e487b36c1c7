/*
 * A QEMU TCG plugin that counts what a guest does between two marks: kernel
 * instructions, loads and stores, and page walks in three models of a data
 * TLB, by region of the address space.
 *
 * A mark is "xchg %bx,%bx", in kernel or user mode; every second one ends a
 * measurement and writes a line to the file given as out=.  "xchg %cx,%cx"
 * empties the models.
 * The line:
 *
 *	N insns=I loads=L stores=S MODEL:user=W,linear=W,vmalloc=W,window=W ...
 *
 * The last line, "window pages=N", counts the pages of the windows that were
 * accessed since the machine started.
 *
 * Arguments: out=FILE window=START-END linear_end=ADDR large_shift=22|21.
 * The linear map, from PAGE_OFFSET, is taken to be large pages, and all of
 * the kernel's entries to be global. One CPU.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "qemu-plugin.h"
#include "tlb.h"

#define PAGE_OFFSET	0xc0000000u

QEMU_PLUGIN_EXPORT int qemu_plugin_version = QEMU_PLUGIN_VERSION;

enum region { USER, LINEAR, VMALLOC, WINDOW, REGIONS };

static const char *const region_name[REGIONS] = {
	"user", "linear", "vmalloc", "window",
};

static struct tlb_model models[TLB_MODELS];
static uint64_t walks[TLB_MODELS][REGIONS], loads, stores;
static uint64_t insns;		/* since the machine started */
static uint64_t insns_before;
static uint64_t window_start, window_end, linear_end;
static int large_shift = 22, measuring, measured;
static FILE *out;
static bool *accessed;		/* for each page of the windows */

static enum region region_of(uint64_t vaddr)
{
	if (vaddr < PAGE_OFFSET)
		return USER;
	if (vaddr < linear_end)
		return LINEAR;
	if (vaddr >= window_start && vaddr < window_end)
		return WINDOW;
	return VMALLOC;
}

static void on_mem(unsigned int vcpu, qemu_plugin_meminfo_t info,
		   uint64_t vaddr, void *kernel)
{
	enum region region = region_of(vaddr);
	int m;

	if (region == WINDOW)
		accessed[(vaddr - window_start) / 4096] = true;
	for (m = 0; m < TLB_MODELS; m++)
		if (tlb_access(&models[m], vaddr, region == LINEAR,
			       large_shift, region != USER) && measuring)
			walks[m][region]++;
	if (!measuring || !kernel)
		return;
	if (qemu_plugin_mem_is_store(info))
		stores++;
	else
		loads++;
}

static void on_cr3(unsigned int vcpu, void *global_too)
{
	int m;

	for (m = 0; m < TLB_MODELS; m++)
		tlb_flush(&models[m], global_too != NULL);
}

static void on_flush(unsigned int vcpu, void *unused)
{
	int m;

	for (m = 0; m < TLB_MODELS; m++)
		tlb_flush(&models[m], true);
}

static void on_mark(unsigned int vcpu, void *unused)
{
	int m, r;

	measuring = !measuring;
	if (!measuring) {
		fprintf(out, "%d insns=%" PRIu64 " loads=%" PRIu64
			" stores=%" PRIu64, ++measured,
			insns - insns_before, loads, stores);
		for (m = 0; m < TLB_MODELS; m++)
			for (r = 0; r < REGIONS; r++)
				fprintf(out, "%s%s=%" PRIu64, r ? "," :
					m == TLB_P4 ? " P4:" :
					m == TLB_K8 ? " K8:" : " Core2:",
					region_name[r], walks[m][r]);
		fprintf(out, "\n");
		fflush(out);
	}
	insns_before = insns;
	loads = stores = 0;
	memset(walks, 0, sizeof(walks));
}

static void on_translate(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	size_t i, n = qemu_plugin_tb_n_insns(tb), size;
	struct qemu_plugin_insn *insn;
	const uint8_t *code;
	bool kernel;

	for (i = 0; i < n; i++) {
		insn = qemu_plugin_tb_get_insn(tb, i);
		code = qemu_plugin_insn_data(insn);
		size = qemu_plugin_insn_size(insn);
		kernel = qemu_plugin_insn_vaddr(insn) >= PAGE_OFFSET;

		if (kernel)
			qemu_plugin_register_vcpu_insn_exec_inline(insn,
				QEMU_PLUGIN_INLINE_ADD_U64, &insns, 1);
		qemu_plugin_register_vcpu_mem_cb(insn, on_mem,
			QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_MEM_RW,
			kernel ? tb : NULL);
		/* mov %reg,%cr3 drops entries; to %cr4, all (PGE toggles). */
		if (size >= 3 && code[0] == 0x0f && code[1] == 0x22 &&
		    ((code[2] >> 3 & 7) == 3 || (code[2] >> 3 & 7) == 4))
			qemu_plugin_register_vcpu_insn_exec_cb(insn, on_cr3,
				QEMU_PLUGIN_CB_NO_REGS,
				(code[2] >> 3 & 7) == 4 ? models : NULL);
		if (size == 3 && !memcmp(code, "\x66\x87\xdb", 3))
			qemu_plugin_register_vcpu_insn_exec_cb(insn, on_mark,
				QEMU_PLUGIN_CB_NO_REGS, NULL);
		if (size == 3 && !memcmp(code, "\x66\x87\xc9", 3))
			qemu_plugin_register_vcpu_insn_exec_cb(insn, on_flush,
				QEMU_PLUGIN_CB_NO_REGS, NULL);
	}
}

static void at_exit(qemu_plugin_id_t id, void *unused)
{
	uint64_t page, pages = 0;

	for (page = 0; page < (window_end - window_start) / 4096; page++)
		pages += accessed[page];
	fprintf(out, "window pages=%" PRIu64 "\n", pages);
	fclose(out);
}

static const char *value(const char *arg, const char *name)
{
	size_t n = strlen(name);

	return !strncmp(arg, name, n) && arg[n] == '=' ? arg + n + 1 : NULL;
}

QEMU_PLUGIN_EXPORT int qemu_plugin_install(qemu_plugin_id_t id,
					   const struct qemu_info_t *info,
					   int argc, char **argv)
{
	const char *v;
	char *end;
	int i;

	for (i = 0; i < argc; i++) {
		if ((v = value(argv[i], "out"))) {
			out = fopen(v, "w");
		} else if ((v = value(argv[i], "window"))) {
			window_start = strtoull(v, &end, 16);
			window_end = *end == '-' ? strtoull(end + 1, NULL, 16)
				: 0;
		} else if ((v = value(argv[i], "linear_end"))) {
			linear_end = strtoull(v, NULL, 16);
		} else if ((v = value(argv[i], "large_shift"))) {
			large_shift = atoi(v);
		} else {
			fprintf(stderr, "plugin: unknown argument %s\n",
				argv[i]);
			return -1;
		}
	}
	if (!out || !window_end || !linear_end) {
		fprintf(stderr, "plugin: needs out=FILE (that can be written), "
			"window=START-END and linear_end=ADDR\n");
		return -1;
	}
	accessed = calloc((window_end - window_start) / 4096, 1);
	if (!accessed)
		return -1;
	tlb_init(models);
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translate);
	qemu_plugin_register_atexit_cb(id, at_exit, NULL);
	return 0;
}
