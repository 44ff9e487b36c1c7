/*
 * The first process of a test boot where there is no BusyBox: x86_64, arm,
 * s390.  It needs no libc, and does what the words of the kernel's command
 * line say, in their order, as tests/guest/init does:
 *
 *	insmod=M rmmod=M	load or unload /modules/M.ko
 *	reload=M		load and unload it 100 times
 *	offline=N online=N	stop and start a CPU
 *	layout			show debugfs' percpu_vm/layout
 *
 * How many words there are, and how each went, is said in TAP. It goes out through /dev/kmsg: console writes of several CPUs interleave.
 */

#if defined(__x86_64__)

enum {
	SYS_read = 0, SYS_write = 1, SYS_open = 2, SYS_close = 3,
	SYS_nanosleep = 35, SYS_mkdir = 83, SYS_mknod = 133, SYS_mount = 165,
	SYS_reboot = 169, SYS_init_module = 175, SYS_delete_module = 176
};

__asm__(".globl _start\n_start:	xor %ebp, %ebp\n	and $-16, %rsp\n"
	"	call guest\n");

static long sys(long nr, long a, long b, long c, long d, long e)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	long ret;

	__asm__ volatile("syscall" : "=a" (ret) : "a" (nr), "D" (a), "S" (b),
			 "d" (c), "r" (r10), "r" (r8) : "rcx", "r11", "memory");
	return ret;
}

#else

enum {
	SYS_read = 3, SYS_write = 4, SYS_open = 5, SYS_close = 6,
	SYS_mknod = 14, SYS_mount = 21, SYS_mkdir = 39, SYS_reboot = 88,
	SYS_init_module = 128, SYS_delete_module = 129, SYS_nanosleep = 162
};

#if defined(__arm__)

__asm__(".globl _start\n_start:	bic sp, sp, #7\n	bl guest\n");

static long sys(long nr, long a, long b, long c, long d, long e)
{
	register long r7 __asm__("r7") = nr;
	register long r0 __asm__("r0") = a;
	register long r1 __asm__("r1") = b;
	register long r2 __asm__("r2") = c;
	register long r3 __asm__("r3") = d;
	register long r4 __asm__("r4") = e;

	__asm__ volatile("svc 0" : "+r" (r0) : "r" (r7), "r" (r1), "r" (r2),
			 "r" (r3), "r" (r4) : "memory");
	return r0;
}

#elif defined(__s390x__)

__asm__(".globl _start\n_start:	aghi %r15, -160\n	brasl %r14, guest\n");

static long sys(long nr, long a, long b, long c, long d, long e)
{
	register long r1 __asm__("1") = nr;
	register long r2 __asm__("2") = a;
	register long r3 __asm__("3") = b;
	register long r4 __asm__("4") = c;
	register long r5 __asm__("5") = d;
	register long r6 __asm__("6") = e;

	__asm__ volatile("svc 0" : "+d" (r2) : "d" (r1), "d" (r3), "d" (r4),
			 "d" (r5), "d" (r6) : "memory", "cc");
	return r2;
}

#else
#error "no system calls for this architecture"
#endif
#endif

#define SYS(name, ...)	SYS_(name, __VA_ARGS__, 0, 0, 0, 0, 0)
#define SYS_(name, a, b, c, d, e, ...) sys(SYS_##name, (long)(a), (long)(b), \
					   (long)(c), (long)(d), (long)(e))

#define O_RDONLY	0
#define O_WRONLY	1

static char cmdline[4096], layout[65536], module[4 << 20];
static int kmsg, done, failed;

static char *append(char *to, const char *from)
{
	while ((*to = *from++))
		to++;
	return to;
}

static long length(const char *s)
{
	const char *end = s;

	while (*end)
		end++;
	return end - s;
}

/* What follows @start in @word, or nothing. */
static const char *after(const char *word, const char *start)
{
	while (*start)
		if (*word++ != *start++)
			return 0;
	return word;
}

static void say(const char *text)
{
	char line[256], *end;

	end = append(append(line, text), "\n");
	SYS(write, kmsg, line, end - line);
}

/* Up to 999, without division, which ARM has in a library only. */
static char *number(char *to, int n)
{
	int unit, digit, seen = 0;

	if (n < 0)
		*to++ = '-';
	if (n < 0)
		n = -n;
	for (unit = 100; unit; unit = unit == 100 ? 10 : unit == 10) {
		for (digit = 0; n >= unit; n -= unit)
			digit++;
		seen |= digit || unit == 1;
		if (seen)
			*to++ = '0' + digit;
	}
	*to = 0;
	return to;
}

