/*
 * What 'make bench' measures in the guest: operations that enter the kernel,
 * each many times over, between marks that the QEMU plugin sees.
 *
 * usage: workloads NAME...		see below
 *	  workloads list		the names
 *
 * A workload is ROUNDS measurements of the same number of operations. After it
 * "BENCH NAME ROUNDS OPERATIONS" goes to /dev/kmsg, whose console output does
 * not come in between by interrupts, as that of a terminal would.
 *
 * A NAME may have these before it, in this order:
 *	cold_	the models of the TLB are emptied before every operation
 *	pinned_	all of it stays on CPU 0
 *	cross_	it is on CPU 0, its other process on CPU 1: each message wakes
 *		a task of another CPU, a child leaves its parent's CPU
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netpacket/packet.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 4096, ROUNDS = 5, MESSAGE = 64, MAPPED = 64 };

static int kmsg;

static void mark(void)
{
	__asm__ volatile("xchg %%bx,%%bx" : : : "memory");
}

static void empty_tlb(void)
{
	__asm__ volatile("xchg %%cx,%%cx" : : : "memory");
}

/* Not dprintf(): glibc's gives up where it cannot seek. */
static void tell(const char *format, ...)
{
	char line[200];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (write(kmsg, line, n) != n)
		_exit(1);
}

