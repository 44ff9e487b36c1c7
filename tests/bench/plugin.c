/*
 * A QEMU TCG plugin that counts what a guest does between two marks: kernel
 * instructions, those of them that are slow (insn.h), loads and stores, and
 * first-level misses and page walks in models of data TLBs, one for each CPU,
 * by region of the address space.
 *
 * A mark is "xchg %bx,%bx", in kernel or user mode; every second one ends a
 * measurement and writes a line to the file given as out=.  "xchg %cx,%cx"
 * empties the models. They start with the first of either. The line:
 *
 *	N insns=I imul=M shift=S lea=A loads=L stores=S MODEL:REGION=F/W,... ...
 *
 * F are the misses of the first level, W those of them that need a walk. What
 * all CPUs do is added up.
 *
 * Arguments: out=FILE map=FILE (see pagemap.h) models=NAME:NAME...
 * CPUs must run in turn (-icount or thread=single): nothing here is locked.
 * invlpg is not seen, as the interface has no registers.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "insn.h"
#include "pagemap.h"
#include "qemu-plugin.h"
#include "tlb.h"

enum { CPUS = 64 };

QEMU_PLUGIN_EXPORT int qemu_plugin_version = QEMU_PLUGIN_VERSION;

static struct cpu {
	struct tlb_model models[TLB_MODELS];
	uint64_t last;		/* page accessed last: it is in all TLBs */
} *cpus[CPUS];

static struct pagemap map;
static int chosen[TLB_MODELS], n_chosen;
static uint64_t first[TLB_MODELS][PAGEMAP_REGIONS];
static uint64_t walks[TLB_MODELS][PAGEMAP_REGIONS], loads, stores;
/* Since the machine started: instructions, by class; all are in INSN_OTHER. */
static uint64_t insns[INSN_CLASSES], before[INSN_CLASSES];
static int measuring, measured;
static bool started;
static bool long_mode;
static FILE *out;

static struct cpu *get_cpu(unsigned int vcpu)
{
	struct cpu *cpu;

	if (vcpu >= CPUS) {
		fprintf(stderr, "plugin: more than %d CPUs\n", CPUS);
		exit(1);
	}
	cpu = cpus[vcpu];
	if (!cpu) {
		cpu = cpus[vcpu] = malloc(sizeof(*cpu));
		if (!cpu)
			abort();
		tlb_init(cpu->models);
		cpu->last = UINT64_MAX;
	}
	return cpu;
}

static void look_up(struct cpu *cpu, uint64_t vaddr)
{
	struct pagemap_entry entry = pagemap_find(&map, vaddr);
	int i, m;

	for (i = 0; i < n_chosen; i++) {
		m = chosen[i];
		switch (tlb_access(&cpu->models[m], vaddr, entry.shift,
				   entry.global)) {
		case TLB_WALK:
			walks[m][entry.region]++;
			/* Fall through. */
		case TLB_FIRST_MISS:
			first[m][entry.region]++;
			break;
		case TLB_HIT:
			break;
		}
	}
}

static void on_mem(unsigned int vcpu, qemu_plugin_meminfo_t info,
		   uint64_t vaddr, void *kernel)
{
	struct cpu *cpu;

	if (!started)
		return;
	cpu = get_cpu(vcpu);
	if (cpu->last != vaddr >> 12) {
		cpu->last = vaddr >> 12;
		look_up(cpu, vaddr);
	}
	if (!kernel)
		return;
	if (qemu_plugin_mem_is_store(info))
		stores++;
	else
		loads++;
}

static void flush(struct cpu *cpu, bool global_too)
{
	int i;

	for (i = 0; i < n_chosen; i++)
		tlb_flush(&cpu->models[chosen[i]], global_too);
	cpu->last = UINT64_MAX;
}

static void on_cr3(unsigned int vcpu, void *global_too)
{
	flush(get_cpu(vcpu), global_too != NULL);
}

static void on_flush(unsigned int vcpu, void *unused)
{
	int i;

	started = true;
	for (i = 0; i < CPUS; i++)
		if (cpus[i])
			flush(cpus[i], true);
}

