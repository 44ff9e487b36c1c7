/*
 * The test kernel's command line, in words:
 *
 *	cpus=N		start N CPUs
 *	possible=N	so many are possible (default: N of cpus)
 *	insmod=NAME	load a multiboot module; rmmod=NAME unload it
 *	test=NAME|all	run tests
 *	layout		show debugfs' percpu_vm/layout
 *
 * Any other word counts as a failure.  How many results there will be is said
 * before the first, as a TAP plan: one for each test, and for each other word.
 */
#include <linux/kernel.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/cpumask.h>
#include <linux/debugfs.h>
#include <linux/string.h>
#include <linux/err.h>
#include <linux/percpu_vm.h>
#include "kernel.h"

struct multiboot {
	u32 flags, mem_lower, mem_upper, boot_device, cmdline, mods_count,
	    mods_addr;
};

struct multiboot_module {
	u32 start, end, string, reserved;
};

extern struct multiboot *multiboot_info;
extern u32 multiboot_magic;
extern char _end[];
extern initcall_t __start_initcalls[], __stop_initcalls[];
void start_kernel(void);

static char cmdline[1024];
static struct image images[32];
static char image_names[32][64];
static int nr_images;

struct mm_struct { int unused; } init_mm;

void power_off(void)
{
	__asm__ volatile("outw %w0,%w1" : : "a" (0x2000), "Nd" (0x604));
	__asm__ volatile("outw %w0,%w1" : : "a" (0x2000), "Nd" (0xb004));
	for (;;)
		__asm__ volatile("cli; hlt");
}

/* Take what the loader says to where it is not overwritten. */
static void read_multiboot(void)
{
	struct multiboot *mb = __va(multiboot_info);
	struct multiboot_module *mod = __va(mb->mods_addr);
	const char *name, *slash;
	u32 i, n, size, top;

	if (multiboot_magic != 0x2badb002)
		panic("not started by a multiboot loader");
	if (strlen(__va(mb->cmdline)) >= sizeof(cmdline))
		panic("the command line is longer than %u bytes",
		      sizeof(cmdline) - 1);
	strcpy(cmdline, __va(mb->cmdline));
	for (i = 0; i < mb->mods_count && i < ARRAY_SIZE(images); i++, mod++) {
		slash = name = __va(mod->string);
		for (; *name && *name != ' '; name++)
			if (*name == '/')
				slash = name + 1;
		for (n = 0; slash[n] && slash[n] != ' ' && slash[n] != '.' &&
		     n < sizeof(image_names[0]) - 1; n++)
			image_names[i][n] = slash[n];
		images[i].name = image_names[i];
		images[i].start = __va(mod->start);
		images[i].end = __va(mod->end);
	}
	nr_images = i;
	top = 0x100000 + (mb->mem_upper << 10);
	if (top > LOWMEM_MB << 20)
		top = LOWMEM_MB << 20;
	/* Modules are where other CPUs' static data will be: to the top. */
	while (i--) {
		size = images[i].end - images[i].start;
		top = (top - size) & PAGE_MASK;
		if (top < __pa(images[i].end))
			panic("no room for modules");
		images[i].start = memmove(__va(top), images[i].start, size);
		images[i].end = images[i].start + size;
	}
	mem_init(__pa(_end), top);
}

struct image *find_image(const char *name)
{
	int i;

	for (i = 0; i < nr_images; i++)
		if (!strcmp(images[i].name, name))
			return &images[i];
	return NULL;
}

static int number(const char *s)
{
	int n = 0;

	for (; *s >= '0' && *s <= '9'; s++)
		n = n * 10 + *s - '0';
	return n;
}

/* The next word of the command line, or NULL. */
static char *word(char **rest)
{
	char *start = *rest, *p;

	while (*start == ' ')
		start++;
	for (p = start; *p && *p != ' '; p++)
		;
	*rest = *p ? p + 1 : p;
	*p = 0;
	return *start ? start : NULL;
}

static int prefix(const char *s, const char *what)
{
	return strncmp(s, what, strlen(what)) ? 0 : strlen(what);
}

static int nr_reports, failed;

void report(const char *name, const char *why)
{
	nr_reports++;
	failed += !!why;
	if (why)
		printk("not ok %d - %s: %s\n", nr_reports, name, why);
	else
		printk("ok %d - %s\n", nr_reports, name);
}

static void act(const char *w)
{
	char why[32];
	int n, err = 0;

	if ((n = prefix(w, "test=")) && count_tests(w + n)) {
		run_tests(w + n);
		return;
	}
	if ((n = prefix(w, "insmod=")))
		err = insmod(w + n);
	else if ((n = prefix(w, "rmmod=")))
		err = rmmod(w + n);
	else if (!strcmp(w, "layout"))
		console_write(standin_debugfs_read("layout"));
	else
		err = -EINVAL;
	snprintf(why, sizeof(why), "failed (%d)", err);
	report(w, err ? why : NULL);
}

void start_kernel(void)
{
	char *rest = cmdline, *actions[32], *w;
	int cpus = 1, possible = 0, nr_actions = 0, planned = 0, i, n;
	initcall_t *call;

	outb(0x3f9, 0);			/* serial: no interrupts, 8n1 */
	outb(0x3fb, 3);
	current_thread_info()->cpu = 0;
	read_multiboot();
	printk("test kernel, not Linux: %s page tables\n",
	       sizeof(pte_t) == 8 ? "PAE" : "2-level");
	word(&rest);			/* the loader's name for this file */
	for (w = word(&rest); w; w = word(&rest)) {
		if ((n = prefix(w, "cpus=")))
			cpus = number(w + n);
		else if ((n = prefix(w, "possible=")))
			possible = number(w + n);
		else if (nr_actions < (int)ARRAY_SIZE(actions))
			actions[nr_actions++] = w;
	}
	possible = max(possible, cpus);
	if (cpus < 1 || possible > NR_CPUS)
		panic("from 1 to %d CPUs are possible", NR_CPUS);
	for (i = 0; i < possible; i++)
		cpu_possible_map[i] = 1;
	cpu_online_map[0] = 1;

	if (percpu_vm_cpu(possible - 1, 0) != possible - 1)
		panic("no memory for the static data of CPU %d", possible - 1);
	fixmap_init();
	percpu_vm_fill_static();
	setup_per_cpu_areas();
	traps_init();
	cpu_init(0);
	smp_init(cpus);
	mem_boot_done();
	for (call = __start_initcalls; call < __stop_initcalls; call++)
		if ((*call)())
			panic("an initcall failed");

	for (i = 0; i < nr_actions; i++) {
		n = prefix(actions[i], "test=");
		n = n ? count_tests(actions[i] + n) : 1;
		planned += max(n, 1);
	}
	printk("1..%d\n", planned);
	for (i = 0; i < nr_actions; i++)
		act(actions[i]);
	printk("END: %d failed\n", failed);
	power_off();
}