static void die(const char *what)
{
	tell("workloads: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Where things run. */

static enum { ANYWHERE, PINNED, CROSS } place;

static void move_to(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		die("sched_setaffinity");
}

static void move_other(void)
{
	if (place == CROSS)
		move_to(1);
}

/* Memory that a program works on between two operations. */

static int hot_pages;
static volatile char *hot;

static void map_hot_pages(void)
{
	if (!hot_pages)
		return;
	hot = mmap(NULL, hot_pages * PAGE, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (hot == MAP_FAILED)
		die("mmap");
	memset((char *)hot, 1, hot_pages * PAGE);
}

static void touch_hot_pages(void)
{
	int i;

	/* A different line in each page, as not to fight over cache sets. */
	for (i = 0; i < hot_pages; i++)
		hot[i * PAGE + i % 64 * 64]++;
}

/* One system call that does next to nothing. */

static void syscall_op(void)
{
	syscall(SYS_getppid);
}

/* There and back between two processes: two context switches. */

static int to_other[2], from_other[2];
static pid_t other;

static void switch_begin(void)
{
	char byte;

	if (pipe(to_other) || pipe(from_other))
		die("pipe");
	other = fork();
	if (other < 0)
		die("fork");
	if (other == 0) {
		move_other();
		close(to_other[1]);
		map_hot_pages();
		while (read(to_other[0], &byte, 1) == 1) {
			touch_hot_pages();
			if (write(from_other[1], &byte, 1) != 1)
				_exit(1);
		}
		_exit(0);
	}
}

static void switch_op(void)
{
	char byte = 0;

	if (write(to_other[1], &byte, 1) != 1 ||
	    read(from_other[0], &byte, 1) != 1)
		die("pipe");
	touch_hot_pages();
}

static void switch_end(void)
{
	close(to_other[1]);
	waitpid(other, NULL, 0);
}

/* First touch of an anonymous page. */

static char *fresh;
static int touched = MAPPED;

static void fault_op(void)
{
	if (touched == MAPPED) {
		if (fresh)
			munmap(fresh, MAPPED * PAGE);
		fresh = mmap(NULL, MAPPED * PAGE, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (fresh == MAP_FAILED)
			die("mmap");
		touched = 0;
	}
	fresh[touched++ * PAGE] = 1;
}

static void fork_op(void)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		die("fork");
	if (pid == 0) {
		move_other();
		_exit(0);
	}
	if (waitpid(pid, &status, 0) != pid || status)
		die("child");
}

static void exec_op(void)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		die("fork");
	if (pid == 0) {
		move_other();
		execl("/bin/workloads", "workloads", "exit", NULL);
		_exit(1);
	}
	if (waitpid(pid, &status, 0) != pid || status)
		die("exec");
}

/* Half a kilobyte through a pipe, and no switch. */

static void pipe_begin(void)
{
	if (pipe(to_other))
		die("pipe");
}

static void pipe_op(void)
{
	char buf[512] = { 0 };

	if (write(to_other[1], buf, sizeof(buf)) != sizeof(buf) ||
	    read(to_other[0], buf, sizeof(buf)) != sizeof(buf))
		die("pipe");
}

/* A message there and back between two sockets, over loopback. */

static int sock[2];

static void bind_loopback(int fd, struct sockaddr_in *addr)
{
	socklen_t len = sizeof(*addr);

	memset(addr, 0, sizeof(*addr));
	addr->sin_family = AF_INET;
	addr->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(fd, (struct sockaddr *)addr, sizeof(*addr)) ||
	    getsockname(fd, (struct sockaddr *)addr, &len))
		die("bind");
}

static void udp_begin(void)
{
	struct sockaddr_in addr[2];
	int i;

	for (i = 0; i < 2; i++) {
		sock[i] = socket(AF_INET, SOCK_DGRAM, 0);
		if (sock[i] < 0)
			die("socket");
		bind_loopback(sock[i], &addr[i]);
	}
	for (i = 0; i < 2; i++)
		if (connect(sock[i], (struct sockaddr *)&addr[!i],
			    sizeof(addr[i])))
			die("connect");
	map_hot_pages();
}

static void tcp_begin(void)
{
	struct sockaddr_in addr;
	int listening = socket(AF_INET, SOCK_STREAM, 0), one = 1, i;

	if (listening < 0)
		die("socket");
	bind_loopback(listening, &addr);
	sock[0] = socket(AF_INET, SOCK_STREAM, 0);
	if (sock[0] < 0 || listen(listening, 1) ||
	    connect(sock[0], (struct sockaddr *)&addr, sizeof(addr)))
		die("connect");
	sock[1] = accept(listening, NULL, NULL);
	if (sock[1] < 0)
		die("accept");
	for (i = 0; i < 2; i++)
		setsockopt(sock[i], IPPROTO_TCP, TCP_NODELAY, &one,
			   sizeof(one));
	map_hot_pages();
}

static void net_op(void)
{
	char buf[MESSAGE] = { 0 };
	int i;

	for (i = 0; i < 2; i++)
		if (send(sock[i], buf, sizeof(buf), 0) != sizeof(buf) ||
		    recv(sock[!i], buf, sizeof(buf), 0) != sizeof(buf))
			die("loopback");
	touch_hot_pages();
}

/* The same, but another process answers: it has to be woken. */

static void answer(void)
{
	char buf[MESSAGE];

	other = fork();
	if (other < 0)
		die("fork");
	if (other)
		return;
	move_other();
	close(sock[0]);
	map_hot_pages();
	while (recv(sock[1], buf, sizeof(buf), 0) == sizeof(buf) && buf[0]) {
		touch_hot_pages();
		if (send(sock[1], buf, sizeof(buf), 0) != sizeof(buf))
			_exit(1);
	}
	_exit(0);
}

static void udp_echo_begin(void)
{
	udp_begin();
	answer();
}

static void tcp_echo_begin(void)
{
	tcp_begin();
	answer();
}

static void echo_op(void)
{
	char buf[MESSAGE] = { 1 };

	if (send(sock[0], buf, sizeof(buf), 0) != sizeof(buf) ||
	    recv(sock[0], buf, sizeof(buf), 0) != sizeof(buf))
		die("echo");
	touch_hot_pages();
}

static void echo_end(void)
{
	char buf[MESSAGE] = { 0 };

	send(sock[0], buf, sizeof(buf), 0);
	waitpid(other, NULL, 0);
}

/* To another CPU and back: two migrations. */

static void migrate_op(void)
{
	move_to(1);
	move_to(0);
}

/* Create, write and remove a file; /tmp is a tmpfs. */

static void file_op(void)
{
	static char buf[PAGE];
	int fd = open("/tmp/file", O_CREAT | O_WRONLY | O_TRUNC, 0600);

	if (fd < 0 || write(fd, buf, sizeof(buf)) != sizeof(buf) ||
	    close(fd) || unlink("/tmp/file"))
		die("file");
}

static void nanosleep_op(void)
{
	struct timespec shortest = { 0, 1 };

	nanosleep(&shortest, NULL);
}

/* Files whose figures are sums over all possible CPUs. */

static const char *file_to_read;

static void read_op(void)
{
	static char buf[2 * PAGE];
	int fd = open(file_to_read, O_RDONLY), n;

	if (fd < 0)
		die(file_to_read);
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		;
	if (n < 0)
		die(file_to_read);
	close(fd);
}

static void stat_begin(void)
{
	file_to_read = "/proc/stat";
}

static void vmstat_begin(void)
{
	file_to_read = "/proc/vmstat";
}

static void snmp_begin(void)
{
	file_to_read = "/proc/net/snmp";
}

/* What the kernel does by itself. An instruction takes 1 ns. */

enum { TICK = 4000000 };	/* ns: 250 Hz */

static void spin(long ns)
{
	ns /= 2;
	__asm__ volatile("1: dec %0\n\tjnz 1b" : "+r" (ns) : : "cc");
}

/* One tick of each CPU, one of them busy. */
static void tick_op(void)
{
	spin(TICK);
}

/* Five ticks of each CPU, all of them idle. */
static void idle_op(void)
{
	struct timespec five = { 0, 5 * TICK };

	nanosleep(&five, NULL);
}

/* One program more than there are CPUs, each for two ticks. */
static void balance_op(void)
{
	int cpus = sysconf(_SC_NPROCESSORS_ONLN), i, status;

	for (i = 0; i <= cpus; i++) {
		pid_t pid = fork();

		if (pid < 0)
			die("fork");
		if (pid == 0) {
			spin(2 * TICK);
			_exit(0);
		}
	}
	for (i = 0; i <= cpus; i++)
		if (wait(&status) < 0 || status)
			die("child");
}

/* Eight pairs of processes at once, 60 messages there and back in each. */

enum { PAIRS = 8, LOOPS = 60 };

static int ready[2], go[2];

static void pair(void)
{
	int there[2], back[2], i;
	char buf[MESSAGE] = { 0 };

	if (pipe(there) || pipe(back))
		_exit(1);
	close(go[1]);
	if (fork() == 0) {
		close(there[1]);
		while (read(there[0], buf, sizeof(buf)) == sizeof(buf) &&
		       write(back[1], buf, sizeof(buf)) == sizeof(buf))
			;
		_exit(0);
	}
	while (read(go[0], buf, 1) == 1) {
		for (i = 0; i < LOOPS; i++)
			if (write(there[1], buf, sizeof(buf)) != sizeof(buf) ||
			    read(back[0], buf, sizeof(buf)) != sizeof(buf))
				_exit(1);
		if (write(ready[1], buf, 1) != 1)
			_exit(1);
	}
	close(there[1]);
	wait(NULL);
	_exit(0);
}

static void crowd_begin(void)
{
	int i;

	if (pipe(ready) || pipe(go))
		die("pipe");
	for (i = 0; i < PAIRS; i++) {
		pid_t pid = fork();

		if (pid < 0)
			die("fork");
		if (pid == 0)
			pair();
	}
}

static void crowd_op(void)
{
	char buf[PAIRS] = { 0 };
	int n, got;

	if (write(go[1], buf, PAIRS) != PAIRS)
		die("pipe");
	for (n = 0; n < PAIRS; n += got) {
		got = read(ready[0], buf, PAIRS - n);
		if (got <= 0)
			die("pipe");
	}
}

static void crowd_end(void)
{
	int i;

	close(go[1]);
	for (i = 0; i < PAIRS; i++)
		wait(NULL);
}

/* 4 KiB from a disk, past the page cache: its interrupt wakes us. */

static int disk;
static char *block;

static void disk_begin(void)
{
	disk = open("/dev/hda", O_RDONLY | O_DIRECT);
	block = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (disk < 0 || block == MAP_FAILED)
		die("/dev/hda");
}

static void disk_op(void)
{
	if (pread(disk, block, PAGE, 0) != PAGE)
		die("/dev/hda");
}

/* A frame from one network card to the other: an interrupt of each. */

static int card[2];

static void nic_begin(void)
{
	struct sockaddr_ll addr = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(0x88b5),	/* for experiments */
	};
	char name[] = "eth0";
	int i;

	for (i = 0; i < 2; i++) {
		name[3] = '0' + i;
		addr.sll_ifindex = if_nametoindex(name);
		card[i] = socket(AF_PACKET, SOCK_DGRAM, addr.sll_protocol);
		if (card[i] < 0 || !addr.sll_ifindex ||
		    bind(card[i], (struct sockaddr *)&addr, sizeof(addr)))
			die(name);
	}
	/* Until the link is up. */
	sleep(5);
}

