/*
 * kexec-self - load what QEMU started this machine with again, by kexec
 *
 *	kexec-self ARGUMENTS	and run it, with these arguments for the kernel
 *	kexec-self -p ARGUMENTS	and have it run when this kernel panics
 *
 * The kernel and the initramfs are read from QEMU's fw_cfg device by its ports,
 * so that they need not be in the initramfs. For x86. Exits with 1 and why if
 * that cannot be.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/kexec.h>
#include <linux/reboot.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/io.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SELECTOR	0x510
#define DATA		0x511
/* Items, of QEMU's docs/specs/fw_cfg.txt. */
enum {
	KERNEL_SIZE = 0x08, INITRD_SIZE = 0x0b, KERNEL_DATA = 0x11,
	INITRD_DATA = 0x12, SETUP_SIZE = 0x17, SETUP_DATA = 0x18
};
/* Where a kernel's header has the address of setup_data; QEMU fills it in. */
#define SETUP_DATA_AT	0x250

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void item(int key, void *to, size_t size)
{
	outw(key, SELECTOR);
	insb(DATA, to, size);
}

static char *get(int size_key, int key, uint32_t *size)
{
	char *data;

	item(size_key, size, sizeof(*size));
	data = malloc(*size);
	if (!data || !*size)
		die("nothing in fw_cfg");
	item(key, data, *size);
	return data;
}

static void put(int file, const char *data, size_t size)
{
	ssize_t done;

	for (; size; data += done, size -= done) {
		done = write(file, data, size);
		if (done <= 0)
			die("write");
	}
}

int main(int argc, char **argv)
{
	int crash = argc == 3 && !strcmp(argv[1], "-p");
	int kernel = memfd_create("kernel", 0);
	int initrd = memfd_create("initrd", 0);
	const char *arguments = argv[argc - 1];
	uint32_t size;
	char *data;

	if (argc != 2 + crash) {
		fprintf(stderr, "usage: kexec-self [-p] ARGUMENTS\n");
		return 1;
	}
	if (kernel < 0 || initrd < 0)
		die("memfd_create");
	if (iopl(3))
		die("iopl");
	data = get(SETUP_SIZE, SETUP_DATA, &size);
	if (size > SETUP_DATA_AT + 8)
		memset(data + SETUP_DATA_AT, 0, 8);
	put(kernel, data, size);
	data = get(KERNEL_SIZE, KERNEL_DATA, &size);
	put(kernel, data, size);
	data = get(INITRD_SIZE, INITRD_DATA, &size);
	put(initrd, data, size);
	if (syscall(SYS_kexec_file_load, kernel, initrd, strlen(arguments) + 1,
		    arguments, crash ? KEXEC_FILE_ON_CRASH : 0))
		die("kexec_file_load");
	if (crash)
		return 0;
	syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2,
		LINUX_REBOOT_CMD_KEXEC, NULL);
	die("reboot");
}
