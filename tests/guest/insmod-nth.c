/*
 * insmod-nth - load a module by one finit_module(), of which one memory
 * allocation fails
 *
 *	insmod-nth FILE [N]
 *
 * Without N, or with 0, nothing fails. With N the Nth allocation that can be
 * made to fail does, once: /proc/self/fail-nth, of CONFIG_FAULT_INJECTION.
 * Exits with 0 if the module was loaded, 1 if it was refused, 2 if N is more
 * than there are allocations: the load was as without N. BusyBox's insmod
 * tries again by init_module() and hides the failure.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static void die(const char *what)
{
	perror(what);
	exit(3);
}

int main(int argc, char **argv)
{
	int module, nth = -1, n = 0, error, used;
	char text[16] = "";
	long ret;

	if (argc < 2 || argc > 3) {
		fprintf(stderr, "usage: insmod-nth FILE [N]\n");
		return 3;
	}
	if (argc == 3)
		n = atoi(argv[2]);
	module = open(argv[1], O_RDONLY);
	if (module < 0)
		die(argv[1]);
	if (n > 0) {
		nth = open("/proc/self/fail-nth", O_RDWR);
		if (nth < 0)
			die("/proc/self/fail-nth");
		snprintf(text, sizeof(text), "%d", n);
		if (write(nth, text, strlen(text)) < 0)
			die("fail-nth");
	}
	ret = syscall(SYS_finit_module, module, "", 0);
	error = errno;
	if (n > 0) {
		/* What is left of N; 0 once it has failed. */
		used = pread(nth, text, sizeof(text) - 1, 0) <= 0 ||
			atoi(text) == 0;
		if (write(nth, "0", 1) < 0)
			die("fail-nth");
		if (!used) {
			if (ret)
				die("finit_module");
			return 2;
		}
	}
	if (ret) {
		printf("%s: %s\n", argv[1], strerror(error));
		return 1;
	}
	return 0;
}