static void nic_op(void)
{
	struct sockaddr_ll all = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(0x88b5),
		.sll_ifindex = if_nametoindex("eth0"),
		.sll_halen = 6,
		.sll_addr = { 255, 255, 255, 255, 255, 255 },
	};
	char buf[MESSAGE] = { 0 };

	if (sendto(card[0], buf, sizeof(buf), 0, (struct sockaddr *)&all,
		   sizeof(all)) != sizeof(buf) ||
	    recv(card[1], buf, sizeof(buf), 0) < (int)sizeof(buf))
		die("eth");
}

static const struct workload {
	const char *name;
	int ops, hot_pages;
	void (*op)(void), (*begin)(void), (*end)(void);
} workloads[] = {
	{ "syscall", 4000, 0, syscall_op },
	{ "context_switch", 500, 0, switch_op, switch_begin, switch_end },
	{ "context_switch_24p", 500, 24, switch_op, switch_begin, switch_end },
	{ "context_switch_96p", 500, 96, switch_op, switch_begin, switch_end },
	{ "page_fault", 1024, 0, fault_op },
	{ "fork", 60, 0, fork_op },
	{ "exec", 40, 0, exec_op },
	{ "pipe", 1000, 0, pipe_op, pipe_begin },
	{ "udp", 300, 0, net_op, udp_begin },
	{ "udp_200p", 300, 200, net_op, udp_begin },
	{ "tcp", 200, 0, net_op, tcp_begin },
	{ "tcp_200p", 200, 200, net_op, tcp_begin },
	{ "udp_echo", 200, 0, echo_op, udp_echo_begin, echo_end },
	{ "tcp_echo", 200, 0, echo_op, tcp_echo_begin, echo_end },
	{ "migrate", 100, 0, migrate_op },
	{ "file", 200, 0, file_op },
	{ "nanosleep", 100, 0, nanosleep_op },
	{ "read_stat", 20, 0, read_op, stat_begin },
	{ "read_vmstat", 20, 0, read_op, vmstat_begin },
	{ "read_snmp", 20, 0, read_op, snmp_begin },
	{ "tick", 12, 0, tick_op },
	{ "idle", 2, 0, idle_op },
	{ "balance", 2, 0, balance_op },
	{ "crowd", 2, 0, crowd_op, crowd_begin, crowd_end },
	{ "disk", 200, 0, disk_op, disk_begin },
	{ "nic", 200, 0, nic_op, nic_begin },
};

