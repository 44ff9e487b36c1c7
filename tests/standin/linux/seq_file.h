#pragma once

#include <linux/fs.h>

struct seq_operations;

struct seq_file {
	loff_t index;
	const struct seq_operations *op;
	void *private;
	size_t count;
};

struct seq_operations {
	void *(*start)(struct seq_file *m, loff_t *pos);
	void (*stop)(struct seq_file *m, void *v);
	void *(*next)(struct seq_file *m, void *v, loff_t *pos);
	int (*show)(struct seq_file *m, void *v);
};

#define SEQ_START_TOKEN	((void *)1)

extern int seq_printf(struct seq_file *m, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
extern int seq_open(struct file *file, struct seq_operations *op);
extern int seq_release_private(struct inode *inode, struct file *file);
extern long seq_read(struct file *file, char *buf, size_t size, loff_t *pos);
extern loff_t seq_lseek(struct file *file, loff_t offset, int whence);