static void on_mark(unsigned int vcpu, void *unused)
{
	static const char *const names[INSN_CLASSES] = {
		"insns", "imul", "shift", "lea",
	};
	int i, m, r;

	started = true;
	measuring = !measuring;
	if (!measuring) {
		fprintf(out, "%d", ++measured);
		for (i = 0; i < INSN_CLASSES; i++)
			fprintf(out, " %s=%" PRIu64, names[i],
				insns[i] - before[i]);
		fprintf(out, " loads=%" PRIu64 " stores=%" PRIu64, loads,
			stores);
		for (i = 0; i < n_chosen; i++) {
			m = chosen[i];
			fprintf(out, " %s", get_cpu(vcpu)->models[m].name);
			for (r = 0; r < map.regions; r++)
				fprintf(out, "%c%s=%" PRIu64 "/%" PRIu64,
					r ? ',' : ':', map.name[r],
					first[m][r], walks[m][r]);
		}
		fprintf(out, "\n");
		fflush(out);
	}
	memcpy(before, insns, sizeof(before));
	loads = stores = 0;
	memset(first, 0, sizeof(first));
	memset(walks, 0, sizeof(walks));
}

static void count(struct qemu_plugin_insn *insn, enum insn_class class)
{
	qemu_plugin_register_vcpu_insn_exec_inline(insn,
		QEMU_PLUGIN_INLINE_ADD_U64, &insns[class], 1);
}

static void on_translate(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	enum insn_class class;
	size_t i, n = qemu_plugin_tb_n_insns(tb), size;
	struct qemu_plugin_insn *insn;
	const uint8_t *code;
	bool kernel;

	for (i = 0; i < n; i++) {
		insn = qemu_plugin_tb_get_insn(tb, i);
		code = qemu_plugin_insn_data(insn);
		size = qemu_plugin_insn_size(insn);
		kernel = qemu_plugin_insn_vaddr(insn) >= map.kernel;

		if (kernel) {
			count(insn, INSN_OTHER);
			class = insn_class(code, size, long_mode);
			if (class != INSN_OTHER)
				count(insn, class);
		}
		qemu_plugin_register_vcpu_mem_cb(insn, on_mem,
			QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_MEM_RW,
			kernel ? tb : NULL);
		/* In 64-bit mode there may be a prefix for the register. */
		if (size == 4 && (code[0] & 0xf4) == 0x40)
			code++;
		/* mov %reg,%cr3 drops entries; to %cr4, all (PGE toggles). */
		if (size >= 3 && code[0] == 0x0f && code[1] == 0x22 &&
		    ((code[2] >> 3 & 7) == 3 || (code[2] >> 3 & 7) == 4))
			qemu_plugin_register_vcpu_insn_exec_cb(insn, on_cr3,
				QEMU_PLUGIN_CB_NO_REGS,
				(code[2] >> 3 & 7) == 4 ? cpus : NULL);
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
	fclose(out);
}

static bool choose_models(const char *names)
{
	char name[16];
	int n, m;

	while (sscanf(names, "%15[^:]%n", name, &n) == 1) {
		m = tlb_named(name);
		if (m < 0 || n_chosen == TLB_MODELS) {
			fprintf(stderr, "plugin: no model %s\n", name);
			return false;
		}
		chosen[n_chosen++] = m;
		names += n;
		if (*names)
			names++;
	}
	return n_chosen > 0;
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
	int i;

	for (i = 0; i < argc; i++) {
		if ((v = value(argv[i], "out"))) {
			out = fopen(v, "w");
		} else if ((v = value(argv[i], "map"))) {
			if (!pagemap_read(&map, v, "other"))
				return -1;
		} else if ((v = value(argv[i], "models"))) {
			if (!choose_models(v))
				return -1;
		} else {
			fprintf(stderr, "plugin: unknown argument %s\n",
				argv[i]);
			return -1;
		}
	}
	if (!out || !map.kernel || !n_chosen) {
		fprintf(stderr, "plugin: needs out=FILE (that can be written), "
			"map=FILE and models=NAME:NAME\n");
		return -1;
	}
	long_mode = strstr(info->target_name, "64") != NULL;
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translate);
	qemu_plugin_register_atexit_cb(id, at_exit, NULL);
	return 0;
}