enum { WORKLOADS = sizeof(workloads) / sizeof(*workloads) };

/* In a process of its own: each workload starts from the same state. */
static void measure(const struct workload *w, int cold)
{
	static const char *const placed[] = { "", "pinned_", "cross_" };
	int round, i, status;
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (pid) {
		if (waitpid(pid, &status, 0) != pid || status)
			die(w->name);
		tell("BENCH %s%s%s %d %d\n", cold ? "cold_" : "",
		     placed[place], w->name, ROUNDS, w->ops);
		return;
	}
	/* The scheduler takes everyone for interactive then, the first too. */
	sleep(1);
	hot_pages = w->hot_pages;
	if (place != ANYWHERE)
		move_to(0);
	if (w->begin)
		w->begin();
	if (w->op == switch_op)
		map_hot_pages();
	/* Round 0 warms up. */
	for (round = 0; round <= ROUNDS; round++) {
		if (round)
			mark();
		for (i = 0; i < w->ops; i++) {
			if (cold)
				empty_tlb();
			w->op();
		}
		if (round)
			mark();
	}
	if (w->end)
		w->end();
	_exit(0);
}

static void measure_by_name(const char *name)
{
	int cold = !strncmp(name, "cold_", 5), i;
	const char *plain = name + 5 * cold;

	place = !strncmp(plain, "pinned_", 7) ? PINNED :
		!strncmp(plain, "cross_", 6) ? CROSS : ANYWHERE;
	plain += place == PINNED ? 7 : place == CROSS ? 6 : 0;
	for (i = 0; i < WORKLOADS; i++)
		if (!strcmp(workloads[i].name, plain)) {
			measure(&workloads[i], cold);
			return;
		}
	tell("workloads: no workload %s\n", name);
	exit(1);
}

int main(int argc, char **argv)
{
	int i;

	if (argc == 2 && !strcmp(argv[1], "exit"))
		return 0;
	if (argc == 2 && !strcmp(argv[1], "list")) {
		for (i = 0; i < WORKLOADS; i++)
			printf("%s\n", workloads[i].name);
		return 0;
	}
	/* The models start here. */
	empty_tlb();
	kmsg = open("/dev/kmsg", O_WRONLY);
	if (argc < 2 || kmsg < 0) {
		fprintf(stderr, "usage: workloads NAME... | list (needs "
			"/dev/kmsg)\n");
		return 2;
	}
	for (i = 1; i < argc; i++)
		measure_by_name(argv[i]);
	return 0;
}