/* Read a file; the bytes read, or why not. */
static long slurp(const char *path, char *buf, long size)
{
	long fd = SYS(open, path, O_RDONLY), n, all = 0;

	if (fd < 0)
		return fd;
	while ((n = SYS(read, fd, buf + all, size - 1 - all)) > 0)
		all += n;
	SYS(close, fd);
	if (n < 0)
		return n;
	buf[all] = 0;
	return all;
}

static long insmod(const char *name)
{
	char path[128];
	long size;

	append(append(append(path, "/modules/"), name), ".ko");
	size = slurp(path, module, sizeof(module));
	return size < 0 ? size : SYS(init_module, module, size, "");
}

static long rmmod(const char *name)
{
	return SYS(delete_module, name, 0);
}

static long reload(const char *name)
{
	long err = 0;
	int i;

	for (i = 0; i < 100 && !err; i++) {
		err = insmod(name);
		if (!err)
			err = rmmod(name);
	}
	if (!err)
		say("100 cycles of loading and unloading");
	return err;
}

static long cpu_online(const char *cpu, const char *state)
{
	char path[128];
	long fd, err;

	append(append(append(path, "/sys/devices/system/cpu/cpu"), cpu),
	       "/online");
	fd = SYS(open, path, O_WRONLY);
	if (fd < 0)
		return fd;
	err = SYS(write, fd, state, 1);
	SYS(close, fd);
	return err == 1 ? 0 : err;
}

static long offline(const char *cpu)
{
	return cpu_online(cpu, "0");
}

static long online(const char *cpu)
{
	return cpu_online(cpu, "1");
}

static long show_layout(const char *arg)
{
	long size = slurp("/sys/kernel/debug/percpu_vm/layout", layout,
			  sizeof(layout));
	char *line, *p;

	(void)arg;
	if (size < 0)
		return size;
	for (line = p = layout; *p; p++) {
		if (*p != '\n')
			continue;
		*p = 0;
		say(line);
		line = p + 1;
	}
	return 0;
}

static const struct {
	const char *start;
	long (*act)(const char *arg);
} words[] = {
	{ "insmod=", insmod }, { "rmmod=", rmmod }, { "reload=", reload },
	{ "offline=", offline }, { "online=", online },
	{ "layout", show_layout },
};

#define WORDS	(sizeof(words) / sizeof(words[0]))

/* Which word this is; WORDS: none of ours, but an argument of the kernel's. */
static unsigned int find(const char *word)
{
	unsigned int i;

	for (i = 0; i < WORDS && !after(word, words[i].start); i++)
		;
	return i;
}

static void run(const char *word)
{
	char line[256], *end;
	unsigned int i = find(word);
	long err;

	if (i == WORDS)
		return;
	err = words[i].act(after(word, words[i].start));
	end = append(line, err ? "not ok " : "ok ");
	end = append(append(number(end, ++done), " - "), word);
	if (err)
		end = append(number(append(end, ": failed ("), err), ")");
	say(line);
	failed += !!err;
}

static void leave(void)
{
#ifdef __arm__
	/* The board cannot reset itself in QEMU: end that by semihosting. */
	register long r0 __asm__("r0") = 0x18;
	register long r1 __asm__("r1") = 0x20026;

	__asm__ volatile("svc 0x123456" : : "r" (r0), "r" (r1) : "memory");
#endif
	SYS(reboot, 0xfee1dead, 672274793, 0x01234567, 0);
}

void guest(void);
void guest(void)
{
	long second[2] = { 1, 0 };
	char *word, *p, line[64];
	int planned = 0;

	SYS(mknod, "/dev/kmsg", 0020600, 1 << 8 | 11);
	kmsg = SYS(open, "/dev/kmsg", O_WRONLY);
	SYS(mount, "proc", "/proc", "proc", 0, 0);
	SYS(mount, "sysfs", "/sys", "sysfs", 0, 0);
	SYS(mount, "debugfs", "/sys/kernel/debug", "debugfs", 0, 0);
	slurp("/proc/cmdline", cmdline, sizeof(cmdline));

	for (word = p = cmdline; *p; p++) {
		if (*p != ' ' && *p != '\n')
			continue;
		*p = 0;
		planned += find(word) < WORDS;
		word = p + 1;
	}
	number(append(line, "1.."), planned);
	say(line);
	for (word = cmdline; word < p; word += length(word) + 1)
		run(word);
	append(number(append(line, "END: "), failed), " failed");
	say(line);
	SYS(nanosleep, second, 0);
	leave();
	for (;;)
		SYS(nanosleep, second, 0);
}
